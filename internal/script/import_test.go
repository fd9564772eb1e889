package script_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// Archives and documents that must not be taken. Nothing is there afterwards.
func TestImportRefuses(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), script.Options{})
	document := `{"name": "x", "flows": [{"id": "m", "type": "MainFlow", "file": "m.json"}]}`
	one := func(more string) []byte { return []byte(`{"name": "x", ` + more + `}`) }
	flows := func(list string) []byte { return one(`"flows": [` + list + `]`) }
	long := strings.Repeat("长", 65)
	bomb := map[string]string{"script.json": document, "m.json": strings.Repeat(" ", 3<<20)}
	many := map[string]string{"script.json": document, "m.json": "{}"}
	for i := range 10_000 {
		many[fmt.Sprintf("f/%d", i)] = ""
	}
	twice := packed(t, map[string]string{"script.json": document, "m.json": "{}", "n.json": "{}"})
	for name, data := range map[string][]byte{
		"nothing":                     {},
		"no zip":                      []byte("PK\x03\x04 but no more"),
		"no JSON":                     []byte(`{"name": "x"`),
		"not UTF-8":                   []byte("{\"name\": \"\xff\"}"),
		"not a script":                []byte(`["name"]`),
		"two folders":                 packed(t, map[string]string{"a/script.json": document, "a/m.json": "{}", "b/script.json": document}),
		"no script.json":              packed(t, map[string]string{"m.json": "{}"}),
		"a missing file":              packed(t, map[string]string{"script.json": document}),
		"a path that leads out":       packed(t, map[string]string{"script.json": document, "m.json": "{}", "../x": ""}),
		"a path from the root":        packed(t, map[string]string{"script.json": document, "m.json": "{}", "/etc/passwd": ""}),
		"a path with backslashes":     packed(t, map[string]string{"script.json": document, "m.json": "{}", `..\x`: ""}),
		"a file that leads out":       packed(t, map[string]string{"script.json": strings.Replace(document, "m.json", "../m.json", 1), "m.json": "{}"}),
		"two files of one name":       bytes.ReplaceAll(twice, []byte("n.json"), []byte("m.json")),
		"a flow that is too large":    packed(t, bomb),
		"too many files":              packed(t, many),
		"files that are too large":    tooLarge(t, document, false),
		"files larger than they say":  tooLarge(t, document, true),
		"nested too deep":             one(`"x": ` + strings.Repeat("[", 600) + strings.Repeat("]", 600)),
		"no name":                     []byte(`{"flows": []}`),
		"a name that is too long":     []byte(`{"name": "` + long + `"}`),
		"a name that is no text":      []byte(`{"name": 1}`),
		"a name with a zero byte":     []byte(`{"name": "x\u0000"}`),
		"a description with a bell":   one(`"description": "\u0007"`),
		"flows that are no list":      one(`"flows": {}`),
		"a flow that is no object":    flows(`1`),
		"a flow without a definition": flows(`{"id": "m", "type": "MainFlow"}`),
		"a flow without a type":       flows(`{"id": "m", "definition": {}}`),
		"a flow without id and name":  flows(`{"type": "SubFlow", "definition": {}}`),
		"a flow with an id too long":  flows(`{"id": "` + long + long + `", "name": "m", "type": "SubFlow", "definition": {}}`),
		"a flow with no name but an id too long for one": flows(`{"id": "` + long + `", "type": "SubFlow", "definition": {}}`),
		"a flow with a zero byte":                        flows(`{"id": "m", "type": "MainFlow", "definition": {"x": "\u0000"}}`),
		"two MainFlows":                                  flows(`{"id": "m", "type": "MainFlow", "definition": {}}, {"id": "n", "type": "mainflow", "definition": {}}`),
		"two flows of one id":                            flows(`{"id": "m", "type": "MainFlow", "definition": {}}, {"id": "m", "name": "n", "type": "SubFlow", "definition": {}}`),
		"two flows of one name":                          flows(`{"id": "m", "type": "MainFlow", "definition": {}}, {"id": "n", "name": "m", "type": "SubFlow", "definition": {}}`),
		"two intents of one id":                          one(`"intents": [{"id": "i", "name": "a"}, {"id": "i", "name": "b"}]`),
		"two intents of one name":                        one(`"intents": [{"id": "i", "name": "a"}, {"id": "j", "name": "a"}]`),
		"an intent of numbers":                           one(`"intents": [{"id": "i", "utterances": [1]}]`),
		"a text that is too long":                        one(`"intents": [{"id": "i", "utterances": ["` + strings.Repeat("长", 1025) + `"]}]`),
		"a text of two lines":                            one(`"intents": [{"id": "i", "utterances": ["a\nb"]}]`),
		"a question of no type":                          one(`"globalQuestions": [{"id": "q", "type": "OTHER"}]`),
		"two tags of one name":                           one(`"tags": [{"id": "1", "group": "g", "name": "a"}, {"id": "2", "group": "g", "name": "a"}]`),
		"a tag without a name":                           one(`"tags": [{"id": "1", "group": "g"}]`),
	} {
		t.Run(name, func(t *testing.T) {
			id, err := h.bring(t.Context(), data)
			var refused *script.BundleError
			if !errors.As(err, &refused) || refused.Why == "" || id != "" {
				t.Errorf("got %q, %v; want that it is refused", id, err)
			}
			if _, total, err := h.List(t.Context(), instance, nil, store.Page{Number: 1, Size: 1}); err != nil || total != 0 {
				t.Errorf("%d scripts, %v; want none", total, err)
			}
		})
	}
}

