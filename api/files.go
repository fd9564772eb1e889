package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/talkgraph/talkgraph/internal/fetch"
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

// logged gets bundles from other servers. A client is not told why one could not
// be got, so the log is: without the URL, which may be a secret.
func logged(from *fetch.Fetcher, log *slog.Logger) func(ctx context.Context, address string) ([]byte, error) {
	return func(ctx context.Context, address string) ([]byte, error) {
		data, err := from.Get(ctx, address)
		if err != nil && ctx.Err() == nil {
			reason, of := err, new(url.Error)
			if errors.As(err, &of) {
				reason = of.Err
			}
			log.Warn("a bundle was not fetched", "because", reason)
		}
		return data, err
	}
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
