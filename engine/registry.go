package engine

import (
	"context"
	"fmt"
	"maps"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/talkgraph/talkgraph/session"
)

// registry knows the versions: which one new calls of a script run on, and
// every one that a call still runs on. Turns read it without a lock; writers
// copy the maps.
type registry struct {
	load    func(ctx context.Context, hash session.Hash) (*Version, error)
	loading singleflight.Group

	mu       sync.Mutex // Of writers.
	versions atomic.Pointer[map[session.Hash]*held]
	scripts  atomic.Pointer[map[scriptName]*held]
}

// scriptName names what new calls run on: a script's published version, or its debug one.
type scriptName struct {
	id    string
	debug bool
}

// held is a version in the registry.
type held struct {
	v       *Version
	names   int          // How many scriptNames stand for it; guarded by registry.mu.
	calls   atomic.Int64 // Calls begun here and not ended here; negative once freed.
	adopted bool         // Brought by load: calls begun elsewhere may run on it.
	used    atomic.Int64 // When an adopted version was last asked for, Unix seconds.
}

// freed marks a version that left the registry; no count of calls reaches it.
const freed = math.MinInt64 / 2

func newRegistry(load func(ctx context.Context, hash session.Hash) (*Version, error)) *registry {
	r := &registry{load: load}
	r.versions.Store(&map[session.Hash]*held{})
	r.scripts.Store(&map[scriptName]*held{})
	return r
}

// publish makes v what name stands for; nil takes the name away.
func (r *registry) publish(name scriptName, v *Version) {
	r.mu.Lock()
	defer r.mu.Unlock()
	scripts := maps.Clone(*r.scripts.Load())
	old := scripts[name]
	delete(scripts, name)
	if v != nil {
		h := r.add(v, false)
		h.names++
		scripts[name] = h
	}
	r.scripts.Store(&scripts)
	if old != nil {
		old.names--
		r.free(old)
	}
}

// acquire returns the version that name stands for, held for one more call.
func (r *registry) acquire(name scriptName) (*Version, error) {
	for {
		h := (*r.scripts.Load())[name]
		if h == nil {
			return nil, fmt.Errorf("%w: %q", ErrUnknownScript, name.id)
		}
		if h.calls.Add(1) > 0 {
			return h.v, nil
		}
		h.calls.Add(-1) // Freed after we looked: its name stands for another by now.
	}
}

// release says that a call ended. One that was begun elsewhere was never
// counted here, so the count stays where it is at zero.
func (r *registry) release(hash session.Hash) {
	h := (*r.versions.Load())[hash]
	if h == nil {
		return
	}
	for n := h.calls.Load(); n > 0; n = h.calls.Load() {
		if h.calls.CompareAndSwap(n, n-1) {
			break
		}
	}
	if h.calls.Load() == 0 && !h.adopted {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.free(h)
	}
}

// get returns the version of a call in flight, loading it if it must.
func (r *registry) get(ctx context.Context, hash session.Hash, now time.Time) (*Version, error) {
	h := (*r.versions.Load())[hash]
	if h == nil {
		return r.adopt(ctx, hash, now)
	}
	if second := now.Unix(); h.adopted && h.used.Load() < second {
		h.used.Store(second)
	}
	return h.v, nil
}

// adopt loads a version once, however many calls ask for it at the same time.
func (r *registry) adopt(ctx context.Context, hash session.Hash, now time.Time) (*Version, error) {
	if r.load == nil {
		return nil, fmt.Errorf("%w: %s", ErrVersionMissing, hash)
	}
	v, err, _ := r.loading.Do(string(hash[:]), func() (any, error) {
		v, err := r.load(context.WithoutCancel(ctx), hash)
		if err != nil {
			return nil, fmt.Errorf("%w: load %s: %w", ErrVersionMissing, hash, err)
		}
		if v.Hash() != hash {
			return nil, fmt.Errorf("%w: asked for %s, was given %s", ErrVersionMissing, hash, v.Hash())
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.add(v, true).used.Store(now.Unix())
		return v, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*Version), nil
}

// sweep frees the adopted versions that nobody asked for since.
func (r *registry) sweep(since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range *r.versions.Load() {
		if h.adopted && h.used.Load() < since.Unix() {
			r.free(h)
		}
	}
}

// add returns the held version of v's hash, new if it must be.
func (r *registry) add(v *Version, adopted bool) *held {
	if h := (*r.versions.Load())[v.Hash()]; h != nil {
		return h
	}
	h := &held{v: v, adopted: adopted}
	versions := maps.Clone(*r.versions.Load())
	versions[v.Hash()] = h
	r.versions.Store(&versions)
	return h
}

// free lets go of a version that no name stands for and no call runs on.
func (r *registry) free(h *held) {
	if h.names > 0 || !h.calls.CompareAndSwap(0, freed) {
		return
	}
	versions := maps.Clone(*r.versions.Load())
	delete(versions, h.v.Hash())
	r.versions.Store(&versions)
}
