package rpc

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestNonces(t *testing.T) {
	// A moment in the middle of a generation, so that 16 minutes are in the next.
	now := time.Unix(1_000_000*1800+900, 0)
	n := newNonces(1 << 20)
	for i, c := range []struct {
		key, nonce string
		timestamp  time.Duration // From now.
		want       verdict
	}{
		{"k", "a", 0, nonceFresh},
		{"k", "a", 0, nonceKnown},
		{"k", "a", -10 * time.Minute, nonceKnown},
		{"k", "a", 16 * time.Minute, nonceKnown}, // In the next generation: the last one still counts.
		{"k", "b", 16 * time.Minute, nonceFresh},
		{"k", "b", 0, nonceKnown}, // And the other way round.
		{"l", "a", 0, nonceFresh}, // Another key's nonces are its own.
		{"ka", "", 0, nonceFresh}, // Key and nonce do not run together.
		{"k", "a", time.Hour, nonceFresh},
		{"k", "b", time.Hour, nonceKnown}, // 44 minutes later, within the neighbouring generation.
		{"k", "b", 2 * time.Hour, nonceFresh},
	} {
		if got := n.use([]byte(c.key), []byte(c.nonce), now.Add(c.timestamp)); got != c.want {
			t.Errorf("%d: %s %s at %s: got %v, want %v", i, c.key, c.nonce, c.timestamp, got, c.want)
		}
	}
}

// Whatever the moment, a request accepted once is refused as long as its
// Timestamp is accepted, however many others come in between.
func TestNoncesOutliveTheWindow(t *testing.T) {
	for minute := range 60 {
		arrives := time.Unix(1_000_000*1800, 0).Add(time.Duration(minute) * time.Minute)
		for _, timestamp := range []time.Time{arrives.Add(-window), arrives, arrives.Add(window)} {
			n := newNonces(1 << 20)
			if n.use([]byte("k"), []byte("once"), timestamp) != nonceFresh {
				t.Fatal("a new nonce is known")
			}
			others := 0
			for now := arrives; !timestamp.Before(now.Add(-window)); now = now.Add(time.Minute) {
				for _, other := range []time.Time{now.Add(-window), now, now.Add(window)} {
					others++
					n.use([]byte("k"), []byte(strconv.Itoa(others)), other)
				}
				if n.use([]byte("k"), []byte("once"), timestamp) != nonceKnown {
					t.Fatalf("minute %d: sent again at %s with %s: accepted", minute, now, timestamp)
				}
			}
		}
	}
}

func TestNoncesAreBounded(t *testing.T) {
	const limit = 1 << 14
	now := time.Unix(1_000_000*1800+600, 0)
	n := newNonces(limit)
	full := 0
	for i := range 4 * limit {
		if n.use([]byte("k"), []byte(strconv.Itoa(i)), now) == nonceFull {
			full++
		}
	}
	if want := 4*limit - limit/2; full != want {
		t.Errorf("%d refused, want %d: one generation holds half", full, want)
	}
	bytes := 0
	for i := range n.shards {
		for g := range n.shards[i].generations {
			bytes += 8 * cap(n.shards[i].generations[g].used.slots)
		}
	}
	if most := 22 * limit / 2; bytes > most {
		t.Errorf("%d bytes, want at most %d", bytes, most)
	}
	if got, want := n.room(now), 20*time.Minute; got != want {
		t.Errorf("room in %s, want %s", got, want)
	}
	if n.use([]byte("k"), []byte("later"), now.Add(n.room(now))) != nonceFresh {
		t.Error("no room when there should be")
	}
}

func TestNoncesConcurrently(t *testing.T) {
	n := newNonces(1 << 20)
	now := time.Unix(1_700_000_000, 0)
	var fresh atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 2000 {
				if n.use([]byte("k"), []byte(strconv.Itoa(i)), now) == nonceFresh {
					fresh.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if fresh.Load() != 2000 {
		t.Errorf("%d uses of 2000 nonces were taken for the first", fresh.Load())
	}
}
