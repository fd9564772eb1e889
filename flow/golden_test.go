package flow

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files; read the diff before you commit it")

func TestBrokenBundle(t *testing.T) {
	list, refused := diagnose(t, os.DirFS("testdata/broken"))
	if !refused {
		t.Error("not refused")
	}
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s\n\tat %q of flow %q, node %q %q\n", d, d.Pointer, d.Flow, d.NodeID, d.NodeName)
	}
	path := filepath.Join("testdata", "broken.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("diagnostics (-golden +got); run with -update if this is meant:\n%s", diff)
	}
}
