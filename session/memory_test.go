package session_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/session"
)

func commit(t *testing.T, m session.Store, key session.Key, s session.State) error {
	t.Helper()
	return m.Commit(context.Background(), &session.Turn{Key: key, State: &s})
}

func TestMemoryKeepsWhatWasCommitted(t *testing.T) {
	m, key := session.NewMemory(), session.Key{Instance: "i", Call: "c"}
	var s session.State
	if found, err := m.Load(context.Background(), key, &s); found || err != nil {
		t.Fatalf("an unknown call: %v, %v", found, err)
	}
	want := typical()
	want.Revision = 1
	if err := commit(t, m, key, want); err != nil {
		t.Fatal(err)
	}
	if found, err := m.Load(context.Background(), key, &s); !found || err != nil {
		t.Fatalf("a known call: %v, %v", found, err)
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if m.Len() != 1 {
		t.Errorf("Len = %d, want 1", m.Len())
	}
	other := session.Key{Instance: "j", Call: "c"}
	if found, _ := m.Load(context.Background(), other, &s); found {
		t.Error("a call of one instance was found by another")
	}
}

func TestMemorySwapsOnTheRevision(t *testing.T) {
	m, key := session.NewMemory(), session.Key{Call: "c"}
	at := func(revision uint64) session.State {
		s := typical()
		s.Revision = revision
		return s
	}
	for _, step := range []struct {
		revision uint64
		conflict bool
	}{{2, true}, {1, false}, {1, true}, {3, true}, {2, false}, {2, true}, {0, true}, {3, false}} {
		err := commit(t, m, key, at(step.revision))
		if errors.Is(err, session.ErrConflict) != step.conflict || !step.conflict && err != nil {
			t.Errorf("commit of revision %d: %v, conflict wanted: %v", step.revision, err, step.conflict)
		}
	}
}

func TestMemoryExpires(t *testing.T) {
	m := session.NewMemory()
	at := time.UnixMilli(typical().Touched)
	put := func(call string, touched time.Time, ended session.EndReason) {
		s := typical()
		s.Revision, s.Touched, s.Ended = 1, touched.UnixMilli(), ended
		if err := commit(t, m, session.Key{Call: call}, s); err != nil {
			t.Fatal(err)
		}
	}
	put("idle", at.Add(-time.Minute), session.Live)
	put("idle too", at.Add(-time.Minute), session.Live)
	put("live", at, session.Live)
	put("ended long ago", at.Add(-time.Hour), session.Finished)
	put("ended", at, session.Finished)

	keys, err := m.Expired(context.Background(), at, at.Add(-time.Minute), 10, nil)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(keys, func(a, b session.Key) int { return len(a.Call) - len(b.Call) })
	if want := []session.Key{{Call: "idle"}, {Call: "idle too"}}; !slices.Equal(keys, want) {
		t.Errorf("expired %v, want %v", keys, want)
	}
	if m.Len() != 4 {
		t.Errorf("%d calls are kept, want 4: only the one that ended long ago is forgotten", m.Len())
	}
	if keys, _ = m.Expired(context.Background(), at, at.Add(-time.Minute), 1, nil); len(keys) != 1 {
		t.Errorf("%d keys, the limit was 1", len(keys))
	}
}

func TestMemoryTakesManyCallsAtOnce(t *testing.T) {
	m := session.NewMemory()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			key, s := session.Key{Instance: "i", Call: fmt.Sprint(i)}, session.State{}
			for revision := range uint64(100) {
				next := typical()
				next.Revision = revision + 1
				if err := m.Commit(context.Background(), &session.Turn{Key: key, State: &next}); err != nil {
					t.Error(err)
				}
				if found, err := m.Load(context.Background(), key, &s); !found || err != nil || s.Revision != next.Revision {
					t.Errorf("call %d: %v, %v, revision %d, want %d", i, found, err, s.Revision, next.Revision)
				}
				if _, err := m.Expired(context.Background(), time.UnixMilli(0), time.UnixMilli(0), 1, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
