package api

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// questionActions are the actions on the global questions.
func (s *service) questionActions() []rpc.Action {
	return []rpc.Action{
		act("CreateGlobalQuestion", s.createQuestion),
		act("DeleteGlobalQuestion", s.deleteQuestion),
		act("ModifyGlobalQuestion", s.modifyQuestion),
		act("DescribeGlobalQuestion", s.describeQuestion),
		act("ListGlobalQuestions", s.listQuestions),
	}
}

type questionKey struct {
	scriptKey
	QuestionID string `rpc:"GlobalQuestionId,required,is=id"`
}

// questionContent is what clients say of a question.
type questionContent struct {
	Name      string   `rpc:"GlobalQuestionName,required,is=name"`
	Type      string   `rpc:"GlobalQuestionType,required,max=16"`
	Questions []string `rpc:"Questions,required,max=10000,is=phrase"`
	Answers   []string `rpc:"Answers,required,max=10000,is=answer"`
	Role      string   `rpc:"Role,max=16"` // Of a SYSTEM question. Without one the compiler decides, by name or by order.
}

// row returns the content as it is stored.
func (c *questionContent) row(id string) (q store.Question, err error) {
	q = store.Question{ID: id, Name: c.Name, Questions: texts(c.Questions), Answers: texts(c.Answers)}
	if q.Type, err = oneOf("GlobalQuestionType", c.Type, store.CommonQuestion, store.SystemQuestion); err != nil || c.Role == "" {
		return q, err
	}
	if q.Type != store.SystemQuestion {
		return q, rpc.InvalidParameter("Role", "Only a question of type SYSTEM has a role.")
	}
	q.Role, err = oneOf("Role", c.Role, "unrecognized", "silence", "closing", "repeat")
	return q, err
}

type createQuestionRequest struct {
	scriptKey
	questionContent
}

type createQuestionResponse struct {
	QuestionID string `rpc:"GlobalQuestionId"`
}

func (s *service) createQuestion(ctx context.Context, req *createQuestionRequest) (*createQuestionResponse, error) {
	row, err := req.row("")
	if err != nil {
		return nil, err
	}
	id, err := s.drafts.CreateQuestion(ctx, req.InstanceID, req.ScriptID, row)
	return &createQuestionResponse{id}, err
}

func (s *service) deleteQuestion(ctx context.Context, req *questionKey) (*done, error) {
	return &done{}, s.drafts.DeleteQuestion(ctx, req.InstanceID, req.ScriptID, req.QuestionID)
}

type modifyQuestionRequest struct {
	questionKey
	questionContent
}

// modifyQuestionResponse names the question as the reference's table does, and
// as its examples do.
type modifyQuestionResponse struct {
	QuestionID string `rpc:"DialogueQuestionId"`
	AliasID    string `rpc:"GlobalQuestionId"`
}

func (s *service) modifyQuestion(ctx context.Context, req *modifyQuestionRequest) (*modifyQuestionResponse, error) {
	row, err := req.row(req.QuestionID)
	if err != nil {
		return nil, err
	}
	return &modifyQuestionResponse{row.ID, row.ID}, s.drafts.SetQuestion(ctx, req.InstanceID, req.ScriptID, row)
}

// question is a question in an answer.
type question struct {
	ScriptID   string `rpc:"ScriptId"`
	QuestionID string `rpc:"GlobalQuestionId"`
	Name       string `rpc:"GlobalQuestionName"`
	Type       string `rpc:"GlobalQuestionType"`
	Role       string `rpc:"Role,omitempty"`
	Questions  string `rpc:"Questions"` // A JSON array.
	Answers    string `rpc:"Answers"`   // A JSON array.
}

func questionOf(q *store.Question) question {
	return question{q.ScriptID, q.ID, q.Name, q.Type, q.Role, string(q.Questions), string(q.Answers)}
}

type describeQuestionResponse struct {
	Question question `rpc:"GlobalQuestion"`
}

func (s *service) describeQuestion(ctx context.Context, req *questionKey) (*describeQuestionResponse, error) {
	q, err := s.drafts.Question(ctx, req.InstanceID, req.ScriptID, req.QuestionID)
	if err != nil {
		return nil, err
	}
	return &describeQuestionResponse{questionOf(q)}, nil
}

type listQuestionsRequest struct {
	scriptKey
	pageRequest
}

type listQuestionsResponse struct {
	Questions questionPage `rpc:"GlobalQuestions"`
}

type questionPage struct {
	List []question `rpc:"List"`
	pageResponse
}

func (s *service) listQuestions(ctx context.Context, req *listQuestionsRequest) (*listQuestionsResponse, error) {
	rows, total, err := s.drafts.Questions(ctx, req.InstanceID, req.ScriptID, req.page())
	if err != nil {
		return nil, err
	}
	list := make([]question, len(rows))
	for i := range rows {
		list[i] = questionOf(&rows[i])
	}
	return &listQuestionsResponse{questionPage{list, req.answer(total)}}, nil
}
