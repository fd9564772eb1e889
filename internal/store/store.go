package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // The driver "pgx".
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // The driver "sqlite".
)

// FileName is what the SQLite file is called in the folder of a server.
const FileName = "talkgraph.db"

// Options say where a store is. Now is required, and one of File and Database.
type Options struct {
	File     string // The SQLite file; it and its folder are made when missing.
	Database string // The URL of a PostgreSQL database: postgres://user@host/name.

	Now   func() time.Time // The clock, e.g. time.Now.
	NewID func() string    // Names new things; nil: random, 26 letters and digits.

	// Lax lets SQLite answer before a commit is on the disk: what was committed
	// survives the end of the process, but not a loss of power.
	Lax bool

	// Transcripts is how long what was said in a call is kept, from the call's
	// first turn; 0: 90 days, negative: for ever.
	Transcripts time.Duration
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	o Options
	// SQLite has one writer at a time, so writes go through a handle of one
	// connection and never wait inside the engine. In PostgreSQL both are one.
	read, write *bun.DB
	postgres    bool
	calls       *Sessions
}

// Open opens the database and brings its schema up to date. Processes that
// start together on one database wait for each other.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errors.New("store: Options.Now is nil: give the store a clock, such as time.Now")
	}
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	if o.Transcripts == 0 {
		o.Transcripts = 90 * 24 * time.Hour
	}
	s := &Store{o: o, postgres: o.Database != ""}
	open := s.openSQLite
	if s.postgres {
		open = s.openPostgres
	}
	if err := open(); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: bringing the schema up to date: %w", err), s.Close())
	}
	if err := s.startSessions(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: preparing to write calls: %w", err), s.Close())
	}
	return s, nil
}

// Ping returns an error when the database does not answer.
func (s *Store) Ping(ctx context.Context) error { return s.read.PingContext(ctx) }

// Close closes the database, after the turns that are on their way to it.
func (s *Store) Close() error {
	if s.calls != nil {
		s.calls.committer.close()
	}
	if s.read == s.write {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}

func (s *Store) openSQLite() error {
	if s.o.File == "" {
		return errors.New("store: Options name neither a file nor a database")
	}
	if err := os.MkdirAll(filepath.Dir(s.o.File), 0o700); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	// There are secrets in it, whatever the folder lets others see. The files that
	// SQLite makes beside it have the same mode.
	file, err := os.OpenFile(s.o.File, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if s.write, err = s.connectSQLite(1); err != nil {
		return err
	}
	s.read, err = s.connectSQLite(max(4, runtime.GOMAXPROCS(0)), "query_only(1)")
	return err
}

func (s *Store) connectSQLite(connections int, pragmas ...string) (*bun.DB, error) {
	synchronous := "FULL"
	if s.o.Lax {
		synchronous = "NORMAL"
	}
	query := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{
		"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(" + synchronous + ")",
	}, pragmas...)}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: s.o.File}).EscapedPath()+"?"+query.Encode())
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", s.o.File, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return bun.NewDB(db, sqlitedialect.New()), nil
}

func (s *Store) openPostgres() error {
	if !strings.HasPrefix(s.o.Database, "postgres://") && !strings.HasPrefix(s.o.Database, "postgresql://") {
		return errors.New("store: a database is named by a URL such as postgres://user@host:5432/name")
	}
	db, err := sql.Open("pgx", s.o.Database)
	if err != nil {
		// The driver's own error would repeat the URL, and with it the password.
		return errors.New("store: the URL of the database cannot be read: check its form, postgres://user:password@host:5432/name")
	}
	const connections = 32
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s.write = bun.NewDB(db, pgdialect.New())
	s.read = s.write
	return nil
}

// now is the time as it is stored.
func (s *Store) now() int64 { return s.o.Now().UnixMilli() }

// inTx runs f in one transaction: all that it writes is written, or nothing.
func (s *Store) inTx(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	return s.write.RunInTx(ctx, nil, f)
}

// inSnapshot runs f in one transaction that only reads: all that it reads is of
// one moment. It waits for no one.
func (s *Store) inSnapshot(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if s.postgres { // SQLite knows no other way.
		o.Isolation = sql.LevelRepeatableRead
	}
	return s.read.RunInTx(ctx, o, f)
}
