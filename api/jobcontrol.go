package api

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// jobControlActions are the actions that hold, release and end jobs.
func (s *service) jobControlActions() []rpc.Action {
	return []rpc.Action{
		act("SuspendJobs", moving(s.campaigns.Suspend)),
		act("ResumeJobs", moving(s.campaigns.Resume)),
		act("CancelJobs", moving(s.campaigns.Cancel)),
	}
}

// chooseJobsRequest chooses jobs: what is given must all hold. All alone
// chooses every job of the instance. The reference requires All and leaves it
// out of its own example.
type chooseJobsRequest struct {
	InstanceID     string   `rpc:"InstanceId,required,max=128"`
	All            bool     `rpc:"All"`
	ScenarioID     string   `rpc:"ScenarioId,max=128"`
	JobGroupID     string   `rpc:"JobGroupId,max=128"`
	JobID          []string `rpc:"JobId,max=1000,each=128"`
	JobReferenceID []string `rpc:"JobReferenceId,max=1000"`
}

// moving makes the function of an action of one that moves jobs.
func moving(move func(ctx context.Context, instance string, c store.JobChoice) error) func(context.Context, *chooseJobsRequest) (*done, error) {
	return func(ctx context.Context, req *chooseJobsRequest) (*done, error) {
		return &done{}, move(ctx, req.InstanceID, store.JobChoice{
			All: req.All, Group: req.JobGroupID, Scenario: req.ScenarioID, IDs: req.JobID, References: req.JobReferenceID,
		})
	}
}
