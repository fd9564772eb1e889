package store

import (
	"context"

	"github.com/uptrace/bun"
)

// ReplaceDraft gives a script, which must be there, another content: what is in
// d, and what it is called and for. What was published of it stays.
func (s *Store) ReplaceDraft(ctx context.Context, d *Draft) error {
	script := d.Script.ID
	return s.edit(ctx, d.Script.InstanceID, script, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model(&d.Script).Column("name", "industry", "scene", "description", "extra").WherePK().Exec(ctx)
		if err != nil {
			return taken("ScriptName", err)
		}
		for _, table := range []string{"flows", "intents", "questions", "tags", "tag_groups"} {
			if _, err := tx.NewDelete().Table(table).Where("script_id = ?", script).Exec(ctx); err != nil {
				return err
			}
		}
		return s.writeDraft(ctx, tx, d)
	})
}

// WasPublished reports whether something was published of a script with this
// remark.
func (s *Store) WasPublished(ctx context.Context, instance, script, remark string) (bool, error) {
	return s.read.NewSelect().Model((*Version)(nil)).
		Where("script_id = ? AND instance_id = ? AND remark = ?", script, instance, remark).Exists(ctx)
}
