package api

import (
	"context"
	"slices"
	"strings"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// jobActions are the actions that add jobs and look at them.
func (s *service) jobActions() []rpc.Action {
	return []rpc.Action{
		act("AssignJobs", s.assignJobs),
		act("StartJob", s.startJob),
		act("ListJobsByGroup", s.listJobsByGroup),
		act("ListJobs", s.listJobs),
		act("QueryJobs", s.queryJobs),
		act("DescribeJob", s.describeJob),
	}
}

// assignJobsRequest adds jobs to a group: those of JobsJson or, where there are
// none, those of the file that JobDataParsingTaskId names, once all its rows are
// found good. What their ids are is known only of the former.
type assignJobsRequest struct {
	groupKey
	StrategyJSON         string   `rpc:"StrategyJson,max=16384,text"`
	CallingNumber        []string `rpc:"CallingNumber,max=100,each=64"`
	JobsJSON             []string `rpc:"JobsJson,max=50000,each=1048576,text"`
	RosterType           string   `rpc:"RosterType,max=64"`
	JobDataParsingTaskID string   `rpc:"JobDataParsingTaskId,max=256"`
	IsAsynchrony         bool     `rpc:"IsAsynchrony"`
}

type assignJobsResponse struct {
	JobGroupID string   `rpc:"JobGroupId"`
	JobsID     []string `rpc:"JobsId"`
}

func (s *service) assignJobs(ctx context.Context, req *assignJobsRequest) (*assignJobsResponse, error) {
	if file := req.JobDataParsingTaskID; file != "" && len(req.JobsJSON) == 0 {
		err := s.campaigns.AssignFile(ctx, req.InstanceID, req.JobGroupID, file, req.CallingNumber)
		return &assignJobsResponse{JobGroupID: req.JobGroupID, JobsID: []string{}}, err
	}
	jobs, err := campaign.ParseJobs("JobsJson", req.JobsJSON)
	if err != nil {
		return nil, err
	}
	ids, err := s.campaigns.Assign(ctx, req.InstanceID, campaign.Assignment{
		Group: req.JobGroupID, Jobs: jobs, Strategy: req.StrategyJSON, CallingNumbers: req.CallingNumber,
	})
	if err != nil {
		return nil, err
	}
	return &assignJobsResponse{req.JobGroupID, ids}, nil
}

// startJobRequest calls somebody at once.
type startJobRequest struct {
	InstanceID           string   `rpc:"InstanceId,required,max=128"`
	JobJSON              string   `rpc:"JobJson,required,max=1048576,text"`
	ScenarioID           string   `rpc:"ScenarioId,max=128"`
	JobGroupID           string   `rpc:"JobGroupId,max=128"`
	CallingNumber        []string `rpc:"CallingNumber,max=100,each=64"`
	ScriptID             string   `rpc:"ScriptId,max=128"`
	SelfHostedCallCenter bool     `rpc:"SelfHostedCallCenter"`
}

// startJobResponse has a pair a job: its contact's own id, and what it got.
type startJobResponse struct {
	CallIDs []keyValue `rpc:"CallIds"`
	TaskIDs []keyValue `rpc:"TaskIds"`
}

func (s *service) startJob(ctx context.Context, req *startJobRequest) (*startJobResponse, error) {
	jobs, err := campaign.ParseJobs("JobJson", []string{req.JobJSON})
	if err != nil {
		return nil, err
	}
	script := req.ScriptID
	if script == "" {
		script = req.ScenarioID
	}
	jobs, err = s.campaigns.Start(ctx, req.InstanceID, script, campaign.Assignment{
		Group: req.JobGroupID, Jobs: jobs, CallingNumbers: req.CallingNumber,
	})
	if err != nil {
		return nil, err
	}
	answer := &startJobResponse{}
	for i := range jobs {
		for _, t := range jobs[i].Tasks {
			answer.CallIDs = append(answer.CallIDs, keyValue{jobs[i].ReferenceID, t.CallID})
			answer.TaskIDs = append(answer.TaskIDs, keyValue{jobs[i].ReferenceID, t.ID})
		}
	}
	return answer, nil
}

type listJobsByGroupRequest struct {
	groupKey
	JobStatus        string `rpc:"JobStatus,max=64"`
	JobFailureReason string `rpc:"JobFailureReason,max=64"`
	pageRequest
}

type jobPageResponse struct {
	Jobs jobPage `rpc:"Jobs"`
}

type jobPage struct {
	List []job `rpc:"List"`
	pageResponse
}

// jobStates are the states that jobs can be asked for by.
var jobStates = []string{
	store.JobDrafted, store.JobScheduling, store.JobExecuting, store.JobPaused, store.JobSucceeded, store.JobFailed, store.JobCancelled,
}

func (s *service) listJobsByGroup(ctx context.Context, req *listJobsByGroupRequest) (*jobPageResponse, error) {
	if req.JobStatus != "" && !slices.Contains(jobStates, req.JobStatus) {
		return nil, rpc.InvalidParameter("JobStatus", "It must be one of "+strings.Join(jobStates, ", ")+".")
	}
	return s.jobPage(ctx, req.InstanceID, req.pageRequest, store.JobFilter{
		Group: req.JobGroupID, Status: req.JobStatus, FailureReason: req.JobFailureReason,
	})
}

func (s *service) jobPage(ctx context.Context, instance string, p pageRequest, f store.JobFilter) (*jobPageResponse, error) {
	rows, report, total, err := s.campaigns.Jobs(ctx, instance, f, p.page())
	if err != nil {
		return nil, err
	}
	return &jobPageResponse{jobPage{jobsOf(rows, report), p.answer(total)}}, nil
}

func jobsOf(rows []store.Job, report *campaign.Report) []job {
	jobs := make([]job, len(rows))
	for i := range rows {
		jobs[i] = jobOf(&rows[i], report)
	}
	return jobs
}

type listJobsRequest struct {
	InstanceID string   `rpc:"InstanceId,required,max=128"`
	JobID      []string `rpc:"JobId,required,max=100,each=128"`
}

type listJobsResponse struct {
	Jobs []job `rpc:"Jobs"`
}

func (s *service) listJobs(ctx context.Context, req *listJobsRequest) (*listJobsResponse, error) {
	rows, report, err := s.campaigns.JobsByID(ctx, req.InstanceID, req.JobID)
	if err != nil {
		return nil, err
	}
	return &listJobsResponse{jobsOf(rows, report)}, nil
}

// queryJobsRequest bounds, with StartTime and EndTime, the time that
// TimeAlignment names: start of the last call, end of the job, or, where
// nothing is said, when the job was made.
type queryJobsRequest struct {
	InstanceID    string `rpc:"InstanceId,required,max=128"`
	ScenarioID    string `rpc:"ScenarioId,max=128"`
	JobGroupID    string `rpc:"JobGroupId,max=128"`
	StartTime     int64  `rpc:"StartTime,min=0,max=253402300799999"`
	EndTime       int64  `rpc:"EndTime,min=0,max=253402300799999"`
	TimeAlignment string `rpc:"TimeAlignment,max=64"`
	ContactName   string `rpc:"ContactName,max=256"`
	PhoneNumber   string `rpc:"PhoneNumber,max=64"`
	pageRequest
}

func (s *service) queryJobs(ctx context.Context, req *queryJobsRequest) (*jobPageResponse, error) {
	aligned, ok := map[string]string{
		"": store.TimeCreated, "job_create": store.TimeCreated, "start": store.TimeStarted, "end": store.TimeEnded,
	}[req.TimeAlignment]
	if !ok {
		return nil, rpc.InvalidParameter("TimeAlignment", "It must be start, end or job_create.")
	}
	return s.jobPage(ctx, req.InstanceID, req.pageRequest, store.JobFilter{
		Group: req.JobGroupID, Scenario: req.ScenarioID, ContactName: req.ContactName, PhoneNumber: req.PhoneNumber,
		From: req.StartTime, To: req.EndTime, Aligned: aligned,
	})
}

type describeJobRequest struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	JobID      string `rpc:"JobId,required,max=128"`
}

type describeJobResponse struct {
	Job job `rpc:"Job"`
}

func (s *service) describeJob(ctx context.Context, req *describeJobRequest) (*describeJobResponse, error) {
	row, report, err := s.campaigns.Job(ctx, req.InstanceID, req.JobID)
	if err != nil {
		return nil, err
	}
	return &describeJobResponse{jobOf(row, report)}, nil
}
