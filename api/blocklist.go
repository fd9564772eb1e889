package api

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/rpc"
)

// blockListActions are the actions on the numbers that an instance must not call.
func (s *service) blockListActions() []rpc.Action {
	return []rpc.Action{
		act("GetContactBlockList", s.getContactBlockList),
		act("SaveContactBlockList", s.saveContactBlockList),
		act("DeleteContactBlockList", s.deleteContactBlockList),
	}
}

type getContactBlockListRequest struct {
	InstanceID    string `rpc:"InstanceId,required,max=128"`
	CountTotalRow bool   `rpc:"CountTotalRow"` // The rows are always counted.
	pageRequest
}

type getContactBlockListResponse struct {
	ContactBlocklistList blockedPage `rpc:"ContactBlocklistList"`
}

type blockedPage struct {
	List []blocked `rpc:"List"`
	pageResponse
}

type blocked struct {
	ContactBlockListID string `rpc:"ContactBlockListId"`
	CreationTime       int64  `rpc:"CreationTime"`
	InstanceID         string `rpc:"InstanceId"`
	Name               string `rpc:"Name"`
	PhoneNumber        string `rpc:"PhoneNumber"`
	Remark             string `rpc:"Remark"`
}

func (s *service) getContactBlockList(ctx context.Context, req *getContactBlockListRequest) (*getContactBlockListResponse, error) {
	rows, total, err := s.campaigns.Blocked(ctx, req.InstanceID, req.page())
	if err != nil {
		return nil, err
	}
	page := blockedPage{List: make([]blocked, len(rows)), pageResponse: req.answer(total)}
	for i, row := range rows {
		page.List[i] = blocked{
			ContactBlockListID: row.ID, CreationTime: row.CreatedAt, InstanceID: row.InstanceID,
			Name: row.Name, PhoneNumber: row.Number, Remark: row.Remark,
		}
	}
	return &getContactBlockListResponse{page}, nil
}

// saveContactBlockListRequest gives the numbers one way or the other, or both.
type saveContactBlockListRequest struct {
	InstanceID            string   `rpc:"InstanceId,required,max=128"`
	ContactBlockListList  []string `rpc:"ContactBlockListList,max=10000,each=2048"`
	ContactBlockListsJSON string   `rpc:"ContactBlockListsJson,max=4194304,text"`
}

type affectedResponse struct {
	AffectedRows int `rpc:"AffectedRows"`
}

func (s *service) saveContactBlockList(ctx context.Context, req *saveContactBlockListRequest) (*affectedResponse, error) {
	n, err := s.campaigns.Block(ctx, req.InstanceID, append(req.ContactBlockListList, req.ContactBlockListsJSON))
	if err != nil {
		return nil, err
	}
	return &affectedResponse{n}, nil
}

type deleteContactBlockListRequest struct {
	InstanceID         string `rpc:"InstanceId,required,max=128"`
	ContactBlockListID string `rpc:"ContactBlockListId,required,max=128"`
	Operator           string `rpc:"Operator,max=128"` // Who did it is in the audit log.
}

func (s *service) deleteContactBlockList(ctx context.Context, req *deleteContactBlockListRequest) (*affectedResponse, error) {
	if err := s.campaigns.Unblock(ctx, req.InstanceID, req.ContactBlockListID); err != nil {
		return nil, err
	}
	return &affectedResponse{1}, nil
}
