package script_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// edited returns the bundle hello with another text in its flows.
func edited(t testing.TB, to string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(folder("hello"), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(folder("hello"), path)
		files[path] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(data), "打扰您了", to))}
		return err
	})
	must(t, err)
	return files
}

// adopts starts with a bundle, as a server does.
func (h *house) adopts(ctx context.Context, instance string, bundle fs.FS) (running session.Hash, left, err error) {
	v, err := engine.Compile(bundle)
	if err != nil {
		return session.Hash{}, nil, err
	}
	return h.Adopt(ctx, instance, bundle, v)
}

// mustAdopt is adopts into the one instance, for what has to be taken or, with
// left, left alone.
func (h *house) mustAdopt(t testing.TB, bundle fs.FS, left error) session.Hash {
	t.Helper()
	running, why, err := h.adopts(t.Context(), instance, bundle)
	must(t, err)
	if !errors.Is(why, left) {
		t.Fatalf("it was left because %v, want %v", why, left)
	}
	return running
}

// What an author wrote and did not publish yet is never lost to a bundle, nor is
// what is in review. What was published gives way.
func TestAdoptLeavesWorkAlone(t *testing.T) {
	eachHouse(t, script.Options{ManualReview: true}, func(t *testing.T, h *house) {
		first := h.mustAdopt(t, edited(t, "打扰您了"), nil)
		if debug := h.mustRun(t, "hello", true); debug != first {
			t.Errorf("debug calls run on %s, want %s", debug, first)
		}
		second := h.mustAdopt(t, edited(t, "再会"), nil)
		_, err := h.Publish(t.Context(), instance, "hello", "as it is")
		must(t, err)
		if again := h.mustRun(t, "hello", false); second == first || again != second {
			t.Errorf("adopted as %s, the draft is %s", second, again)
		}
		draft := func() string {
			d, err := h.store.Draft(t.Context(), instance, "hello")
			must(t, err)
			return d.Flows[0].Definition
		}

		h.exchange(t, "hello", "再会", "回头见")
		work := draft()
		if running := h.mustAdopt(t, edited(t, "祝您愉快"), script.ErrEdited); running != second || draft() != work {
			t.Errorf("over an edit it runs on %s, and the draft is %s", running, draft())
		}
		must(t, h.Submit(t.Context(), instance, "hello", "please"))
		if running := h.mustAdopt(t, edited(t, "祝您愉快"), script.ErrInReview); running != second || draft() != work {
			t.Errorf("over a review it runs on %s, and the draft is %s", running, draft())
		}
		_, err = h.Approve(t.Context(), instance, "hello", nil)
		must(t, err)
		third := h.mustAdopt(t, edited(t, "祝您愉快"), nil)
		if draft() == work || third == second {
			t.Errorf("after the review it runs on %s, and the draft is %s", third, draft())
		}
		h.mustAdopt(t, edited(t, "祝您愉快"), nil)
		if running := h.mustAdopt(t, edited(t, "再会"), script.ErrOlder); running != third {
			t.Errorf("after an older bundle it runs on %s, want %s", running, third)
		}
	})
}

// A bundle that cannot be published leaves nothing behind, and the error says
// where its id is.
func TestAdoptIsAllOrNothing(t *testing.T) {
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		h.mustAdopt(t, folder("hello"), nil)
		if _, err := h.store.CreateInstance(t.Context(), store.Instance{ID: "there", Name: "there", MaxCalls: 1}); err != nil {
			t.Fatal(err)
		}
		_, _, err := h.adopts(t.Context(), "there", folder("hello"))
		if err == nil || !strings.Contains(err.Error(), `the script "hello" is in the instance "here"`) {
			t.Errorf("into another instance: %v", err)
		}
		_, err = h.Modify(t.Context(), instance, "hello", script.Header{Name: "别的"})
		must(t, err)
		_, err = h.Publish(t.Context(), instance, "hello", "")
		must(t, err)
		_, err = h.Create(t.Context(), instance, script.Header{Name: "停水通知"})
		must(t, err)
		before, err := h.store.Draft(t.Context(), instance, "hello")
		must(t, err)
		_, _, err = h.adopts(t.Context(), instance, edited(t, "再会"))
		if err == nil || !strings.Contains(err.Error(), "another script of the instance has the name") {
			t.Errorf("of a name that is taken: %v", err)
		}
		after, err := h.store.Draft(t.Context(), instance, "hello")
		must(t, err)
		if after.Script.Revision != before.Script.Revision || after.Flows[0].Definition != before.Flows[0].Definition {
			t.Error("the draft was changed all the same")
		}
	})
}

// Of servers that start at once with one bundle, all run on it, and it is
// published once.
func TestAdoptAtTheSameTime(t *testing.T) {
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, left, err := h.adopts(t.Context(), instance, folder("hello")); err != nil || left != nil {
					t.Error(left, err)
				}
			})
		}
		all.Wait()
		if _, n, err := h.Histories(t.Context(), instance, "hello", store.Page{Number: 1, Size: 10}); err != nil || n != 1 {
			t.Errorf("it was published %d times: %v", n, err)
		}
	})
}
