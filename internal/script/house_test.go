package script_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// files is a [script.Files] in memory.
type files struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (f *files) Put(_ context.Context, name, _ string, data []byte) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = make(map[string][]byte)
	}
	url := fmt.Sprintf("ours://%d/%s", len(f.kept), name)
	f.kept[url] = data
	return url, nil
}

func (f *files) Read(_ context.Context, url string) ([]byte, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, ok := f.kept[url]
	if strings.HasPrefix(url, "ours://") && !ok {
		return nil, true, script.ErrNoFile
	}
	return data, ok, nil
}

// house is the scripts of a store with one instance, "here".
type house struct {
	*script.Scripts
	store *store.Store
	files *files
}

// instance is the id of the instance of a house.
const instance = "here"

// newHouse returns a house on an open store.
func newHouse(t testing.TB, s *store.Store, o script.Options) *house {
	t.Helper()
	if _, err := s.CreateInstance(t.Context(), store.Instance{ID: instance, Name: instance, MaxCalls: 10}); err != nil {
		t.Fatal(err)
	}
	h := &house{store: s, files: &files{}}
	o.Files = h.files
	h.Scripts = script.New(s, o)
	return h
}

// eachHouse runs a test on a house of each engine.
func eachHouse(t *testing.T, o script.Options, test func(t *testing.T, h *house)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { test(t, newHouse(t, s, o)) })
}

// bring imports a bundle and returns the id of the script.
func (h *house) bring(ctx context.Context, data []byte) (string, error) {
	url, err := h.files.Put(ctx, "bundle", "", data)
	if err != nil {
		return "", err
	}
	return h.Import(ctx, instance, url)
}

// mustBring is bring for a bundle that has to be taken.
func (h *house) mustBring(t testing.TB, data []byte) string {
	t.Helper()
	id, err := h.bring(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// mustExport returns the bundle that a script is exported as.
func (h *house) mustExport(t testing.TB, id string) []byte {
	t.Helper()
	url, _, err := h.Export(t.Context(), instance, id)
	if err != nil {
		t.Fatal(err)
	}
	data, _, err := h.files.Read(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// folder returns a bundle of the repository.
func folder(name string) fs.FS {
	return os.DirFS(filepath.Join("..", "..", "testdata", "scripts", name))
}

// packed returns files as a zip, in the order of their names.
func packed(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpacked returns the files of a zip.
func unpacked(t testing.TB, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, f := range r.File {
		text, err := fs.ReadFile(r, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// bundled returns a bundle of the repository as one document.
func bundled(t testing.TB, name string) []byte {
	t.Helper()
	bundle, err := flow.Load(folder(name))
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Document()
}

// exchange puts another text into every definition of a script.
func (h *house) exchange(t testing.TB, id, from, to string) {
	t.Helper()
	d, err := h.store.Draft(t.Context(), instance, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.Flows {
		text := strings.ReplaceAll(f.Definition, from, to)
		if err := h.store.SetFlowDefinition(t.Context(), instance, id, f.ID, text); err != nil {
			t.Fatal(err)
		}
	}
}

// must is for what has to succeed.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// mustRun returns what new calls of a script run on.
func (h *house) mustRun(t testing.TB, id string, debug bool) session.Hash {
	t.Helper()
	hash, err := h.Running(t.Context(), instance, id, debug)
	must(t, err)
	return hash
}
