package flow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestLocate(t *testing.T) {
	p := mustCompile(t, files("script.json", "\ufeff{\n \"name\": \"你\", \"intents\": [\n  {\"id\": \"i\", \"keywords\": [\"是\",\"对\"]}, {\"id\": \"j\", \"a~/\\u0062\": [0]}],\r\n \"flows\": [{\"id\": \"m\", \"type\": \"MainFlow\", \"file\": \"m.json\"}]}",
		"m.json", "{\"transitions\": ["+leadsToH+"],\n\"nodes\": ["+startNode+","+hangupNode+"]}"))
	for _, c := range []struct {
		file, pointer string
		line, column  int
	}{
		{"script.json", "", 1, 1},
		{"script.json", "/name", 2, 10},
		{"script.json", "/intents", 2, 26},
		{"script.json", "/intents/0/keywords/1", 3, 32},
		{"script.json", "/intents/1", 3, 39},
		{"script.json", "/intents/1/a~0~1b/0", 3, 65},
		{"script.json", "/flows/0/file", 4, 52},
		{"m.json", "/nodes/1", 2, 40},
		{"m.json", "/transitions/0/source", 1, 29},
		{"script.json", "/intents/2", 7, 7}, // There is none: what was there stays.
		{"script.json", "/intents/0/x", 7, 7},
		{"script.json", "intents", 7, 7},
		{"other.json", "/nodes", 7, 7},
	} {
		found := Errors{{File: c.file, Pointer: c.pointer, Line: 7, Column: 7}}
		p.Bundle().Locate(found)
		if found[0].Line != c.line || found[0].Column != c.column {
			t.Errorf("%s %q is at %d:%d, want %d:%d", c.file, c.pointer, found[0].Line, found[0].Column, c.line, c.column)
		}
	}
}

func TestLocateFindsWhatTheCompilerPlaced(t *testing.T) {
	for _, c := range brokenBundles() {
		if codes[c.code].Severity == Error {
			continue // There is no program to ask.
		}
		list, refused := diagnose(t, c.fsys)
		if refused {
			continue // Some bundles with a warning have an error too.
		}
		p := mustCompile(t, c.fsys)
		want := append(Errors(nil), list...)
		for i := range list {
			list[i].Line, list[i].Column = 0, 0
		}
		p.Bundle().Locate(list)
		for i := range list {
			key := want[i].Code == "TG009" // Placed at the key, not the value.
			if !key && (list[i].Line != want[i].Line || list[i].Column != want[i].Column) {
				t.Errorf("%s: %q is at %d:%d, the compiler says %d:%d", want[i].Code, want[i].Pointer, list[i].Line, list[i].Column, want[i].Line, want[i].Column)
			}
		}
	}
}

// pointersOf appends the pointers of all values inside v, v included.
func pointersOf(v any, at string, to []string) []string {
	to = append(to, at)
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			to = pointersOf(inner, at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(key), to)
		}
	case []any:
		for i, inner := range v {
			to = pointersOf(inner, fmt.Sprintf("%s/%d", at, i), to)
		}
	}
	return to
}

func TestWalkSeesEveryValue(t *testing.T) {
	keys := rapid.SampledFrom([]string{"a", "b", "~", "/", "~1", "你", "\"", "\\", "\n"})
	var values func(depth int) *rapid.Generator[any]
	values = func(depth int) *rapid.Generator[any] {
		scalars := rapid.SampledFrom([]any{nil, true, 1.5, -2e10, "", "你\"\\", "[{"})
		if depth == 0 {
			return scalars
		}
		return rapid.OneOf(scalars,
			rapid.Map(rapid.SliceOfN(values(depth-1), 0, 4), func(v []any) any { return v }),
			rapid.Map(rapid.MapOfN(keys, values(depth-1), 0, 4), func(v map[string]any) any { return v }))
	}
	rapid.Check(t, func(t *rapid.T) {
		v := values(3).Draw(t, "value")
		indent := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent")
		data, err := json.MarshalIndent(v, "", indent)
		if err != nil {
			t.Fatal(err)
		}
		want, got := map[string]bool{}, map[string]bool{}
		for _, p := range pointersOf(v, "", nil) {
			want[p] = true
		}
		last := -1
		walk(string(data), func(offset int, path []step, key bool) {
			if offset <= last {
				t.Fatalf("offset %d after %d in %s", offset, last, data)
			}
			last = offset
			if !key {
				got[pointer(path)] = true
			}
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("pointers of %s (-want +got):\n%s", data, diff)
		}
	})
}
