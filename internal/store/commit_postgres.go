package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/talkgraph/talkgraph/session"
)

// postgresWriters is how many batches are on their way at once. The server may
// be some way off, and it writes several transactions with one sync.
const postgresWriters = 4

// postgresLedger writes a batch with one statement, whatever its size, since
// every statement is a way there and back. Columns travel as arrays, so that
// the text stays the same and is planned once.
type postgresLedger struct {
	db interface {
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
}

func newPostgresLedger(_ context.Context, tx *sql.Tx) ledger { return postgresLedger{db: tx} }

// The turns of a batch, numbered by n, and the transcript of those that were
// written.
const (
	postgresBatch = `WITH batch AS (
	SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[], $8::bytea[],
		$9::text[], $10::bigint[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::boolean[], $17::text[], $18::text[],
		$19::text[], $20::bigint[])
	AS b (n, instance_id, call_id, began_at, revision, ended, snapshot, version,
		turn_id, at, input, utterance, action, action_params, content, interruptible, flow_id, node_id, events, touched_at)
)`
	postgresKeep = `, kept AS (
	INSERT INTO turns (instance_id, call_id, began_at, revision, version, turn_id, at, input, utterance,
		action, action_params, content, interruptible, flow_id, node_id, events)
	SELECT b.instance_id, b.call_id, b.began_at, b.revision, b.version, b.turn_id, b.at, b.input, b.utterance,
		b.action, b.action_params, b.content, b.interruptible, b.flow_id, b.node_id, b.events
	FROM batch b JOIN written USING (n)
)
SELECT n FROM written`
)

// Rows are locked in the order of their names, so that two servers with the
// same calls in hand wait for each other and never in a ring.
const postgresMove = postgresBatch + `, locked AS (
	SELECT b.n FROM calls c JOIN batch b USING (instance_id, call_id)
	WHERE c.revision = b.revision - 1
	ORDER BY instance_id, call_id FOR UPDATE OF c
), written AS (
	UPDATE calls c SET revision = b.revision, ended = b.ended, touched_at = b.touched_at, snapshot = b.snapshot
	FROM batch b JOIN locked USING (n)
	WHERE c.instance_id = b.instance_id AND c.call_id = b.call_id AND c.revision = b.revision - 1
	RETURNING b.n
)` + postgresKeep

const postgresBegin = postgresBatch + `, begun AS (
	INSERT INTO calls (instance_id, call_id, revision, ended, touched_at, snapshot)
	SELECT instance_id, call_id, revision, ended, touched_at, snapshot FROM batch ORDER BY instance_id, call_id
	ON CONFLICT DO NOTHING RETURNING instance_id, call_id
), written AS (
	SELECT b.n FROM batch b JOIN begun USING (instance_id, call_id)
)` + postgresKeep

const postgresCount = `UPDATE live_calls l SET live = l.live + b.by
FROM unnest($1::text[], $2::bigint[]) AS b (instance_id, by) WHERE l.instance_id = b.instance_id`

func (l postgresLedger) move(ctx context.Context, turns []*pending) error {
	return l.run(ctx, postgresMove, turns)
}

func (l postgresLedger) begin(ctx context.Context, turns []*pending) error {
	return l.run(ctx, postgresBegin, turns)
}

func (l postgresLedger) count(ctx context.Context, instances []string, by []int64) error {
	_, err := l.db.ExecContext(ctx, postgresCount, instances, by)
	return err
}

// run writes the turns. Those of which it does not hear again are conflicts.
func (l postgresLedger) run(ctx context.Context, query string, turns []*pending) error {
	if len(turns) == 0 {
		return nil
	}
	rows, err := l.db.QueryContext(ctx, query, columns(turns)...)
	if err != nil {
		return err
	}
	written := make([]bool, len(turns))
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return errors.Join(err, rows.Close())
		}
		written[n] = true
	}
	for i, turn := range turns {
		if !written[i] {
			turn.err = session.ErrConflict
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// columns returns the arguments of postgresBatch.
func columns(turns []*pending) []any {
	return []any{
		column(turns, func(n int, _ *pending) int64 { return int64(n) }),
		column(turns, func(_ int, t *pending) string { return t.row.InstanceID }),
		column(turns, func(_ int, t *pending) string { return t.row.CallID }),
		column(turns, func(_ int, t *pending) int64 { return t.row.BeganAt }),
		column(turns, func(_ int, t *pending) int64 { return t.row.Revision }),
		column(turns, func(_ int, t *pending) int64 { return int64(t.ended) }),
		column(turns, func(_ int, t *pending) []byte { return []byte(t.snapshot) }),
		column(turns, func(_ int, t *pending) []byte { return t.row.Version }),
		column(turns, func(_ int, t *pending) string { return t.row.TurnID }),
		column(turns, func(_ int, t *pending) int64 { return t.row.At }),
		column(turns, func(_ int, t *pending) string { return t.row.Input }),
		column(turns, func(_ int, t *pending) string { return t.row.Utterance }),
		column(turns, func(_ int, t *pending) string { return t.row.Action }),
		column(turns, func(_ int, t *pending) string { return t.row.ActionParams }),
		column(turns, func(_ int, t *pending) string { return t.row.Content }),
		column(turns, func(_ int, t *pending) bool { return t.row.Interruptible }),
		column(turns, func(_ int, t *pending) string { return t.row.FlowID }),
		column(turns, func(_ int, t *pending) string { return t.row.NodeID }),
		column(turns, func(_ int, t *pending) string { return t.events }),
		column(turns, func(_ int, t *pending) int64 { return t.touched }),
	}
}

func column[T any](turns []*pending, of func(n int, t *pending) T) []T {
	values := make([]T, len(turns))
	for n, turn := range turns {
		values[n] = of(n, turn)
	}
	return values
}
