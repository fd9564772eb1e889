// Package files keeps files and hands them out by URLs that are signed and
// expire: what clients upload, scripts that are exported, speech to listen to.
//
// The bytes are in a bucket, which is a folder or S3-compatible storage; what is
// known of a file is a row of the store. A file begins as a row and is written
// once, so there are never bytes that nothing knows of, and whoever holds a URL
// always gets the same bytes.
//
//	files.go     what the rest of the server does with files
//	bucket.go    where the bytes are
//	s3.go        the same, on S3-compatible storage
//	grant.go     what a signature allows, and the URLs that carry one
//	handler.go   downloads and uploads over HTTP
//	pace.go      how slow they may be
//	upload.go    taking a file in
//	kind.go      which files are taken
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Path is the path that a [Files] serves, and everything below it.
const Path = "/files/"

// MaxSize is how large a file may be, in bytes.
const MaxSize = 64 << 20

const (
	uploadKept = 24 * time.Hour // How long an upload is kept that nothing is made of.
	grace      = time.Hour      // Between the end of a file and its deletion: servers' clocks differ.
	sweepBatch = 100
)

// Options say where files are and how they are reached. Bucket, URL and Now are
// required.
type Options struct {
	// Bucket is a folder, which is made when missing, or the URL of a bucket on
	// S3-compatible storage, such as s3://name?region=eu-central-1, or
	// s3://name?endpoint=https://minio:9000&use_path_style=true&region=any.
	// Credentials for it come from where the AWS SDK looks for them: AWS_* variables first.
	Bucket string
	// URL is where clients reach the server, such as https://bot.example.com;
	// the path [Path] of it leads to the Files.
	URL string

	Now      func() time.Time // The clock that URLs expire by, e.g. time.Now.
	Wall     func() time.Time // The clock of connections, whose deadlines are moved; nil: time.Now.
	Lifetime time.Duration    // How long a URL holds; 0: one hour.
	Logger   *slog.Logger     // Told of failures of storage; nil: nobody is.
}

// ErrExpired says that this server signed a URL, but that it holds no longer.
var ErrExpired = errors.New("files: the URL has expired")

// Files is safe for concurrent use. Open one with [Open].
type Files struct {
	o      Options
	store  *store.Store
	bucket *bucket
	signer signer
}

// Open opens the place where files are. Servers with one database and one
// bucket honour each other's URLs.
func Open(ctx context.Context, s *store.Store, o Options) (*Files, error) {
	if o.Bucket == "" || o.Now == nil {
		return nil, errors.New("files: Options need Bucket, URL and Now")
	}
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, errors.New("files: Options.URL must be where clients reach the server, such as https://bot.example.com")
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	if o.Lifetime == 0 {
		o.Lifetime = time.Hour
	}
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	secret, err := s.Secret(ctx, "files")
	if err != nil {
		return nil, fmt.Errorf("files: reading what to sign with: %w", err)
	}
	bucket, err := openBucket(ctx, o.Bucket)
	if err != nil {
		return nil, err
	}
	return &Files{o: o, store: s, bucket: bucket, signer: signer{secret}}, nil
}

// Close closes the bucket.
func (f *Files) Close() error { return f.bucket.Close() }

// Put keeps data and returns a URL to download it by. Name is what the client
// will call the file. It is deleted when the URL has expired.
func (f *Files) Put(ctx context.Context, name, contentType string, data []byte) (string, error) {
	row, err := f.put(ctx, name, contentType, data, f.o.Lifetime)
	if err != nil {
		return "", err
	}
	return f.url(grant{use: get, id: row.ID, expires: row.ExpiresAt / time.Second.Milliseconds()}), nil
}

