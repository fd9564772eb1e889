package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// Version is a bundle as it was published of a script.
type Version struct {
	bun.BaseModel `bun:"table:versions"`

	ScriptID    string `bun:",pk"`
	Version     int64  `bun:",pk"` // When it was published, Unix milliseconds, made unique in the script.
	InstanceID  string
	Debug       bool
	Hash        []byte
	Revision    int64 // Of the draft that it was made of.
	Remark      string
	PublishedAt int64
}

// Versions returns a page of what was published, debug versions left out, and
// how much there is: of one script or, with an empty id, of all of an instance.
func (s *Store) Versions(ctx context.Context, instance, script string, p Page) ([]Version, int, error) {
	var rows []Version
	q := s.read.NewSelect().Model(&rows).Where("debug = ?", false).OrderBy("version", bun.OrderDesc).Order("script_id")
	if script != "" {
		q = q.Where("script_id = ? AND instance_id = ?", script, instance)
	} else {
		q = q.Where("instance_id = ?", instance)
	}
	total, err := list(ctx, q, p, &rows)
	if err == nil && total == 0 {
		if script == "" {
			err = inInstance(ctx, s.read, instance)
		} else {
			_, err = inScript(ctx, s.read, instance, script)
		}
	}
	return rows, total, err
}

// Version returns what was published of a script under a number.
func (s *Store) Version(ctx context.Context, instance, script string, version int64) (*Version, error) {
	row := new(Version)
	err := s.read.NewSelect().Model(row).
		Where("script_id = ? AND version = ? AND instance_id = ?", script, version, instance).Scan(ctx)
	if err = found("ScriptVersion", err); err == nil {
		return row, nil
	}
	if _, missing := inScript(ctx, s.read, instance, script); missing != nil {
		return nil, missing
	}
	return nil, err
}

// Transition moves a script on in its life. The change is made by move, which
// is given the script while nobody else can change it, and may return what is
// published by it: the store gives that its number and makes it the version
// that new calls run on. What is in the script is left alone, and so is all of
// it when move returns an error.
func (s *Store) Transition(ctx context.Context, instance, script string, move func(*Script) (*Version, error)) (*Script, error) {
	var row *Script
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if row, err = s.lockScript(ctx, tx, instance, script); err != nil {
			return err
		}
		published, err := move(row)
		if err == nil && published != nil {
			err = s.publish(ctx, tx, row, published)
		}
		if err != nil {
			return err
		}
		return s.settle(ctx, tx, row)
	})
	return row, err
}

// settle writes down where a script is in its life.
func (s *Store) settle(ctx context.Context, tx bun.Tx, row *Script) error {
	row.UpdatedAt = s.now()
	_, err := tx.NewUpdate().Model(row).WherePK().
		Column("status", "debug_status", "is_drafted", "is_debug_drafted", "applied_version", "debug_version",
			"review_hash", "review_revision", "review_remark", "reject_reason", "updated_at").Exec(ctx)
	return err
}

// publish stores a version of a script under the next number.
func (s *Store) publish(ctx context.Context, tx bun.Tx, row *Script, v *Version) error {
	var last int64
	err := tx.NewSelect().Table("versions").ColumnExpr("COALESCE(MAX(version), 0)").
		Where("script_id = ?", row.ID).Scan(ctx, &last)
	if err != nil {
		return err
	}
	v.ScriptID, v.InstanceID, v.PublishedAt = row.ID, row.InstanceID, s.now()
	v.Version = max(v.PublishedAt, last+1)
	if _, err := tx.NewInsert().Model(v).Exec(ctx); err != nil {
		return err
	}
	if v.Debug {
		row.DebugVersion = v.Version
	} else {
		row.AppliedVersion = v.Version
	}
	return nil
}

// lockScript is inScript, with the script locked until the transaction ends.
// In SQLite the transaction itself is the lock.
func (s *Store) lockScript(ctx context.Context, tx bun.Tx, instance, script string) (*Script, error) {
	if s.postgres {
		_, err := tx.NewSelect().Table("scripts").ColumnExpr("1").
			Where("id = ? AND instance_id = ?", script, instance).For("UPDATE").Exec(ctx)
		if err != nil {
			return nil, err
		}
	}
	return inScript(ctx, tx, instance, script)
}

// Running is what new calls of a script run on.
type Running struct {
	ScriptID string
	Hash     []byte // Nil: nothing was published.
}

// Bundle returns the hash of the bundle, and whether there is one.
func (r *Running) Bundle() (session.Hash, bool) {
	if len(r.Hash) != len(session.Hash{}) {
		return session.Hash{}, false
	}
	return session.Hash(r.Hash), true
}

// Running returns what new calls of a script run on: its applied version, or
// its debug version.
func (s *Store) Running(ctx context.Context, instance, script string, debug bool) (*Running, error) {
	row := new(Running)
	err := s.running(debug, "LEFT JOIN").Where("s.id = ? AND s.instance_id = ?", script, instance).Scan(ctx, row)
	if err = found("Script", err); err == nil {
		return row, nil
	}
	if missing := inInstance(ctx, s.read, instance); missing != nil {
		return nil, missing
	}
	return nil, err
}

// OnlyRunning returns the only script of an instance that new calls can run
// on; nil where there is none, or another.
func (s *Store) OnlyRunning(ctx context.Context, instance string, debug bool) (*Running, error) {
	var rows []Running
	err := s.running(debug, "JOIN").Where("s.instance_id = ?", instance).Limit(2).Scan(ctx, &rows)
	if err == nil && len(rows) == 0 {
		err = inInstance(ctx, s.read, instance)
	}
	if err != nil || len(rows) != 1 {
		return nil, err
	}
	return &rows[0], nil
}

func (s *Store) running(debug bool, join string) *bun.SelectQuery {
	which := "applied_version"
	if debug {
		which = "debug_version"
	}
	return s.read.NewSelect().TableExpr("scripts AS s").ColumnExpr("s.id AS script_id, v.hash").
		Join(join+" versions AS v ON v.script_id = s.id AND v.version = s.?", bun.Ident(which))
}
