package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"
)

// Policy is a document that says what a key may do, under a name. It is never
// changed.
type Policy struct {
	bun.BaseModel `bun:"table:policies"`

	Name      string `bun:",pk"`
	Document  string
	CreatedAt int64
}

// AccessKey is what clients sign with. The secret is kept as it is, because a
// signature is checked by making it again.
type AccessKey struct {
	bun.BaseModel `bun:"table:access_keys,alias:k"`

	ID          string `bun:",pk"`
	Secret      string
	Policy      string // Its name.
	Description string
	Enabled     bool
	CreatedAt   int64
	UpdatedAt   int64

	Document string `bun:",scanonly"` // Of the policy.
}

// AddPolicy keeps a policy; one of that name with the same document is the
// same.
func (s *Store) AddPolicy(ctx context.Context, name, document string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		row := Policy{Name: name, Document: document, CreatedAt: s.now()}
		_, err := tx.NewInsert().Model(&row).On("CONFLICT (name) DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		if err := tx.NewSelect().Model(&row).WherePK().Scan(ctx); err != nil {
			return err
		}
		if row.Document != document {
			return &TakenError{Field: "PolicyName"}
		}
		return nil
	})
}

// AddKey keeps a new, enabled key. Without an id it is given one.
func (s *Store) AddKey(ctx context.Context, k AccessKey) (*AccessKey, error) {
	s.nameKey(&k)
	err := s.inTx(about(ctx, "AccessKeyId", k.ID), func(ctx context.Context, tx bun.Tx) error { return s.addKey(ctx, tx, &k) })
	if err != nil {
		return nil, err
	}
	return &k, nil
}

// AddFirstKey is AddKey where there is no key yet, enabled or not; otherwise it
// returns nil.
func (s *Store) AddFirstKey(ctx context.Context, k AccessKey) (*AccessKey, error) {
	s.nameKey(&k)
	err := s.inTx(about(ctx, "AccessKeyId", k.ID), func(ctx context.Context, tx bun.Tx) error {
		some, err := tx.NewSelect().Model((*AccessKey)(nil)).Exists(ctx)
		if err != nil {
			return err
		}
		if some {
			return errNotFirst // So that no record is written of nothing.
		}
		return s.addKey(ctx, tx, &k)
	})
	switch {
	case errors.Is(err, errNotFirst):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &k, nil
}

var errNotFirst = errors.New("store: there are keys")

func (s *Store) nameKey(k *AccessKey) {
	if k.ID == "" {
		k.ID = s.o.NewID()
	}
}

func (s *Store) addKey(ctx context.Context, tx bun.Tx, k *AccessKey) error {
	exists, err := tx.NewSelect().Table("policies").Where("name = ?", k.Policy).Exists(ctx)
	if err != nil {
		return err
	}
	if !exists {
		return &NotFoundError{Thing: "Policy"}
	}
	k.Enabled, k.CreatedAt = true, s.now()
	k.UpdatedAt = k.CreatedAt
	_, err = tx.NewInsert().Model(k).Exec(ctx)
	return taken("AccessKeyId", err)
}

// Keys returns every key with its policy, newest first.
func (s *Store) Keys(ctx context.Context) ([]AccessKey, error) {
	rows := []AccessKey{}
	err := s.read.NewSelect().Model(&rows).ColumnExpr("k.*").ColumnExpr("p.document").
		Join("JOIN policies AS p ON p.name = k.policy").Order("k.created_at DESC", "k.id").Scan(ctx)
	return rows, err
}

// DisableKey makes a key useless; it stays in the list.
func (s *Store) DisableKey(ctx context.Context, id string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.NewUpdate().Model((*AccessKey)(nil)).Set("enabled = ?, updated_at = ?", false, s.now()).
			Where("id = ?", id).Exec(ctx)
		return changed("AccessKey", result, err)
	})
}
