package script

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// FuzzRead reads bundles of strangers: whatever they are, they are taken or
// refused, and one that is taken is the same after it was packed and read again.
func FuzzRead(f *testing.F) {
	archive, err := packFiles([]archiveFile{
		{"script.json", `{"name": "x", "flows": [{"id": "m", "type": "MainFlow", "file": "m.json"}], "odd": {"a": [1]}}`},
		{"m.json", `{"nodes": []}`},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(archive)
	f.Add([]byte(`{"name": "x", "intents": [{"id": "i", "utterances": ["是"], "odd": 1}], "tags": [{"name": "t"}]}`))
	f.Add([]byte(`{"name": "x", "globalQuestions": [{"id": "q", "type": "system", "answers": null}], "name": "y"}`))
	f.Add([]byte("\ufeff" + `{"name": "x", "flows": [{"name": "m", "type": "subflow", "definition": "{}"}]}`))
	s := New(storetest.Open(f, storetest.SQLite(f)), Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := s.read(data)
		if err != nil {
			return
		}
		packed, err := pack(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.read(packed)
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		if len(again.Flows) != len(d.Flows) || again.Script.Name != d.Script.Name || again.Script.Extra != d.Script.Extra {
			t.Fatalf("%+v\nis read again as\n%+v", d, again)
		}
		for i := range d.Flows {
			if again.Flows[i].Definition != d.Flows[i].Definition {
				t.Fatalf("definition %d: %q is read again as %q", i, d.Flows[i].Definition, again.Flows[i].Definition)
			}
		}
	})
}

// FuzzRewrite exchanges ids in definitions of strangers: what is JSON stays
// JSON, and without ids to exchange nothing changes.
func FuzzRewrite(f *testing.F) {
	f.Add(`{"nodes":[{"content":{"action":"GotoFlow","actionParams":"a","label":[{"id":"a"}]}}]}`)
	f.Add("\ufeff" + ` {"nodes":[{"labels":["a",{"id":"\u0061"}]},{"content":{"branches":[{"intents":[{"id":"a"}]}]}}]} `)
	ids := map[string]string{"a": `b"\`}
	some := &renaming{script: ids, flows: ids, intents: ids, questions: ids, tags: ids}
	none := &renaming{}
	f.Fuzz(func(t *testing.T, text string) {
		if got := none.rewrite(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
		valid := func(text string) bool { return json.Valid([]byte(strings.TrimPrefix(text, "\ufeff"))) }
		if got := some.rewrite(text); valid(text) != valid(got) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
