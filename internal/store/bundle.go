package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// bundle is what was published, by the hash of its content. Bundles outlive
// scripts and versions, because calls are pinned to them.
type bundle struct {
	bun.BaseModel `bun:"table:bundles"`

	Hash          []byte `bun:",pk"`
	Archive       []byte
	CreatedAt     int64
	UnneededSince int64 // When it was first seen that nothing needs it; 0: that was not seen.
}

// KeepBundle keeps an archive under the hash of its content. One that is there
// stays as it is, and stays for an hour at least.
func (s *Store) KeepBundle(ctx context.Context, hash session.Hash, archive []byte) error {
	row := &bundle{Hash: hash[:], Archive: archive, CreatedAt: s.now()}
	_, err := s.write.NewInsert().Model(row).
		On("CONFLICT (hash) DO UPDATE").Set("unneeded_since = 0").Where("bundle.unneeded_since <> 0").Exec(ctx)
	return err
}

// Bundle returns the archive that was kept under a hash.
func (s *Store) Bundle(ctx context.Context, hash session.Hash) ([]byte, error) {
	row := new(bundle)
	err := s.read.NewSelect().Model(row).Column("archive").Where("hash = ?", hash[:]).Scan(ctx)
	return row.Archive, found("Bundle", err)
}

// bundleRest is how long nothing must have needed a bundle before it is deleted.
// Who is about to publish one, or to begin a call on one whose script is being
// deleted, is through with it by then.
const bundleRest = time.Hour

// unneeded says of a bundle that nothing needs it: no version, no review, and no
// transcript, which every call has as long as it is remembered.
const unneeded = `NOT EXISTS (SELECT 1 FROM versions WHERE versions.hash = bundles.hash)
	AND NOT EXISTS (SELECT 1 FROM scripts WHERE scripts.review_hash = bundles.hash)
	AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.version = bundles.hash AND turns.revision = 1)`

// SweepBundles deletes the bundles that nothing has needed for an hour, and
// returns how many there were. Servers may sweep at once. It writes only where
// there is something to write.
func (s *Store) SweepBundles(ctx context.Context) (swept int, err error) {
	now := s.now()
	hashes, err := s.bundlesOf(ctx, "unneeded_since = 0")
	if err == nil && len(hashes) > 0 {
		_, err = s.write.NewUpdate().Table("bundles").Set("unneeded_since = ?", now).
			Where("hash IN (?)", bun.List(hashes)).Where("unneeded_since = 0").Exec(ctx)
	}
	if err != nil {
		return 0, err
	}
	const rested = "unneeded_since > 0 AND unneeded_since < ?"
	before := now - bundleRest.Milliseconds()
	if hashes, err = s.bundlesOf(ctx, rested, before); err != nil || len(hashes) == 0 {
		return 0, err
	}
	result, err := s.write.NewDelete().Table("bundles").
		Where("hash IN (?)", bun.List(hashes)).Where(rested, before).Where(unneeded).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// bundlesOf returns the hashes of some bundles that nothing needs and that the
// condition holds of.
func (s *Store) bundlesOf(ctx context.Context, condition string, args ...any) (hashes [][]byte, err error) {
	const most = 100
	err = s.read.NewSelect().Table("bundles").Column("hash").Where(condition, args...).Where(unneeded).Limit(most).Scan(ctx, &hashes)
	return hashes, err
}
