package files_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// do sends a request to the handler and returns the answer.
func (h *home) do(t *testing.T, method, url, contentType string, body io.Reader) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, url, body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func (h *home) status(t *testing.T, want int, method, url string, body string) {
	t.Helper()
	if r := h.do(t, method, url, "", strings.NewReader(body)); r.StatusCode != want {
		text, _ := io.ReadAll(r.Body)
		t.Errorf("%s %s: %d %s, want %d", method, url, r.StatusCode, text, want)
	}
}

func (h *home) offer(t *testing.T, name string) *files.Upload {
	t.Helper()
	u, err := h.Offer(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

const wav = "RIFF\x24\x00\x00\x00WAVEfmt "

func TestUploadAndDownload(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		h := newHome(t, place)
		u := h.offer(t, "问候 \"1\".wav")
		h.status(t, http.StatusNotFound, "GET", h.URL(u.ID), "") // Not there yet.
		h.status(t, http.StatusNoContent, "PUT", u.URL, wav)
		h.status(t, http.StatusConflict, "PUT", u.URL, wav+"other") // Written once.

		r := h.do(t, "GET", h.URL(u.ID), "", nil)
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != http.StatusOK || string(body) != wav {
			t.Fatalf("%d %q", r.StatusCode, body)
		}
		kind, names, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || names["filename"] != "问候 \"1\".wav" {
			t.Error(r.Header, err)
		}
		for name, want := range map[string]string{
			"Content-Type": "audio/wav", "X-Content-Type-Options": "nosniff", "Content-Length": "16",
			"Cache-Control": "private, no-store",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if got, ours, err := h.Read(t.Context(), u.URL); err != nil || !ours || string(got) != wav {
			t.Errorf("by the upload's URL: %q %v", got, err)
		}
	})
}

func TestDownloadRange(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	url, err := h.Put(t.Context(), "a.wav", "audio/wav", []byte(wav))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", url, nil)
	r.Header.Set("Range", "bytes=8-11")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusPartialContent || w.Body.String() != "WAVE" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if r := h.do(t, "HEAD", url, "", nil); r.StatusCode != http.StatusOK || r.ContentLength != 16 {
		t.Error(r)
	}
}

func TestHandlerRefuses(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	url, err := h.Put(t.Context(), "a.wav", "audio/wav", []byte(wav))
	if err != nil {
		t.Fatal(err)
	}
	u := h.offer(t, "b.wav")
	for name, c := range map[string]struct {
		want        int
		method, url string
		body        string
	}{
		"forged":               {403, "GET", url[:len(url)-2] + "xx", ""},
		"no signature":         {403, "GET", strings.Split(url, "?")[0], ""},
		"later":                {403, "GET", strings.Replace(url, "Expires=1", "Expires=2", 1), ""},
		"another file":         {403, "GET", strings.Replace(url, "id-001", "id-002", 1), ""},
		"never there":          {404, "GET", h.URL("id-999"), ""},
		"never there, upload":  {403, "PUT", h.URL("id-999"), wav},
		"a download, uploaded": {403, "PUT", url, wav},
		"an upload, fetched":   {403, "GET", u.URL, ""},
		"no kind of method":    {405, "DELETE", url, ""},
		"no file":              {404, "GET", base + "/files/", ""},
		"a path":               {404, "GET", base + "/files/a/b", ""},
		"a way out":            {404, "GET", base + "/files/..%2F..%2Fetc%2Fpasswd", ""},
		"empty":                {400, "PUT", u.URL, ""},
		"not what it says":     {415, "PUT", u.URL, "MZ\x90 a program"},
		"no form":              {400, "POST", u.URL, wav},
	} {
		t.Run(name, func(t *testing.T) { h.status(t, c.want, c.method, c.url, c.body) })
	}
	h.status(t, http.StatusNoContent, "PUT", u.URL, wav) // None of these used it up.
	h.clock.Advance(time.Hour)
	h.status(t, http.StatusForbidden, "GET", url, "")
	h.status(t, http.StatusForbidden, "PUT", u.URL, wav)
}

// endless is a WAV file that goes on and on.
type endless struct{ sent int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.sent == 0 {
		e.sent = int64(copy(p, wav))
		return int(e.sent), nil
	}
	clear(p)
	e.sent += int64(len(p))
	return len(p), nil
}

func TestUploadTooLarge(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	u := h.offer(t, "b.wav")
	body := new(endless)
	if r := h.do(t, "PUT", u.URL, "", body); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Error(r)
	}
	if body.sent > files.MaxSize+1<<20 {
		t.Errorf("%d bytes were read", body.sent)
	}
	announced := httptest.NewRequest("PUT", u.URL, strings.NewReader(wav))
	announced.ContentLength = files.MaxSize + 1
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, announced); w.Code != http.StatusRequestEntityTooLarge {
		t.Error(w)
	}
	if n := h.kept(t); n != 0 {
		t.Errorf("%d files are left", n)
	}
	h.status(t, http.StatusNoContent, "PUT", u.URL, wav)
}

