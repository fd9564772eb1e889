package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenBundleNamesTheScript(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "greeting")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	const script = `{
  "name": "greeting",
  "flows": [{"id": "main", "name": "main", "type": "MainFlow", "definition": {
    "nodes": [{"id": "s", "type": "Start"}, {"id": "e", "type": "Transfer", "script": "Hello.", "content": {"action": "Hangup"}}],
    "transitions": [{"id": "t", "source": "s", "target": "e"}]
  }}]
}`
	for _, file := range []string{filepath.Join(dir, "script.json"), filepath.Join(dir, "farewell.json")} {
		if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for path, want := range map[string]string{
		dir:                                 "greeting",
		".":                                 "greeting",
		"script.json":                       "greeting",
		filepath.Join(dir, "script.json"):   "greeting",
		filepath.Join(dir, "farewell.json"): "farewell",
	} {
		v, err := compile(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got := v.ScriptID(); got != want {
			t.Errorf("%s is script %q, want %q", path, got, want)
		}
	}
}

// TestOpenBundleStaysInside: a link that leads out of the bundle is not followed.
func TestOpenBundleStaysInside(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(dir, "outside.json")
	bundle := filepath.Join(dir, "bundle")
	if err := os.Mkdir(bundle, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(outside, []byte(`{}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(bundle, "script.json")); err != nil {
		t.Fatal(err)
	}
	fsys, _, err := openBundle(bundle)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := fs.ReadFile(fsys, "script.json"); err == nil || !strings.Contains(err.Error(), "escapes") {
		t.Errorf("read %q (%v) through a link out of the bundle", data, err)
	}
}
