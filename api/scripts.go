package api

import (
	"context"
	"strconv"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
)

// scriptActions are the actions on the scripts as a whole.
func (s *service) scriptActions() []rpc.Action {
	return []rpc.Action{
		act("CreateScript", s.createScript),
		act("DeleteScript", s.deleteScript),
		act("ModifyScript", s.modifyScript),
		act("DescribeScript", s.describeScript),
		act("ListScripts", s.listScripts),
		act("QueryScriptsByStatus", s.queryScriptsByStatus),
		act("DuplicateScript", s.duplicateScript),
		act("ImportScript", s.importScript),
		act("ExportScript", s.exportScript),
	}
}

// scriptHeader is what a script is called and for, in a request.
type scriptHeader struct {
	ScriptName        string `rpc:"ScriptName,required,is=name"`
	Industry          string `rpc:"Industry,required,is=name"`
	Scene             string `rpc:"Scene,required,is=name"`
	ScriptDescription string `rpc:"ScriptDescription,is=description"`
}

func (h scriptHeader) header() script.Header {
	return script.Header{Name: h.ScriptName, Industry: h.Industry, Scene: h.Scene, Description: h.ScriptDescription}
}

// scriptView is a script as it is answered. Of the last three the reference
// has some in some lists; the official SDK knows all of them everywhere.
type scriptView struct {
	ScriptID          string `rpc:"ScriptId"`
	ScriptName        string `rpc:"ScriptName"`
	ScriptDescription string `rpc:"ScriptDescription"`
	Industry          string `rpc:"Industry"`
	Scene             string `rpc:"Scene"`
	Status            string `rpc:"Status"`
	DebugStatus       string `rpc:"DebugStatus"`
	IsDrafted         bool   `rpc:"IsDrafted"`
	IsDebugDrafted    bool   `rpc:"IsDebugDrafted"`
	UpdateTime        int64  `rpc:"UpdateTime"`
	AppliedVersion    string `rpc:"AppliedVersion"` // Empty: nothing was published.
	DebugVersion      string `rpc:"DebugVersion"`
	RejectReason      string `rpc:"RejectReason"`
}

func viewScript(row *store.Script) scriptView {
	return scriptView{
		ScriptID: row.ID, ScriptName: row.Name, ScriptDescription: row.Description,
		Industry: row.Industry, Scene: row.Scene,
		Status: row.Status, DebugStatus: row.DebugStatus,
		IsDrafted: row.IsDrafted, IsDebugDrafted: row.IsDebugDrafted,
		UpdateTime:     row.UpdatedAt,
		AppliedVersion: versionText(row.AppliedVersion), DebugVersion: versionText(row.DebugVersion),
		RejectReason: row.RejectReason,
	}
}

// versionText writes the number of a version; 0 is none.
func versionText(version int64) string {
	if version == 0 {
		return ""
	}
	return strconv.FormatInt(version, 10)
}

type scriptResponse struct {
	Script scriptView `rpc:"Script"`
}

// scriptAnswer is the answer that shows one script.
func scriptAnswer(row *store.Script, err error) (*scriptResponse, error) {
	if err != nil {
		return nil, err
	}
	return &scriptResponse{viewScript(row)}, nil
}

type createScriptRequest struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	scriptHeader
}

func (s *service) createScript(ctx context.Context, req *createScriptRequest) (*scriptResponse, error) {
	return scriptAnswer(s.scripts.Create(ctx, req.InstanceID, req.header()))
}

type scriptRequest struct{ scriptKey }

func (s *service) deleteScript(ctx context.Context, req *scriptRequest) (*done, error) {
	return &done{}, s.scripts.Delete(ctx, req.InstanceID, req.ScriptID)
}

type modifyScriptRequest struct {
	scriptKey
	scriptHeader
}

func (s *service) modifyScript(ctx context.Context, req *modifyScriptRequest) (*scriptResponse, error) {
	return scriptAnswer(s.scripts.Modify(ctx, req.InstanceID, req.ScriptID, req.header()))
}

func (s *service) describeScript(ctx context.Context, req *scriptRequest) (*scriptResponse, error) {
	return scriptAnswer(s.scripts.Script(ctx, req.InstanceID, req.ScriptID))
}

type listScriptsRequest struct {
	InstanceID string `rpc:"InstanceId,required,max=128"`
	pageRequest
}

