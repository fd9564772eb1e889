package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// shelf is a store whose bundles are swept, by a clock of its own.
type shelf struct {
	t     *testing.T
	clock *storetest.Clock
	*store.Store
}

func eachShelf(t *testing.T, test func(s *shelf, script *store.Script)) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		s := &shelf{t: t, clock: storetest.NewClock()}
		place.Now, place.Transcripts = s.clock.Now, 24*time.Hour
		s.Store = storetest.Open(t, place)
		test(s, &withScripts(t, s.Store).Script)
	})
}

// kept keeps a bundle and returns its hash.
func (s *shelf) kept(number byte) session.Hash {
	s.t.Helper()
	hash := session.Hash{number}
	s.must(s.KeepBundle(s.t.Context(), hash, []byte("PK")))
	return hash
}

func (s *shelf) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// later sweeps for as long as it takes to delete what nothing needs.
func (s *shelf) later() {
	s.t.Helper()
	for range 3 {
		_, err := s.SweepBundles(s.t.Context())
		s.must(err)
		s.clock.Advance(61 * time.Minute)
	}
}

// holds sees whether bundles are there.
func (s *shelf) holds(when string, want bool, hashes ...session.Hash) {
	s.t.Helper()
	for _, hash := range hashes {
		_, err := s.Bundle(s.t.Context(), hash)
		if missing := new(store.NotFoundError); err != nil && !errors.As(err, &missing) {
			s.t.Fatal(err)
		}
		if there := err == nil; there != want {
			s.t.Errorf("%s: bundle %d is there: %v", when, hash[0], there)
		}
	}
}

func (s *shelf) move(script *store.Script, to func(*store.Script) (*store.Version, error)) {
	s.t.Helper()
	_, err := s.Transition(s.t.Context(), script.InstanceID, script.ID, to)
	s.must(err)
}

// What a version, a review or a call needs stays; what nothing needs goes, but
// not at once, and not when it is kept again.
func TestSweepBundles(t *testing.T) {
	eachShelf(t, func(s *shelf, script *store.Script) {
		again := s.kept(7)
		if _, err := s.SweepBundles(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		s.clock.Advance(2 * time.Hour)
		s.kept(7)
		if n, err := s.SweepBundles(s.t.Context()); n != 0 || err != nil {
			s.t.Errorf("%d bundles were swept, %v", n, err)
		}
		s.move(script, publish(again))
		first, second, debug, reviewed, called, stray := s.kept(1), s.kept(2), s.kept(3), s.kept(4), s.kept(5), s.kept(6)
		s.move(script, publish(first))
		s.move(script, publish(second)) // One may roll back to the first.
		s.move(script, func(*store.Script) (*store.Version, error) {
			return &store.Version{Debug: true, Hash: debug[:]}, nil
		})
		s.move(script, func(row *store.Script) (*store.Version, error) {
			row.ReviewHash = reviewed[:]
			return nil, nil
		})
		ongoing := state(1)
		ongoing.Version = called
		s.must(commit(s.Store, session.Key{Instance: "i1", Call: "c"}, ongoing))

		for range 3 {
			_, err := s.SweepBundles(s.t.Context())
			s.must(err)
		}
		s.holds("at once", true, stray)
		s.later()
		s.holds("later", false, stray)
		s.holds("later", true, again, first, second, debug, reviewed, called)

		s.move(script, func(row *store.Script) (*store.Version, error) {
			row.ReviewHash = nil
			return nil, nil
		})
		s.must(s.DeleteScript(s.t.Context(), script.InstanceID, script.ID))
		s.later()
		s.holds("after the script", false, again, first, second, debug, reviewed)
		s.holds("after the script", true, called)
	})
}

// A call keeps its bundle until it is forgotten, and a transcript for as long as
// it is kept, which is never shorter.
func TestSweepBundlesOfCalls(t *testing.T) {
	eachShelf(t, func(s *shelf, script *store.Script) {
		hash, key := s.kept(1), session.Key{Instance: "i1", Call: "c"}
		call := state(1)
		call.Version, call.Touched = hash, s.clock.Now().UnixMilli()
		s.must(commit(s.Store, key, call))
		forget := func(ended time.Time) {
			s.t.Helper()
			_, err := s.Sessions().Expired(s.t.Context(), ended, ended, 100, nil)
			s.must(err)
			s.later()
		}
		s.clock.Advance(48 * time.Hour) // The call lives longer than its transcript was to be kept.
		forget(s.clock.Now())
		s.holds("the call lives", true, hash)
		if turns, err := s.Turns(s.t.Context(), "i1", "c"); err != nil || len(turns) != 1 {
			s.t.Errorf("the transcript of a call that lives: %v, %v", turns, err)
		}
		call.Revision, call.Ended, call.Touched = 2, session.Finished, s.clock.Now().UnixMilli()
		s.must(commit(s.Store, key, call))
		forget(s.clock.Now().Add(-time.Hour))
		s.holds("the call is over", true, hash)
		s.clock.Advance(time.Hour)
		forget(s.clock.Now())
		forget(s.clock.Now())
		s.holds("the call is forgotten, and its transcript", false, hash)
	})
}
