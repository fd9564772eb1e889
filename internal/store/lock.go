package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3/lock"
)

// What must not be done by two processes at once is done under a lock: in SQLite
// that of an empty file beside the database, in PostgreSQL one that the database
// keeps. Either goes with the process that holds it, however that ends; the file
// stays, and means nothing by itself.

// lockPoll is how often it is looked whether a file's lock is free.
const lockPoll = 10 * time.Millisecond

// lockServing makes this process the one server of a SQLite file, until Close.
func (s *Store) lockServing() error {
	s.serving = flock.New(s.o.File+"-serve.lock", flock.SetPermissions(0o600))
	locked, err := s.serving.TryLock()
	if err == nil && !locked {
		err = fmt.Errorf("%s has a server already: stop that one first; only a PostgreSQL database can have several", s.o.File)
	}
	return err
}

// aloneInFile calls f while no other process is in the same place for this file.
func (s *Store) aloneInFile(ctx context.Context, f func() error) error {
	file := flock.New(s.o.File+"-schema.lock", flock.SetPermissions(0o600))
	if _, err := file.TryLockContext(ctx, lockPoll); err != nil {
		return err
	}
	return errors.Join(f(), file.Close())
}

// aloneInPostgres is aloneInFile for a PostgreSQL database. The lock is the one
// that goose takes, as programs before this one had it do.
func (s *Store) aloneInPostgres(ctx context.Context, f func() error) (err error) {
	session, err := s.write.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	if _, err := session.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lock.DefaultLockID); err != nil {
		return err
	}
	err = f()
	// The session goes back to the others, so it must not keep the lock even when
	// ctx has ended meanwhile.
	_, unlock := session.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lock.DefaultLockID)
	return errors.Join(err, unlock)
}
