package files

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/talkgraph/talkgraph/internal/store"
)

// formSlack is how many bytes a form may have beside its file.
const formSlack = 64 << 10

var (
	errForbidden = errors.New("the URL has expired or its signature is wrong: ask for a new one")
	errForm      = errors.New("the form must have the fields policy and signature, and after them the file in the field \"file\"")
	errMethod    = errors.New("use GET to download, PUT or POST to upload")
)

// ServeHTTP hands out and takes in files at the URLs that were signed for it:
// GET, HEAD, PUT, and the POST of a form.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "private, no-store")
	id, below := strings.CutPrefix(r.URL.Path, Path)
	if !below || !isID(id) {
		http.NotFound(w, r)
		return
	}
	var err error
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		err = f.download(w, r, id)
	case http.MethodPut:
		err = f.upload(w, r, id)
	case http.MethodPost:
		err = f.uploadForm(w, r, id)
	default:
		header.Set("Allow", "GET, HEAD, PUT, POST")
		err = errMethod
	}
	if err != nil {
		f.refuse(w, id, err)
	}
}

// permit checks the signature that a URL carries.
func (f *Files) permit(r *http.Request, id string, u use) error {
	g, signature, err := parseGrant(id, r.URL.RawQuery)
	if err != nil {
		return errForbidden
	}
	g.use = u
	return f.allow(g, signature)
}

func (f *Files) allow(g grant, signature string) error {
	if !f.signer.signed(g, signature) || g.expired(f.o.Now()) {
		return errForbidden
	}
	return nil
}

func (f *Files) download(w http.ResponseWriter, r *http.Request, id string) error {
	if err := f.permit(r, id, get); err != nil {
		return err
	}
	file, err := f.open(r.Context(), id)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // Open for reading: closing loses nothing.
	header := w.Header()
	header.Set("Content-Type", file.File.ContentType)
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	http.ServeContent(f.newPace(w).writer(w), r, "", file.ModTime(), file)
	return nil
}

func (f *Files) upload(w http.ResponseWriter, r *http.Request, id string) error {
	if err := f.permit(r, id, put); err != nil {
		return err
	}
	if r.ContentLength > MaxSize {
		return errTooLarge
	}
	if err := f.take(r.Context(), id, f.newPace(w).reader(r.Body)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// uploadForm takes the file of a form. What is signed may be in fields before
// the file, or in the URL.
func (f *Files) uploadForm(w http.ResponseWriter, r *http.Request, id string) error {
	permitted := f.permit(r, id, put) == nil
	r.Body = http.MaxBytesReader(w, r.Body, MaxSize+formSlack)
	form, err := r.MultipartReader()
	if err != nil {
		return errForm
	}
	fields := map[string]string{}
	for room := int64(formSlack); ; {
		part, err := form.NextPart()
		if err != nil {
			return formError(err)
		}
		name := strings.ToLower(part.FormName())
		if name != "file" {
			value, err := io.ReadAll(io.LimitReader(part, room))
			if err != nil {
				return formError(err)
			}
			if room -= int64(len(value)); room <= 0 {
				return errForm
			}
			fields[name] = string(value)
			continue
		}
		if !permitted {
			g, err := parsePolicy(fields["policy"])
			if err != nil || g.use != put || g.id != id {
				return errForbidden
			}
			if err := f.allow(g, fields["signature"]); err != nil {
				return err
			}
		}
		if err := f.take(r.Context(), id, f.newPace(w).reader(part)); err != nil {
			return err
		}
		w.WriteHeader(statusAfter(fields["success_action_status"]))
		return nil
	}
}

// formError is why a form could not be read.
func formError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errTooLarge
	}
	return errForm
}

// statusAfter is the status that the form asks for, as object storage has it.
func statusAfter(asked string) int {
	switch asked {
	case "200":
		return http.StatusOK
	case "201":
		return http.StatusCreated
	}
	return http.StatusNoContent
}

// refuse answers an error. What is the server's fault is logged, not told.
func (f *Files) refuse(w http.ResponseWriter, id string, err error) {
	status, told := http.StatusInternalServerError, errors.New("the file cannot be read or written now: try again later")
	var missing *store.NotFoundError
	for _, known := range [...]struct {
		err    error
		status int
	}{
		{errMethod, http.StatusMethodNotAllowed},
		{errForbidden, http.StatusForbidden},
		{errTaken, http.StatusConflict},
		{errTooLarge, http.StatusRequestEntityTooLarge},
		{errContent, http.StatusUnsupportedMediaType},
		{errEmpty, http.StatusBadRequest},
		{errForm, http.StatusBadRequest},
		{errCut, http.StatusBadRequest},
	} {
		if errors.Is(err, known.err) {
			status, told = known.status, known.err
		}
	}
	if errors.As(err, &missing) {
		status, told = http.StatusNotFound, missing
	}
	if status == http.StatusInternalServerError {
		f.o.Logger.Error("file failed", "file", id, "error", err)
	}
	http.Error(w, told.Error(), status)
}
