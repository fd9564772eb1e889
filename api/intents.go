package api

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// intentActions are the actions on the intents.
func (s *service) intentActions() []rpc.Action {
	return []rpc.Action{
		act("CreateIntent", s.createIntent),
		act("DeleteIntent", s.deleteIntent),
		act("ModifyIntent", s.modifyIntent),
		act("DescribeIntent", s.describeIntent),
		act("ListIntents", s.listIntents),
	}
}

type intentKey struct {
	scriptKey
	IntentID string `rpc:"IntentId,required,is=id"`
}

// intentContent is what clients say of an intent.
type intentContent struct {
	Name        string   `rpc:"IntentName,required,is=name"`
	Description string   `rpc:"IntentDescription,is=description"`
	Utterances  []string `rpc:"Utterances,required,max=200000,is=phrase"`
	Keywords    []string `rpc:"Keywords,max=10000,is=phrase"`
}

// row returns the content as it is stored.
func (c *intentContent) row(id string) store.Intent {
	return store.Intent{
		ID: id, Name: c.Name, Description: c.Description,
		Utterances: texts(c.Utterances), Keywords: texts(c.Keywords),
	}
}

type createIntentRequest struct {
	scriptKey
	intentContent
}

// intentIDResponse names the intent that was made or changed.
type intentIDResponse struct {
	IntentID string `rpc:"IntentId"`
}

func (s *service) createIntent(ctx context.Context, req *createIntentRequest) (*intentIDResponse, error) {
	id, err := s.drafts.CreateIntent(ctx, req.InstanceID, req.ScriptID, req.row(""))
	return &intentIDResponse{id}, err
}

func (s *service) deleteIntent(ctx context.Context, req *intentKey) (*done, error) {
	return &done{}, s.drafts.DeleteIntent(ctx, req.InstanceID, req.ScriptID, req.IntentID)
}

type modifyIntentRequest struct {
	intentKey
	intentContent
}

func (s *service) modifyIntent(ctx context.Context, req *modifyIntentRequest) (*intentIDResponse, error) {
	return &intentIDResponse{req.IntentID}, s.drafts.SetIntent(ctx, req.InstanceID, req.ScriptID, req.row(req.IntentID))
}

// intent is an intent in an answer.
type intent struct {
	ScriptID    string `rpc:"ScriptId"`
	IntentID    string `rpc:"IntentId"`
	Name        string `rpc:"IntentName"`
	Description string `rpc:"IntentDescription"`
	Utterances  string `rpc:"Utterances"` // A JSON array.
	Keywords    string `rpc:"Keywords"`   // A JSON array.
	CreateTime  int64  `rpc:"CreateTime"`
	UpdateTime  int64  `rpc:"UpdateTime"`
}

func intentOf(i *store.Intent) intent {
	return intent{
		i.ScriptID, i.ID, i.Name, i.Description,
		string(i.Utterances), string(i.Keywords), i.CreatedAt, i.UpdatedAt,
	}
}

type describeIntentResponse struct {
	Intent intent `rpc:"Intent"`
}

func (s *service) describeIntent(ctx context.Context, req *intentKey) (*describeIntentResponse, error) {
	i, err := s.drafts.Intent(ctx, req.InstanceID, req.ScriptID, req.IntentID)
	if err != nil {
		return nil, err
	}
	return &describeIntentResponse{intentOf(i)}, nil
}

type listIntentsRequest struct {
	scriptKey
	pageRequest
	Keyword string `rpc:"Keyword,max=256"`
}

type listIntentsResponse struct {
	Intents intentPage `rpc:"Intents"`
}

type intentPage struct {
	List []intent `rpc:"List"`
	pageResponse
}

func (s *service) listIntents(ctx context.Context, req *listIntentsRequest) (*listIntentsResponse, error) {
	rows, total, err := s.drafts.Intents(ctx, req.InstanceID, req.ScriptID, req.Keyword, req.page())
	if err != nil {
		return nil, err
	}
	list := make([]intent, len(rows))
	for i := range rows {
		list[i] = intentOf(&rows[i])
	}
	return &listIntentsResponse{intentPage{list, req.answer(total)}}, nil
}
