package engine

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/talkgraph/talkgraph/session"
)

// lanes let one turn of a call through at a time. A shard's lock is held for a
// look at its list, never while a turn is taken, so no call waits for another.
type lanes struct {
	seed   maphash.Seed
	shards [64]laneShard
}

// laneShard holds the lanes of the calls with a turn under way. They are as few
// as turns that run at once, so a list is found through faster than a map.
type laneShard struct {
	mu   sync.Mutex
	busy []*lane
	free []*lane // Lanes to use again.
	_    [8]byte // Keeps two shards' locks off one cache line.
}

type lane struct {
	shard *laneShard
	key   session.Key
	users int           // The turn under way and those that wait.
	next  chan struct{} // Passes the lane on to one that waits.
}

func newLanes() *lanes { return &lanes{seed: maphash.MakeSeed()} }

// enter waits until no other turn of the call is under way, or for ctx. The
// lane must be left when the turn is over.
func (l *lanes) enter(ctx context.Context, key session.Key) (*lane, error) {
	s := &l.shards[maphash.String(l.seed, key.Call)%uint64(len(l.shards))]
	s.mu.Lock()
	ln := s.find(key)
	if ln == nil {
		ln = s.open(key)
		s.mu.Unlock()
		return ln, nil
	}
	ln.users++
	s.mu.Unlock()
	select {
	case <-ln.next:
		return ln, nil
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		if ln.users--; ln.users == 0 {
			<-ln.next // It was passed on to us while we gave up.
			s.close(ln)
		}
		return nil, context.Cause(ctx)
	}
}

// leave lets the call's next turn through.
func (ln *lane) leave() {
	s := ln.shard
	s.mu.Lock()
	defer s.mu.Unlock()
	if ln.users--; ln.users == 0 {
		s.close(ln)
		return
	}
	ln.next <- struct{}{}
}

func (s *laneShard) find(key session.Key) *lane {
	for _, ln := range s.busy {
		if ln.key == key {
			return ln
		}
	}
	return nil
}

func (s *laneShard) open(key session.Key) *lane {
	var ln *lane
	if last := len(s.free) - 1; last >= 0 {
		ln, s.free = s.free[last], s.free[:last]
	} else {
		ln = &lane{shard: s, next: make(chan struct{}, 1)}
	}
	ln.key, ln.users = key, 1
	s.busy = append(s.busy, ln)
	return ln
}

func (s *laneShard) close(ln *lane) {
	i, last := slices.Index(s.busy, ln), len(s.busy)-1
	s.busy[i] = s.busy[last]
	s.busy = s.busy[:last]
	ln.key = session.Key{}
	s.free = append(s.free, ln)
}
