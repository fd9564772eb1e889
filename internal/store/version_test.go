package store_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// A bundle is kept once, whoever keeps it, and outlives the script that it was
// published of.
func TestBundles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		script := withScripts(t, s).Script
		hash, archive := session.Hash{1, 2, 3}, []byte("PK\x00'\\\xff")
		for _, data := range [][]byte{archive, []byte("another of the same hash")} {
			if err := s.KeepBundle(t.Context(), hash, data); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Transition(t.Context(), script.InstanceID, script.ID, publish(hash)); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteScript(t.Context(), script.InstanceID, script.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Bundle(t.Context(), hash); err != nil || !bytes.Equal(got, archive) {
			t.Errorf("%q, %v; want %q", got, err, archive)
		}
		var missing *store.NotFoundError
		if _, err := s.Bundle(t.Context(), session.Hash{}); !errors.As(err, &missing) || missing.Thing != "Bundle" {
			t.Errorf("a hash of nothing: %v", err)
		}
	})
}

// publish is a move that publishes a bundle.
func publish(hash session.Hash) func(*store.Script) (*store.Version, error) {
	return func(row *store.Script) (*store.Version, error) {
		row.Status = "PUBLISHED"
		return &store.Version{Hash: hash[:], Remark: "r", Revision: row.Revision}, nil
	}
}

// A move that fails, or that publishes what was not kept, changes nothing.
func TestTransitionIsWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		script := withScripts(t, s).Script
		before, err := s.Script(t.Context(), script.InstanceID, script.ID)
		if err != nil {
			t.Fatal(err)
		}
		refused := errors.New("refused")
		_, err = s.Transition(t.Context(), script.InstanceID, script.ID, func(row *store.Script) (*store.Version, error) {
			row.Status, row.AppliedVersion = "PUBLISHED", 7
			return nil, refused
		})
		if !errors.Is(err, refused) {
			t.Errorf("got %v", err)
		}
		if _, err := s.Transition(t.Context(), script.InstanceID, script.ID, publish(session.Hash{9})); err == nil {
			t.Error("published a bundle that was never kept")
		}
		after, err := s.Script(t.Context(), script.InstanceID, script.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("the script is another:\n%s", diff)
		}
		if _, total, err := s.Versions(t.Context(), script.InstanceID, script.ID, page); err != nil || total != 0 {
			t.Errorf("%d versions, %v", total, err)
		}
		for _, c := range []struct{ instance, script, thing string }{
			{script.InstanceID, "none", "Script"}, {"i2", script.ID, "Script"}, {"none", script.ID, "Instance"},
		} {
			var missing *store.NotFoundError
			if _, err := s.Transition(t.Context(), c.instance, c.script, publish(session.Hash{})); !errors.As(err, &missing) || missing.Thing != c.thing {
				t.Errorf("%s in %s: %v, want that there is no %s", c.script, c.instance, err, c.thing)
			}
		}
	})
}

// Moves of one script follow each other: each sees what the one before left.
func TestTransitionsAtTheSameTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		script := withScripts(t, s).Script
		const moves = 12
		var group sync.WaitGroup
		for range moves {
			group.Go(func() {
				_, err := s.Transition(t.Context(), script.InstanceID, script.ID, func(row *store.Script) (*store.Version, error) {
					row.ReviewRevision++
					return nil, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		row, err := s.Script(t.Context(), script.InstanceID, script.ID)
		if err != nil || row.ReviewRevision != moves {
			t.Errorf("%d of %d moves are to be seen, %v", row.ReviewRevision, moves, err)
		}
	})
}

// What new calls run on is of their own instance, and of the version that is
// applied.
func TestRunning(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		script := withScripts(t, s).Script
		hash, debug := session.Hash{1}, session.Hash{2}
		for _, h := range []session.Hash{hash, debug} {
			if err := s.KeepBundle(t.Context(), h, []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		is := func(when string, forDebug bool, want session.Hash) {
			t.Helper()
			running, err := s.Running(t.Context(), script.InstanceID, script.ID, forDebug)
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := running.Bundle(); got != want || ok != (want != session.Hash{}) {
				t.Errorf("%s: runs on %s, %v; want %s", when, got, ok, want)
			}
			only, err := s.OnlyRunning(t.Context(), script.InstanceID, forDebug)
			if err != nil || (only != nil) != (want != session.Hash{}) {
				t.Errorf("%s: the only one is %+v, %v", when, only, err)
			}
		}
		is("before anything was published", false, session.Hash{})
		if _, err := s.Transition(t.Context(), script.InstanceID, script.ID, publish(hash)); err != nil {
			t.Fatal(err)
		}
		is("published", false, hash)
		is("published, for debug calls", true, session.Hash{})
		_, err := s.Transition(t.Context(), script.InstanceID, script.ID, func(*store.Script) (*store.Version, error) {
			return &store.Version{Debug: true, Hash: debug[:]}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		is("published for debugging", true, debug)
		is("published for debugging, for others", false, hash)
		for _, c := range []struct{ instance, script, thing string }{
			{script.InstanceID, "none", "Script"}, {"i2", script.ID, "Script"}, {"none", script.ID, "Instance"},
		} {
			var missing *store.NotFoundError
			if _, err := s.Running(t.Context(), c.instance, c.script, false); !errors.As(err, &missing) || missing.Thing != c.thing {
				t.Errorf("%s in %s: %v, want that there is no %s", c.script, c.instance, err, c.thing)
			}
		}
	})
}
