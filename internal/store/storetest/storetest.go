// Package storetest opens empty stores for tests, on every engine there is.
//
// SQLite is always there. PostgreSQL is where the environment variable
// TALKGRAPH_TEST_POSTGRES has the URL of a server on which databases may be
// made, as .ci/postgres prints it; without it the tests of PostgreSQL are left
// out, which .ci/run does not allow.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // The driver "pgx".

	"github.com/talkgraph/talkgraph/internal/store"
)

// Variable is the environment variable that names the PostgreSQL server.
const Variable = "TALKGRAPH_TEST_POSTGRES"

// Clock is a clock that moves on by one millisecond each time it is asked, so
// that no two things are made at the same time. Safe for concurrent use.
type Clock struct{ ms atomic.Int64 }

// NewClock returns a clock that begins on 1 May 2026.
func NewClock() *Clock {
	c := new(Clock)
	c.ms.Store(time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

// Now returns the time.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Add(1)).UTC() }

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// Each runs a test on an empty store of each engine. The ids of a store are
// id-001, id-002 and so on.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachPlace(t, func(t *testing.T, place store.Options) { test(t, Open(t, place)) })
}

// EachPlace is [Each] for a test that opens the store itself, more than once
// or in more than one process. Now and NewID are left to the test.
func EachPlace(t *testing.T, test func(t *testing.T, place store.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	if os.Getenv(Variable) == "" {
		t.Logf("PostgreSQL is left out: set %s to the URL of a server, as .ci/postgres does", Variable)
		return
	}
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns the place of a SQLite file that does not exist yet.
func SQLite(t testing.TB) store.Options {
	return store.Options{File: filepath.Join(t.TempDir(), "talkgraph.db"), Lax: true}
}

// Postgres makes an empty database that is dropped after the test.
func Postgres(t testing.TB) store.Options {
	t.Helper()
	server := os.Getenv(Variable)
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended.
		if _, err := db.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	place, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	place.Path = "/" + name
	return store.Options{Database: place.String()}
}

// Open opens a store that is closed after the test, with a clock and ids of
// its own where it has none.
func Open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	if o.Now == nil {
		o.Now = NewClock().Now
	}
	if o.NewID == nil {
		var n atomic.Int64
		o.NewID = func() string { return fmt.Sprintf("id-%03d", n.Add(1)) }
	}
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
