package sdktest

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

const bucketName = "talkgraph-files"

// bucket is one on an S3 server in the memory of the test, which is reached by
// TLS.
type bucket struct {
	t                 *testing.T
	url               string // For --files.
	kept              gofakes3.Backend
	unsigned, aborted atomic.Int64 // Requests that were not signed by our key; uploads in parts that were given up.
}

func startS3(t *testing.T) *bucket {
	t.Helper()
	b := &bucket{t: t, kept: s3mem.New()}
	if err := b.kept.CreateBucket(bucketName); err != nil {
		t.Fatal(err)
	}
	s3 := gofakes3.New(b.kept, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=s3-key/") {
			b.unsigned.Add(1)
		}
		if r.Method == http.MethodDelete && r.URL.Query().Has("uploadId") {
			b.aborted.Add(1)
		}
		s3.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	authority := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(authority, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CA_BUNDLE", authority)
	t.Setenv("AWS_ACCESS_KEY_ID", "s3-key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s3-secret")
	b.url = "s3://" + bucketName + "?region=eu-central-1&use_path_style=true&endpoint=" + server.URL
	return b
}

// object returns what the bucket keeps of a file.
func (b *bucket) object(id string) []byte {
	b.t.Helper()
	object, err := b.kept.GetObject(bucketName, id, nil)
	if err != nil {
		b.t.Fatalf("the object %s: %v", id, err)
	}
	defer object.Contents.Close()
	data, err := io.ReadAll(object.Contents)
	if err != nil {
		b.t.Fatal(err)
	}
	return data
}

// TestLifeOnS3 lives a script's life with its files on S3-compatible storage,
// and uploads one that takes many parts, whole and not.
func TestLifeOnS3(t *testing.T) {
	b, folder := startS3(t), t.TempDir()
	l := newLife(t, start(t, []string{"--data", folder}, []string{"--files", b.url}))
	l.live()

	large := append(silence(), bytes.Repeat([]byte("0123456789abcdef"), 20<<16)...)
	for name, content := range map[string][]byte{"small.wav": silence(), "large.wav": large} {
		if kept := b.object(l.upload(name, content)); !bytes.Equal(kept, content) {
			t.Errorf("%s: %d bytes are kept of %d, or others", name, len(kept), len(content))
		}
	}
	if l.breakOff("cut.wav", large); b.aborted.Load() != 1 {
		t.Errorf("%d uploads in parts were given up, of one that broke off", b.aborted.Load())
	}
	if n := b.unsigned.Load(); n > 0 {
		t.Errorf("%d requests were not signed", n)
	}
	if _, err := os.Stat(filepath.Join(folder, "files")); !os.IsNotExist(err) {
		t.Errorf("there is a folder of files beside the bucket: %v", err)
	}
}

// breakOff uploads a file but for its end.
func (l *life) breakOff(name string, content []byte) {
	l.t.Helper()
	place, kind, form := l.uploadForm(name, content)
	to, err := url.Parse(place.Host)
	if err != nil {
		l.t.Fatal(err)
	}
	conn, err := net.Dial("tcp", to.Host)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // It is half closed already.
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", to.Path, to.Host, kind, len(form))
	if _, err := conn.Write(form[:len(form)-1000]); err != nil {
		l.t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		l.t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) {
		l.t.Errorf("an upload that broke off was answered %.80q, %v", answer, err)
	}
}
