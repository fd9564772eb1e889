package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// ledger writes the rows of a batch, in the words of one engine.
type ledger interface {
	// move writes turns of calls that have begun. One whose call is not where
	// the turn set out from gets ErrConflict.
	move(ctx context.Context, turns []*pending) error
	// begin writes first turns, no two of one call. One whose call has begun
	// gets ErrConflict.
	begin(ctx context.Context, turns []*pending) error
	// count adds to how many calls of each instance live.
	count(ctx context.Context, instances []string, by []int64) error
}

// write writes a batch in one transaction and leaves in each turn what came of
// it. An error is of the batch: nothing was written.
//
// The order is the same everywhere, so that servers which write at the same
// time wait for each other and never in a ring: calls that were there, then
// the counts of instances, then calls that are new.
func (c *Sessions) write(batch []*pending) (err error) {
	ctx, cancel := c.s.batchContext()
	defer cancel()
	moves, begins, counted := sorted(batch)
	if c.alone != nil && !counted {
		err = c.alone.move(ctx, moves)
	} else {
		err = c.s.once(ctx, func(ctx context.Context, tx bun.Tx) error {
			ledger := c.in(ctx, tx.Tx)
			if err := ledger.move(ctx, moves); err != nil || !counted {
				return err
			}
			return c.beginAndCount(ctx, tx, ledger, begins, moves)
		})
	}
	c.remember(batch, err)
	return err
}

// batchContext is for what is written for many callers: if one gives up, the
// others do not.
func (s *Store) batchContext() (context.Context, context.CancelFunc) {
	if s.postgres {
		return context.WithTimeout(context.Background(), commitLimit)
	}
	return context.Background(), func() {}
}

// sorted tells first turns from others, and whether the batch changes how many
// calls live.
func sorted(batch []*pending) (moves, begins []*pending, counted bool) {
	seen := make(map[session.Key]bool)
	for _, turn := range batch {
		switch {
		case turn.row.Revision != 1:
			moves = append(moves, turn)
			counted = counted || turn.ended != session.Live
		case seen[turn.key]:
			turn.err = session.ErrConflict
		default:
			seen[turn.key] = true
			begins = append(begins, turn)
			counted = true
		}
	}
	return moves, begins, counted
}

// remember keeps the snapshots that a batch has written, and drops those it
// turned out to know better than.
func (c *Sessions) remember(batch []*pending, err error) {
	if c.cache == nil {
		return
	}
	for _, turn := range batch {
		if err == nil && turn.err == nil && turn.ended == session.Live {
			c.cache.Add(turn.key, turn.snapshot)
		} else {
			c.cache.Remove(turn.key)
		}
	}
}
