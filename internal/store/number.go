package store

import (
	"context"

	"github.com/uptrace/bun"
)

// OutboundNumber is a number that an instance calls from, and how often it may.
type OutboundNumber struct {
	bun.BaseModel `bun:"table:outbound_numbers"`

	ID              string `bun:",pk"`
	InstanceID      string
	Number          string // Unique in the instance.
	RateLimitCount  int    // Calls in a period.
	RateLimitPeriod int    // Seconds.
	CreatedAt       int64
}

// CreateOutboundNumber keeps a new number.
func (s *Store) CreateOutboundNumber(ctx context.Context, n OutboundNumber) (*OutboundNumber, error) {
	n.ID, n.CreatedAt = s.o.NewID(), s.now()
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.keepInstance(ctx, tx, n.InstanceID); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&n).Exec(ctx)
		return taken("Number", err)
	})
	if err != nil {
		return nil, err
	}
	return &n, nil
}

// UpdateOutboundNumber changes a number of an instance.
func (s *Store) UpdateOutboundNumber(ctx context.Context, n OutboundNumber) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := inInstance(ctx, tx, n.InstanceID); err != nil {
			return err
		}
		result, err := tx.NewUpdate().Model(&n).Column("number", "rate_limit_count", "rate_limit_period").
			WherePK().Where("instance_id = ?", n.InstanceID).Exec(ctx)
		return changed("OutboundCallNumber", result, taken("Number", err))
	})
}

// DeleteOutboundNumber deletes a number of an instance.
func (s *Store) DeleteOutboundNumber(ctx context.Context, instance, id string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := inInstance(ctx, tx, instance); err != nil {
			return err
		}
		result, err := tx.NewDelete().Model((*OutboundNumber)(nil)).Where("id = ? AND instance_id = ?", id, instance).Exec(ctx)
		return changed("OutboundCallNumber", result, err)
	})
}

// OutboundNumbers returns a page of the numbers of an instance, newest first.
func (s *Store) OutboundNumbers(ctx context.Context, instance string, p Page) ([]OutboundNumber, int, error) {
	if err := inInstance(ctx, s.read, instance); err != nil {
		return nil, 0, err
	}
	var rows []OutboundNumber
	q := s.read.NewSelect().Model(&rows).Where("instance_id = ?", instance).Order("created_at DESC", "id")
	total, err := list(ctx, q, p, &rows)
	return rows, total, err
}
