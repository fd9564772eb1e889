package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestVet(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		code int
	}{
		"vet-clean":         {[]string{"vet", hello}, exitOK},
		"vet-clean-json":    {[]string{"vet", hello, "--format", "json"}, exitOK},
		"vet-warning":       {[]string{"vet", deep}, exitOK},
		"vet-strict":        {[]string{"vet", deep, "--strict"}, exitFailed},
		"vet-strict-clean":  {[]string{"vet", hello, "--strict"}, exitOK},
		"vet-broken":        {[]string{"vet", broken}, exitFailed},
		"vet-broken-json":   {[]string{"vet", broken, "--format", "json"}, exitFailed},
		"vet-not-a-bundle":  {[]string{"vet", "testdata"}, exitFailed},
		"vet-not-json":      {[]string{"vet", "testdata/not.json"}, exitFailed},
		"vet-script-itself": {[]string{"vet", broken + "/script.json"}, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			got := execute(nil, test.args...)
			if got.code != test.code {
				t.Errorf("exit code %d, want %d", got.code, test.code)
			}
			golden(t, name, test.args, "", got)
		})
	}
}

// TestVetExamples holds the bundles we show to the strictest check.
func TestVetExamples(t *testing.T) {
	bundles, err := filepath.Glob("../../testdata/scripts/*")
	if err != nil || len(bundles) == 0 {
		t.Fatalf("no bundles: %v", err)
	}
	for _, bundle := range bundles {
		if got := execute(nil, "vet", "--strict", bundle); got.code != exitOK {
			t.Errorf("%s: exit code %d\n%s", bundle, got.code, got.stdout)
		}
	}
}

// TestVetLocates holds vet to paths that can be opened as they stand.
func TestVetLocates(t *testing.T) {
	for _, bundle := range []string{broken, broken + "/script.json", deep, "testdata/not.json"} {
		got := execute(nil, "vet", "--format", "json", bundle)
		var diagnostics []struct{ File string }
		if err := json.Unmarshal([]byte(got.stdout), &diagnostics); err != nil || len(diagnostics) == 0 {
			t.Fatalf("%s: no diagnostics (%v) in %q", bundle, err, got.stdout)
		}
		for _, d := range diagnostics {
			if _, err := os.Stat(d.File); err != nil {
				t.Errorf("%s: a diagnostic's file cannot be opened: %v", bundle, err)
			}
		}
	}
}
