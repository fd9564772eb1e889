package store

import (
	"context"

	"github.com/uptrace/bun"
)

// What a global question may be: one that callers ask, or one that holds what
// the script says by itself.
const (
	CommonQuestion = "COMMON"
	SystemQuestion = "SYSTEM"
)

// Question is a global question of a script's draft.
type Question struct {
	bun.BaseModel `bun:"table:questions"`

	ScriptID  string `bun:",pk"`
	ID        string `bun:",pk"` // Unique in the script: definitions name it.
	Name      string
	Type      string // COMMON or SYSTEM.
	Role      string // Of a SYSTEM question, as bundles write it; empty: the compiler gives one.
	Questions Texts
	Answers   Texts
	Position  int64 // Its place in the draft, which decides about roles.
	CreatedAt int64
	UpdatedAt int64
}

// CreateQuestion adds a question of this name, type, role and texts to a script
// and returns its id.
func (s *Store) CreateQuestion(ctx context.Context, instance, script string, q Question) (string, error) {
	err := s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if q.Position, err = nextPosition(ctx, tx, script, "questions", maxQuestions); err != nil {
			return err
		}
		q.ScriptID, q.ID, q.CreatedAt = script, s.o.NewID(), s.now()
		q.UpdatedAt = q.CreatedAt
		_, err = tx.NewInsert().Model(&q).Exec(ctx)
		return taken("GlobalQuestionName", err)
	})
	return q.ID, err
}

// SetQuestion replaces the name, type, role and texts of the question q.ID. A
// SYSTEM question keeps the role it has when q has none: most clients know no
// roles, and a change of its answers is not meant to change what they are for.
func (s *Store) SetQuestion(ctx context.Context, instance, script string, q Question) error {
	q.ScriptID, q.UpdatedAt = script, s.now()
	columns := []string{"name", "type", "questions", "answers", "updated_at"}
	if q.Role != "" || q.Type != SystemQuestion {
		columns = append(columns, "role")
	}
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewUpdate().Model(&q).Column(columns...).WherePK().Exec(ctx)
		return changed("GlobalQuestion", result, taken("GlobalQuestionName", err))
	})
}

// DeleteQuestion removes a question.
func (s *Store) DeleteQuestion(ctx context.Context, instance, script, id string) error {
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewDelete().Model(&Question{ScriptID: script, ID: id}).WherePK().Exec(ctx)
		return changed("GlobalQuestion", result, err)
	})
}

// Question returns a question.
func (s *Store) Question(ctx context.Context, instance, script, id string) (*Question, error) {
	if _, err := inScript(ctx, s.read, instance, script); err != nil {
		return nil, err
	}
	q := &Question{ScriptID: script, ID: id}
	return q, found("GlobalQuestion", s.read.NewSelect().Model(q).WherePK().Scan(ctx))
}

// Questions returns a page of the questions of a script, newest first, and how
// many there are.
func (s *Store) Questions(ctx context.Context, instance, script string, p Page) ([]Question, int, error) {
	if _, err := inScript(ctx, s.read, instance, script); err != nil {
		return nil, 0, err
	}
	var rows []Question
	q := s.read.NewSelect().Model(&rows).Where("script_id = ?", script).OrderExpr("created_at DESC, id")
	total, err := list(ctx, q, p, &rows)
	return rows, total, err
}
