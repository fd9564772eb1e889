package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// Intent is something callers may mean, in a script's draft.
type Intent struct {
	bun.BaseModel `bun:"table:intents"`

	ScriptID       string `bun:",pk"`
	ID             string `bun:",pk"` // Unique in the script: definitions name it.
	Name           string
	Description    string
	Utterances     Texts
	UtteranceCount int64 // Set by the store.
	Keywords       Texts
	Searched       string // What lists are filtered by. Set by the store.
	Position       int64  // Its place in the draft.
	CreatedAt      int64
	UpdatedAt      int64
}

// CreateIntent adds an intent of this name, description and texts to a script
// and returns its id.
func (s *Store) CreateIntent(ctx context.Context, instance, script string, i Intent) (string, error) {
	i.derive()
	err := s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if i.Position, err = nextPosition(ctx, tx, script, "intents", maxIntents); err != nil {
			return err
		}
		i.ScriptID, i.ID, i.CreatedAt = script, s.o.NewID(), s.now()
		i.UpdatedAt = i.CreatedAt
		if _, err = tx.NewInsert().Model(&i).Exec(ctx); err != nil {
			return taken("IntentName", err)
		}
		return checkUtterances(ctx, tx, script)
	})
	return i.ID, err
}

// SetIntent replaces the name, description and texts of the intent i.ID.
func (s *Store) SetIntent(ctx context.Context, instance, script string, i Intent) error {
	i.ScriptID, i.UpdatedAt = script, s.now()
	i.derive()
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewUpdate().Model(&i).WherePK().Column(
			"name", "description", "utterances", "utterance_count", "keywords", "searched", "updated_at").Exec(ctx)
		if err = changed("Intent", result, taken("IntentName", err)); err != nil {
			return err
		}
		return checkUtterances(ctx, tx, script)
	})
}

// DeleteIntent removes an intent.
func (s *Store) DeleteIntent(ctx context.Context, instance, script, id string) error {
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewDelete().Model(&Intent{ScriptID: script, ID: id}).WherePK().Exec(ctx)
		return changed("Intent", result, err)
	})
}

// Intent returns an intent.
func (s *Store) Intent(ctx context.Context, instance, script, id string) (*Intent, error) {
	if _, err := inScript(ctx, s.read, instance, script); err != nil {
		return nil, err
	}
	i := &Intent{ScriptID: script, ID: id}
	return i, found("Intent", s.read.NewSelect().Model(i).ExcludeColumn("searched").WherePK().Scan(ctx))
}

// Intents returns a page of the intents of a script, newest first, and how many
// there are. With a keyword it is those that have a keyword which contains it,
// in upper case or lower.
func (s *Store) Intents(ctx context.Context, instance, script, keyword string, p Page) ([]Intent, int, error) {
	if _, err := inScript(ctx, s.read, instance, script); err != nil {
		return nil, 0, err
	}
	var rows []Intent
	q := s.read.NewSelect().Model(&rows).ExcludeColumn("searched").
		Where("script_id = ?", script).OrderExpr("created_at DESC, id")
	if keyword != "" {
		q.Where("searched LIKE ? ESCAPE '!'", containing(strings.ToLower(keyword)))
	}
	total, err := list(ctx, q, p, &rows)
	return rows, total, err
}

// derive sets the columns that follow from the others.
func (i *Intent) derive() {
	i.UtteranceCount = int64(len(i.Utterances.List()))
	i.Searched = strings.ToLower(strings.Join(i.Keywords.List(), "\n"))
}

// checkUtterances refuses a script whose intents have more utterances together
// than a bundle may.
func checkUtterances(ctx context.Context, tx bun.Tx, script string) error {
	var sum int64
	err := tx.NewSelect().Table("intents").ColumnExpr("COALESCE(SUM(utterance_count), 0)").
		Where("script_id = ?", script).Scan(ctx, &sum)
	if err == nil && sum > maxUtterances {
		return &InvalidError{"Utterances", fmt.Sprintf("The intents of a script may have at most %d utterances together.", maxUtterances)}
	}
	return err
}