// put keeps data in a new file, for as long as said.
func (f *Files) put(ctx context.Context, name, contentType string, data []byte, kept time.Duration) (*store.File, error) {
	row := &store.File{Name: name, ContentType: contentType, State: store.FileArriving, ExpiresAt: f.o.Now().Add(kept).UnixMilli()}
	if err := f.store.AddFile(ctx, row); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	if err := f.bucket.WriteAll(ctx, row.ID, data, f.bucket.writing(contentType)); err != nil {
		return nil, fmt.Errorf("files: writing %s: %w", row.ID, err)
	}
	if err := f.verify(ctx, row.ID, int64(len(data))); err != nil {
		return nil, err
	}
	if _, err := f.store.MoveFile(ctx, row.ID, store.FileArriving, store.FileThere, int64(len(data))); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return row, nil
}

// Keep keeps data for a while and returns the id of the file.
func (f *Files) Keep(ctx context.Context, name, contentType string, data []byte) (id string, err error) {
	row, err := f.put(ctx, name, contentType, data, max(uploadKept, f.o.Lifetime))
	if err != nil {
		return "", err
	}
	return row.ID, nil
}

// Bytes returns a file that is there, or a store.NotFoundError.
func (f *Files) Bytes(ctx context.Context, id string) ([]byte, error) {
	file, err := f.open(ctx, id)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(file)
	return data, errors.Join(err, file.Close())
}

// URL returns a new URL to download a file by.
func (f *Files) URL(id string) string {
	return f.url(grant{use: get, id: id, expires: f.o.Now().Add(f.o.Lifetime).Unix()})
}

// Name returns what clients call a file. It returns a store.NotFoundError of a
// File when there is none.
func (f *Files) Name(ctx context.Context, id string) (string, error) {
	row, err := f.store.File(ctx, id)
	if err != nil {
		return "", err
	}
	return row.Name, nil
}

// Read returns the file that a URL leads to, whether the URL is for downloads or
// for the upload that brought the file. A URL that this server did not sign is
// not ours. Its error is ErrExpired, a store.NotFoundError, or one of storage.
func (f *Files) Read(ctx context.Context, signed string) (data []byte, ours bool, err error) {
	g, signature, err := parseURL(signed)
	if err != nil {
		return nil, false, nil // It may be of another server.
	}
	for _, g.use = range [...]use{get, put} {
		if !f.signer.signed(g, signature) {
			continue
		}
		if g.expired(f.o.Now()) {
			return nil, true, ErrExpired
		}
		file, err := f.open(ctx, g.id)
		if err != nil {
			return nil, true, err
		}
		defer func() { _ = file.Close() }() // Open for reading: closing loses nothing.
		data, err := io.ReadAll(file)
		return data, true, err
	}
	return nil, false, nil
}

// Sweep deletes the files that expired more than an hour ago and that no
// waveform is made of, and returns how many there were. Servers may sweep at
// once.
func (f *Files) Sweep(ctx context.Context) (swept int, err error) {
	before := f.o.Now().Add(-grace).UnixMilli()
	for {
		ids, err := f.store.ExpiredFiles(ctx, before, sweepBatch)
		if err != nil || len(ids) == 0 {
			return swept, err
		}
		for _, id := range ids {
			if err := f.Discard(ctx, id); err != nil {
				return swept, err
			}
			swept++
		}
	}
}

// Discard deletes a file that nothing is made of; there may be none. The row goes
// last: as long as there are bytes, something knows of them.
func (f *Files) Discard(ctx context.Context, id string) error {
	if err := f.bucket.Delete(ctx, id); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("files: deleting %s: %w", id, err)
	}
	if err := f.store.DeleteFile(ctx, id); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return nil
}

// file is a file with its bytes, open for reading.
type file struct {
	*blob.Reader
	*store.File
}

// open opens a file that is there, or returns a store.NotFoundError.
func (f *Files) open(ctx context.Context, id string) (*file, error) {
	row, err := f.store.File(ctx, id)
	if err != nil {
		return nil, err
	}
	if row.State != store.FileThere {
		return nil, &store.NotFoundError{Thing: "File"}
	}
	r, err := f.bucket.NewReader(ctx, id, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, &store.NotFoundError{Thing: "File"}
	}
	if err != nil {
		return nil, fmt.Errorf("files: reading %s: %w", id, err)
	}
	return &file{r, row}, nil
}
