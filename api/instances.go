package api

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// instanceActions are the actions on the instances of the account.
func (s *service) instanceActions() []rpc.Action {
	return []rpc.Action{
		act("CreateInstance", s.createInstance),
		act("ListInstances", s.listInstances),
		act("DescribeInstance", s.describeInstance),
		act("ModifyInstance", s.modifyInstance),
		act("DeleteInstance", s.deleteInstance),
	}
}

// instanceKey names an instance.
type instanceKey struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
}

// instance is one as answers show it.
type instance struct {
	CreationTime              int64  `rpc:"CreationTime"`
	InstanceDescription       string `rpc:"InstanceDescription"`
	InstanceID                string `rpc:"InstanceId"`
	InstanceName              string `rpc:"InstanceName"`
	MaxConcurrentConversation int    `rpc:"MaxConcurrentConversation"`
}

func instanceOf(row *store.Instance) instance {
	return instance{
		CreationTime: row.CreatedAt, InstanceDescription: row.Description, InstanceID: row.ID, InstanceName: row.Name,
		MaxConcurrentConversation: row.MaxCalls,
	}
}

type instanceResponse struct {
	Instance instance `rpc:"Instance"`
}

type createInstanceRequest struct {
	InstanceName              string `rpc:"InstanceName,required,max=64"`
	InstanceDescription       string `rpc:"InstanceDescription,max=512,text"`
	MaxConcurrentConversation int    `rpc:"MaxConcurrentConversation,required,min=1,max=1000000"`
}

func (s *service) createInstance(ctx context.Context, req *createInstanceRequest) (*instanceResponse, error) {
	row, err := s.accounts.CreateInstance(ctx, req.InstanceName, req.InstanceDescription, req.MaxConcurrentConversation)
	if err != nil {
		return nil, err
	}
	return &instanceResponse{instanceOf(row)}, nil
}

type listInstancesRequest struct{}

type listInstancesResponse struct {
	Instances []instance `rpc:"Instances"`
}

func (s *service) listInstances(ctx context.Context, _ *listInstancesRequest) (*listInstancesResponse, error) {
	rows, err := s.accounts.Instances(ctx)
	if err != nil {
		return nil, err
	}
	resp := &listInstancesResponse{Instances: make([]instance, len(rows))}
	for i := range rows {
		resp.Instances[i] = instanceOf(&rows[i])
	}
	return resp, nil
}

func (s *service) describeInstance(ctx context.Context, req *instanceKey) (*instanceResponse, error) {
	row, err := s.accounts.Instance(ctx, req.InstanceID)
	if err != nil {
		return nil, err
	}
	return &instanceResponse{instanceOf(row)}, nil
}

// modifyInstanceRequest leaves alone what is absent.
type modifyInstanceRequest struct {
	instanceKey
	InstanceName              string `rpc:"InstanceName,max=64"`
	InstanceDescription       string `rpc:"InstanceDescription,max=512,text"`
	MaxConcurrentConversation int    `rpc:"MaxConcurrentConversation,required,min=1,max=1000000"`
}

func (s *service) modifyInstance(ctx context.Context, req *modifyInstanceRequest) (*instanceResponse, error) {
	row, err := s.accounts.ModifyInstance(ctx, req.InstanceID, req.InstanceName, req.InstanceDescription, req.MaxConcurrentConversation)
	if err != nil {
		return nil, err
	}
	return &instanceResponse{instanceOf(row)}, nil
}

func (s *service) deleteInstance(ctx context.Context, req *instanceKey) (*done, error) {
	return &done{}, s.accounts.DeleteInstance(ctx, req.InstanceID)
}
