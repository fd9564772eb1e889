package store

import (
	"context"

	"github.com/uptrace/bun"
)

// NewID returns a new id, for things that name each other before they are stored.
func (s *Store) NewID() string { return s.o.NewID() }

// CreateScript stores a new script with all that is in it. It names the script
// where it has no id, and sets in d what only the store knows.
func (s *Store) CreateScript(ctx context.Context, d *Draft) error {
	s.nameScript(d)
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.keepInstance(ctx, tx, d.Script.InstanceID); err != nil {
			return err
		}
		return s.createScript(ctx, tx, d)
	})
}

// nameScript gives a script that is new its id, and its age.
func (s *Store) nameScript(d *Draft) {
	if d.Script.ID == "" {
		d.Script.ID = s.NewID()
	}
	d.Script.CreatedAt = s.now()
	d.Script.UpdatedAt = d.Script.CreatedAt
}

func (s *Store) createScript(ctx context.Context, tx bun.Tx, d *Draft) error {
	if _, err := tx.NewInsert().Model(&d.Script).Exec(ctx); err != nil {
		return taken("ScriptName", err)
	}
	return s.writeDraft(ctx, tx, d)
}
