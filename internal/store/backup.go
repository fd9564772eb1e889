package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a copy of the whole database to a file, which must not exist.
// The copy is of one moment, and on the disk when Backup returns; calls and
// everything else go on meanwhile. The schema may be of any version, for a backup
// is what one makes before an upgrade; the copy has the same. A PostgreSQL
// database is copied by a program of its own, which the error names.
func Backup(ctx context.Context, o Options, file string) error {
	if o.Database != "" {
		return errors.New("store: a PostgreSQL database is copied by its own program: pg_dump --format=custom --file=FILE URL")
	}
	if err := thereIs(o.File); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("store: backup: %s exists: name a file that does not", file)
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store: backup: %w", err)
	}
	// Half a copy must not pass for one, so it has its name only at the end.
	part := file + ".part"
	if err := copyTo(ctx, o, part); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := errors.Join(os.Rename(part, file), syncFile(filepath.Dir(file))); err != nil {
		return fmt.Errorf("store: backup: %w", errors.Join(err, os.Remove(part)))
	}
	return nil
}

// copyTo has SQLite write the database to a new file. That takes long and keeps
// nobody from writing.
func copyTo(ctx context.Context, o Options, file string) (err error) {
	// There are secrets in it. SQLite takes a file that is there if it is empty.
	made, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is half a copy, of a backup that is running or was killed: delete it if none is running", file)
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file))
		}
	}()
	if err = made.Close(); err != nil {
		return err
	}
	db, err := connectSQLite(o, 1)
	if err != nil {
		return err
	}
	if version, err := schemaVersion(ctx, db, false); err != nil || version == 0 {
		return errors.Join(cmp.Or(err, errEmpty), db.Close())
	}
	if _, err = db.ExecContext(ctx, "VACUUM INTO ?", file); err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(db.Close(), syncFile(file))
}

// syncFile waits until a file or a folder is on the disk.
func syncFile(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
