package store

import (
	"context"

	"github.com/uptrace/bun"
)

// WriteDraft is writeDraft for the tests, with the script itself, in one
// transaction.
func (s *Store) WriteDraft(ctx context.Context, d *Draft) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&d.Script).Exec(ctx); err != nil {
			return err
		}
		return s.writeDraft(ctx, tx, d)
	})
}

// AddInstance makes an instance.
func (s *Store) AddInstance(ctx context.Context, id string) error {
	_, err := s.write.ExecContext(ctx, "INSERT INTO instances VALUES (?, ?, '', 1, 0, 0)", id, id)
	return err
}
