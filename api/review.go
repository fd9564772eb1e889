package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/session"
)

// reviewActions are the actions on the life of a script from draft to published.
func (s *service) reviewActions() []rpc.Action {
	return []rpc.Action{
		act("SubmitScriptReview", s.submitScriptReview),
		act("WithdrawScriptReview", s.withdrawScriptReview),
		act("ApproveScriptReview", s.approveScriptReview),
		act("RejectScriptReview", s.rejectScriptReview),
		act("PublishScript", s.publishScript),
		act("PublishScriptForDebug", s.publishScriptForDebug),
		act("RollbackScript", s.rollbackScript),
		act("ListScriptPublishHistories", s.listScriptPublishHistories),
	}
}

type submitScriptReviewRequest struct {
	scriptKey
	Description string `rpc:"Description,required,is=description"`
}

func (s *service) submitScriptReview(ctx context.Context, req *submitScriptReviewRequest) (*done, error) {
	return &done{}, s.scripts.Submit(ctx, req.InstanceID, req.ScriptID, req.Description)
}

func (s *service) withdrawScriptReview(ctx context.Context, req *scriptRequest) (*scriptResponse, error) {
	return scriptAnswer(s.scripts.Withdraw(ctx, req.InstanceID, req.ScriptID))
}

type approveScriptReviewRequest struct {
	scriptKey
	ReviewHash string `rpc:"ReviewHash,max=64"` // Of what was looked at; empty: whatever is in review.
}

// approveScriptReview is an extension, as rejectScriptReview is: how a review
// ends is not part of the reference.
func (s *service) approveScriptReview(ctx context.Context, req *approveScriptReviewRequest) (*scriptResponse, error) {
	var seen *session.Hash
	if req.ReviewHash != "" {
		hash, err := session.ParseHash(req.ReviewHash)
		if err != nil {
			return nil, rpc.InvalidParameter("ReviewHash", "It must be the ReviewHash that ExportScript answers with InReview.")
		}
		seen = &hash
	}
	return scriptAnswer(s.scripts.Approve(ctx, req.InstanceID, req.ScriptID, seen))
}

type rejectScriptReviewRequest struct {
	scriptKey
	RejectReason string `rpc:"RejectReason,required,is=description"`
}

func (s *service) rejectScriptReview(ctx context.Context, req *rejectScriptReviewRequest) (*scriptResponse, error) {
	return scriptAnswer(s.scripts.Reject(ctx, req.InstanceID, req.ScriptID, req.RejectReason))
}

// publishScriptRequest is of an action that only the official SDK has.
type publishScriptRequest struct {
	scriptKey
	Description     string `rpc:"Description,is=description"`
	InstanceOwnerID int64  `rpc:"InstanceOwnerId"` // Sent by official clients; without meaning here.
}

func (s *service) publishScript(ctx context.Context, req *publishScriptRequest) (*done, error) {
	_, err := s.scripts.Publish(ctx, req.InstanceID, req.ScriptID, req.Description)
	return &done{}, err
}

func (s *service) publishScriptForDebug(ctx context.Context, req *scriptRequest) (*done, error) {
	return &done{}, s.scripts.PublishForDebug(ctx, req.InstanceID, req.ScriptID)
}

type rollbackScriptRequest struct {
	scriptKey
	RollbackVersion string `rpc:"RollbackVersion,required,max=32"`
}

func (s *service) rollbackScript(ctx context.Context, req *rollbackScriptRequest) (*done, error) {
	version, err := strconv.ParseInt(req.RollbackVersion, 10, 64)
	if err != nil || version < 1 {
		return nil, rpc.InvalidParameter("RollbackVersion", "It must be a ScriptVersion that ListScriptPublishHistories shows.")
	}
	return &done{}, s.scripts.Rollback(ctx, req.InstanceID, req.ScriptID, version)
}

// listScriptPublishHistoriesRequest lets ScriptId out to ask for all scripts
// of the instance: the reference does not have it, its example and the official
// SDK do.
type listScriptPublishHistoriesRequest struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	ScriptID   string `rpc:"ScriptId,max=128"`
	pageRequest
}

type listScriptPublishHistoriesResponse struct {
	ScriptPublishHistories historyPage `rpc:"ScriptPublishHistories"`
}

type historyPage struct {
	List []historyView `rpc:"List"`
	pageResponse
}

