package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Dump returns the rows of every table of a store, in order, each as the text
// of its columns. Two dumps are equal when nothing was changed between them.
// It looks from outside, so what has not been committed is not in it.
func Dump(t testing.TB, place store.Options) map[string][]string {
	t.Helper()
	driver, source := "sqlite", "file:"+place.File+"?mode=ro"
	tables := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if place.Database != "" {
		driver, source = "pgx", place.Database
		tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // It was only read.

	dump := map[string][]string{}
	for _, row := range rows(t, db, tables) {
		table := row[0]
		dump[table] = nil
		for _, row := range rows(t, db, `SELECT * FROM "`+table+`"`) {
			dump[table] = append(dump[table], strings.Join(row, " | "))
		}
		slices.Sort(dump[table])
	}
	return dump
}

// rows returns what a query finds, every column as text.
func rows(t testing.TB, db *sql.DB, query string) [][]string {
	t.Helper()
	found, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer found.Close() //nolint:errcheck // Err tells.
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for found.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := found.Scan(places...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(values))
		for i, value := range values {
			if data, ok := value.([]byte); ok {
				value = string(data)
			}
			row[i] = fmt.Sprint(value)
		}
		list = append(list, row)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