type scriptsResponse struct {
	Scripts scriptPage `rpc:"Scripts"`
}

type scriptPage struct {
	List []scriptView `rpc:"List"`
	pageResponse
}

func (s *service) listScripts(ctx context.Context, req *listScriptsRequest) (*scriptsResponse, error) {
	return s.pageOfScripts(ctx, req.InstanceID, nil, req.pageRequest)
}

type queryScriptsByStatusRequest struct {
	InstanceID string   `rpc:"InstanceId,required,max=128"`
	StatusList []string `rpc:"StatusList,required,max=16"`
	pageRequest
}

func (s *service) queryScriptsByStatus(ctx context.Context, req *queryScriptsByStatusRequest) (*scriptsResponse, error) {
	if len(req.StatusList) == 0 {
		return nil, rpc.MissingParameter("StatusList")
	}
	for _, status := range req.StatusList {
		switch status {
		case script.Drafted, script.Reviewing, script.Published, script.Rejected:
		default:
			return nil, rpc.InvalidParameter("StatusList", "Its elements may be DRAFTED, REVIEWING, PUBLISHED and REJECTED.")
		}
	}
	return s.pageOfScripts(ctx, req.InstanceID, req.StatusList, req.pageRequest)
}

func (s *service) pageOfScripts(ctx context.Context, instance string, statuses []string, p pageRequest) (*scriptsResponse, error) {
	rows, total, err := s.scripts.List(ctx, instance, statuses, p.page())
	if err != nil {
		return nil, err
	}
	page := scriptPage{List: make([]scriptView, len(rows)), pageResponse: p.answer(total)}
	for i := range rows {
		page.List[i] = viewScript(&rows[i])
	}
	return &scriptsResponse{page}, nil
}

type duplicateScriptRequest struct {
	InstanceID     string `rpc:"InstanceId,required,max=128"`
	SourceScriptID string `rpc:"SourceScriptId,required,max=128"`
	Name           string `rpc:"Name,required,is=name"`
}

type duplicateScriptResponse struct {
	ScriptID       string `rpc:"ScriptId"`
	SourceScriptID string `rpc:"SourceScriptId"` // As the reference's example prints it.
}

func (s *service) duplicateScript(ctx context.Context, req *duplicateScriptRequest) (*duplicateScriptResponse, error) {
	id, err := s.scripts.Duplicate(ctx, req.InstanceID, req.SourceScriptID, req.Name)
	return &duplicateScriptResponse{ScriptID: id, SourceScriptID: req.SourceScriptID}, err
}

type importScriptRequest struct {
	InstanceID   string `rpc:"InstanceId,required,max=128"`
	SignatureURL string `rpc:"SignatureUrl,required,max=4096"`
}

type importScriptResponse struct {
	ScriptID string `rpc:"ScriptId"`
}

func (s *service) importScript(ctx context.Context, req *importScriptRequest) (*importScriptResponse, error) {
	id, err := s.scripts.Import(ctx, req.InstanceID, req.SignatureURL)
	return &importScriptResponse{ScriptID: id}, err
}

type exportScriptRequest struct {
	scriptKey
	InReview bool `rpc:"InReview"` // An extension: what is in review rather than the draft.
}

type exportScriptResponse struct {
	DownloadParams   downloadParams `rpc:"DownloadParams"`
	WaveformsLeftOut int            `rpc:"WaveformsLeftOut"` // An extension: recordings that the script has and the archive has not.
	ReviewHash       string         `rpc:"ReviewHash"`       // An extension: with InReview, what ApproveScriptReview takes.
}

// downloadParams says where a file can be fetched, until the URL expires.
type downloadParams struct {
	SignatureURL string `rpc:"SignatureUrl"`
}

func (s *service) exportScript(ctx context.Context, req *exportScriptRequest) (*exportScriptResponse, error) {
	if req.InReview {
		url, leftOut, hash, err := s.scripts.ExportInReview(ctx, req.InstanceID, req.ScriptID)
		return &exportScriptResponse{downloadParams{url}, leftOut, hash.String()}, err
	}
	url, leftOut, err := s.scripts.Export(ctx, req.InstanceID, req.ScriptID)
	return &exportScriptResponse{DownloadParams: downloadParams{url}, WaveformsLeftOut: leftOut}, err
}
