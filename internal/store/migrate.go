package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
)

// The schema, forward only. One text serves both engines: SQLite keeps a BYTEA
// as the bytes it is given.
//
//go:embed migrations/*.sql
var migrations embed.FS

// errEmpty says that there is no schema yet.
var errEmpty = errors.New("nothing is kept there: the database is empty")

// settleSchema leaves the database with the schema of this program, or refuses
// it. A schema is brought up to date for a server only: who looks at something
// beside a server that is older must not take the ground from under it. Nobody
// else may be about to do the same.
func (s *Store) settleSchema(ctx context.Context) error {
	provider, err := s.migrator()
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	ours := sources[len(sources)-1].Version
	switch there, err := schemaVersion(ctx, s.write, s.postgres); {
	case err != nil:
		return fmt.Errorf("reading the version of the schema: %w", err)
	case there == ours:
		return nil
	case there > ours:
		return fmt.Errorf("the schema of the database is version %d, and this program knows none after %d: "+
			"use the newer program that has upgraded it, or a backup from before", there, ours)
	case there == 0 && s.o.Existing:
		return errEmpty
	case there > 0 && !s.o.Serve:
		return fmt.Errorf("the schema of the database is version %d, and this program needs %d: "+
			"make a backup, then start this program's `talkgraph serve` on it once, which upgrades it", there, ours)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bringing the schema up to date: %w", err)
	}
	return nil
}

// migrator returns what writes the schema.
func (s *Store) migrator() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectSQLite3
	if s.postgres {
		dialect = goose.DialectPostgres
	}
	return goose.NewProvider(dialect, s.write.DB, files)
}

// schemaVersion returns the version of the schema in a database, 0 where there is
// none. It writes nothing, where goose would make its table to ask this.
func schemaVersion(ctx context.Context, db *bun.DB, postgres bool) (version int64, err error) {
	tables := db.NewSelect().TableExpr("sqlite_master").Where("type = 'table' AND name = ?", goose.DefaultTablename)
	if postgres {
		tables = db.NewSelect().TableExpr("pg_class").Where("oid = to_regclass(?)", goose.DefaultTablename)
	}
	if some, err := tables.Exists(ctx); err != nil || !some {
		return 0, err
	}
	err = db.NewSelect().Table(goose.DefaultTablename).ColumnExpr("COALESCE(MAX(version_id), 0)").Scan(ctx, &version)
	return version, err
}
