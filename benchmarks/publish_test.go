package benchmarks

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// shelf is the debt reminder, 17 nodes, as a script of a durable database.
type shelf struct {
	scripts            *script.Scripts
	store              *store.Store
	instance, scriptID string
}

func newShelf(b *testing.B) *shelf {
	b.Helper()
	ctx := context.Background()
	bundle, err := flow.Load(os.DirFS(filepath.Join("..", "testdata", "scripts", "debt-reminder")))
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(ctx, store.Options{File: filepath.Join(b.TempDir(), "talkgraph.db"), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	in, err := s.CreateInstance(ctx, store.Instance{Name: "benchmark", MaxCalls: 1})
	if err != nil {
		b.Fatal(err)
	}
	scripts := script.New(s, script.Options{
		Fetch: func(context.Context, string) ([]byte, error) { return bundle.Document(), nil },
	})
	id, err := scripts.Import(ctx, in.ID, "https://bundles.example")
	if err != nil {
		b.Fatal(err)
	}
	return &shelf{scripts, s, in.ID, id}
}

// publish edits the script, outside of the time that is measured, and
// publishes it.
func (s *shelf) publish(b *testing.B, edit int) session.Hash {
	b.Helper()
	ctx := context.Background()
	b.StopTimer()
	h := script.Header{Name: "debt", Industry: "finance", Scene: "reminder", Description: fmt.Sprint("edit ", edit)}
	if _, err := s.scripts.Modify(ctx, s.instance, s.scriptID, h); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
	if _, err := s.scripts.Publish(ctx, s.instance, s.scriptID, "benchmark"); err != nil {
		b.Fatal(err)
	}
	hash, err := s.scripts.Running(ctx, s.instance, s.scriptID, false)
	if err != nil {
		b.Fatal(err)
	}
	return hash
}

// BenchmarkPublish publishes the debt reminder after an edit: its rows are read
// and packed, the bundle is compiled and trained, kept and made the version
// that new calls run on, and all of that is on the disk.
func BenchmarkPublish(b *testing.B) {
	s := newShelf(b)
	edits := 0
	for b.Loop() {
		edits++
		s.publish(b, edits)
	}
}

// BenchmarkLoad opens the debt reminder again, as the first call after a
// restart does: its bundle is read, unpacked, compiled and trained.
func BenchmarkLoad(b *testing.B) {
	s := newShelf(b)
	hash := s.publish(b, 0)
	for b.Loop() {
		if _, err := s.scripts.Load(context.Background(), hash); err != nil {
			b.Fatal(err)
		}
	}
}
