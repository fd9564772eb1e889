package store

import (
	"context"

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
	Extra          string // The members of script.json that have no column, as one JSON object.
	Status         string // Of the applied version, or of the review it is in.
	DebugStatus    string
	IsDrafted      bool  // Whether it was edited since it was published.
	IsDebugDrafted bool  // Whether it was edited since it was published for debugging.
	AppliedVersion int64 // What new calls run on; 0: nothing was published.
	DebugVersion   int64 // What new debug calls run on; 0: nothing was published.
	ReviewRemark   string
	RejectReason   string
	CreatedAt      int64
	UpdatedAt      int64
}

// inInstance returns a NotFoundError unless there is such an instance.
func inInstance(ctx context.Context, db bun.IDB, instance string) error {
	exists, err := db.NewSelect().Table("instances").Where("id = ?", instance).Exists(ctx)
	if err == nil && !exists {
		return &NotFoundError{Thing: "Instance"}
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
func (s *Store) edit(ctx context.Context, instance, script string, change func(ctx context.Context, tx bun.Tx) error) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := inScript(ctx, tx, instance, script); err != nil {
			return err
		}
		if err := change(ctx, tx); err != nil {
			return err
		}
		_, err := tx.NewUpdate().Table("scripts").
			Set("is_drafted = ?, is_debug_drafted = ?, updated_at = ?", true, true, s.now()).
			Where("id = ?", script).Exec(ctx)
		return err
	})
}
