package store

import (
	"context"

	"github.com/uptrace/bun"
)

// What a flow may be. A script has at most one MainFlow.
const (
	MainFlow = "MainFlow"
	SubFlow  = "SubFlow"
)

// Flow is a dialogue flow of a script's draft.
type Flow struct {
	bun.BaseModel `bun:"table:flows"`

	ScriptID   string `bun:",pk"`
	ID         string `bun:",pk"` // Unique in the script: definitions name it.
	Name       string
	Type       string // MainFlow or SubFlow.
	Definition string // JSON, byte for byte as it was given.
	Position   int64  // Its place in the draft.
	CreatedAt  int64
	UpdatedAt  int64
}

// CreateFlow adds a flow of this name, type and definition to a script and
// returns its id.
func (s *Store) CreateFlow(ctx context.Context, instance, script string, f Flow) (string, error) {
	err := s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		if f.Type == MainFlow {
			second, err := tx.NewSelect().Table("flows").Where("script_id = ? AND type = ?", script, MainFlow).Exists(ctx)
			if err != nil {
				return err
			}
			if second {
				return &InvalidError{"DialogueFlowType", "The script has its MainFlow already: make this one a SubFlow."}
			}
		}
		var err error
		if f.Position, err = nextPosition(ctx, tx, script, "flows", maxFlows); err != nil {
			return err
		}
		f.ScriptID, f.ID, f.CreatedAt = script, s.o.NewID(), s.now()
		f.UpdatedAt = f.CreatedAt
		_, err = tx.NewInsert().Model(&f).Exec(ctx)
		return taken("DialogueFlowName", err)
	})
	return f.ID, err
}

// SetFlowDefinition replaces the definition of a flow.
func (s *Store) SetFlowDefinition(ctx context.Context, instance, script, id, definition string) error {
	f := Flow{ScriptID: script, ID: id, Definition: definition, UpdatedAt: s.now()}
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewUpdate().Model(&f).Column("definition", "updated_at").WherePK().Exec(ctx)
		return changed("DialogueFlow", result, err)
	})
}

// DeleteFlow removes a flow.
func (s *Store) DeleteFlow(ctx context.Context, instance, script, id string) error {
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewDelete().Model(&Flow{ScriptID: script, ID: id}).WherePK().Exec(ctx)
		return changed("DialogueFlow", result, err)
	})
}

// Flows returns all flows of a script, newest first, and the script.
func (s *Store) Flows(ctx context.Context, instance, script string) (*Script, []Flow, error) {
	row, err := inScript(ctx, s.read, instance, script)
	if err != nil {
		return nil, nil, err
	}
	flows := []Flow{}
	err = s.read.NewSelect().Model(&flows).Where("script_id = ?", script).OrderExpr("created_at DESC, id").Scan(ctx)
	return row, flows, err
}