// historyView is one version that was published.
type historyView struct {
	InstanceID    string `rpc:"InstanceId"`
	ScriptID      string `rpc:"ScriptId"`
	ScriptVersion string `rpc:"ScriptVersion"`
	Description   string `rpc:"Description"`
	PublishTime   int64  `rpc:"PublishTime"`
}

func (s *service) listScriptPublishHistories(ctx context.Context, req *listScriptPublishHistoriesRequest) (*listScriptPublishHistoriesResponse, error) {
	rows, total, err := s.scripts.Histories(ctx, req.InstanceID, req.ScriptID, req.page())
	if err != nil {
		return nil, err
	}
	page := historyPage{List: make([]historyView, len(rows)), pageResponse: req.answer(total)}
	for i, v := range rows {
		page.List[i] = historyView{
			InstanceID: v.InstanceID, ScriptID: v.ScriptID, ScriptVersion: versionText(v.Version),
			Description: v.Remark, PublishTime: v.PublishedAt,
		}
	}
	return &listScriptPublishHistoriesResponse{page}, nil
}

// diagnostic is something an author should know of a script, as
// [flow.Diagnostic] says it, in the spelling of the API. It is an extension.
type diagnostic struct {
	Code     string `rpc:"Code"`
	Severity string `rpc:"Severity"` // error or warning.
	Message  string `rpc:"Message"`
	File     string `rpc:"File"` // Of the bundle, as ExportScript packs it.
	Line     int    `rpc:"Line"`
	Column   int    `rpc:"Column"`
	Pointer  string `rpc:"Pointer"`
	FlowID   string `rpc:"FlowId"`
	NodeID   string `rpc:"NodeId"`
	NodeName string `rpc:"NodeName"`
}

func diagnosticsOf(found flow.Errors) []diagnostic {
	list := make([]diagnostic, len(found))
	for i, d := range found {
		list[i] = diagnostic{
			Code: d.Code, Severity: d.Severity.String(), Message: d.Message,
			File: d.File, Line: d.Line, Column: d.Column, Pointer: d.Pointer,
			FlowID: d.Flow, NodeID: d.NodeID, NodeName: d.NodeName,
		}
	}
	return list
}

// refusal is what the answer to a script that was refused says beside its
// message.
type refusal struct {
	Diagnostics []diagnostic `rpc:"Diagnostics"`
}

// scriptError gives an error of internal/script its answer; nil for others.
func scriptError(err error) *rpc.Error {
	var (
		broken *script.NotCompiledError
		bundle *script.BundleError
	)
	switch {
	case errors.As(err, &broken):
		e := invalidScript("NotCompiled", "The script does not compile, so it was not published. "+broken.Diagnostics.Error())
		e.Details = refusal{diagnosticsOf(broken.Diagnostics)}
		return e
	case errors.As(err, &bundle):
		e := rpc.InvalidParameter("SignatureUrl", "It leads to no bundle that can be imported. "+bundle.Why)
		e.Details = refusal{diagnosticsOf(bundle.Diagnostics)}
		return e
	case errors.Is(err, script.ErrNoFile):
		return rpc.InvalidParameter("SignatureUrl", "It must be a URL that this server signed and that has not expired, or be on a host that the server may import from.")
	case errors.Is(err, script.ErrNotPublished):
		return notPublished()
	case errors.Is(err, script.ErrInReview):
		return invalidScript("InReview", "The specified script is in review. Withdraw the review, or wait until it is over.")
	case errors.Is(err, script.ErrNotInReview):
		return invalidScript("NotInReview", "The specified script is not in review. Submit it first.")
	case errors.Is(err, script.ErrReviewChanged):
		return invalidScript("ReviewChanged", "Something else is in review of the specified script than what ReviewHash says. Look at it again.")
	case errors.Is(err, script.ErrNoFiles):
		return noFiles(err)
	}
	return nil
}

// notPublished says that there is the script, but nothing that a call could run on.
func notPublished() *rpc.Error {
	return invalidScript("NotPublished",
		"Nothing was published of the specified script. Publish it first; for debug calls, with PublishScriptForDebug.")
}

// invalidScript says that a script is in no state for the action; what is the
// end of the code.
func invalidScript(what, message string) *rpc.Error {
	return &rpc.Error{Status: http.StatusBadRequest, Code: "InvalidScript." + what, Message: message}
}
