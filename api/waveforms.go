package api

import (
	"context"
	"errors"
	"strings"

	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// waveformActions are the actions on the recordings, and on the files that they
// are made of.
func (s *service) waveformActions() []rpc.Action {
	return []rpc.Action{
		act("CreateScriptWaveform", s.createScriptWaveform),
		act("DeleteScriptWaveform", s.deleteScriptWaveform),
		act("QueryScriptWaveforms", s.queryScriptWaveforms),
		act("GenerateUploadUrl", s.generateUploadURL),
	}
}

type createScriptWaveformRequest struct {
	scriptKey
	FileID        string `rpc:"FileId,required,max=512"` // An upload's id, or its Folder and a name.
	FileName      string `rpc:"FileName,required,max=255"`
	ScriptContent string `rpc:"ScriptContent,required,is=answer"`
}

type createScriptWaveformResponse struct {
	ScriptWaveformID string `rpc:"ScriptWaveformId"`
}

func (s *service) createScriptWaveform(ctx context.Context, req *createScriptWaveformRequest) (*createScriptWaveformResponse, error) {
	file, _, _ := strings.Cut(req.FileID, "/")
	id, err := s.voices.Record(ctx, req.InstanceID, req.ScriptID, store.Waveform{
		Content: req.ScriptContent, FileID: file, FileName: req.FileName,
	})
	return &createScriptWaveformResponse{id}, err
}

type deleteScriptWaveformRequest struct {
	scriptKey
	ScriptWaveformID string `rpc:"ScriptWaveformId,required,max=128"`
}

func (s *service) deleteScriptWaveform(ctx context.Context, req *deleteScriptWaveformRequest) (*done, error) {
	return &done{}, s.voices.DeleteRecording(ctx, req.InstanceID, req.ScriptID, req.ScriptWaveformID)
}

type queryScriptWaveformsRequest struct {
	scriptKey
	ScriptContent string `rpc:"ScriptContent,required,is=answer"`
}

type queryScriptWaveformsResponse struct {
	ScriptWaveforms []scriptWaveform `rpc:"ScriptWaveforms"`
}

type scriptWaveform struct {
	FileID           string `rpc:"FileId"`
	FileName         string `rpc:"FileName"`
	ScriptContent    string `rpc:"ScriptContent"`
	ScriptID         string `rpc:"ScriptId"`
	ScriptWaveformID string `rpc:"ScriptWaveformId"`
}

func (s *service) queryScriptWaveforms(ctx context.Context, req *queryScriptWaveformsRequest) (*queryScriptWaveformsResponse, error) {
	recordings, err := s.voices.Recordings(ctx, req.InstanceID, req.ScriptID, req.ScriptContent)
	if err != nil {
		return nil, err
	}
	resp := new(queryScriptWaveformsResponse)
	for _, r := range recordings {
		resp.ScriptWaveforms = append(resp.ScriptWaveforms, scriptWaveform{
			FileID: r.FileID, FileName: r.FileName, ScriptContent: r.Content, ScriptID: req.ScriptID, ScriptWaveformID: r.ID,
		})
	}
	return resp, nil
}

// GenerateUploadUrl is in the SDK only. Key is what clients file their uploads
// under; here every upload has a folder of its own.
type generateUploadURLRequest struct {
	FileName string `rpc:"FileName,required,max=255"`
	Key      string `rpc:"Key,max=255"`
}

// An upload is a form to be posted to Host: key (Folder and a name),
// OSSAccessKeyId, policy, signature, and then file. Or it is the file alone,
// by PUT, to UploadUrl.
type generateUploadURLResponse struct {
	Data struct {
		Host      string `rpc:"Host"`
		Folder    string `rpc:"Folder"` // The FileId and a slash; both name the file.
		AccessID  string `rpc:"AccessId"`
		Policy    string `rpc:"Policy"`
		Signature string `rpc:"Signature"`
		Expire    int64  `rpc:"Expire"`    // Unix seconds.
		FileID    string `rpc:"FileId"`    // Extension.
		UploadURL string `rpc:"UploadUrl"` // Extension.
	} `rpc:"Data"`
}

func (s *service) generateUploadURL(ctx context.Context, req *generateUploadURLRequest) (*generateUploadURLResponse, error) {
	if s.files == nil {
		return nil, noFiles(nil)
	}
	upload, err := s.files.Offer(ctx, req.FileName)
	if errors.Is(err, files.ErrKind) {
		return nil, rpc.InvalidParameter("FileName", "It must end in "+files.Endings+".")
	}
	if err != nil {
		return nil, err
	}
	resp := new(generateUploadURLResponse)
	d := &resp.Data
	d.Host, d.Folder, d.AccessID = upload.Host, upload.ID+"/", upload.ID
	d.Policy, d.Signature, d.Expire = upload.Policy, upload.Signature, upload.Expires
	d.FileID, d.UploadURL = upload.ID, upload.URL
	return resp, nil
}
