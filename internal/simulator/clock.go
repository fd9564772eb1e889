package simulator

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Clock is a time that jumps from event to event. Now is safe for concurrent
// use, the rest is for one goroutine.
type Clock struct {
	mu     sync.Mutex
	now    time.Time
	events events
	made   int
}

// NewClock returns a clock that stands at a time.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After has something done when that much time has passed.
func (c *Clock) After(d time.Duration, do func(ctx context.Context)) {
	c.made++
	heap.Push(&c.events, event{at: c.Now().Add(d), order: c.made, do: do})
}

// Next returns when the next event is; false: there is none.
func (c *Clock) Next() (time.Time, bool) {
	if len(c.events) == 0 {
		return time.Time{}, false
	}
	return c.events[0].at, true
}

// Advance lets time pass, never backwards, and does what is due by then, in the
// order of its time.
func (c *Clock) Advance(ctx context.Context, to time.Time) {
	for len(c.events) > 0 && !c.events[0].at.After(to) {
		e := heap.Pop(&c.events).(event)
		c.set(e.at)
		e.do(ctx)
	}
	c.set(to)
}

func (c *Clock) set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.After(c.now) {
		c.now = now
	}
}

type event struct {
	at    time.Time
	order int // Of two at one time, the one that was made first.
	do    func(ctx context.Context)
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	if e[i].at.Equal(e[j].at) {
		return e[i].order < e[j].order
	}
	return e[i].at.Before(e[j].at)
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}
