package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/talkgraph/talkgraph/session"
)

// Sessions keeps calls between turns, and what was said in them: a
// [session.Store] in which a turn is on the disk, its line of the transcript
// with it, before Commit returns. Any number of processes may serve the same
// call, turn by turn: each turn swaps on the call's revision.
//
//	commit.go            turns that come together share a transaction
//	commit_batch.go      that transaction
//	commit_live.go       how many calls of an instance live, and the cap on them
//	commit_sqlite.go     a batch in the words of SQLite
//	commit_postgres.go   a batch in the words of PostgreSQL
//	transcript.go        the turns of a call as they are kept and read
//	sweep.go             idle calls, and what is old enough to be forgotten
type Sessions struct {
	s         *Store
	committer *committer[*pending]
	find      *sql.Stmt // The snapshot of a call.

	// in returns the ledger that writes in a transaction; alone writes without
	// one where a statement that is one by itself saves time, else it is nil.
	in    func(ctx context.Context, tx *sql.Tx) ledger
	alone ledger

	// In SQLite the snapshots of live calls are kept in memory as well. That is
	// safe even if another process writes to the file: a turn on a snapshot that
	// is out of date swaps on an old revision, is refused, and is taken again
	// from the file. In PostgreSQL, where that is the rule, this is nil.
	cache *lru.Cache[session.Key, string]
}

// cachedCalls is about 64 MB of snapshots.
const cachedCalls = 1 << 16

// Sessions returns the calls of the store.
func (s *Store) Sessions() *Sessions { return s.calls }

// startSessions prepares the statements and starts what writes batches.
func (s *Store) startSessions(ctx context.Context) (err error) {
	c, writers := &Sessions{s: s}, 1
	find := "SELECT snapshot FROM calls WHERE instance_id = ? AND call_id = ?"
	if s.postgres {
		find, writers = "SELECT snapshot FROM calls WHERE instance_id = $1 AND call_id = $2", postgresWriters
		c.in, c.alone = newPostgresLedger, postgresLedger{db: s.write.DB}
	} else {
		ledger, err := newSQLiteLedger(ctx, s.write.DB)
		if err != nil {
			return err
		}
		c.in = ledger.in
		if c.cache, err = lru.New[session.Key, string](cachedCalls); err != nil {
			return err
		}
	}
	if c.find, err = s.read.DB.PrepareContext(ctx, find); err != nil {
		return err
	}
	c.committer = newCommitter(writers, c.write)
	s.calls = c
	s.answers = newCommitter(writers, s.writeAnswers)
	s.ends = newCommitter(writers, s.writeEnds)
	return nil
}

// Load implements [session.Store].
func (c *Sessions) Load(ctx context.Context, key session.Key, s *session.State) (bool, error) {
	if c.cache != nil {
		if snapshot, ok := c.cache.Get(key); ok {
			return true, s.ReadSnapshot(snapshot)
		}
	}
	var snapshot string
	switch err := c.find.QueryRowContext(ctx, key.Instance, key.Call).Scan(&snapshot); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("store: reading a call: %w", err)
	}
	return true, s.ReadSnapshot(snapshot)
}

// Commit implements [session.Store]. It returns when the turn is on the disk,
// or when ctx ends; the turn may then be committed all the same, and the next
// turn of the call finds out.
func (c *Sessions) Commit(ctx context.Context, t *session.Turn) error {
	turn, err := newPending(t)
	if err != nil {
		return err
	}
	return c.committer.commit(ctx, turn)
}
