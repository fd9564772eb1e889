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
//
// A version that no script stands for any more is freed when its last call
// ends. Where versions can be loaded, calls may begin here and end in another
// engine on the same store, so calls cannot be counted: such a version is freed
// by the sweep once nobody has asked for it for as long as a call may idle.
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
	v     *Version
	names int          // How many scriptNames stand for it; guarded by registry.mu.
	calls atomic.Int64 // Calls begun here less calls ended here, at least 0; negative once freed.
	used  atomic.Int64 // When it was last asked for, Unix seconds; kept where versions can be loaded.
}

// hold counts one more call and reports whether the version is still there.
func (h *held) hold(now time.Time) bool {
	if h.calls.Add(1) > 0 {
		h.use(now)
		return true
	}
	h.calls.Add(-1)
	return false
}

// use notes that the version was asked for.
func (h *held) use(now time.Time) {
	if second := now.Unix(); h.used.Load() < second {
		h.used.Store(second)
	}
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
		h := r.add(v)
		h.names++
		scripts[name] = h
	}
	r.scripts.Store(&scripts)
	if old != nil {
		old.names--
		if r.load == nil {
			r.free(old, 0)
		}
	}
}

// acquire returns the version that name stands for, held for one more call.
func (r *registry) acquire(name scriptName, now time.Time) (*Version, error) {
	for {
		h := (*r.scripts.Load())[name]
		if h == nil {
			return nil, fmt.Errorf("%w: %q", ErrUnknownScript, name.id)
		}
		if h.hold(now) {
			return h.v, nil
		}
		// Freed after we looked: its name stands for another by now.
	}
}

// hold returns the version of a hash, held for one more call, loading it if it
// must.
func (r *registry) hold(ctx context.Context, hash session.Hash, now time.Time) (*Version, error) {
	for {
		h := (*r.versions.Load())[hash]
		if h != nil && h.hold(now) {
			return h.v, nil
		}
		// Not there, or freed after we looked.
		if _, err := r.adopt(ctx, hash, now); err != nil {
			return nil, err
		}
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
	if r.load == nil && h.calls.Load() == 0 {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.free(h, 0)
	}
}

// get returns the version of a call in flight, loading it if it must.
func (r *registry) get(ctx context.Context, hash session.Hash, now time.Time) (*Version, error) {
	h := (*r.versions.Load())[hash]
	if h == nil {
		return r.adopt(ctx, hash, now)
	}
	if r.load != nil {
		h.use(now)
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
		r.add(v).use(now)
		return v, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*Version), nil
}

// sweep frees, where versions can be loaded, those that nobody asked for since.
func (r *registry) sweep(since time.Time) {
	if r.load == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range *r.versions.Load() {
		if h.used.Load() < since.Unix() {
			r.free(h, h.calls.Load())
		}
	}
}

// add returns the held version of v's hash, new if it must be.
func (r *registry) add(v *Version) *held {
	if h := (*r.versions.Load())[v.Hash()]; h != nil {
		return h
	}
	h := &held{v: v}
	versions := maps.Clone(*r.versions.Load())
	versions[v.Hash()] = h
	r.versions.Store(&versions)
	return h
}

// free lets go of a version that no name stands for, if its calls are still as
// many as they were counted.
func (r *registry) free(h *held, calls int64) {
	if h.names > 0 || !h.calls.CompareAndSwap(calls, freed) {
		return
	}
	versions := maps.Clone(*r.versions.Load())
	delete(versions, h.v.Hash())
	r.versions.Store(&versions)
}
