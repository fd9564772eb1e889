package engine

import (
	"context"
	"errors"

	"github.com/talkgraph/talkgraph/session"
)

// sweepBatch is how many idle calls a sweep lists at a time.
const sweepBatch = 1000

// Sweep ends the calls that idled past Options.IdleTimeout, forgets those that
// ended more than Options.Retention ago, and frees versions that were loaded
// for calls in flight and are no longer asked for. It returns how many calls
// it ended; a call that could not be ended is in the error, and does not keep
// the others from being ended, by this sweep or the next.
//
// Call it now and then, once a minute for example.
func (e *Engine) Sweep(ctx context.Context) (int, error) {
	now := e.o.Now()
	idle, forget := now.Add(-e.o.IdleTimeout), now.Add(-e.o.Retention)
	var keys []session.Key
	var failed []error
	for total := 0; ; {
		var err error
		if keys, err = e.store.Expired(ctx, idle, forget, sweepBatch, keys[:0]); err != nil {
			return total, errors.Join(append(failed, err)...)
		}
		before := total
		for _, key := range keys {
			reply, err := e.take(ctx, key, nil, session.Input{Kind: session.Expire, At: now})
			switch {
			case err != nil:
				failed = append(failed, err)
			case reply.Ended != session.Live:
				total++
			}
		}
		if len(keys) < sweepBatch || total == before {
			e.versions.sweep(idle)
			return total, errors.Join(failed...)
		}
	}
}
