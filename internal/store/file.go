package store

import (
	"context"
	"crypto/rand"

	"github.com/uptrace/bun"
)

// File is what is known of a file; its bytes are elsewhere, under the same id.
type File struct {
	bun.BaseModel `bun:"table:files"`

	ID          string `bun:",pk"`
	Name        string // As people see it; not unique.
	ContentType string
	State       FileState
	Size        int64  // In bytes, once it is there.
	InstanceID  string // The only one that may use it; "" while none has.
	CreatedAt   int64
	ExpiresAt   int64 // From then on it may be deleted, unless a waveform is made of it.
}

// FileState is how far a file has come.
type FileState string

// The states of a file, in their order.
const (
	FileAwaited  FileState = "awaited"  // Somebody was told where to put it.
	FileArriving FileState = "arriving" // Its bytes are on their way.
	FileThere    FileState = "there"    // It is whole and does not change any more.
)

// AddFile adds a file and gives it its id.
func (s *Store) AddFile(ctx context.Context, f *File) error {
	f.ID, f.CreatedAt = s.o.NewID(), s.now()
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(f).Exec(ctx)
		return err
	})
}

// File returns a file in whatever state, or a NotFoundError.
func (s *Store) File(ctx context.Context, id string) (*File, error) {
	f := new(File)
	err := s.read.NewSelect().Model(f).Where("id = ?", id).Scan(ctx)
	return f, found("File", err)
}

// MoveFile takes a file from one state to another. It reports false, and
// changes nothing, when the file is in neither or somebody else was faster.
func (s *Store) MoveFile(ctx context.Context, id string, from, to FileState, size int64) (bool, error) {
	result, err := s.write.NewUpdate().Model((*File)(nil)).Set("state = ?, size = ?", to, size).
		Where("id = ? AND state = ?", id, from).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// ExpiredFiles returns the ids of files that expired before a time and that no
// waveform is made of, the oldest first, most of them at most.
func (s *Store) ExpiredFiles(ctx context.Context, before int64, most int) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Model((*File)(nil)).Column("id").
		Where("expires_at < ?", before).
		Where("NOT EXISTS (SELECT 1 FROM waveforms WHERE waveforms.file_id = file.id)").
		Where("NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.recording = file.id AND tasks.recording <> '')").
		Order("expires_at").Limit(most).Scan(ctx, &ids)
	return ids, err
}

// DeleteFile deletes what is known of a file; there may be nothing.
func (s *Store) DeleteFile(ctx context.Context, id string) error {
	_, err := s.write.NewDelete().Model((*File)(nil)).Where("id = ?", id).Exec(ctx)
	return err
}

// Secret returns 32 random bytes that are the same for every server of the
// database, for ever; they are made when they are first asked for.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	value := make([]byte, 32)
	rand.Read(value) // Never fails: see crypto/rand.
	_, err := s.write.NewRaw("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, value).Exec(ctx)
	if err != nil {
		return nil, err
	}
	err = s.read.NewSelect().Table("secrets").Column("value").Where("name = ?", name).Scan(ctx, &value)
	return value, err
}
