package rapidseed

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"

	"go/parser"
	"go/token"
)

// Every folder whose tests use rapid imports this package in one of them.
func TestEveryPropertyTestIsSeeded(t *testing.T) {
	drawing, seeded := map[string]bool{}, map[string]bool{}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			switch imported, _ := strconv.Unquote(spec.Path.Value); imported {
			case "pgregory.net/rapid":
				drawing[path.Dir(name)] = true
			case "github.com/talkgraph/talkgraph/internal/rapidseed":
				seeded[path.Dir(name)] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(drawing) == 0 {
		t.Fatal("no property test was found")
	}
	for folder := range drawing {
		if !seeded[folder] {
			t.Errorf("%s draws values with rapid: import internal/rapidseed in one of its tests, for its effect", folder)
		}
	}
}
