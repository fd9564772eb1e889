package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func key(call string) session.Key { return session.Key{Instance: "inst", Call: call} }

// state is a call after so many turns.
func state(revision uint64) session.State {
	return session.State{
		Revision: revision, Version: session.Hash{1, 2, 3}, Begun: noon.UnixMilli(), Touched: noon.UnixMilli() + int64(revision),
		Flow: 1, Node: 2, Callers: []session.Frame{{Flow: 0, Node: 7}}, Turns: uint32(revision), Spoke: true,
		Vars: []session.Var{{Name: "name", Value: "王芳"}}, Tags: []uint16{3}, Places: []session.Place{{Question: 1, Used: 2}},
		Last: session.Said{TurnID: fmt.Sprint("turn-", revision), Action: session.ActionBroadcast, Content: "您好"},
	}
}

// commit commits a turn that led to the state.
func commit(s *store.Store, key session.Key, state session.State) error {
	in, feedback := session.Utterance("喂，'您' \"好\"; --"), state.Last.Feedback()
	in.TurnID = state.Last.TurnID
	feedback.FlowID, feedback.NodeID = "main", "ask"
	return s.Sessions().Commit(context.Background(), &session.Turn{
		Key: key, State: &state, Input: &in, Feedback: &feedback,
		Events: []session.Event{{Kind: session.Matched, Flow: 1, Node: 2, Branch: 1, Index: 4, Score: 0.5}},
	})
}

func mustCommit(t *testing.T, s *store.Store, key session.Key, state session.State) {
	t.Helper()
	if err := commit(s, key, state); err != nil {
		t.Fatalf("call %s, revision %d: %v", key.Call, state.Revision, err)
	}
}

func load(t *testing.T, s *store.Store, key session.Key) (state session.State, found bool) {
	t.Helper()
	found, err := s.Sessions().Load(t.Context(), key, &state)
	if err != nil {
		t.Fatal(err)
	}
	return state, found
}

func TestCallsAreKept(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		s := storetest.Open(t, place)
		if _, found := load(t, s, key("c")); found {
			t.Error("a call is found before it began")
		}
		for revision := range uint64(3) {
			mustCommit(t, s, key("c"), state(revision+1))
		}
		again := storetest.Open(t, place) // Another process, or this one after its end.
		for _, s := range []*store.Store{s, again} {
			got, found := load(t, s, key("c"))
			if diff := cmp.Diff(state(3), got); !found || diff != "" {
				t.Errorf("found %v (-want +got):\n%s", found, diff)
			}
			if _, found := load(t, s, session.Key{Instance: "other", Call: "c"}); found {
				t.Error("a call is found by another instance")
			}
		}
	})
}

func TestATurnSwapsOnTheRevision(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		stores := []*store.Store{storetest.Open(t, place), storetest.Open(t, place)}
		for i, step := range []struct {
			revision uint64
			conflict bool
		}{{2, true}, {1, false}, {1, true}, {3, true}, {2, false}, {2, true}, {0, true}, {3, false}, {4, false}, {4, true}, {5, false}} {
			err := commit(stores[i%2], key("c"), state(step.revision))
			if errors.Is(err, session.ErrConflict) != step.conflict || !step.conflict && err != nil {
				t.Errorf("step %d, revision %d: %v; a conflict is wanted: %v", i, step.revision, err, step.conflict)
			}
		}
		for i, s := range stores {
			// One of them may have an old snapshot at hand, which its next turn finds out.
			if got, _ := load(t, s, key("c")); got.Revision < 5 && !errors.Is(commit(s, key("c"), state(got.Revision+1)), session.ErrConflict) {
				t.Errorf("store %d: a turn on revision %d was written", i, got.Revision)
			}
			if got, _ := load(t, s, key("c")); got.Revision != 5 {
				t.Errorf("store %d: revision %d, want 5", i, got.Revision)
			}
		}
		if turns, err := stores[0].Turns(t.Context(), "inst", "c"); err != nil || len(turns) != 5 {
			t.Errorf("%d turns, %v; a turn that was refused left no line", len(turns), err)
		}
	})
}

