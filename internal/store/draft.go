package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// Draft is a script with all that people edit in it, each list in the order in
// which its things were made. Export, publishing and checking begin with one;
// import and duplication end with one.
type Draft struct {
	Script    Script
	Flows     []Flow
	Intents   []Intent
	Questions []Question
	Groups    []TagGroup
	Tags      []Tag
}

// What a script may hold, as the compiler limits a bundle.
const (
	maxFlows      = 5_000
	maxIntents    = 2_000
	maxUtterances = 200_000 // In all intents.
	maxQuestions  = 65_535
	maxTags       = 65_535 // As many groups.
)

// Draft returns a script with all that is in it, as it is at one moment.
func (s *Store) Draft(ctx context.Context, instance, script string) (*Draft, error) {
	return s.readDraft(ctx, instance, script)
}

// Outline is Draft without what its intents are matched by, which is most of a
// script: enough to look at its flows.
func (s *Store) Outline(ctx context.Context, instance, script string) (*Draft, error) {
	return s.readDraft(ctx, instance, script, "script_id", "id", "name")
}

// readDraft reads a draft; of its intents these columns, or all.
func (s *Store) readDraft(ctx context.Context, instance, script string, columns ...string) (*Draft, error) {
	d := new(Draft)
	err := s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		row, err := inScript(ctx, tx, instance, script)
		if err != nil {
			return err
		}
		d.Script = *row
		return cmp.Or(
			inOrder(ctx, tx, script, &d.Flows),
			inOrder(ctx, tx, script, &d.Intents, columns...),
			inOrder(ctx, tx, script, &d.Questions),
			inOrder(ctx, tx, script, &d.Groups),
			inOrder(ctx, tx, script, &d.Tags),
		)
	})
	return d, err
}

// writeDraft writes what is in a script that is new, in the order of the lists;
// the script itself is there already. Ids are kept; tags and groups without one
// get one, and a group that only tags name is made. All this is set in d.
func (s *Store) writeDraft(ctx context.Context, tx bun.Tx, d *Draft) error {
	s.Complete(d)
	if err := insert(ctx, tx, d.Flows); err != nil {
		return taken("DialogueFlowName", err)
	}
	if err := insert(ctx, tx, d.Intents); err != nil {
		return taken("IntentName", err)
	}
	if err := insert(ctx, tx, d.Questions); err != nil {
		return taken("GlobalQuestionName", err)
	}
	if err := insert(ctx, tx, d.Groups); err != nil {
		return taken("TagGroup", err)
	}
	return taken("TagName", insert(ctx, tx, d.Tags))
}

// Complete gives the rows of a new draft what only the store knows, as storing it
// does. It is for who must know beforehand what will be stored.
func (s *Store) Complete(d *Draft) {
	script, now := d.Script.ID, s.now()
	for i := range d.Flows {
		f := &d.Flows[i]
		f.ScriptID, f.Position, f.CreatedAt, f.UpdatedAt = script, int64(i), now, now
	}
	for i := range d.Intents {
		n := &d.Intents[i]
		n.ScriptID, n.Position, n.CreatedAt, n.UpdatedAt = script, int64(i), now, now
		n.derive()
	}
	for i := range d.Questions {
		q := &d.Questions[i]
		q.ScriptID, q.Position, q.CreatedAt, q.UpdatedAt = script, int64(i), now, now
	}
	named := make(map[string]bool)
	for _, g := range d.Groups {
		named[g.Name] = true
	}
	for i := range d.Tags {
		t := &d.Tags[i]
		t.ScriptID, t.Position = script, int64(i)
		if t.ID == "" {
			t.ID = s.o.NewID()
		}
		if !named[t.GroupName] {
			named[t.GroupName] = true
			d.Groups = append(d.Groups, TagGroup{Name: t.GroupName})
		}
	}
	for i := range d.Groups {
		g := &d.Groups[i]
		g.ScriptID, g.Position = script, int64(i)
		if g.ID == "" {
			g.ID = s.o.NewID()
		}
	}
}

// inOrder reads the rows of a script, or some columns of them, in the order in
// which they were made.
func inOrder[Row any](ctx context.Context, tx bun.Tx, script string, rows *[]Row, columns ...string) error {
	return tx.NewSelect().Model(rows).Column(columns...).Where("script_id = ?", script).OrderExpr("position, id").Scan(ctx)
}

// insert writes many rows, a bounded number in a statement.
func insert[Row any](ctx context.Context, tx bun.Tx, rows []Row) error {
	const most = 200
	for part := range slices.Chunk(rows, most) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// nextPosition returns the position of one more row of a script in a table, or
// says that the script has as many as it may.
func nextPosition(ctx context.Context, tx bun.Tx, script, table string, most int) (int64, error) {
	var count, next int64
	err := tx.NewSelect().Table(table).ColumnExpr("COUNT(*), COALESCE(MAX(position), -1) + 1").
		Where("script_id = ?", script).Scan(ctx, &count, &next)
	if err == nil && count >= int64(most) {
		things := strings.ReplaceAll(table, "_", " ")
		return 0, &InvalidError{"ScriptId", fmt.Sprintf("A script may have at most %d %s.", most, things)}
	}
	return next, err
}
