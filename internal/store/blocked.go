package store

import (
	"context"

	"github.com/uptrace/bun"
)

// BlockedNumber is a number that an instance must not call.
type BlockedNumber struct {
	bun.BaseModel `bun:"table:blocked_numbers"`

	ID         string `bun:",pk"`
	InstanceID string
	Number     string // Unique in the instance.
	Name       string
	Remark     string
	CreatedAt  int64
}

// BlockNumbers puts numbers on the block list of an instance; of those that are
// on it, name and remark are changed. It returns how many rows it wrote.
func (s *Store) BlockNumbers(ctx context.Context, instance string, numbers []BlockedNumber) (int, error) {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.keepInstance(ctx, tx, instance); err != nil {
			return err
		}
		for i := range numbers {
			n := &numbers[i]
			n.ID, n.InstanceID, n.CreatedAt = s.o.NewID(), instance, s.now()
			_, err := tx.NewInsert().Model(n).On("CONFLICT (instance_id, number) DO UPDATE").
				Set("name = EXCLUDED.name, remark = EXCLUDED.remark").Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return len(numbers), err
}

// BlockedNumbers returns a page of the block list, the newest first.
func (s *Store) BlockedNumbers(ctx context.Context, instance string, p Page) ([]BlockedNumber, int, error) {
	if err := inInstance(ctx, s.read, instance); err != nil {
		return nil, 0, err
	}
	var rows []BlockedNumber
	q := s.read.NewSelect().Model(&rows).Where("instance_id = ?", instance).OrderExpr("created_at DESC, id")
	total, err := list(ctx, q, p, &rows)
	return rows, total, err
}

// UnblockNumber takes an entry off the block list.
func (s *Store) UnblockNumber(ctx context.Context, instance, id string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := inInstance(ctx, tx, instance); err != nil {
			return err
		}
		result, err := tx.NewDelete().Table("blocked_numbers").Where("id = ? AND instance_id = ?", id, instance).Exec(ctx)
		return changed("ContactBlockList", result, err)
	})
}
