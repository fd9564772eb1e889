package files

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Upload is where a client may put one file, once. It may PUT the bytes to URL,
// or POST a form to it, as clients of object storage do: Policy and Signature
// in the fields "policy" and "signature", then the bytes in the field "file".
type Upload struct {
	ID        string // Names the file from now on.
	URL       string // Signed as it is, for a PUT.
	Host      string // The same without the signature, for a form.
	Policy    string
	Signature string
	Expires   int64 // Unix seconds.
}

// ErrKind says that a file of that name is not taken.
var ErrKind = errors.New("files: the name must end in " + Endings)

// Offer says where to upload a file, or ErrKind. The upload is deleted after a
// day unless something is made of it.
func (f *Files) Offer(ctx context.Context, name string) (*Upload, error) {
	kind, ok := kindOf(name)
	if !ok {
		return nil, ErrKind
	}
	now := f.o.Now()
	row := &store.File{
		Name: name, ContentType: kind.contentType, State: store.FileAwaited,
		ExpiresAt: now.Add(max(uploadKept, f.o.Lifetime)).UnixMilli(),
	}
	if err := f.store.AddFile(ctx, row); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	g := grant{use: put, id: row.ID, expires: now.Add(f.o.Lifetime).Unix()}
	return &Upload{
		ID: row.ID, URL: f.url(g), Host: f.o.URL + Path + row.ID,
		Policy: g.policy(), Signature: f.signer.sign(g), Expires: g.expires,
	}, nil
}

// Errors of an upload, which the client is told.
var (
	errTaken    = errors.New("a file was uploaded here already, or is just now: ask for a new URL")
	errTooLarge = fmt.Errorf("a file may have at most %d MiB", MaxSize>>20)
	errEmpty    = errors.New("the file is empty")
	errContent  = errors.New("the content is not what the ending of the file's name says")
	errCut      = errors.New("the upload broke off: send it again")
)

// take takes the bytes of a file in. After an error the upload can be tried
// again, unless the server ended in the middle of it.
func (f *Files) take(ctx context.Context, id string, body io.Reader) error {
	row, err := f.store.File(ctx, id)
	if err != nil {
		return err
	}
	ours, err := f.store.MoveFile(ctx, id, store.FileAwaited, store.FileArriving, 0)
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if !ours {
		return errTaken
	}
	size, err := f.write(ctx, row, body)
	to := store.FileThere
	if err != nil {
		to = store.FileAwaited
	}
	// A client that is gone must not leave the file arriving for ever.
	if _, moved := f.store.MoveFile(context.WithoutCancel(ctx), id, store.FileArriving, to, size); moved != nil {
		return errors.Join(err, fmt.Errorf("files: %w", moved))
	}
	return err
}

// write writes a file to the bucket and returns its size, 0 after an error.
func (f *Files) write(ctx context.Context, row *store.File, body io.Reader) (int64, error) {
	r := bufio.NewReaderSize(body, headSize)
	head, err := r.Peek(headSize)
	switch kind, ok := kindOf(row.Name); {
	case err != nil && !errors.Is(err, io.EOF):
		return 0, errors.Join(errCut, err)
	case len(head) == 0:
		return 0, errEmpty
	case !ok || !kind.looks(head):
		return 0, errContent
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := f.bucket.NewWriter(ctx, row.ID, f.bucket.writing(row.ContentType))
	if err != nil {
		return 0, fmt.Errorf("files: writing %s: %w", row.ID, err)
	}
	from := &watched{r: io.LimitReader(r, MaxSize+1)}
	size, err := io.Copy(w, from)
	switch {
	case size > MaxSize:
		err = errTooLarge
	case from.err != nil:
		err = errors.Join(errCut, from.err)
	case err != nil:
		err = fmt.Errorf("files: writing %s: %w", row.ID, err)
	}
	if err != nil {
		cancel() // Close now throws away what was written.
		_ = w.Close()
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, fmt.Errorf("files: writing %s: %w", row.ID, err)
	}
	if err := f.verify(ctx, row.ID, size); err != nil {
		return 0, err
	}
	return size, nil
}

// verify sees that the bucket has as many bytes of a file as it was given. Over
// TLS they are sent with checksums between them, and there is storage that takes
// those for bytes of the file.
func (f *Files) verify(ctx context.Context, id string, size int64) error {
	there, err := f.bucket.Attributes(ctx, id)
	if err != nil {
		return fmt.Errorf("files: looking at %s after it was written: %w", id, err)
	}
	if there.Size != size {
		return fmt.Errorf("files: the storage was given %d bytes of %s and has %d: it must know aws-chunked uploads with a trailing checksum", size, id, there.Size)
	}
	return nil
}

// watched keeps the error of a reader, to tell it from one of the writer.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}
