package script

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/talkgraph/talkgraph/internal/store"
)

// ErrNoFiles says that there is nowhere to put a file.
var ErrNoFiles = errors.New("the server keeps no files")

// Export packs the draft of a script and returns a URL that the bundle can be
// fetched from for a while. A bundle has no place for recordings; leftOut is how
// many the script has.
func (s *Scripts) Export(ctx context.Context, instance, script string) (url string, leftOut int, err error) {
	d, err := s.store.Draft(ctx, instance, script)
	if err != nil {
		return "", 0, err
	}
	archive, err := pack(d)
	if err != nil {
		return "", 0, err
	}
	return s.hand(ctx, instance, script, d.Script.Name+".zip", archive)
}

// hand puts a bundle of a script where it can be fetched from.
func (s *Scripts) hand(ctx context.Context, instance, script, name string, archive []byte) (url string, leftOut int, err error) {
	if s.o.Files == nil {
		return "", 0, ErrNoFiles
	}
	if leftOut, err = s.store.CountWaveforms(ctx, instance, script); err != nil {
		return "", 0, err
	}
	url, err = s.o.Files.Put(ctx, name, "application/zip", archive)
	return url, leftOut, err
}

// Import makes a script of the bundle at a URL and returns its id. What is no
// bundle that can be kept is a [BundleError].
func (s *Scripts) Import(ctx context.Context, instance, url string) (script string, err error) {
	if _, err := s.store.Instance(ctx, instance); err != nil {
		return "", err
	}
	data, err := s.fetch(ctx, url)
	if err != nil {
		return "", err
	}
	d, err := s.read(data)
	if err != nil {
		return "", err
	}
	d.Script.InstanceID = instance
	if err := s.store.CreateScript(ctx, d); err != nil {
		return "", err
	}
	return d.Script.ID, nil
}

// fetch returns what is at a URL: a file of ours, or what may be fetched.
func (s *Scripts) fetch(ctx context.Context, url string) ([]byte, error) {
	if s.o.Files != nil {
		data, ours, err := s.o.Files.Read(ctx, url)
		if ours || err != nil {
			return data, err
		}
	}
	if s.o.Fetch == nil {
		return nil, fmt.Errorf("%w: it is none of this server's", ErrNoFile)
	}
	data, err := s.o.Fetch(ctx, url)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", ErrNoFile, err)
	}
	return data, err
}

// Bundle returns the bundle of a draft as it would be published.
func Bundle(d *store.Draft) (fs.FS, error) {
	archive, err := pack(d)
	if err != nil {
		return nil, err
	}
	return openArchive(archive)
}
