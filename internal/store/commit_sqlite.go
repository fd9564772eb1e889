package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/talkgraph/talkgraph/session"
)

// sqliteLedger writes row by row, with statements that were compiled once: in
// SQLite there is no way to go between two statements.
type sqliteLedger struct{ begins, moves, keeps, counts *sql.Stmt }

func newSQLiteLedger(ctx context.Context, db *sql.DB) (*sqliteLedger, error) {
	var failed error
	prepare := func(query string) *sql.Stmt {
		statement, err := db.PrepareContext(ctx, query)
		failed = errors.Join(failed, err)
		return statement
	}
	return &sqliteLedger{
		begins: prepare("INSERT INTO calls (instance_id, call_id, revision, ended, touched_at, snapshot) " +
			"VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT DO NOTHING"),
		moves: prepare("UPDATE calls SET revision = revision + 1, ended = ?, touched_at = ?, snapshot = ? " +
			"WHERE instance_id = ? AND call_id = ? AND revision = ?"),
		keeps: prepare("INSERT INTO turns (instance_id, call_id, began_at, revision, version, turn_id, at, input, utterance, " +
			"action, action_params, content, interruptible, flow_id, node_id, events) " +
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
		counts: prepare("UPDATE live_calls SET live = live + ? WHERE instance_id = ?"),
	}, failed
}

// in returns a ledger that writes in tx.
func (l *sqliteLedger) in(ctx context.Context, tx *sql.Tx) ledger {
	return &sqliteLedger{
		begins: tx.StmtContext(ctx, l.begins), moves: tx.StmtContext(ctx, l.moves),
		keeps: tx.StmtContext(ctx, l.keeps), counts: tx.StmtContext(ctx, l.counts),
	}
}

func (l *sqliteLedger) begin(ctx context.Context, turns []*pending) error {
	for _, t := range turns {
		result, err := l.begins.ExecContext(ctx,
			t.key.Instance, t.key.Call, int64(t.ended), t.touched, []byte(t.snapshot))
		if err := l.keep(ctx, t, result, err); err != nil {
			return err
		}
	}
	return nil
}

func (l *sqliteLedger) move(ctx context.Context, turns []*pending) error {
	for _, t := range turns {
		result, err := l.moves.ExecContext(ctx,
			int64(t.ended), t.touched, []byte(t.snapshot), t.key.Instance, t.key.Call, t.row.Revision-1)
		if err := l.keep(ctx, t, result, err); err != nil {
			return err
		}
	}
	return nil
}

// keep adds the turn to the transcript if its call was written.
func (l *sqliteLedger) keep(ctx context.Context, t *pending, written sql.Result, err error) error {
	if err != nil {
		return err
	}
	switch n, err := written.RowsAffected(); {
	case err != nil:
		return err
	case n == 0:
		t.err = session.ErrConflict
		return nil
	}
	r := &t.row
	_, err = l.keeps.ExecContext(ctx,
		r.InstanceID, r.CallID, r.BeganAt, r.Revision, r.Version, r.TurnID, r.At, r.Input, r.Utterance,
		r.Action, r.ActionParams, r.Content, r.Interruptible, r.FlowID, r.NodeID, t.events)
	return err
}

func (l *sqliteLedger) count(ctx context.Context, instances []string, by []int64) error {
	for i, instance := range instances {
		if _, err := l.counts.ExecContext(ctx, by[i], instance); err != nil {
			return err
		}
	}
	return nil
}
