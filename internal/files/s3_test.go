package files_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// Storage that keeps something else than it was given is found out. What is
// right is tested in api/sdktest, on a server that others wrote.
func TestStorageThatDoesNotKeepItsWord(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	kept := int64(0)
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPut:
			kept, _ = io.Copy(io.Discard, r.Body)
		case http.MethodHead:
			w.Header().Set("Content-Length", strconv.FormatInt(kept+42, 10))
			w.Header().Set("Last-Modified", "Fri, 01 May 2026 08:00:00 GMT")
		default:
			t.Errorf("%s %s", r.Method, r.URL)
		}
	}))
	defer storage.Close()
	h := newHome(t, storetest.SQLite(t))
	h.Files = openFiles(t, h.store, files.Options{
		Bucket: "s3://bucket?region=any&use_path_style=true&endpoint=" + storage.URL, URL: base, Now: h.clock.Now, Wall: h.clock.Now,
	})
	const why = "was given 16 bytes"
	if url, err := h.Put(t.Context(), "a.wav", "audio/wav", []byte(wav)); err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("%q, %v", url, err)
	}
	u := h.offer(t, "b.wav")
	h.status(t, http.StatusInternalServerError, "PUT", u.URL, wav)
	h.status(t, http.StatusNotFound, "GET", h.URL(u.ID), "")
}