// A client that goes away in the middle may try again.
func TestUploadBreaksOff(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	u := h.offer(t, "b.wav")
	body := io.MultiReader(strings.NewReader(wav+strings.Repeat("-", 4<<10)), broken{})
	if r := h.do(t, "PUT", u.URL, "", body); r.StatusCode != http.StatusBadRequest {
		t.Error(r)
	}
	if n := h.kept(t); n != 0 {
		t.Errorf("%d files are left", n)
	}
	h.status(t, http.StatusNoContent, "PUT", u.URL, wav)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// form encodes fields, names and values by turns, and then a file.
func form(t *testing.T, file string, fields ...string) (contentType string, body io.Reader) {
	t.Helper()
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if file != "" {
		part, err := w.CreateFormFile("file", "x.wav")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, file)
	}
	_ = w.Close()
	return w.FormDataContentType(), &text
}

// Clients of object storage send the upload as a form.
func TestUploadForm(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	u, other := h.offer(t, "b.wav"), h.offer(t, "c.wav")
	download := h.URL(u.ID)
	post := func(want int, url, file string, fields ...string) {
		t.Helper()
		contentType, body := form(t, file, fields...)
		if r := h.do(t, "POST", url, contentType, body); r.StatusCode != want {
			text, _ := io.ReadAll(r.Body)
			t.Errorf("%q: %d %s, want %d", fields, r.StatusCode, text, want)
		}
	}
	post(403, u.Host, wav)
	post(403, u.Host, wav, "policy", u.Policy)
	post(403, u.Host, wav, "policy", u.Policy, "signature", other.Signature)
	post(403, u.Host, wav, "policy", other.Policy, "signature", other.Signature)
	post(403, u.Host, wav, "policy", "%", "signature", u.Signature)
	post(403, download, wav)
	post(400, u.Host, "", "policy", u.Policy, "signature", u.Signature)
	post(400, u.Host, wav, "policy", u.Policy, "signature", u.Signature, "more", strings.Repeat("x", 80<<10))
	post(415, u.Host, "no sound", "policy", u.Policy, "signature", u.Signature)
	post(201, u.Host, wav, "key", u.ID+"/b.wav", "OSSAccessKeyId", "x", "policy", u.Policy,
		"Signature", u.Signature, "success_action_status", "201")
	post(409, u.Host, wav, "policy", u.Policy, "signature", u.Signature)
	post(200, other.URL, wav, "success_action_status", "200")
	h.status(t, http.StatusOK, "GET", download, "")
}

func TestKinds(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	for _, c := range []struct {
		name, content string
		want          int
	}{
		{"a.WAV", wav, 204},
		{"a.wav", "RIFF", 415},
		{"a.mp3", "ID3\x04", 204},
		{"a.mp3", "\xff\xfb\x90", 204},
		{"a.mp3", "\xff", 415},
		{"a.zip", "PK\x03\x04", 204},
		{"a.xlsx", "PK\x03\x04", 204},
		{"a.xlsx", "号码", 415},
		{"a.json", "{\r\n\t\"name\": \"课\"}", 204},
		{"a.csv", "号码," + strings.Repeat("一", 400), 204}, // Its head ends within a character.
		{"a.csv", "\xff\xfe", 415},
		{"a.csv", "a\x00b", 415},
	} {
		if r := h.do(t, "PUT", h.offer(t, c.name).URL, "", strings.NewReader(c.content)); r.StatusCode != c.want {
			t.Errorf("%s %q: %d, want %d", c.name, c.content, r.StatusCode, c.want)
		}
	}
	for _, name := range []string{"", "wav", "a.exe", "a.wav.html", "a.svg"} {
		if u, err := h.Offer(t.Context(), name); err == nil {
			t.Errorf("%q is taken: %v", name, u)
		}
	}
}
