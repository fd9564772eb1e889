package session

import (
	"context"
	"hash/maphash"
	"strings"
	"sync"
	"time"
	"unique"
)

// Memory is a Store in this process's memory. Each call is kept as one
// snapshot, so a hundred thousand of them are a hundred thousand small strings
// that the garbage collector need not look into. Make one with [NewMemory].
type Memory struct {
	seed    maphash.Seed
	shards  [memoryShards]shard
	buffers sync.Pool // Of *[]byte, to write snapshots in.
}

// memoryShards is enough that the few goroutines which run at once on one
// machine seldom meet in one.
const memoryShards = 64

type shard struct {
	mu    sync.RWMutex
	calls map[Key]*kept
	_     [32]byte // Keeps two shards' locks off one cache line.
}

// kept is reached through a pointer because assigning to a map entry replaces
// its key as well, and the key of a later turn may hold on to a whole request.
type kept struct{ snapshot string }

// NewMemory returns an empty store.
func NewMemory() *Memory {
	m := &Memory{seed: maphash.MakeSeed(), buffers: sync.Pool{New: func() any { return new([]byte) }}}
	for i := range m.shards {
		m.shards[i].calls = make(map[Key]*kept)
	}
	return m
}

// Load implements [Store].
func (m *Memory) Load(_ context.Context, key Key, s *State) (bool, error) {
	shard := m.shard(key)
	shard.mu.RLock()
	call := shard.calls[key]
	if call == nil {
		shard.mu.RUnlock()
		return false, nil
	}
	snapshot := call.snapshot
	shard.mu.RUnlock()
	return true, s.ReadSnapshot(snapshot)
}

// Commit implements [Store].
func (m *Memory) Commit(_ context.Context, t *Turn) error {
	snapshot := m.snapshot(t.State)
	shard := m.shard(t.Key)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	call := shard.calls[t.Key]
	switch {
	case call == nil && t.State.Revision == 1:
		shard.calls[t.Key.own()] = &kept{snapshot}
	case call != nil && revision(call.snapshot) == t.State.Revision-1:
		call.snapshot = snapshot
	default:
		return ErrConflict
	}
	return nil
}

// snapshot writes the state down in memory of exactly its size.
func (m *Memory) snapshot(s *State) string {
	buf := m.buffers.Get().(*[]byte)
	defer m.buffers.Put(buf)
	*buf = s.AppendBinary((*buf)[:0])
	return string(*buf)
}

// own returns the key in memory of its own; calls of one instance share its id.
func (k Key) own() Key {
	return Key{Instance: unique.Make(k.Instance).Value(), Call: strings.Clone(k.Call)}
}

// Expired implements [Store]. It forgets every call that ended before ended.
func (m *Memory) Expired(_ context.Context, idle, forget time.Time, limit int, keys []Key) ([]Key, error) {
	idleMs, forgetMs := idle.UnixMilli(), forget.UnixMilli()
	for i := range m.shards {
		keys = m.shards[i].expired(idleMs, forgetMs, limit, keys)
	}
	return keys, nil
}

func (s *shard) expired(idle, forget int64, limit int, keys []Key) []Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, call := range s.calls {
		switch at := touched(call.snapshot); {
		case ended(call.snapshot):
			if at < forget {
				delete(s.calls, key)
			}
		case at < idle && len(keys) < limit:
			keys = append(keys, key)
		}
	}
	return keys
}

// Len returns how many calls are kept, ended ones included.
func (m *Memory) Len() int {
	n := 0
	for i := range m.shards {
		m.shards[i].mu.RLock()
		n += len(m.shards[i].calls)
		m.shards[i].mu.RUnlock()
	}
	return n
}

// shard goes by the call's id alone: few calls of two instances share one.
func (m *Memory) shard(key Key) *shard {
	return &m.shards[maphash.String(m.seed, key.Call)%memoryShards]
}

// revision reads the revision of a snapshot that this process wrote.
func revision(snapshot string) uint64 {
	r := reader{in: snapshot[bodyAt:]}
	return r.uvarint(1<<64 - 1)
}
