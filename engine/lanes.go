package engine

import (
	"context"
	"hash/maphash"
	"sync"

	"github.com/talkgraph/talkgraph/session"
)

// lanes let one turn of a call through at a time. A shard's lock is held for a
// look into its map, never while a turn is taken, so no call waits for another.
type lanes struct {
	seed   maphash.Seed
	shards [64]laneShard
}

type laneShard struct {
	mu   sync.Mutex
	busy map[session.Key]*lane // The calls with a turn under way.
	free []*lane               // Lanes to use again.
	_    [24]byte              // Keeps two shards' locks off one cache line.
}

type lane struct {
	users int           // The turn under way and those that wait.
	next  chan struct{} // Passes the lane on to one that waits.
}

func newLanes() *lanes {
	l := &lanes{seed: maphash.MakeSeed()}
	for i := range l.shards {
		l.shards[i].busy = make(map[session.Key]*lane)
	}
	return l
}

// enter waits until no other turn of the call is under way, or for ctx.
func (l *lanes) enter(ctx context.Context, key session.Key) error {
	s := l.shard(key)
	s.mu.Lock()
	ln := s.busy[key]
	if ln == nil {
		s.busy[key] = s.take()
		s.mu.Unlock()
		return nil
	}
	ln.users++
	s.mu.Unlock()
	select {
	case <-ln.next:
		return nil
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		if ln.users--; ln.users == 0 {
			<-ln.next // It was passed on to us while we gave up.
			s.give(key, ln)
		}
		return context.Cause(ctx)
	}
}

// leave lets the call's next turn through.
func (l *lanes) leave(key session.Key) {
	s := l.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	ln := s.busy[key]
	if ln.users--; ln.users == 0 {
		s.give(key, ln)
		return
	}
	ln.next <- struct{}{}
}

func (s *laneShard) take() *lane {
	if last := len(s.free) - 1; last >= 0 {
		ln := s.free[last]
		s.free = s.free[:last]
		ln.users = 1
		return ln
	}
	return &lane{users: 1, next: make(chan struct{}, 1)}
}

func (s *laneShard) give(key session.Key, ln *lane) {
	delete(s.busy, key)
	s.free = append(s.free, ln)
}

// shard goes by the call's id alone: few calls of two instances share one.
func (l *lanes) shard(key session.Key) *laneShard {
	return &l.shards[maphash.String(l.seed, key.Call)%uint64(len(l.shards))]
}