// tooLarge returns an archive of more than 64 MiB in files that the script
// names. One that lies says of each that it is small.
func tooLarge(t *testing.T, document string, lies bool) []byte {
	t.Helper()
	var list []string
	archive := make(map[string]string)
	for i := range 40 {
		name := fmt.Sprintf("f%02d.json", i)
		list = append(list, fmt.Sprintf(`{"id": "f%d", "type": "SubFlow", "file": %q}`, i, name))
		archive[name] = `{"nodes":[]` + strings.Repeat(" ", 2<<20-13) + "}"
	}
	archive["script.json"] = `{"name": "x", "flows": [` + strings.Join(list, ",") + `]}`
	data := packed(t, archive)
	if lies {
		// The size in the entries of the directory: 0x001fffff becomes 0x00000fff.
		data = bytes.ReplaceAll(data, []byte{0xff, 0xff, 0x1f, 0x00}, []byte{0xff, 0x0f, 0x00, 0x00})
	}
	return data
}

// A folder may be packed as such.
func TestImportOfAFolder(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), script.Options{})
	id := h.mustBring(t, packed(t, map[string]string{
		"hello/script.json":       `{"name": "x", "flows": [{"id": "m", "type": "MainFlow", "file": "flows/m.json"}]}`,
		"hello/flows/m.json":      `{"nodes": [ ]}`,
		"__MACOSX/hello/._script": "x",
	}))
	if got := definitions(t, unpacked(t, h.mustExport(t, id)))["m"]; got != `{"nodes": [ ]}` {
		t.Errorf("the definition is %q", got)
	}
}

// An import takes what it may reach, and nothing else.
func TestImportFetches(t *testing.T) {
	bundle, err := flow.Load(folder("hello"))
	if err != nil {
		t.Fatal(err)
	}
	fetched := 0
	fetch := func(_ context.Context, url string) ([]byte, error) {
		fetched++
		if url != "https://files.example/hello" {
			return nil, errors.New("not on the list")
		}
		return bundle.Document(), nil
	}
	eachHouse(t, script.Options{Fetch: fetch}, func(t *testing.T, h *house) {
		fetched = 0
		for url, want := range map[string]error{
			"https://files.example/hello": nil, "https://elsewhere.example": script.ErrNoFile, "ours://gone": script.ErrNoFile,
		} {
			if _, err := h.Import(t.Context(), instance, url); !errors.Is(err, want) || (err == nil) != (want == nil) {
				t.Errorf("%s: %v, want %v", url, err, want)
			}
		}
		if fetched != 2 {
			t.Errorf("asked %d times; our own files are not fetched", fetched)
		}
		var missing *store.NotFoundError
		if _, err := h.Import(t.Context(), "nowhere", "https://files.example/hello"); !errors.As(err, &missing) || fetched != 2 {
			t.Errorf("an instance that is not there: %v after %d requests", err, fetched)
		}
	})
	alone := script.New(storetest.Open(t, storetest.SQLite(t)), script.Options{})
	if _, _, err := alone.Export(t.Context(), instance, "x"); err == nil {
		t.Error("exported without files")
	}
}
