package benchmarks

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

// liveCalls is how many calls live at once in BenchmarkSessions.
const liveCalls = 100_000

// crowd is many typical calls on one engine: ids of 36 characters, 4 variables,
// a last content of 60 characters, a last TurnId of 36.
type crowd struct {
	engine *engine.Engine
	keys   []session.Key
	bytes  float64 // Of live heap a call, its key and its slot in the map counted.
}

// gather begins the calls and takes each one turn on. The keys made here are
// not counted: the store keeps its own.
func gather(tb testing.TB, calls int) *crowd {
	tb.Helper()
	c := &crowd{engine: newEngine(tb), keys: make([]session.Key, calls)}
	for i := range c.keys {
		c.keys[i] = session.Key{Instance: instanceID, Call: callID(i)}
	}
	in := session.Utterance(withoutKeyword)
	in.TurnID = turnIDs()[0]
	c.take(tb, session.Key{Instance: instanceID, Call: callID(calls)}, in) // What all calls share is there before.
	before := liveHeap()
	for _, key := range c.keys {
		c.take(tb, key, in)
	}
	c.bytes = float64(int64(liveHeap()-before)) / float64(calls)
	return c
}

func (c *crowd) take(tb testing.TB, key session.Key, in session.Input) {
	tb.Helper()
	begin(tb, c.engine, key)
	if _, err := c.engine.Turn(context.Background(), key, in); err != nil {
		tb.Fatal(err)
	}
}

// liveHeap returns the bytes of heap that are reachable. It collects twice,
// since the first collection only retires what pools hold.
func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkSessions takes 100,000 live calls on, in turn and on all cores. To
// reach: 700 bytes a session.
func BenchmarkSessions(b *testing.B) {
	c := gather(b, liveCalls)
	ids := turnIDs()
	var turns atomic.Int64
	var mu sync.Mutex
	var latencies []time.Duration

	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		const every = 16 // Of the turns, one in so many is timed: the clock is not free.
		var mine []time.Duration
		in := session.Utterance(withoutKeyword)
		for n := 0; pb.Next(); n++ {
			turn := turns.Add(1)
			in.TurnID = ids[(turn/liveCalls+1)%2]
			began := time.Time{}
			if n%every == 0 {
				began = time.Now()
			}
			if _, err := c.engine.Turn(context.Background(), c.keys[turn%liveCalls], in); err != nil {
				panic(err)
			}
			if n%every == 0 {
				mine = append(mine, time.Since(began))
			}
		}
		mu.Lock()
		defer mu.Unlock()
		latencies = append(latencies, mine...)
	})
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
	b.ReportMetric(float64(quantile(latencies, 0.5)), "p50-ns")
	b.ReportMetric(float64(quantile(latencies, 0.99)), "p99-ns")
	b.ReportMetric(c.bytes, "bytes/session")
	runtime.KeepAlive(c)
}
