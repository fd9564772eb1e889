package api

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// jobGroupActions are the actions on campaigns.
func (s *service) jobGroupActions() []rpc.Action {
	return []rpc.Action{
		act("CreateJobGroup", s.createJobGroup),
		act("DeleteJobGroup", s.deleteJobGroup),
		act("ModifyJobGroup", s.modifyJobGroup),
		act("DescribeJobGroup", s.describeJobGroup),
		act("ListJobGroups", s.listJobGroups),
	}
}

// groupKey names a job group.
type groupKey struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	JobGroupID string `rpc:"JobGroupId,required,max=128"`
}

// groupRules is what creating and changing a group have in common. What is an
// official client's alone is optional.
type groupRules struct {
	ScenarioID         string   `rpc:"ScenarioId,max=128"`
	ScriptID           string   `rpc:"ScriptId,max=128"`
	StrategyJSON       string   `rpc:"StrategyJson,max=16384,text"`
	CallingNumber      []string `rpc:"CallingNumber,max=100,each=64"`
	RecallStrategyJSON string   `rpc:"RecallStrategyJson,max=4096,text"`
	RingingDuration    int      `rpc:"RingingDuration,min=5,max=300"` // Seconds.
	Priority           string   `rpc:"Priority,max=16"`               // A number, the higher the earlier.
	MinConcurrency     int      `rpc:"MinConcurrency,min=0,max=1000000"`
}

// draft makes a group of the rules.
func (r *groupRules) draft(name, description string) (campaign.GroupDraft, error) {
	priority, err := strconv.Atoi(cmp.Or(r.Priority, "0"))
	if err != nil || priority < 0 || priority > 100 {
		return campaign.GroupDraft{}, rpc.InvalidParameter("Priority", "It must be a whole number from 0 to 100.")
	}
	return campaign.GroupDraft{
		Name: name, Description: description, ScriptID: r.ScriptID, ScenarioID: r.ScenarioID,
		Strategy: r.StrategyJSON, Recall: r.RecallStrategyJSON, CallingNumbers: r.CallingNumber,
		Ringing: time.Duration(r.RingingDuration) * time.Second, Priority: priority, MinConcurrency: r.MinConcurrency,
	}, nil
}

type createJobGroupRequest struct {
	InstanceID          string `rpc:"InstanceId,required,max=128"`
	JobGroupName        string `rpc:"JobGroupName,required,max=64"`
	JobGroupDescription string `rpc:"JobGroupDescription,max=512,text"`
	groupRules
}

type jobGroupResponse struct {
	JobGroup jobGroup `rpc:"JobGroup"`
}

// describeJobGroupResponse says, as an extension, why the group does not dial.
type describeJobGroupResponse struct {
	JobGroup jobGroup   `rpc:"JobGroup"`
	Dialing  dialing    `rpc:"Dialing"`
	Import   *importing `rpc:"Import"` // Where its jobs came from a file.
}

// importing is how far the jobs of a file have come.
type importing struct {
	Status  string `rpc:"Status"`  // Waiting, Done or Failed.
	Problem string `rpc:"Problem"` // Why it failed: every row that is wrong, up to 50.
	Total   int64  `rpc:"Total"`
	Done    int64  `rpc:"Done"`
}

// dialing is what binds a group now.
type dialing struct {
	Limit string `rpc:"Limit"` // Empty: nothing does.
	Until int64  `rpc:"Until"` // When that ends; 0: it cannot be told.
	Due   int    `rpc:"Due"`   // Jobs whose time has come.
	Later int    `rpc:"Later"` // Jobs that wait for theirs.
}

func (s *service) createJobGroup(ctx context.Context, req *createJobGroupRequest) (*jobGroupResponse, error) {
	draft, err := req.draft(req.JobGroupName, req.JobGroupDescription)
	if err != nil {
		return nil, err
	}
	g, err := s.campaigns.CreateGroup(ctx, req.InstanceID, draft, true)
	if err != nil {
		return nil, err
	}
	return s.groupAnswer(ctx, g)
}

// groupAnswer shows a group with what became of it.
func (s *service) groupAnswer(ctx context.Context, g *store.JobGroup) (*jobGroupResponse, error) {
	counts, err := s.campaigns.Counts(ctx, g)
	if err != nil {
		return nil, err
	}
	return &jobGroupResponse{jobGroupOf(g, counts)}, nil
}

func (s *service) deleteJobGroup(ctx context.Context, req *groupKey) (*done, error) {
	return &done{}, s.campaigns.DeleteGroup(ctx, req.InstanceID, req.JobGroupID)
}

