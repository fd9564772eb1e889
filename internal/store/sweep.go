package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// forgetBatch is how many rows are deleted at a time, so that turns need not
// wait long in between.
const forgetBatch = 500

// Expired implements [session.Store]. Any server may sweep: one that ends a
// call swaps on its revision like any turn, and of two that forget a call one
// finds it gone. Expired also throws away the transcripts of calls that are
// forgotten and began longer ago than Options.Transcripts.
func (c *Sessions) Expired(ctx context.Context, idle, ended time.Time, limit int, keys []session.Key) ([]session.Key, error) {
	if err := c.forget(ctx, ended.UnixMilli()); err != nil {
		return keys, fmt.Errorf("store: forgetting calls: %w", err)
	}
	var rows []struct{ InstanceID, CallID string }
	if err := c.idle(idle.UnixMilli(), limit).Scan(ctx, &rows); err != nil {
		return keys, fmt.Errorf("store: looking for idle calls: %w", err)
	}
	for _, row := range rows {
		keys = append(keys, session.Key{Instance: row.InstanceID, Call: row.CallID})
	}
	return keys, nil
}

func (c *Sessions) idle(before int64, limit int) *bun.SelectQuery {
	return c.s.read.NewSelect().Table("calls").Column("instance_id", "call_id").
		Where("ended = 0 AND touched_at < ?", before).Order("touched_at").Limit(limit)
}

// forget deletes the calls that ended before then, and old transcripts.
func (c *Sessions) forget(ctx context.Context, ended int64) error {
	if err := deleteAll(ctx, c.forgetCalls(ended)); err != nil {
		return err
	}
	if c.s.o.Transcripts < 0 {
		return nil
	}
	return deleteAll(ctx, c.forgetTurns(c.s.now()-c.s.o.Transcripts.Milliseconds()))
}

func (c *Sessions) forgetCalls(ended int64) *bun.DeleteQuery {
	old := c.s.write.NewSelect().Table("calls").Column("instance_id", "call_id").
		Where("ended <> 0 AND touched_at < ?", ended).Order("touched_at").Limit(forgetBatch)
	return c.s.write.NewDelete().Table("calls").Where("(instance_id, call_id) IN (?)", old)
}

func (c *Sessions) forgetTurns(began int64) *bun.DeleteQuery {
	old := c.s.write.NewSelect().Table("turns").Column("instance_id", "call_id", "began_at").
		Where("revision = 1 AND at < ?", began).
		Where("NOT EXISTS (SELECT 1 FROM calls WHERE calls.instance_id = turns.instance_id AND calls.call_id = turns.call_id)").
		Order("at").Limit(forgetBatch)
	return c.s.write.NewDelete().Table("turns").Where("(instance_id, call_id, began_at) IN (?)", old)
}

// deleteAll runs a statement that deletes a part until there is nothing left.
func deleteAll(ctx context.Context, part *bun.DeleteQuery) error {
	for {
		result, err := part.Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}
