package store

import (
	"context"

	"github.com/uptrace/bun"
)

// TagGroup is a group of tags in a script's draft.
type TagGroup struct {
	bun.BaseModel `bun:"table:tag_groups"`

	ScriptID string `bun:",pk"`
	ID       string `bun:",pk"`
	Name     string // Unique in the script. Empty is a name: bundles may have tags without a group.
	Position int64  // From 0.
}

// Tag is a tag in a script's draft.
type Tag struct {
	bun.BaseModel `bun:"table:tags"`

	ScriptID  string `bun:",pk"`
	ID        string `bun:",pk"` // Unique in the script: definitions name it.
	GroupName string
	Name      string // Unique in the group.
	Position  int64  // From 0, over all groups.
}

// CreateTag adds a tag to a group of a script, and the group where there is
// none. It returns the id of the tag.
func (s *Store) CreateTag(ctx context.Context, instance, script, group, name string) (string, error) {
	t := Tag{ScriptID: script, ID: s.o.NewID(), GroupName: group, Name: name}
	err := s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		known, err := tx.NewSelect().Table("tag_groups").Where("script_id = ? AND name = ?", script, group).Exists(ctx)
		if err != nil {
			return err
		}
		if !known {
			g := TagGroup{ScriptID: script, ID: s.o.NewID(), Name: group}
			if g.Position, err = nextPosition(ctx, tx, script, "tag_groups", maxTags); err != nil {
				return err
			}
			if _, err = tx.NewInsert().Model(&g).Exec(ctx); err != nil {
				return err
			}
		}
		if t.Position, err = nextPosition(ctx, tx, script, "tags", maxTags); err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(&t).Exec(ctx)
		return taken("TagName", err)
	})
	return t.ID, err
}

// SetTags replaces all groups and tags of a script by these, in this order.
// One with an id keeps it and must be there; one without gets a fresh id, which
// is set in the slices. Every tag must be in one of the groups.
func (s *Store) SetTags(ctx context.Context, instance, script string, groups []TagGroup, tags []Tag) error {
	return s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		if err := s.identify(ctx, tx, script, groups, tags); err != nil {
			return err
		}
		// The tags go with their groups.
		if _, err := tx.NewDelete().Table("tag_groups").Where("script_id = ?", script).Exec(ctx); err != nil {
			return err
		}
		if err := insert(ctx, tx, groups); err != nil {
			return taken("TagGroup", err)
		}
		return taken("TagName", insert(ctx, tx, tags))
	})
}

// identify numbers groups and tags and gives those an id that have none.
func (s *Store) identify(ctx context.Context, tx bun.Tx, script string, groups []TagGroup, tags []Tag) error {
	named := make(map[string]bool, len(groups))
	known, err := idsOf(ctx, tx, "tag_groups", script)
	if err != nil {
		return err
	}
	for i := range groups {
		g := &groups[i]
		g.ScriptID, g.Position = script, int64(i)
		named[g.Name] = true
		if err := s.claim(known, &g.ID, "TagGroup"); err != nil {
			return err
		}
	}
	if known, err = idsOf(ctx, tx, "tags", script); err != nil {
		return err
	}
	for i := range tags {
		t := &tags[i]
		t.ScriptID, t.Position = script, int64(i)
		if !named[t.GroupName] {
			return &InvalidError{"Tags", "Every tag must be in one of the TagGroups."}
		}
		if err := s.claim(known, &t.ID, "Tag"); err != nil {
			return err
		}
	}
	return nil
}

// claim takes an id out of the known ones, or makes one.
func (s *Store) claim(known map[string]bool, id *string, thing string) error {
	if *id == "" {
		*id = s.o.NewID()
		return nil
	}
	unclaimed, ok := known[*id]
	if !ok {
		return &NotFoundError{Thing: thing}
	}
	if !unclaimed {
		return &InvalidError{thing + "s", "Two items have the same Id."}
	}
	known[*id] = false
	return nil
}

// idsOf returns the ids of a script's rows in a table.
func idsOf(ctx context.Context, tx bun.Tx, table, script string) (map[string]bool, error) {
	var ids []string
	err := tx.NewSelect().Table(table).Column("id").Where("script_id = ?", script).Scan(ctx, &ids)
	known := make(map[string]bool, len(ids))
	for _, id := range ids {
		known[id] = true
	}
	return known, err
}

// Tags returns all groups and tags of a script in their order.
func (s *Store) Tags(ctx context.Context, instance, script string) ([]TagGroup, []Tag, error) {
	groups, tags := []TagGroup{}, []Tag{}
	err := s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := inScript(ctx, tx, instance, script); err != nil {
			return err
		}
		if err := inOrder(ctx, tx, script, &groups); err != nil {
			return err
		}
		return inOrder(ctx, tx, script, &tags)
	})
	return groups, tags, err
}
