package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Audit is the record of one use of an action that changes things. It outlives
// what it is about.
type Audit struct {
	bun.BaseModel `bun:"table:audit"`

	RequestID  string `bun:",pk"`
	At         int64  `bun:",pk"`
	KeyID      string // Who.
	Action     string // What.
	InstanceID string
	Target     string // The ids of what it was about.
	Code       string // What came of it: OK, or the code of an error.
}

// AddAudit keeps a record.
func (s *Store) AddAudit(ctx context.Context, a Audit) error {
	_, err := s.write.NewInsert().Model(&a).Exec(ctx)
	return err
}

// Audits returns the newest records, newest first.
func (s *Store) Audits(ctx context.Context, limit int) ([]Audit, error) {
	rows := []Audit{}
	err := s.read.NewSelect().Model(&rows).Order("at DESC", "request_id DESC").Limit(limit).Scan(ctx)
	return rows, err
}
