package api

import (
	"context"
	"strconv"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// numberActions are the actions on the numbers an instance calls from.
func (s *service) numberActions() []rpc.Action {
	return []rpc.Action{
		act("CreateOutboundCallNumber", s.createNumber),
		act("DeleteOutboundCallNumber", s.deleteNumber),
		act("ModifyOutboundCallNumber", s.modifyNumber),
		act("ListOutboundCallNumbers", s.listNumbers),
	}
}

// number is one as answers show it: its numbers are strings.
type number struct {
	Number               string `rpc:"Number"`
	OutboundCallNumberID string `rpc:"OutboundCallNumberId"`
	RateLimitCount       string `rpc:"RateLimitCount"`
	RateLimitPeriod      string `rpc:"RateLimitPeriod"`
}

func numberOf(row *store.OutboundNumber) number {
	return number{
		Number: row.Number, OutboundCallNumberID: row.ID,
		RateLimitCount: strconv.Itoa(row.RateLimitCount), RateLimitPeriod: strconv.Itoa(row.RateLimitPeriod),
	}
}

// createNumberRequest allows RateLimitCount calls in RateLimitPeriod seconds, a
// day at most.
type createNumberRequest struct {
	InstanceID      string `rpc:"InstanceId,required,max=128"`
	Number          string `rpc:"Number,required,max=64"`
	RateLimitCount  int    `rpc:"RateLimitCount,required,min=1,max=1000000"`
	RateLimitPeriod int    `rpc:"RateLimitPeriod,required,min=1,max=86400"`
}

func (r *createNumberRequest) row() store.OutboundNumber {
	return store.OutboundNumber{
		InstanceID: r.InstanceID, Number: r.Number, RateLimitCount: r.RateLimitCount, RateLimitPeriod: r.RateLimitPeriod,
	}
}

type createNumberResponse struct {
	OutboundCallNumberID string `rpc:"OutboundCallNumberId"`
}

func (s *service) createNumber(ctx context.Context, req *createNumberRequest) (*createNumberResponse, error) {
	row, err := s.accounts.CreateNumber(ctx, req.row())
	if err != nil {
		return nil, err
	}
	return &createNumberResponse{row.ID}, nil
}

type modifyNumberRequest struct {
	createNumberRequest
	OutboundCallNumberID string `rpc:"OutboundCallNumberId,required,max=128"`
}

type modifyNumberResponse struct {
	OutboundCallNumber number `rpc:"OutboundCallNumber"`
}

func (s *service) modifyNumber(ctx context.Context, req *modifyNumberRequest) (*modifyNumberResponse, error) {
	row := req.row()
	row.ID = req.OutboundCallNumberID
	if err := s.accounts.ModifyNumber(ctx, row); err != nil {
		return nil, err
	}
	return &modifyNumberResponse{numberOf(&row)}, nil
}

type deleteNumberRequest struct {
	InstanceID           string `rpc:"InstanceId,required,max=128"`
	OutboundCallNumberID string `rpc:"OutboundCallNumberId,required,max=128"`
}

func (s *service) deleteNumber(ctx context.Context, req *deleteNumberRequest) (*done, error) {
	return &done{}, s.accounts.DeleteNumber(ctx, req.InstanceID, req.OutboundCallNumberID)
}

type listNumbersRequest struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	pageRequest
}

type listNumbersResponse struct {
	OutboundCallNumbers numberPage `rpc:"OutboundCallNumbers"`
}

type numberPage struct {
	List []number `rpc:"List"`
	pageResponse
}

func (s *service) listNumbers(ctx context.Context, req *listNumbersRequest) (*listNumbersResponse, error) {
	rows, total, err := s.accounts.Numbers(ctx, req.InstanceID, req.page())
	if err != nil {
		return nil, err
	}
	page := numberPage{List: make([]number, len(rows)), pageResponse: req.answer(total)}
	for i := range rows {
		page.List[i] = numberOf(&rows[i])
	}
	return &listNumbersResponse{page}, nil
}
