package api

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// statisticsActions are the actions that count what became of a job group.
func (s *service) statisticsActions() []rpc.Action {
	return []rpc.Action{
		act("DescribeTagHitsSummary", s.describeTagHitsSummary),
		act("DescribeGroupExecutingInfo", s.describeGroupExecutingInfo),
		act("DescribeDialogueNodeStatistics", s.describeNodeStatistics),
		act("DescribeIntentStatistics", s.describeIntentStatistics),
	}
}

type tagHitsResponse struct {
	TagGroups   []tagGroupRef `rpc:"TagGroups"`
	TagHitsList []tagHits     `rpc:"TagHitsList"`
}

// tagGroupRef is a tag group under the names of this action.
type tagGroupRef struct {
	ID            string `rpc:"Id"`
	ScriptID      string `rpc:"ScriptId"`
	TagGroup      string `rpc:"TagGroup"`
	TagGroupID    string `rpc:"TagGroupId"`
	TagGroupIndex int    `rpc:"TagGroupIndex"`
}

type tagHits struct {
	HitCount int    `rpc:"HitCount"`
	TagGroup string `rpc:"TagGroup"`
	TagName  string `rpc:"TagName"`
}

// describeTagHitsSummary counts, for every tag that was hit, the calls that did.
func (s *service) describeTagHitsSummary(ctx context.Context, req *groupKey) (*tagHitsResponse, error) {
	g, err := s.campaigns.Group(ctx, req.InstanceID, req.JobGroupID)
	if err != nil {
		return nil, err
	}
	groups, hits, err := s.campaigns.TagHits(ctx, g)
	if err != nil {
		return nil, err
	}
	answer := &tagHitsResponse{}
	for _, row := range groups {
		answer.TagGroups = append(answer.TagGroups, tagGroupRefOf(&row))
	}
	for _, row := range hits {
		answer.TagHitsList = append(answer.TagHitsList, tagHits{HitCount: row.N, TagGroup: row.TagGroup, TagName: row.TagName})
	}
	return answer, nil
}

func tagGroupRefOf(row *store.TagGroup) tagGroupRef {
	return tagGroupRef{ID: row.ID, ScriptID: row.ScriptID, TagGroup: row.Name, TagGroupID: row.ID, TagGroupIndex: int(row.Position)}
}

// ofGroupResponse says which group an answer is about.
type ofGroupResponse struct {
	InstanceID string `rpc:"InstanceId"`
	GroupID    string `rpc:"GroupId"`
}

type groupExecutingResponse struct {
	ofGroupResponse
	ExecutingInfo executingInfo `rpc:"ExecutingInfo"`
}

// executingInfo is how a group stands.
type executingInfo struct {
	StartTime         int64        `rpc:"StartTime"`
	EndTime           int64        `rpc:"EndTime"` // When something was last heard of a call.
	CallNum           int          `rpc:"CallNum"`
	CallFailedNum     int          `rpc:"CallFailedNum"`
	FinishedNum       int          `rpc:"FinishedNum"`
	HangUpByClientNum int          `rpc:"HangUpByClientNum"`
	JobsProgress      jobsProgress `rpc:"JobsProgress"`
}

type jobsProgress struct {
	CancelledNum        int `rpc:"CancelledNum"`
	ExecutingNum        int `rpc:"ExecutingNum"`
	FailedNum           int `rpc:"FailedNum"`
	PausedNum           int `rpc:"PausedNum"`
	SchedulingNum       int `rpc:"SchedulingNum"`
	TotalCompletedNum   int `rpc:"TotalCompletedNum"`
	TotalJobs           int `rpc:"TotalJobs"`
	TotalNotAnsweredNum int `rpc:"TotalNotAnsweredNum"`
}

func (s *service) describeGroupExecutingInfo(ctx context.Context, req *groupKey) (*groupExecutingResponse, error) {
	g, err := s.campaigns.Group(ctx, req.InstanceID, req.JobGroupID)
	if err != nil {
		return nil, err
	}
	counts, err := s.campaigns.Counts(ctx, g)
	if err != nil {
		return nil, err
	}
	p := progressOf(g, counts)
	return &groupExecutingResponse{ofGroupResponse{g.InstanceID, g.ID}, executingInfo{
		StartTime: g.StartedAt, EndTime: counts.LastCall, CallNum: counts.Calls, CallFailedNum: counts.NotAnswered,
		FinishedNum: counts.EndReasons["FINISHED"], HangUpByClientNum: counts.EndReasons["CLIENT_HANGUP"],
		JobsProgress: jobsProgress{
			CancelledNum: p.Cancelled, ExecutingNum: p.Executing, FailedNum: p.Failed, PausedNum: p.Paused, SchedulingNum: p.Scheduling,
			TotalCompletedNum: p.TotalCompleted, TotalJobs: p.TotalJobs, TotalNotAnsweredNum: p.TotalNotAnswered,
		},
	}}, nil
}