// Calls that come together share transactions; the conflicts among them are
// their own affair.
func TestManyCallsAtOnce(t *testing.T) {
	const calls, turns = 120, 6
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		stores := []*store.Store{storetest.Open(t, place), storetest.Open(t, place)}
		var all sync.WaitGroup
		for n := range calls {
			all.Go(func() {
				call := key(fmt.Sprint("call-", n))
				for revision := uint64(1); revision <= turns; revision++ {
					s := stores[(n+int(revision))%2]
					next := state(revision)
					if revision == turns && n%3 == 0 {
						next.Ended = session.Finished
					}
					if err := commit(s, call, next); err != nil {
						t.Errorf("%s: %v", call.Call, err)
					}
					if err := commit(s, call, next); !errors.Is(err, session.ErrConflict) {
						t.Errorf("%s, the same once more: %v", call.Call, err)
					}
				}
			})
		}
		all.Wait()
		for n := range calls {
			lines, err := stores[0].Turns(t.Context(), "inst", fmt.Sprint("call-", n))
			if err != nil || len(lines) != turns {
				t.Errorf("call %d has %d turns, %v", n, len(lines), err)
			}
		}
		if got, want := live(t, stores[0], "inst"), calls-calls/3; got != want {
			t.Errorf("%d calls are counted as live, want %d", got, want)
		}
	})
}

func live(t *testing.T, s *store.Store, instance string) (n int) {
	t.Helper()
	err := s.DB().NewSelect().Table("live_calls").Column("live").Where("instance_id = ?", instance).Scan(t.Context(), &n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// locked runs f while another process keeps calls from being written.
func locked(t *testing.T, s *store.Store, f func()) {
	t.Helper()
	tx, err := s.DB().BeginTx(t.Context(), nil) // In SQLite this takes the only connection that writes.
	if err != nil {
		t.Fatal(err)
	}
	if s.IsPostgres() {
		if _, err := tx.Exec("LOCK TABLE calls"); err != nil {
			t.Fatal(err)
		}
	}
	f()
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}

func TestATurnWhoseCallerGaveUpIsWrittenAllTheSame(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		s := storetest.Open(t, place)
		gaveUp := errors.New("the caller gave up")
		locked(t, s, func() {
			ctx, cancel := context.WithCancelCause(t.Context())
			next, in, feedback := state(1), session.Input{}, session.Feedback{}
			result := make(chan error)
			go func() {
				result <- s.Sessions().Commit(ctx, &session.Turn{Key: key("c"), State: &next, Input: &in, Feedback: &feedback})
			}()
			cancel(gaveUp)
			if err := <-result; !errors.Is(err, gaveUp) {
				t.Errorf("%v, want what the context says", err)
			}
		})
		// It may have given up before it queued; a turn that queued is written.
		if err := commit(s, key("c"), state(1)); err != nil && !errors.Is(err, session.ErrConflict) {
			t.Error(err)
		}
		if got, found := load(t, s, key("c")); !found || got.Revision != 1 {
			t.Errorf("found %v, revision %d", found, got.Revision)
		}
	})
}

func TestCloseWritesWhatWaits(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		s := storetest.Open(t, place)
		var all sync.WaitGroup
		locked(t, s, func() {
			for n := range 150 {
				all.Go(func() {
					if err := commit(s, key(fmt.Sprint(n)), state(1)); err != nil {
						t.Error(err)
					}
				})
			}
		})
		all.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := commit(s, key("late"), state(1)); err == nil {
			t.Error("a turn was written after the store was closed")
		}
		if got := live(t, storetest.Open(t, place), "inst"); got != 150 {
			t.Errorf("%d calls live, want 150", got)
		}
	})
}

// A text that PostgreSQL cannot keep fails its own turn and no other.
func TestATurnThatCannotBeWrittenFailsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var all sync.WaitGroup
		locked(t, s, func() {
			for n := range 20 {
				all.Go(func() {
					next := state(1)
					if n == 7 {
						next.Last.Content = "a\x00b"
					}
					if err := commit(s, key(fmt.Sprint(n)), next); err != nil && n != 7 {
						t.Errorf("call %d: %v", n, err)
					}
				})
			}
		})
		all.Wait()
		for n := range 20 {
			if _, found := load(t, s, key(fmt.Sprint(n))); !found && n != 7 {
				t.Errorf("call %d was not written", n)
			}
		}
	})
}
