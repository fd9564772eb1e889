package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// capped makes an instance with room for so many calls.
func capped(t *testing.T, s *store.Store, instance string, calls int) {
	t.Helper()
	_, err := s.DB().ExecContext(t.Context(),
		"INSERT INTO instances (id, name, description, max_calls, created_at, updated_at) VALUES (?, ?, '', ?, 0, 0)",
		instance, instance, calls)
	if err != nil {
		t.Fatal(err)
	}
}

func TestCapOnTheCallsOfAnInstance(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		stores := []*store.Store{storetest.Open(t, place), storetest.Open(t, place)}
		one, two := stores[0], stores[1]
		capped(t, one, "inst", 2)
		mustCommit(t, one, key("a"), state(1))
		mustCommit(t, two, key("b"), state(1))
		for _, s := range stores {
			if err := commit(s, key("c"), state(1)); !errors.Is(err, session.ErrTooManyCalls) {
				t.Errorf("the third call: %v, want ErrTooManyCalls", err)
			}
			if err := commit(s, key("a"), state(1)); !errors.Is(err, session.ErrConflict) {
				t.Errorf("a call that has begun: %v, want ErrConflict", err)
			}
		}
		if _, found := load(t, one, key("c")); found {
			t.Error("a call that was refused is kept")
		}
		short := state(1)
		short.Ended = session.NoInteraction
		mustCommit(t, one, key("short"), short) // Takes no place.
		mustCommit(t, one, session.Key{Instance: "other", Call: "a"}, state(1))
		over := state(2)
		over.Ended = session.Finished
		mustCommit(t, two, key("a"), over)
		mustCommit(t, one, key("c"), state(1))
		if got := live(t, one, "inst"); got != 2 {
			t.Errorf("%d calls are counted as live, want 2", got)
		}
		if turns, _ := one.Turns(t.Context(), "inst", "short"); len(turns) != 1 {
			t.Errorf("%d turns of a call that ended as it began", len(turns))
		}
	})
}

// However many begin and end at once, no more than the cap live, and the count
// is exact.
func TestTheCapHoldsUnderLoad(t *testing.T) {
	const room, callers, rounds = 10, 40, 5
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		stores := []*store.Store{storetest.Open(t, place), storetest.Open(t, place)}
		capped(t, stores[0], "inst", room)
		var all sync.WaitGroup
		var living, refused atomic.Int64
		for n := range callers {
			all.Go(func() {
				for round := range rounds {
					s, call := stores[(n+round)%2], key(fmt.Sprint(n, "-", round))
					switch err := commit(s, call, state(1)); {
					case errors.Is(err, session.ErrTooManyCalls):
						refused.Add(1)
						continue
					case err != nil:
						t.Error(err)
					}
					if n := living.Add(1); n > room {
						t.Errorf("%d calls live", n)
					}
					living.Add(-1)
					over := state(2)
					over.Ended = session.ClientHangup
					if err := commit(s, call, over); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if got := live(t, stores[0], "inst"); got != 0 {
			t.Errorf("%d calls are counted as live, want 0", got)
		}
		if refused.Load() == 0 {
			t.Errorf("none of %d callers at once was refused, with room for %d", callers, room)
		}
	})
}
