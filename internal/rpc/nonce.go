package rpc

import (
	"hash/maphash"
	"sync"
	"time"
)

// window is how far the Timestamp of a request may be from the server's time,
// either way.
const window = 15 * time.Minute

// generation is the span of Timestamps whose nonces are forgotten together. It
// is as long as the whole window, so the Timestamps that can be accepted at one
// moment lie in two generations at most.
const generation = 2 * window

const nonceShards = 64

// nonces remembers which nonces were used, as long as the request they came
// with could be sent again.
//
// A copy of a request carries the same signed Timestamp T, and is refused for
// its time alone once T+15 minutes has passed. So nonces are filed by their
// Timestamp, in generations of 30 minutes: an acceptable T lies in the
// generation of now-15 or of now+15 minutes, which are neighbours. Storage for two
// generations is therefore enough, and the even one is emptied when a request
// of the next even generation comes, when all its Timestamps are past the
// window; no timer is needed. A nonce is remembered for 15 to 45 minutes from
// its Timestamp.
//
// A nonce is kept as 8 bytes of a hash keyed per process: nobody can choose two
// nonces that collide, and with ten million remembered, a fresh one is mistaken
// for a used one in 1 of 10^12 requests.
type nonces struct {
	seed   maphash.Seed
	most   int // Nonces per shard and generation.
	shards [nonceShards]nonceShard
}

type nonceShard struct {
	mu          sync.Mutex
	generations [2]struct {
		number int64
		used   fingerprints
	}
	_ [16]byte // A cache line of its own: neighbours are locked by other cores.
}

// newNonces returns a memory for at most about limit nonces.
func newNonces(limit int) *nonces {
	return &nonces{seed: maphash.MakeSeed(), most: max(1, limit/nonceShards/2)}
}

// verdict is what nonces says of a nonce.
type verdict int

const (
	nonceFresh verdict = iota // Never seen; it is remembered now.
	nonceKnown                // Used before.
	nonceFull                 // No room to remember it.
)

// use takes a nonce of an access key for a request of the given Timestamp,
// which must lie in the window.
func (n *nonces) use(accessKeyID, nonce []byte, timestamp time.Time) verdict {
	mark := n.fingerprint(accessKeyID, nonce)
	number := generationOf(timestamp)
	shard := &n.shards[mark%nonceShards]

	shard.mu.Lock()
	defer shard.mu.Unlock()
	mine, other := &shard.generations[number&1], &shard.generations[^number&1]
	if mine.number != number {
		mine.number = number
		mine.used.clear()
	}
	neighbour := other.number == number-1 || other.number == number+1
	switch {
	case mine.used.has(mark), neighbour && other.used.has(mark):
		return nonceKnown
	case mine.used.count >= n.most:
		return nonceFull
	}
	mine.used.add(mark)
	return nonceFresh
}

// room returns how long after now a generation begins that has room again.
func (n *nonces) room(now time.Time) time.Duration {
	next := (generationOf(now) + 1) * int64(generation/time.Second)
	return time.Unix(next, 0).Sub(now)
}

func generationOf(t time.Time) int64 { return t.Unix() / int64(generation/time.Second) }

// fingerprint hashes the key and the nonce; it is never 0.
func (n *nonces) fingerprint(accessKeyID, nonce []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(n.seed)
	h.Write(accessKeyID)
	h.WriteByte(0) // Neither part can hold it, so no two pairs run together alike.
	h.Write(nonce)
	return max(1, h.Sum64())
}

// fingerprints is a set of numbers other than 0: open addressing with linear
// probing, 11 to 21 bytes an element, nothing for the collector to scan.
type fingerprints struct {
	slots []uint64 // Length a power of two; 0 is a free slot.
	count int
}

func (f *fingerprints) has(mark uint64) bool {
	return f.count > 0 && f.slots[f.slot(mark)] == mark
}

func (f *fingerprints) add(mark uint64) {
	if 4*(f.count+1) > 3*len(f.slots) {
		f.grow()
	}
	f.slots[f.slot(mark)] = mark
	f.count++
}

// slot returns where the number is, else the free slot where it belongs. The
// low bits chose the shard, so the high ones choose the slot.
func (f *fingerprints) slot(mark uint64) int {
	mask := len(f.slots) - 1
	at := int(mark>>32) & mask
	for f.slots[at] != 0 && f.slots[at] != mark {
		at = (at + 1) & mask
	}
	return at
}

func (f *fingerprints) grow() {
	old := f.slots
	f.slots = make([]uint64, max(16, 2*len(old)))
	for _, mark := range old {
		if mark != 0 {
			f.slots[f.slot(mark)] = mark
		}
	}
}

func (f *fingerprints) clear() { *f = fingerprints{} }
