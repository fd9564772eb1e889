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
	s := storetest.Open(t, storetest.SQLite(t))
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
	if err := s.Backup(t.Context(), file); err != nil {
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
	s := storetest.Open(t, storetest.SQLite(t))
	folder := t.TempDir()
	good := filepath.Join(folder, "good.db")
	if err := os.WriteFile(good, []byte("the last good backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), good); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("over a file that is there: %v", err)
	}
	if err := s.Backup(t.Context(), filepath.Join(folder, "none", "backup.db")); err == nil {
		t.Error("no error in a folder that is not there")
	}
	gaveUp, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(gaveUp, filepath.Join(folder, "late.db")); err == nil {
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

func TestBackupOfPostgres(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		if place.Database == "" {
			return
		}
		s := storetest.Open(t, place)
		if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "b.db")); err == nil || !strings.Contains(err.Error(), "pg_dump") {
			t.Errorf("%v; want the name of the program that does it", err)
		}
	})
}
