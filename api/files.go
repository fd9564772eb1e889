package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
)

// bundleFiles are files as the scripts know them.
type bundleFiles struct{ *files.Files }

// Read implements [script.Files].
func (f bundleFiles) Read(ctx context.Context, url string) (data []byte, ours bool, err error) {
	data, ours, err = f.Files.Read(ctx, url)
	if errors.Is(err, files.ErrExpired) || errors.As(err, new(*store.NotFoundError)) {
		err = fmt.Errorf("%w: %w", script.ErrNoFile, err)
	}
	return data, ours, err
}

// noFiles says that the server was given no place for files.
func noFiles(cause error) *rpc.Error {
	return rpc.ServiceUnavailable("This server keeps no files. Start it with a place for them.", cause)
}

// recordings are files as the campaigns know them.
type recordings struct{ *files.Files }

// Download returns the name of a file that is there, and a signed URL of it.
func (f recordings) Download(ctx context.Context, id string) (name, url string, err error) {
	name, err = f.Name(ctx, id)
	return name, f.URL(id), err
}
