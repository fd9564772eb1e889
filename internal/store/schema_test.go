package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// refusedAs expects that a database is refused with words like these.
func refusedAs(t *testing.T, o store.Options, words ...string) {
	t.Helper()
	o.Now = time.Now
	s, err := store.Open(t.Context(), o)
	if err == nil {
		_ = s.Close()
		t.Fatalf("%+v was opened", o)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v; want %q in it", err, word)
		}
	}
}

// copied backs a SQLite database up and returns the place of the copy.
func copied(t *testing.T, place store.Options) store.Options {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := store.Backup(t.Context(), place, file); err != nil {
		t.Fatal(err)
	}
	return store.Options{File: file}
}

// Many that open a new database at once wait for each other, and so does who
// comes later.
func TestOpenTogether(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				o := place
				o.Now = time.Now
				s, err := store.Open(t.Context(), o)
				if err != nil {
					t.Error(err)
				} else if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		storetest.Open(t, place)
		storetest.Open(t, place)
	})
}

// An older schema is left alone by everybody but a server, which keeps what is
// there. A backup is as old.
func TestOlderSchema(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		storetest.MakeOlder(t, place)
		before := storetest.Dump(t, place)
		existing, serve := place, place
		existing.Existing, serve.Serve = true, true
		for _, o := range []store.Options{place, existing} {
			refusedAs(t, o, "is version ", "this program needs ", "make a backup", "`talkgraph serve`")
		}
		var backup store.Options
		if place.Database == "" {
			backup = copied(t, place)
			if diff := cmp.Diff(before, storetest.Dump(t, backup)); diff != "" {
				t.Errorf("the copy (-database +copy):\n%s", diff)
			}
		}
		if diff := cmp.Diff(before, storetest.Dump(t, place)); diff != "" {
			t.Errorf("what was refused was changed:\n%s", diff)
		}

		storetest.Open(t, serve)
		for _, o := range []store.Options{existing, place} {
			if _, err := storetest.Open(t, o).Instance(t.Context(), "old"); err != nil {
				t.Errorf("after the upgrade: %v", err)
			}
		}
		if backup.File != "" {
			refusedAs(t, backup, "is version ")
		}
	})
}

// Nobody touches a schema that is newer than the program, servers included.
func TestNewerSchema(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		storetest.Open(t, place)
		storetest.MakeNewer(t, place)
		before := storetest.Dump(t, place)
		existing, serve := place, place
		existing.Existing, serve.Serve = true, true
		for _, o := range []store.Options{place, existing, serve} {
			refusedAs(t, o, "is version 98765", "this program knows none after ", "use the newer program")
		}
		if diff := cmp.Diff(before, storetest.Dump(t, place)); diff != "" {
			t.Errorf("what was refused was changed:\n%s", diff)
		}
		if place.Database == "" {
			refusedAs(t, copied(t, place), "is version 98765")
		}
	})
}

// Who only looks makes nothing.
func TestExisting(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		place.Existing = true
		refusedAs(t, place, "nothing is kept there")
		if place.Database != "" {
			if tables := storetest.Dump(t, place); len(tables) > 0 {
				t.Errorf("there are tables: %v", tables)
			}
			return
		}
		if files, err := os.ReadDir(filepath.Dir(place.File)); len(files) > 0 || err != nil {
			t.Errorf("there are files: %v, %v", files, err)
		}
		if err := os.WriteFile(place.File, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		refusedAs(t, place, "nothing is kept there", "empty")
		place.Existing = false
		storetest.Open(t, place)
	})
}

// A SQLite file has one server at a time, and others beside it; a PostgreSQL
// database has many servers.
func TestServedOnce(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		place.Now, place.Serve = time.Now, true
		first, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		if place.Database == "" {
			refusedAs(t, place, place.File+" has a server already")
		} else {
			storetest.Open(t, place)
		}
		beside := place
		beside.Serve = false
		if _, err := storetest.Open(t, beside).CreateInstance(t.Context(), store.Instance{Name: "a"}); err != nil {
			t.Errorf("beside the server: %v", err)
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		storetest.Open(t, place)
	})
}