type statisticsRequest struct {
	groupKey
	Limit int `rpc:"Limit,min=1,max=1000,default=100"` // Of each list in the answer.
}

type nodeStatisticsResponse struct {
	ofGroupResponse
	NoAnswerDialogueNodes []noAnswerNode `rpc:"NoAnswerDialogueNodes"`
	TotalCompleted        int            `rpc:"TotalCompleted"` // Jobs.
}

type noAnswerNode struct {
	GroupID     string `rpc:"GroupId"`
	HangUpNum   int    `rpc:"HangUpNum"`
	HitNum      int    `rpc:"HitNum"`
	ID          string `rpc:"Id"`
	InstanceID  string `rpc:"InstanceId"`
	NoAnswerNum int    `rpc:"NoAnswerNum"`
	NodeID      string `rpc:"NodeId"`
	NodeName    string `rpc:"NodeName"`
}

func (s *service) describeNodeStatistics(ctx context.Context, req *statisticsRequest) (*nodeStatisticsResponse, error) {
	g, err := s.campaigns.Group(ctx, req.InstanceID, req.JobGroupID)
	if err != nil {
		return nil, err
	}
	counts, err := s.campaigns.Counts(ctx, g)
	if err != nil {
		return nil, err
	}
	all, err := s.campaigns.Statistics(ctx, req.InstanceID, req.JobGroupID)
	if err != nil {
		return nil, err
	}
	answer := &nodeStatisticsResponse{
		ofGroupResponse: ofGroupResponse{g.InstanceID, g.ID}, TotalCompleted: progressOf(g, counts).TotalCompleted,
	}
	for _, n := range all.Nodes[:min(req.Limit, len(all.Nodes))] {
		answer.NoAnswerDialogueNodes = append(answer.NoAnswerDialogueNodes, noAnswerNode{
			GroupID: g.ID, InstanceID: g.InstanceID, ID: n.FlowID + "/" + n.NodeID, NodeID: n.NodeID, NodeName: n.Name,
			HitNum: n.Hits, NoAnswerNum: n.NoAnswers, HangUpNum: n.HangUps,
		})
	}
	return answer, nil
}

type intentStatisticsResponse struct {
	ofGroupResponse
	GlobalIntentNum      int              `rpc:"GlobalIntentNum"`
	GlobalIntents        []intentHitCount `rpc:"GlobalIntents"`
	IntentsAfterNoAnswer []intentHitCount `rpc:"IntentsAfterNoAnswer"`
	ProcessIntentNum     int              `rpc:"ProcessIntentNum"`
	ProcessIntents       []intentHitCount `rpc:"ProcessIntents"`
}

type intentHitCount struct {
	GroupID          string `rpc:"GroupId"`
	HitAfterNoAnswer int    `rpc:"HitAfterNoAnswer"`
	HitNum           int    `rpc:"HitNum"`
	InstanceID       string `rpc:"InstanceId"`
	IntentID         string `rpc:"IntentId"`
	IntentName       string `rpc:"IntentName"`
	Type             string `rpc:"Type"` // process or global.
}

func (s *service) describeIntentStatistics(ctx context.Context, req *statisticsRequest) (*intentStatisticsResponse, error) {
	all, err := s.campaigns.Statistics(ctx, req.InstanceID, req.JobGroupID)
	if err != nil {
		return nil, err
	}
	answer := &intentStatisticsResponse{ofGroupResponse: ofGroupResponse{req.InstanceID, req.JobGroupID}}
	for i := range all.Intents {
		shown := intentHitsOf(req, &all.Intents[i])
		list, total := &answer.ProcessIntents, &answer.ProcessIntentNum
		if all.Intents[i].Global {
			list, total = &answer.GlobalIntents, &answer.GlobalIntentNum
		}
		*total += shown.HitNum
		if len(*list) < req.Limit {
			*list = append(*list, shown)
		}
		if shown.HitAfterNoAnswer > 0 && len(answer.IntentsAfterNoAnswer) < req.Limit {
			answer.IntentsAfterNoAnswer = append(answer.IntentsAfterNoAnswer, shown)
		}
	}
	return answer, nil
}

func intentHitsOf(req *statisticsRequest, in *campaign.IntentCount) intentHitCount {
	shown := intentHitCount{
		GroupID: req.JobGroupID, InstanceID: req.InstanceID, IntentID: in.ID, IntentName: in.Name,
		HitNum: in.Hits, HitAfterNoAnswer: in.AfterNoAnswers, Type: "process",
	}
	if in.Global {
		shown.Type = "global"
	}
	return shown
}
