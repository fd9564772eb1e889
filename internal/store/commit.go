package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/talkgraph/talkgraph/session"
)

// A commit costs a write to the disk, however many turns it carries. So turns
// queue, and a writer takes all that wait as one batch. While it writes, the
// next batch gathers. The ends of calls that did not come about are written so
// as well.
const (
	maxBatch = 100
	// maxWait is how long a writer waits for entries to come together. It waits
	// for as many as came last time, so a lone caller waits for nobody.
	maxWait = time.Millisecond
	// maxQueue bounds what waits; beyond it, Commit itself waits.
	maxQueue = 4096
	// touchedStep is how exactly a row says when its call was last touched, in
	// milliseconds; an idle call is found so much later.
	touchedStep = 10_000
	// commitTries is how often a batch is written that others got in the way of.
	commitTries = 4
	// commitLimit bounds the time for one try where the database is far away.
	commitLimit = 10 * time.Second
)

var errClosed = errors.New("store: the store is closed")

// pending is a turn on its way to the disk. It shares no memory that its
// caller will write to.
type pending struct {
	key      session.Key
	snapshot string
	ended    session.EndReason
	touched  int64 // When the turn came, rounded up to touchedStep.
	row      Turn
	events   string        // Of the row, as they are kept.
	hits     []session.Tag // On the turn that ends the call.
	entry
}

// entry is what came, or is to come, of something that is to be written.
type entry struct {
	err  error
	done chan error // Told once.
}

func newEntry() entry { return entry{done: make(chan error, 1)} }

func (e *entry) outcome() *entry { return e }

// committer hands what is to be written to writers in batches, first come first
// served.
type committer[T interface{ outcome() *entry }] struct {
	write   func(batch []T) error
	queue   chan T
	writers sync.WaitGroup

	mu     sync.RWMutex // Held for reading by who sends on queue.
	closed bool
}

func newCommitter[T interface{ outcome() *entry }](writers int, write func(batch []T) error) *committer[T] {
	c := &committer[T]{write: write, queue: make(chan T, maxQueue)}
	for range writers {
		c.writers.Go(c.run)
	}
	return c
}

// commit returns when an entry is settled or ctx ends.
func (c *committer[T]) commit(ctx context.Context, e T) error {
	if err := c.enqueue(ctx, e); err != nil {
		return err
	}
	select {
	case err := <-e.outcome().done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *committer[T]) enqueue(ctx context.Context, e T) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return errClosed
	}
	select {
	case c.queue <- e:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// close settles what waits, and takes no more.
func (c *committer[T]) close() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.queue)
	}
	c.mu.Unlock()
	c.writers.Wait()
}

// run is a writer.
func (c *committer[T]) run() {
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	batch := make([]T, 0, maxBatch)
	for e := range c.queue {
		batch = c.gather(append(batch[:0], e), max(1, len(batch)), timer)
		c.settle(batch)
		clear(batch)
	}
}

// gather adds to a batch what waits, and waits itself for a moment while there
// are fewer than expected.
func (c *committer[T]) gather(batch []T, expected int, timer *time.Timer) []T {
	timer.Reset(maxWait)
	for len(batch) < maxBatch {
		select {
		case e, open := <-c.queue:
			if !open {
				return batch
			}
			batch = append(batch, e)
			continue
		default:
		}
		if len(batch) >= expected {
			return batch
		}
		select {
		case e, open := <-c.queue:
			if !open {
				return batch
			}
			batch = append(batch, e)
		case <-timer.C:
			return batch
		}
	}
	return batch
}

// settle writes a batch and tells each caller what came of its entry. Where one
// keeps the batch from being written, each is written by itself, so that none
// fails for another.
func (c *committer[T]) settle(batch []T) {
	err := c.try(batch)
	if err != nil && len(batch) > 1 && isOfRow(err) {
		for i := range batch {
			c.settle(batch[i : i+1])
		}
		return
	}
	for _, b := range batch {
		e := b.outcome()
		if err != nil {
			e.err = err
		}
		e.done <- e.err
	}
}

// try writes a batch, again when another process was in the way.
func (c *committer[T]) try(batch []T) (err error) {
	for range commitTries {
		for _, b := range batch {
			b.outcome().err = nil
		}
		if err = c.write(batch); err == nil {
			return nil
		}
		if !isInTheWay(err) && !errors.Is(err, errMoved) {
			break
		}
	}
	return fmt.Errorf("store: writing a batch: %w", err)
}
