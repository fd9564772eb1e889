package api

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPage writes the tables of docs/api.md anew and compares. With -update it
// rewrites them.
func TestPage(t *testing.T) {
	path := filepath.Join("..", "docs", "api.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, table := range []struct{ name, want string }{
		{"actions", actionsTable(t)},
		{"differences", differencesTable()},
	} {
		begin, end := "<!-- generated: "+table.name+" -->\n", "<!-- end -->\n"
		before, rest, found := strings.Cut(page, begin)
		got, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("there is no place for the table: put %s and %s around it", begin, end)
		}
		page = before + begin + table.want + end + after
		if diff := cmp.Diff(got, table.want); diff != "" && flag.Lookup("update").Value.String() != "true" {
			t.Errorf("%s (-page +code); to rewrite the table, run with -update:\n%s", table.name, diff)
		}
	}
	if page != string(data) && !t.Failed() {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// actionsTable lists the documented actions in the order of the reference, then
// the others.
func actionsTable(t *testing.T) string {
	actions := registry()
	var b strings.Builder
	b.WriteString("| action | | what it does | here |\n|---|---|---|---|\n")
	group := ""
	for _, f := range readFacts(t) {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&b, "| **%s** | | | |\n", group)
		}
		state := "works"
		if _, there := actions[f.Action]; !there {
			state = "not yet"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Action, f.Kind, f.Summary, state)
	}
	b.WriteString("| **Beside the reference** | | | |\n")
	for _, name := range slices.Sorted(maps.Keys(extraActions)) {
		if _, there := actions[name]; there {
			fmt.Fprintf(&b, "| `%s` | %s | %s. | works |\n", name, kind(name), extraActions[name])
		}
	}
	return b.String()
}

// kind is what an action does to what is stored, as the facts say it.
func kind(action string) string {
	if reads(action) || strings.HasPrefix(action, "Get") {
		return "read"
	}
	return "write"
}

// differencesTable lists what is otherwise than in the reference on purpose.
func differencesTable() string {
	var b strings.Builder
	b.WriteString("| where | what | why |\n|---|---|---|\n")
	for _, list := range []struct {
		what  string
		names map[string]string
	}{
		{"parameter may be absent", optional},
		{"parameter of another kind", otherKind},
		{"parameter more", moreParameters},
		{"field more", moreFields},
		{"error does not happen", unprovoked},
	} {
		for _, name := range slices.Sorted(maps.Keys(list.names)) {
			action, at, _ := strings.Cut(name, " ")
			if action == "*" {
				action = "every action"
			} else {
				action = "`" + action + "`"
			}
			fmt.Fprintf(&b, "| %s | %s: `%s` | %s |\n", action, list.what, at, list.names[name])
		}
	}
	return b.String()
}
