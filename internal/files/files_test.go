package files_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

const base = "https://bot.example.com"

// home is an empty Files with its clock and folder.
type home struct {
	*files.Files
	store  *store.Store
	clock  *storetest.Clock
	folder string
}

func newHome(t testing.TB, place store.Options) *home {
	t.Helper()
	h := &home{clock: storetest.NewClock(), folder: filepath.Join(t.TempDir(), "files")}
	place.Now = h.clock.Now
	h.store = storetest.Open(t, place)
	h.Files = openFiles(t, h.store, files.Options{Bucket: h.folder, URL: base, Now: h.clock.Now, Wall: h.clock.Now})
	return h
}

func openFiles(t testing.TB, s *store.Store, o files.Options) *files.Files {
	t.Helper()
	f, err := files.Open(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// kept returns how many files the folder holds.
func (h *home) kept(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir(h.folder)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func TestPutAndRead(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		h := newHome(t, place)
		want := []byte("PK\x03\x04 a bundle")
		url, err := h.Put(t.Context(), "script.zip", "application/zip", want)
		if err != nil || !strings.HasPrefix(url, base+"/files/") {
			t.Fatal(url, err)
		}
		got, ours, err := h.Read(t.Context(), url)
		if err != nil || !ours || !bytes.Equal(got, want) {
			t.Fatalf("%q %v", got, err)
		}
		// Another server, under another name, with the same database and bucket.
		other := openFiles(t, h.store, files.Options{Bucket: h.folder, URL: "http://10.0.0.2:8080/", Now: h.clock.Now})
		if got, ours, err = other.Read(t.Context(), url); err != nil || !ours || !bytes.Equal(got, want) {
			t.Fatalf("%q %v", got, err)
		}
		h.clock.Advance(time.Hour)
		if _, ours, err = h.Read(t.Context(), url); !ours || !errors.Is(err, files.ErrExpired) {
			t.Error(err)
		}
	})
}

func TestReadRefuses(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	url, err := h.Put(t.Context(), "a.csv", "text/csv", []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	first, signature, _ := strings.Cut(url, "&Signature=")
	stranger := newHome(t, storetest.SQLite(t))
	theirs, err := stranger.Put(t.Context(), "a.csv", "text/csv", []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"of another server": theirs,
		"no signature":      first,
		"empty signature":   first + "&Signature=",
		"cut signature":     url[:len(url)-1],
		"longer signature":  url + "A",
		"later":             strings.Replace(url, "Expires=1", "Expires=2", 1),
		"another file":      strings.Replace(url, "id-", "id-9", 1),
		"path":              base + "/files/../files/id-001?Expires=1&Signature=" + signature,
		"path, encoded":     base + "/files/..%2Fid-001?Expires=1&Signature=" + signature,
		"another path":      strings.Replace(url, "/files/", "/other/", 1),
		"object storage":    "https://oss.example.com/a/b.zip?OSSAccessKeyId=x&Expires=1893456000&Signature=abc",
		"a private address": "http://169.254.169.254/latest/meta-data",
		"a file":            "file:///etc/passwd",
		"no URL":            "\x7f",
		"nothing":           "",
	} {
		if got, ours, err := h.Read(t.Context(), bad); got != nil || ours || err != nil {
			t.Errorf("%s: %s: %q %v %v", name, bad, got, ours, err)
		}
	}
}

func TestSweep(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		h := newHome(t, place)
		sweep := func(want, left int) {
			t.Helper()
			if n, err := h.Sweep(t.Context()); n != want || err != nil {
				t.Errorf("%d swept, %v; want %d", n, err, want)
			}
			if n := h.kept(t); n != left {
				t.Errorf("%d files are left, want %d", n, left)
			}
		}
		for range 3 {
			if _, err := h.Put(t.Context(), "a.wav", "audio/wav", []byte("RIFF")); err != nil {
				t.Fatal(err)
			}
		}
		awaited, err := h.Offer(t.Context(), "b.wav")
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(time.Hour)
		sweep(0, 3) // Expired, but not for an hour.
		h.clock.Advance(time.Hour)
		sweep(3, 0)
		if _, err := h.store.File(t.Context(), awaited.ID); err != nil {
			t.Error(err)
		}
		h.clock.Advance(23 * time.Hour)
		sweep(1, 0)
		if _, err := h.store.File(t.Context(), awaited.ID); !errors.As(err, new(*store.NotFoundError)) {
			t.Error(err)
		}
	})
}

func TestOpenRefuses(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	clock, folder := storetest.NewClock(), t.TempDir()
	blocked := filepath.Join(folder, "blocked")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]files.Options{
		"no bucket":      {URL: base, Now: clock.Now},
		"no clock":       {URL: base, Bucket: folder},
		"no URL":         {Bucket: folder, Now: clock.Now},
		"no host":        {Bucket: folder, Now: clock.Now, URL: "bot.example.com"},
		"another URL":    {Bucket: folder, Now: clock.Now, URL: "ftp://bot.example.com"},
		"a file":         {Bucket: blocked, Now: clock.Now, URL: base},
		"a broken URL":   {Bucket: "s3://%zz", Now: clock.Now, URL: base},
		"S3 in capitals": {Bucket: "S3://b", Now: clock.Now, URL: base},
		"no slashes":     {Bucket: "s3:b", Now: clock.Now, URL: base},
		"another cloud":  {Bucket: "gs://b", Now: clock.Now, URL: base},
		"a wrong query":  {Bucket: "s3://b?ssetype=none", Now: clock.Now, URL: base},
	} {
		if f, err := files.Open(t.Context(), s, o); err == nil {
			t.Errorf("%s: no error: %v", name, f)
		}
	}
}
