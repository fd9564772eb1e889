package storetest

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/talkgraph/talkgraph/internal/store"
)

// MakeOlder makes a database as a program did that did not know the last
// migration yet, with an instance in it.
func MakeOlder(t testing.TB, place store.Options) {
	t.Helper()
	db, dialect := connect(t, place), goose.DialectSQLite3
	if place.Database != "" {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, db, os.DirFS(filepath.Join(root(t), "internal", "store", "migrations")))
	if err != nil {
		t.Fatal(err)
	}
	sources := provider.ListSources()
	if _, err := provider.UpTo(t.Context(), sources[len(sources)-2].Version); err != nil {
		t.Fatal(err)
	}
	exec(t, db, "INSERT INTO instances (id, name, description, max_calls, created_at, updated_at) VALUES ('old', 'old', '', 1, 1, 1)")
}

// Newer is the version of the schema after [MakeNewer].
const Newer = 98_765

// MakeNewer has a database say that a program that knows more migrations was
// there.
func MakeNewer(t testing.TB, place store.Options) {
	t.Helper()
	exec(t, connect(t, place), fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, TRUE)", Newer))
}

// connect opens a database, below the store, until the test ends.
func connect(t testing.TB, place store.Options) *sql.DB {
	t.Helper()
	driver, source := "sqlite", "file:"+place.File
	if place.Database != "" {
		driver, source = "pgx", place.Database
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // It may be gone already.
	return db
}

func exec(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// root returns the folder of the module, which the test runs in or below.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("there is no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
}
