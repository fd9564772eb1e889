package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// bundle is what was published, by the hash of its content. Bundles outlive
// scripts and versions, because calls are pinned to them.
type bundle struct {
	bun.BaseModel `bun:"table:bundles"`

	Hash      []byte `bun:",pk"`
	Archive   []byte
	CreatedAt int64
}

// KeepBundle keeps an archive under the hash of its content. One that is there
// stays as it is.
func (s *Store) KeepBundle(ctx context.Context, hash session.Hash, archive []byte) error {
	row := &bundle{Hash: hash[:], Archive: archive, CreatedAt: s.now()}
	_, err := s.write.NewInsert().Model(row).On("CONFLICT (hash) DO NOTHING").Exec(ctx)
	return err
}

// Bundle returns the archive that was kept under a hash.
func (s *Store) Bundle(ctx context.Context, hash session.Hash) ([]byte, error) {
	row := new(bundle)
	err := s.read.NewSelect().Model(row).Where("hash = ?", hash[:]).Scan(ctx)
	return row.Archive, found("Bundle", err)
}
