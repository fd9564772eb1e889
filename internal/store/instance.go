package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Instance is a workspace of the account: scripts and numbers of its own, and a
// cap on the calls that live in it at once.
type Instance struct {
	bun.BaseModel `bun:"table:instances"`

	ID          string `bun:",pk"`
	Name        string // Unique in the account.
	Description string
	MaxCalls    int
	CreatedAt   int64
	UpdatedAt   int64
}

// CreateInstance keeps a new instance. Without an id it is given one.
func (s *Store) CreateInstance(ctx context.Context, i Instance) (*Instance, error) {
	if i.ID == "" {
		i.ID = s.o.NewID()
	}
	i.CreatedAt = s.now()
	i.UpdatedAt = i.CreatedAt
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&i).Exec(ctx)
		return taken("InstanceName", err)
	})
	if err != nil {
		return nil, err
	}
	return &i, nil
}

// Instances returns every instance, newest first.
func (s *Store) Instances(ctx context.Context) ([]Instance, error) {
	rows := []Instance{}
	err := s.read.NewSelect().Model(&rows).Order("created_at DESC", "id").Scan(ctx)
	return rows, err
}

// Instance returns one instance.
func (s *Store) Instance(ctx context.Context, id string) (*Instance, error) {
	row := new(Instance)
	err := s.read.NewSelect().Model(row).Where("id = ?", id).Scan(ctx)
	if err != nil {
		return nil, found("Instance", err)
	}
	return row, nil
}

// UpdateInstance changes what is not zero in i and returns the instance as it
// is then.
func (s *Store) UpdateInstance(ctx context.Context, i Instance) (*Instance, error) {
	i.UpdatedAt = s.now()
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewUpdate().Model(&i).OmitZero().WherePK().Returning("*").Scan(ctx)
		return found("Instance", taken("InstanceName", err))
	})
	if err != nil {
		return nil, err
	}
	return &i, nil
}

// DeleteInstance deletes an instance and everything that is in it. Calls in
// flight stay, and so do the versions they run on.
func (s *Store) DeleteInstance(ctx context.Context, id string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.lock(ctx, tx, "instances", "UPDATE", id); err != nil {
			return err
		}
		// Its jobs go before the strategies they are under.
		var groups []string
		if err := tx.NewSelect().Table("job_groups").Column("id").Where("instance_id = ?", id).Scan(ctx, &groups); err != nil {
			return err
		}
		if err := s.deleteGroups(ctx, tx, groups...); err != nil {
			return err
		}
		result, err := tx.NewDelete().Model((*Instance)(nil)).Where("id = ?", id).Exec(ctx)
		return changed("Instance", result, err)
	})
}
