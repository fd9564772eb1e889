package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"
)

// Adoption says how a bundle becomes a script that is published at once.
type Adoption struct {
	// Remark is that of the version, and tells one bundle from another: what was
	// published with it is left alone.
	Remark string
	// Replace is asked whether the draft of a script that is there may be given up.
	// It is told whether that draft was published as it is; its error is returned,
	// and nothing is changed.
	Replace func(row *Script, published bool) error
	// Publish returns the versions to publish of the draft, as Transition takes one.
	Publish func(row *Script) []*Version
}

// Adopt makes d the draft of its script, which is made when missing, and
// publishes it, all or nothing. Those who adopt into one instance do so one after
// the other.
func (s *Store) Adopt(ctx context.Context, d *Draft, a Adoption) error {
	s.nameScript(d)
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		instance, script := d.Script.InstanceID, d.Script.ID
		if err := s.holdInstance(ctx, tx, instance); err != nil {
			return err
		}
		row, err := s.lockScript(ctx, tx, instance, script)
		var missing *NotFoundError
		switch {
		case errors.As(err, &missing):
			err = s.createScript(ctx, tx, d)
		case err == nil:
			if done, err := wasPublished(ctx, tx, row, "remark = ?", a.Remark); err != nil || done {
				return err
			}
			err = s.giveUp(ctx, tx, row, d, a)
		}
		if err != nil {
			return err
		}
		if row, err = inScript(ctx, tx, instance, script); err != nil {
			return err
		}
		for _, v := range a.Publish(row) {
			if err := s.publish(ctx, tx, row, v); err != nil {
				return err
			}
		}
		return s.settle(ctx, tx, row)
	})
}

// giveUp puts d in the place of a draft, where that is allowed.
func (s *Store) giveUp(ctx context.Context, tx bun.Tx, row *Script, d *Draft, a Adoption) error {
	published, err := wasPublished(ctx, tx, row, "revision = ? AND NOT debug", row.Revision)
	if err != nil {
		return err
	}
	if err := a.Replace(row, published); err != nil {
		return err
	}
	if err := s.markEdited(ctx, tx, row.InstanceID, row.ID); err != nil {
		return err
	}
	_, err = tx.NewUpdate().Model(&d.Script).Column("name", "industry", "scene", "description", "extra").WherePK().Exec(ctx)
	if err != nil {
		return taken("ScriptName", err)
	}
	for _, table := range []string{"flows", "intents", "questions", "tags", "tag_groups"} {
		if _, err := tx.NewDelete().Table(table).Where("script_id = ?", row.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return s.writeDraft(ctx, tx, d)
}

// wasPublished reports whether there is such a version of a script.
func wasPublished(ctx context.Context, db bun.IDB, row *Script, where string, args ...any) (bool, error) {
	return db.NewSelect().Model((*Version)(nil)).
		Where("script_id = ? AND instance_id = ?", row.ID, row.InstanceID).Where(where, args...).Exists(ctx)
}

// WasPublished reports whether something was published of a script with this
// remark.
func (s *Store) WasPublished(ctx context.Context, instance, script, remark string) (bool, error) {
	return wasPublished(ctx, s.read, &Script{ID: script, InstanceID: instance}, "remark = ?", remark)
}

// LastRemark returns the remark that begins with prefix of what was published
// last of a script; "" for none.
func (s *Store) LastRemark(ctx context.Context, script, prefix string) (string, error) {
	var remarks []string
	err := s.read.NewSelect().Model((*Version)(nil)).Column("remark").
		Where("script_id = ? AND NOT debug AND remark LIKE ? ESCAPE '!'", script, containing(prefix)[1:]).
		Order("version DESC").Limit(1).Scan(ctx, &remarks)
	if err != nil || len(remarks) == 0 {
		return "", err
	}
	return remarks[0], nil
}

// InstanceOf returns the instance that has a script.
func (s *Store) InstanceOf(ctx context.Context, script string) (string, error) {
	var instance string
	err := s.read.NewSelect().Table("scripts").Column("instance_id").Where("id = ?", script).Scan(ctx, &instance)
	return instance, found("Script", err)
}

// Alone calls f while no other server of the database is in here or changes the
// schema: for what servers that start together make when it is missing.
func (s *Store) Alone(ctx context.Context, f func() error) error {
	if s.postgres {
		return s.aloneInPostgres(ctx, f)
	}
	return f() // A file has one server.
}
