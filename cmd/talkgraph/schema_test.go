package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// onStorage are command lines that open the storage, without the place.
var onStorage = map[string][]string{
	"keys add":       {"keys", "add"},
	"keys list":      {"keys", "list"},
	"keys disable":   {"keys", "disable", "K"},
	"audit":          {"audit"},
	"review list":    {"review", "list"},
	"review approve": {"review", "approve", "I", "S"},
	"review reject":  {"review", "reject", "--reason", "R", "I", "S"},
	"campaign plan":  {"campaign", "plan", "G"},
	"transcript":     {"transcript", "I", "C"},
}

// at adds the place to a command line.
func at(place store.Options, args []string) []string {
	if place.Database != "" {
		return append([]string{"--database", place.Database}, args...)
	}
	return append([]string{"--data", filepath.Dir(place.File)}, args...)
}

// leavesAlone expects every one of the command lines to be refused with words
// like these, and the database to be afterwards as it was before.
func leavesAlone(t *testing.T, place store.Options, lines map[string][]string, words ...string) {
	t.Helper()
	before := storetest.Dump(t, place)
	for name, line := range lines {
		got := execute(nil, append(line[:len(line):len(line)], at(place, nil)...)...)
		for _, word := range words {
			if got.code != exitFailed || !strings.Contains(got.stderr, word) {
				t.Errorf("%s: %+v; want %q", name, got, word)
			}
		}
	}
	if diff := cmp.Diff(before, storetest.Dump(t, place)); diff != "" {
		t.Errorf("what was refused was changed:\n%s", diff)
	}
}

// An upgrade is begun by serve and by nothing else, and can be preceded by a
// backup.
func TestUpgrade(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		storetest.MakeOlder(t, place)
		leavesAlone(t, place, onStorage, "make a backup, then start this program's `talkgraph serve` on it once")
		if place.Database == "" {
			backup := store.Options{File: filepath.Join(t.TempDir(), "old.db")}
			if got := execute(nil, append([]string{"backup"}, at(place, []string{backup.File})...)...); got.code != exitOK {
				t.Fatalf("backup: %+v", got)
			}
			if diff := cmp.Diff(storetest.Dump(t, place), storetest.Dump(t, backup)); diff != "" {
				t.Errorf("the copy (-database +copy):\n%s", diff)
			}
		}
		startServer(t, "instance", at(place, []string{"--instance", "old"})...).stop()
		if got := execute(nil, append([]string{"keys", "add"}, at(place, nil)...)...); got.code != exitOK {
			t.Errorf("after the upgrade: %+v", got)
		}
	})
}

// A program that is older than the database keeps its hands off it.
func TestTooOldForTheDatabase(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		storetest.Open(t, place)
		storetest.MakeNewer(t, place)
		lines := map[string][]string{"serve": {"serve", "--listen", "127.0.0.1:0"}}
		maps.Copy(lines, onStorage)
		leavesAlone(t, place, lines, fmt.Sprint("the schema of the database is version ", storetest.Newer), "use the newer program")
	})
}

// Nothing is made of a database in which nothing is kept, but by who begins.
func TestEmptyDatabase(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		if place.File != "" {
			if err := os.WriteFile(place.File, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		lines := maps.Clone(onStorage)
		delete(lines, "keys add")
		leavesAlone(t, place, lines, "nothing is kept there")
	})
}

// Processes that begin on a new folder at once wait for each other.
func TestBeginTogether(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	place := storetest.SQLite(t)
	var begun []*exec.Cmd
	for range 6 {
		c := exec.Command(program, append([]string{"keys", "add"}, at(place, nil)...)...)
		c.Env, c.Stderr = append(os.Environ(), serves+"=1"), os.Stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		begun = append(begun, c)
	}
	for _, c := range begun {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	if keys, err := storetest.Open(t, place).Keys(t.Context()); len(keys) != len(begun) || err != nil {
		t.Errorf("%d keys, %v; want %d", len(keys), err, len(begun))
	}
}

// A database counts before a folder for every command, however either is named.
func TestDatabaseBeforeData(t *testing.T) {
	lines := map[string][]string{"serve": {"serve", "--listen", "127.0.0.1:0"}}
	maps.Copy(lines, onStorage)
	for name, line := range lines {
		line = line[:len(line):len(line)]
		t.Setenv("TALKGRAPH_DATABASE", "mysql://x")
		byVariable := execute(nil, append(line, "--data", t.TempDir())...)
		t.Setenv("TALKGRAPH_DATABASE", "")
		byFlag := execute(nil, append(line, "--data", t.TempDir(), "--database", "mysql://x")...)
		for _, got := range []result{byVariable, byFlag} {
			if got.code != exitFailed || !strings.Contains(got.stderr, "a database is named by a URL") {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
}
