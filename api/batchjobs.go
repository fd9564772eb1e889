package api

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// batchJobActions are the actions on campaigns whose contacts come in a file, and
// on the file of their results.
func (s *service) batchJobActions() []rpc.Action {
	return []rpc.Action{
		act("CreateBatchJobs", s.createBatchJobs),
		act("SubmitBatchJobs", s.submitBatchJobs),
		act("ModifyBatchJobs", s.modifyBatchJobs),
		act("CreateJobGroupExportTask", s.createExport),
		act("DescribeJobGroupExportTaskProgress", s.describeExport),
	}
}

// createBatchJobsRequest makes a group of the contacts in a file.
//
// The reference says of Submitted the opposite of what its name does; here the
// name counts, unless the server was told otherwise.
type createBatchJobsRequest struct {
	InstanceID          string   `rpc:"InstanceId,required,max=128"`
	BatchJobName        string   `rpc:"BatchJobName,required,max=64"`
	BatchJobDescription string   `rpc:"BatchJobDescription,max=512,text"`
	ScenarioID          string   `rpc:"ScenarioId,max=128"`
	ScriptID            string   `rpc:"ScriptId,max=128"`
	StrategyJSON        string   `rpc:"StrategyJson,max=16384,text"`
	CallingNumber       []string `rpc:"CallingNumber,max=100,each=64"`
	JobFilePath         string   `rpc:"JobFilePath,max=256"` // The id of the file, as GenerateUploadUrl gives it.
	Submitted           bool     `rpc:"Submitted,required"`
}

type createBatchJobsResponse struct {
	BatchJob batchJob `rpc:"BatchJob"`
}

// batchJob is a group under the names of CreateBatchJobs.
type batchJob struct {
	BatchJobID          string   `rpc:"BatchJobId"`
	BatchJobName        string   `rpc:"BatchJobName"`
	CallingNumbers      []string `rpc:"CallingNumbers"`
	CreationTime        int64    `rpc:"CreationTime"`
	JobFilePath         string   `rpc:"JobFilePath"`
	JobGroupDescription string   `rpc:"JobGroupDescription"`
	JobGroupName        string   `rpc:"JobGroupName"`
	ScenarioID          string   `rpc:"ScenarioId"`
	ScriptID            string   `rpc:"ScriptId"`
	Strategy            strategy `rpc:"Strategy"`
}

func (s *service) createBatchJobs(ctx context.Context, req *createBatchJobsRequest) (*createBatchJobsResponse, error) {
	g, err := s.campaigns.CreateGroupFrom(ctx, req.InstanceID, campaign.GroupDraft{
		Name: req.BatchJobName, Description: req.BatchJobDescription, ScriptID: req.ScriptID, ScenarioID: req.ScenarioID,
		Strategy: req.StrategyJSON, CallingNumbers: req.CallingNumber, JobFile: req.JobFilePath,
	}, req.Submitted != s.legacySubmitted)
	if err != nil {
		return nil, err
	}
	return &createBatchJobsResponse{batchJob{
		BatchJobID: g.ID, BatchJobName: g.Name, CallingNumbers: g.CallingNumbers.List(), CreationTime: g.CreatedAt,
		JobFilePath: g.JobFile, JobGroupDescription: g.Description, JobGroupName: g.Name, ScenarioID: g.ScenarioID,
		ScriptID: g.ScriptID, Strategy: strategyOf(g),
	}}, nil
}

func (s *service) submitBatchJobs(ctx context.Context, req *groupKey) (*done, error) {
	return &done{}, s.campaigns.SubmitGroup(ctx, req.InstanceID, req.JobGroupID)
}

// modifyBatchJobsRequest changes what it says and leaves the rest.
type modifyBatchJobsRequest struct {
	groupKey
	BatchJobName  string   `rpc:"BatchJobName,required,max=64"`
	Description   string   `rpc:"Description,max=512,text"`
	ScenarioID    string   `rpc:"ScenarioId,max=128"`
	ScriptID      string   `rpc:"ScriptId,max=128"`
	StrategyJSON  string   `rpc:"StrategyJson,max=16384,text"`
	CallingNumber []string `rpc:"CallingNumber,max=100,each=64"`
	JobFilePath   string   `rpc:"JobFilePath,max=256"`
	Submitted     bool     `rpc:"Submitted,required"`
}

func (s *service) modifyBatchJobs(ctx context.Context, req *modifyBatchJobsRequest) (*jobGroupResponse, error) {
	g, err := s.campaigns.ModifyGroupFrom(ctx, req.InstanceID, req.JobGroupID, campaign.GroupDraft{
		Name: req.BatchJobName, Description: req.Description, ScriptID: req.ScriptID, ScenarioID: req.ScenarioID,
		Strategy: req.StrategyJSON, CallingNumbers: req.CallingNumber, JobFile: req.JobFilePath,
	}, req.Submitted != s.legacySubmitted)
	if err != nil {
		return nil, err
	}
	return s.groupAnswer(ctx, g)
}

// createExportRequest may ask for parts of the results only; the file has all.
type createExportRequest struct {
	groupKey
	Option []string `rpc:"Option,max=100,each=128"`
}

type createExportResponse struct {
	TaskID string `rpc:"TaskId"`
}

func (s *service) createExport(ctx context.Context, req *createExportRequest) (*createExportResponse, error) {
	id, err := s.campaigns.Export(ctx, req.InstanceID, req.JobGroupID)
	if err != nil {
		return nil, err
	}
	return &createExportResponse{id}, nil
}

type describeExportRequest struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	TaskID     string `rpc:"TaskId,required,max=128"`
}

type describeExportResponse struct {
	FileHTTPURL string  `rpc:"FileHttpUrl"`
	Progress    float64 `rpc:"Progress"` // From 0 to 1.
}

func (s *service) describeExport(ctx context.Context, req *describeExportRequest) (*describeExportResponse, error) {
	t, url, err := s.campaigns.Exported(ctx, req.InstanceID, req.TaskID)
	if err != nil {
		return nil, err
	}
	return &describeExportResponse{FileHTTPURL: url, Progress: progressOfTransfer(t)}, nil
}

// progressOfTransfer is how much of a transfer is done, from 0 to 1. A file that
// is written is there a moment after its last row.
func progressOfTransfer(t *store.Transfer) float64 {
	switch {
	case t.Status == store.TransferDone:
		return 1
	case t.Total == 0:
		return 0
	}
	if t.Direction == store.TransferOut {
		return float64(t.Done) / float64(t.Total+1)
	}
	return float64(t.Done) / float64(t.Total)
}
