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
	if _, err := s.write.NewInsert().Model(&i).Exec(ctx); err != nil {
		return nil, taken("InstanceName", err)
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
	err := s.write.NewUpdate().Model(&i).OmitZero().WherePK().Returning("*").Scan(ctx)
	if err != nil {
		return nil, found("Instance", taken("InstanceName", err))
	}
	return &i, nil
}

// DeleteInstance deletes an instance and everything that is in it. Calls in
// flight stay, and so do the versions they run on.
func (s *Store) DeleteInstance(ctx context.Context, id string) error {
	result, err := s.write.NewDelete().Model((*Instance)(nil)).Where("id = ?", id).Exec(ctx)
	return changed("Instance", result, err)
}
