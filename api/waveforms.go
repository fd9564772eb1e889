package api

import (
	"context"
	"errors"

	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

// waveformActions are the actions on the recordings, and on the files that they
// are made of.
func (s *service) waveformActions() []rpc.Action {
	return []rpc.Action{
		act("GenerateUploadUrl", s.generateUploadURL),
	}
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
