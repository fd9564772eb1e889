package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// ResourceTag binds a tag of the account to a resource. The only resources are
// instances.
type ResourceTag struct {
	bun.BaseModel `bun:"table:resource_tags"`

	ResourceType string `bun:",pk"`
	ResourceID   string `bun:",pk"`
	TagKey       string `bun:",pk"` // Unique for a resource.
	TagValue     string
}

// TagPair is a key with a value, or in a search any value if it is empty.
type TagPair struct{ Key, Value string }

// instanceType is the type of the only resources there are.
const instanceType = "instance"

// TagInstances gives each of the instances each of the tags; one that has the
// key already gets the new value. It returns an InvalidError when an instance
// would have more than most tags.
func (s *Store) TagInstances(ctx context.Context, instances []string, tags []TagPair, most int) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// One after the other, or those who come at once would not count each
		// other's tags.
		if err := s.lock(ctx, tx, "instances", toChange, instances...); err != nil {
			return err
		}
		for _, id := range instances {
			if err := inInstance(ctx, tx, id); err != nil {
				return err
			}
			for _, tag := range tags {
				row := ResourceTag{ResourceType: instanceType, ResourceID: id, TagKey: tag.Key, TagValue: tag.Value}
				_, err := tx.NewInsert().Model(&row).
					On("CONFLICT (resource_id, resource_type, tag_key) DO UPDATE").Set("tag_value = EXCLUDED.tag_value").Exec(ctx)
				if err != nil {
					return err
				}
			}
			n, err := tx.NewSelect().Model((*ResourceTag)(nil)).Where("resource_id = ?", id).Count(ctx)
			if err != nil {
				return err
			}
			if n > most {
				return &InvalidError{Parameter: "Tag", Allowed: fmt.Sprintf("A resource may have at most %d tags.", most)}
			}
		}
		return nil
	})
}

// UntagInstances takes the keys from the instances; nil takes all of them.
func (s *Store) UntagInstances(ctx context.Context, instances, keys []string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, id := range instances {
			if err := inInstance(ctx, tx, id); err != nil {
				return err
			}
		}
		q := tx.NewDelete().Model((*ResourceTag)(nil)).Where("resource_id IN (?)", bun.List(instances))
		if keys != nil {
			q = q.Where("tag_key IN (?)", bun.List(keys))
		}
		_, err := q.Exec(ctx)
		return err
	})
}

// ResourceTags returns at most limit bindings after the given one, in the order
// of resource and key: those of the instances, if there are any, and of the
// tags, if there are any.
func (s *Store) ResourceTags(ctx context.Context, instances []string, tags []TagPair, after ResourceTag, limit int) ([]ResourceTag, error) {
	rows := []ResourceTag{}
	q := s.read.NewSelect().Model(&rows).
		Where("(resource_id, tag_key) > (?, ?)", after.ResourceID, after.TagKey).
		Order("resource_id", "resource_type", "tag_key").Limit(limit)
	if len(instances) > 0 {
		q = q.Where("resource_id IN (?)", bun.List(instances))
	}
	if len(tags) > 0 {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			for _, tag := range tags {
				if tag.Value == "" {
					q = q.WhereOr("tag_key = ?", tag.Key)
				} else {
					q = q.WhereOr("tag_key = ? AND tag_value = ?", tag.Key, tag.Value)
				}
			}
			return q
		})
	}
	err := q.Scan(ctx)
	return rows, err
}
