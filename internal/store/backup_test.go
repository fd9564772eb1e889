package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// A copy that is made while turns are written has each call whole: as many
// turns as its revision says.
func TestBackupWhileServing(t *testing.T) {
	place := storetest.SQLite(t)
	s := storetest.Open(t, place)
	file := filepath.Join(t.TempDir(), "backup's \"copy\".db")
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for n := range 8 {
		call := key(fmt.Sprint(n))
		mustCommit(t, s, call, state(1))
		all.Go(func() {
			for revision := uint64(2); ctx.Err() == nil; revision++ {
				if err := commit(s, call, state(revision)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if err := store.Backup(t.Context(), place, file); err != nil {
		t.Error(err)
	}
	stop()
	all.Wait()

	saved := storetest.Open(t, store.Options{File: file})
	for n := range 8 {
		got, found := load(t, saved, key(fmt.Sprint(n)))
		turns, err := saved.Turns(t.Context(), "inst", fmt.Sprint(n))
		if !found || len(turns) != int(got.Revision) || err != nil {
			t.Errorf("call %d: found %v, revision %d, %d turns, %v", n, found, got.Revision, len(turns), err)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has the mode %v, %v; others must not read it", info.Mode(), err)
	}
}

func TestBackupLeavesFilesAlone(t *testing.T) {
	place := storetest.SQLite(t)
	storetest.Open(t, place)
	folder := t.TempDir()
	good := filepath.Join(folder, "good.db")
	if err := os.WriteFile(good, []byte("the last good backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), place, good); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("over a file that is there: %v", err)
	}
	if err := store.Backup(t.Context(), place, filepath.Join(folder, "none", "backup.db")); err == nil {
		t.Error("no error in a folder that is not there")
	}
	killed := filepath.Join(folder, "killed.db.part")
	if err := os.WriteFile(killed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := store.Backup(t.Context(), place, filepath.Join(folder, "killed.db"))
	if err == nil || !strings.Contains(err.Error(), killed+" is half a copy") {
		t.Errorf("after one that was killed: %v", err)
	}
	if err := os.Remove(killed); err != nil { // It is left to whoever knows that none is running.
		t.Fatal(err)
	}
	gaveUp, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.Backup(gaveUp, place, filepath.Join(folder, "late.db")); err == nil {
		t.Error("no error after the caller gave up")
	}
	names, err := fs.Glob(os.DirFS(folder), "*")
	if err != nil || fmt.Sprint(names) != "[good.db]" {
		t.Errorf("the folder has %v, %v", names, err)
	}
	if text, err := os.ReadFile(good); string(text) != "the last good backup" {
		t.Errorf("the file is now %q, %v", text, err)
	}
}

// There must be something to copy, and it is copied by the right program.
func TestBackupRefuses(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, place := range map[string]store.Options{
		"no such file":          storetest.SQLite(t),
		"the database is empty": {File: empty},
		"pg_dump":               {Database: "postgres://localhost/name"},
	} {
		file := filepath.Join(t.TempDir(), "b.db")
		if err := store.Backup(t.Context(), place, file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: there is a copy nevertheless", want)
		}
	}
}
