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
// next batch gathers.
const (
	maxBatch = 100
	// maxWait is how long a writer waits for turns to come together. It waits
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
	err      error
	done     chan error
}

// committer hands turns to writers in batches, first come first served.
type committer struct {
	write   func(batch []*pending) error
	queue   chan *pending
	writers sync.WaitGroup

	mu     sync.RWMutex // Held for reading by who sends on queue.
	closed bool
}

func newCommitter(writers int, write func(batch []*pending) error) *committer {
	c := &committer{write: write, queue: make(chan *pending, maxQueue)}
	for range writers {
		c.writers.Go(c.run)
	}
	return c
}

// commit returns when the turn is settled or ctx ends.
func (c *committer) commit(ctx context.Context, turn *pending) error {
	if err := c.enqueue(ctx, turn); err != nil {
		return err
	}
	select {
	case err := <-turn.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *committer) enqueue(ctx context.Context, turn *pending) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return errClosed
	}
	select {
	case c.queue <- turn:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// close settles the turns that wait, and takes no more.
func (c *committer) close() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		close(c.queue)
	}
	c.mu.Unlock()
	c.writers.Wait()
}

// run is a writer.
func (c *committer) run() {
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	batch := make([]*pending, 0, maxBatch)
	for turn := range c.queue {
		batch = c.gather(append(batch[:0], turn), max(1, len(batch)), timer)
		c.settle(batch)
		clear(batch)
	}
}

// gather adds to a batch what waits, and waits itself for a moment while there
// are fewer than expected.
func (c *committer) gather(batch []*pending, expected int, timer *time.Timer) []*pending {
	timer.Reset(maxWait)
	for len(batch) < maxBatch {
		select {
		case turn, open := <-c.queue:
			if !open {
				return batch
			}
			batch = append(batch, turn)
			continue
		default:
		}
		if len(batch) >= expected {
			return batch
		}
		select {
		case turn, open := <-c.queue:
			if !open {
				return batch
			}
			batch = append(batch, turn)
		case <-timer.C:
			return batch
		}
	}
	return batch
}

// settle writes a batch and tells each caller what came of its turn. Where one
// turn keeps the batch from being written, each is written by itself, so that
// none fails for another.
func (c *committer) settle(batch []*pending) {
	err := c.try(batch)
	if err != nil && len(batch) > 1 && isOfRow(err) {
		for i := range batch {
			c.settle(batch[i : i+1])
		}
		return
	}
	for _, turn := range batch {
		if err != nil {
			turn.err = err
		}
		turn.done <- turn.err
	}
}

// try writes a batch, again when another process was in the way.
func (c *committer) try(batch []*pending) (err error) {
	for range commitTries {
		for _, turn := range batch {
			turn.err = nil
		}
		if err = c.write(batch); err == nil {
			return nil
		}
		if !isInTheWay(err) {
			break
		}
	}
	return fmt.Errorf("store: writing a turn: %w", err)
}