// modifyJobGroupRequest changes what it says and leaves the rest.
type modifyJobGroupRequest struct {
	groupKey
	Name           string `rpc:"Name,required,max=64"`
	Description    string `rpc:"Description,max=512,text"`
	JobGroupStatus string `rpc:"JobGroupStatus,max=64"`
	groupRules
}

func (s *service) modifyJobGroup(ctx context.Context, req *modifyJobGroupRequest) (*jobGroupResponse, error) {
	draft, err := req.draft(req.Name, req.Description)
	if err != nil {
		return nil, err
	}
	g, err := s.campaigns.ModifyGroup(ctx, req.InstanceID, req.JobGroupID, draft)
	if err != nil {
		return nil, err
	}
	return s.groupAnswer(ctx, g)
}

// describeJobGroupRequest may ask for some business results only; there are
// none here, so that asks for nothing.
type describeJobGroupRequest struct {
	groupKey
	BriefTypes []string `rpc:"BriefTypes,max=100,each=128"`
}

func (s *service) describeJobGroup(ctx context.Context, req *describeJobGroupRequest) (*describeJobGroupResponse, error) {
	g, err := s.campaigns.Group(ctx, req.InstanceID, req.JobGroupID)
	if err != nil {
		return nil, err
	}
	shown, err := s.groupAnswer(ctx, g)
	if err != nil {
		return nil, err
	}
	bound, err := s.campaigns.Dialing(ctx, g)
	if err != nil {
		return nil, err
	}
	answer := &describeJobGroupResponse{JobGroup: shown.JobGroup, Dialing: dialing{Limit: string(bound.Limit), Due: bound.Due, Later: bound.Later}}
	if !bound.Until.IsZero() {
		answer.Dialing.Until = bound.Until.UnixMilli()
	}
	return answer, s.addTransfers(ctx, g, answer)
}

// addTransfers shows the files on their way into a group and out of it.
func (s *service) addTransfers(ctx context.Context, g *store.JobGroup, answer *describeJobGroupResponse) error {
	in, err := s.campaigns.LastTransfer(ctx, g, store.TransferIn)
	if err != nil {
		return err
	}
	if in != nil {
		answer.Import = &importing{Status: in.Status, Problem: in.Problem, Total: in.Total, Done: in.Done}
	}
	out, err := s.campaigns.LastTransfer(ctx, g, store.TransferOut)
	if err != nil || out == nil {
		return err
	}
	_, url, err := s.campaigns.Exported(ctx, g.InstanceID, out.ID)
	answer.JobGroup.ExportProgress = exportProgress{
		FileHTTPURL: url, Progress: strconv.FormatFloat(progressOfTransfer(out), 'g', 4, 64), Status: exportStates[out.Status],
	}
	return err
}

// exportStates are the states of a transfer as answers spell those of an export.
var exportStates = map[string]string{
	store.TransferWaiting: "EXECUTING", store.TransferDone: "FINISHED", store.TransferFailed: "FAILED",
}

type listJobGroupsRequest struct {
	InstanceID           string `rpc:"InstanceId,required,max=128"`
	StartTime            int64  `rpc:"StartTime,min=0,max=253402300799999"`
	EndTime              int64  `rpc:"EndTime,min=0,max=253402300799999"`
	SearchText           string `rpc:"SearchText,max=64"`
	JobGroupStatusFilter string `rpc:"JobGroupStatusFilter,max=64"`
	pageRequest
}

type listJobGroupsResponse struct {
	JobGroups jobGroupPage `rpc:"JobGroups"`
}

type jobGroupPage struct {
	List []jobGroup `rpc:"List"`
	pageResponse
}

func (s *service) listJobGroups(ctx context.Context, req *listJobGroupsRequest) (*listJobGroupsResponse, error) {
	f := store.GroupFilter{From: req.StartTime, To: req.EndTime, Status: req.JobGroupStatusFilter, Search: req.SearchText}
	rows, total, err := s.campaigns.Groups(ctx, req.InstanceID, f, req.page())
	if err != nil {
		return nil, err
	}
	page := jobGroupPage{List: make([]jobGroup, len(rows)), pageResponse: req.answer(total)}
	for i := range rows {
		counts, err := s.campaigns.Counts(ctx, &rows[i])
		if err != nil {
			return nil, err
		}
		page.List[i] = jobGroupOf(&rows[i], counts)
	}
	return &listJobGroupsResponse{page}, nil
}
