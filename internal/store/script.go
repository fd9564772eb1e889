package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"
)

// Script is a script without what is in it.
type Script struct {
	bun.BaseModel `bun:"table:scripts"`

	ID             string `bun:",pk"`
	InstanceID     string
	Name           string
	Industry       string
	Scene          string
	Description    string
	Extra          string // The members of a bundle that have no column, as JSON.
	Revision       int64  // Of the draft: counts its edits.
	Status         string // Of the applied version, or of the review it is in.
	DebugStatus    string
	IsDrafted      bool   // Whether the draft is another than the applied version.
	IsDebugDrafted bool   // Whether the draft is another than the debug version.
	AppliedVersion int64  // What new calls run on; 0: nothing was published.
	DebugVersion   int64  // What new debug calls run on; 0: nothing was published.
	ReviewHash     []byte // The bundle in review; nil: none.
	ReviewRevision int64  // The draft it was made of.
	ReviewRemark   string
	RejectReason   string
	CreatedAt      int64
	UpdatedAt      int64
}

// Script returns a script of an instance.
func (s *Store) Script(ctx context.Context, instance, script string) (*Script, error) {
	return inScript(ctx, s.read, instance, script)
}

// Scripts returns a page of the scripts of an instance, of the given statuses
// or, without any, of all, and how many there are.
func (s *Store) Scripts(ctx context.Context, instance string, statuses []string, p Page) ([]Script, int, error) {
	var rows []Script
	q := s.read.NewSelect().Model(&rows).Where("instance_id = ?", instance).OrderBy("created_at", bun.OrderDesc).Order("id")
	if len(statuses) > 0 {
		q = q.Where("status IN (?)", bun.List(statuses))
	}
	total, err := list(ctx, q, p, &rows)
	if err == nil && total == 0 {
		err = inInstance(ctx, s.read, instance)
	}
	return rows, total, err
}

// ModifyScript changes what a script is called and for. It is an edit of the
// draft, for a bundle holds these too.
func (s *Store) ModifyScript(ctx context.Context, changed *Script) (*Script, error) {
	var after *Script
	err := s.edit(ctx, changed.InstanceID, changed.ID, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model(changed).Column("name", "industry", "scene", "description").WherePK().Exec(ctx)
		if err != nil {
			return taken("ScriptName", err)
		}
		after, err = inScript(ctx, tx, changed.InstanceID, changed.ID)
		return err
	})
	return after, err
}

// DeleteScript deletes a script and all that is in it. The bundles that were
// published of it stay as long as there are transcripts of calls on them.
func (s *Store) DeleteScript(ctx context.Context, instance, script string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewDelete().Model((*Script)(nil)).Where("id = ? AND instance_id = ?", script, instance).Exec(ctx)
		if err = changed("Script", result, err); err == nil {
			return nil
		}
		if missing := inInstance(ctx, tx, instance); missing != nil {
			return missing
		}
		return err
	})
}

// inInstance returns a NotFoundError unless there is such an instance.
func inInstance(ctx context.Context, db bun.IDB, instance string) error {
	exists, err := db.NewSelect().Table("instances").Where("id = ?", instance).Exists(ctx)
	if err == nil && !exists {
		return &NotFoundError{Thing: "Instance"}
	}
	return err
}

// within says of a thing that an instance does not have whether there is such
// an instance at all; other errors, and none, it leaves as they are.
func within(ctx context.Context, db bun.IDB, instance string, err error) error {
	var missing *NotFoundError
	if errors.As(err, &missing) {
		if err := inInstance(ctx, db, instance); err != nil {
			return err
		}
	}
	return err
}

// inScript returns a script of an instance, or which of the two there is not.
func inScript(ctx context.Context, db bun.IDB, instance, script string) (*Script, error) {
	row := new(Script)
	err := db.NewSelect().Model(row).Where("id = ? AND instance_id = ?", script, instance).Scan(ctx)
	if err = found("Script", err); err == nil {
		return row, nil
	}
	if missing := inInstance(ctx, db, instance); missing != nil {
		return nil, missing
	}
	return nil, err
}

// edit runs a change of what is in a script, in one transaction, and makes a
// draft of the script. It returns which of instance and script there is not.
// Edits of one script take place one after the other.
func (s *Store) edit(ctx context.Context, instance, script string, change func(ctx context.Context, tx bun.Tx) error) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// This comes first because it also locks the script.
		if err := s.markEdited(ctx, tx, instance, script); err != nil {
			return err
		}
		return change(ctx, tx)
	})
}

// markEdited makes a draft of a script whose content is about to change.
func (s *Store) markEdited(ctx context.Context, tx bun.Tx, instance, script string) error {
	result, err := tx.NewUpdate().Table("scripts").
		Set("is_drafted = ?, is_debug_drafted = ?, revision = revision + 1, updated_at = ?", true, true, s.now()).
		Where("id = ? AND instance_id = ?", script, instance).Exec(ctx)
	if err = changed("Script", result, err); err != nil {
		if _, missing := inScript(ctx, tx, instance, script); missing != nil {
			return missing
		}
	}
	return err
}
