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

	"github.com/gofrs/flock"
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

	// Serve is for servers: the schema is brought up to date, and a SQLite file
	// that another one serves is refused. Everybody else may open the database
	// beside them, if its schema is the program's.
	Serve bool
	// Existing refuses a database that nothing is kept in yet, which otherwise is
	// made.
	Existing bool

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
	serving     *flock.Flock // Of SQLite, held by a server.
	calls       *Sessions
	answers     *committer[*answer]
	ends        *committer[*ending]
}

// Open opens the database, and makes it when it is missing. One with another
// schema than the program's is refused, unless it is an older one and opened by a
// server, which brings it up to date. Processes that start together on one
// database wait for each other.
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
	if err := open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), s.Close())
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
		s.answers.close()
		s.ends.close()
		s.calls.committer.close()
	}
	var errs []error
	if s.read != nil && s.read != s.write {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	if s.serving != nil {
		errs = append(errs, s.serving.Close())
	}
	return errors.Join(errs...)
}

func (s *Store) openSQLite(ctx context.Context) error {
	if s.o.File == "" {
		return errors.New("Options name neither a file nor a database")
	}
	if s.o.Existing {
		if err := thereIs(s.o.File); err != nil {
			return err
		}
	} else if err := os.MkdirAll(filepath.Dir(s.o.File), 0o700); err != nil {
		return err
	}
	if s.o.Serve {
		if err := s.lockServing(); err != nil {
			return err
		}
	}
	return s.aloneInFile(ctx, func() (err error) {
		if err := makeFile(s.o.File); err != nil {
			return err
		}
		if s.write, err = connectSQLite(s.o, 1); err != nil {
			return err
		}
		if s.read, err = connectSQLite(s.o, max(4, runtime.GOMAXPROCS(0)), "query_only(1)"); err != nil {
			return err
		}
		return s.settleSchema(ctx)
	})
}

// thereIs returns an error where there is no file.
func thereIs(file string) error {
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("nothing is kept there: %w", err)
	}
	return nil
}

// makeFile makes a file unless there is one. There will be secrets in it,
// whatever the folder lets others see. The files that SQLite makes beside it have
// the same mode.
func makeFile(name string) error {
	// One that is there is not touched: to close it would end the locks that SQLite
	// has on it anywhere else in this process.
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// connectSQLite opens the file, which must be there.
func connectSQLite(o Options, connections int, pragmas ...string) (*bun.DB, error) {
	synchronous := "FULL"
	if o.Lax {
		synchronous = "NORMAL"
	}
	query := url.Values{"mode": {"rw"}, "_txlock": {"immediate"}, "_pragma": append([]string{
		"busy_timeout(10000)", "journal_mode(WAL)", "foreign_keys(1)", "synchronous(" + synchronous + ")",
	}, pragmas...)}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: o.File}).EscapedPath()+"?"+query.Encode())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.File, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return bun.NewDB(db, sqlitedialect.New()), nil
}

func (s *Store) openPostgres(ctx context.Context) (err error) {
	if s.write, err = connectPostgres(s.o); err != nil {
		return err
	}
	s.read = s.write
	return s.aloneInPostgres(ctx, func() error { return s.settleSchema(ctx) })
}

func connectPostgres(o Options) (*bun.DB, error) {
	if !strings.HasPrefix(o.Database, "postgres://") && !strings.HasPrefix(o.Database, "postgresql://") {
		return nil, errors.New("a database is named by a URL such as postgres://user@host:5432/name")
	}
	db, err := sql.Open("pgx", o.Database)
	if err != nil {
		// The driver's own error would repeat the URL, and with it the password.
		return nil, errors.New("the URL of the database cannot be read: check its form, postgres://user:password@host:5432/name")
	}
	const connections = 32
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return bun.NewDB(db, pgdialect.New()), nil
}

// now is the time as it is stored.
func (s *Store) now() int64 { return s.o.Now().UnixMilli() }

// inSnapshot runs f in one transaction that only reads: all that it reads is of
// one moment. It waits for no one.
func (s *Store) inSnapshot(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if s.postgres { // SQLite knows no other way.
		o.Isolation = sql.LevelRepeatableRead
	}
	return s.read.RunInTx(ctx, o, f)
}
