package files_test

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// simpleS3 is storage that keeps the body of a request as it comes, which is
// wrong where chunks with a checksum are sent. What a whole server says is tested
// in api/sdktest.
type simpleS3 struct{ kept []byte }

func (s *simpleS3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPut:
		s.kept, _ = io.ReadAll(r.Body)
	case http.MethodHead:
		w.Header().Set("Content-Length", strconv.Itoa(len(s.kept)))
		w.Header().Set("Last-Modified", "Fri, 01 May 2026 08:00:00 GMT")
	default:
		w.WriteHeader(http.StatusNotImplemented)
	}
}

// onS3 is a home whose bucket is on the storage, over TLS.
func onS3(t *testing.T, storage http.Handler, more string) *home {
	t.Helper()
	server := httptest.NewTLSServer(storage)
	t.Cleanup(server.Close)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(authority, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CA_BUNDLE", authority)
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	h := newHome(t, storetest.SQLite(t))
	bucket := "s3://bucket?region=any&use_path_style=true&endpoint=" + server.URL + more
	h.Files = openFiles(t, h.store, files.Options{Bucket: bucket, URL: base, Now: h.clock.Now, Wall: h.clock.Now})
	return h
}

// Storage that is not of AWS is sent the bytes of a file and nothing else.
func TestS3IsSentPlainBytes(t *testing.T) {
	storage := new(simpleS3)
	h := onS3(t, storage, "")
	if _, err := h.Put(t.Context(), "a.wav", "audio/wav", []byte(wav)); err != nil || string(storage.kept) != wav {
		t.Errorf("%q is kept, %v", storage.kept, err)
	}
	h.status(t, http.StatusNoContent, "PUT", h.offer(t, "b.wav").URL, wav+"other")
	if string(storage.kept) != wav+"other" {
		t.Errorf("%q is kept", storage.kept)
	}
}

// Storage that keeps something else than it was given is found out.
func TestS3DoesNotKeepItsWord(t *testing.T) {
	h := onS3(t, new(simpleS3), "&request_checksum_calculation=when_supported")
	url, err := h.Put(t.Context(), "a.wav", "audio/wav", []byte(wav))
	if err == nil || !strings.Contains(err.Error(), "was given 16 bytes") {
		t.Errorf("%q, %v", url, err)
	}
	u := h.offer(t, "b.wav")
	h.status(t, http.StatusInternalServerError, "PUT", u.URL, wav)
	h.status(t, http.StatusNotFound, "GET", h.URL(u.ID), "")
}
