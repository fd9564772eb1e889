package script_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/talkgraph/talkgraph/flow"
	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// definitions returns the definitions of a bundle by flow id, byte for byte.
func definitions(t testing.TB, files map[string]string) map[string]string {
	t.Helper()
	var doc struct {
		Flows []struct {
			ID, Name, File string
			Definition     json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(files["script.json"], "\ufeff")), &doc); err != nil {
		t.Fatal(err)
	}
	byID := make(map[string]string)
	for _, f := range doc.Flows {
		var quoted string
		switch {
		case f.File != "":
			byID[f.ID] = files[f.File]
		case json.Unmarshal(f.Definition, &quoted) == nil:
			byID[f.ID] = quoted
		default:
			byID[f.ID] = string(f.Definition)
		}
	}
	return byID
}

// without returns script.json decoded, without what an import changes: the
// script's id, where a definition stands, and members that say nothing.
func without(t testing.TB, document string) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(strings.TrimPrefix(document, "\ufeff")), &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "id")
	for _, key := range []string{"flows", "intents", "globalQuestions", "tags"} {
		list, _ := doc[key].([]any)
		for _, o := range list {
			delete(o.(map[string]any), "file")
			delete(o.(map[string]any), "definition")
			dropEmpty(o.(map[string]any))
		}
	}
	dropEmpty(doc)
	return doc
}

func dropEmpty(o map[string]any) {
	maps.DeleteFunc(o, func(_ string, v any) bool {
		list, isList := v.([]any)
		return v == "" || isList && len(list) == 0
	})
}

// sameProgram compares programs in what they do, not in how they were written.
var sameProgram = cmp.Options{
	cmpopts.IgnoreFields(flow.Program{}, "ID", "Hash", "Diagnostics", "bundle"),
	cmp.Comparer(func(a, b *flow.Condition) bool { return (a == nil) == (b == nil) }), // Their text is the definition's.
	cmp.Exporter(func(reflect.Type) bool { return true }),
}

// The bundles of the repository come back as they were, and mean the same.
func TestExportOfAnImport(t *testing.T) {
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		for _, name := range []string{"course-followup", "debt-reminder", "debt-reminder-en", "hello"} {
			bundle, err := flow.Load(folder(name))
			if err != nil {
				t.Fatal(err)
			}
			written := make(map[string]string)
			for path, data := range bundle.Files() {
				written[path] = string(data)
			}
			id := h.mustBring(t, packed(t, written))
			archive := h.mustExport(t, id)
			exported := unpacked(t, archive)
			if diff := cmp.Diff(definitions(t, written), definitions(t, exported)); diff != "" {
				t.Errorf("%s: definitions (-imported +exported):\n%s", name, diff)
			}
			if diff := cmp.Diff(without(t, written["script.json"]), without(t, exported["script.json"])); diff != "" {
				t.Errorf("%s: script.json (-imported +exported):\n%s", name, diff)
			}
			reader, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
			if err != nil {
				t.Fatal(err)
			}
			before, err := flow.Compile(folder(name))
			if err != nil {
				t.Fatal(err)
			}
			after, err := flow.Compile(reader)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, after, sameProgram); diff != "" {
				t.Errorf("%s means something else (-imported +exported):\n%s", name, diff)
			}
			if after.ID != id {
				t.Errorf("%s is exported as script %q, want %q", name, after.ID, id)
			}
		}
	})
}

// What a bundle says beside what is known is there again after a round trip,
// and stays with what it was said of.
func TestExportKeepsWhatIsNotKnown(t *testing.T) {
	const document = "\ufeff" + `{
		"$schema": "https://schema.example/1", "name": "回访", "description": "请家长打分。\\n再约时间。", "variables": [{"name": "name", "label": "姓名", "sample": "王芳", "odd": 1}],
		"flows": [
			{"id": "主", "type": "mainflow", "colour": "red", "definition": {"nodes":[ ],  "transitions":[], "zoom" : 1.50}},
			{"name": "答疑", "type": "SubFlow", "definition": "\ufeff{ \"nodes\": [] }"},
			{"id": "A", "name": "大", "type": "SubFlow", "definition": {}}, {"id": "a", "name": "小", "type": "SubFlow", "definition": {"nodes": null}}
		],
		"intents": [{"id": "i", "name": "是", "utterances": ["是的", "<&>"], "regex": ["^是"]}, {"id": "j", "name": "否"}],
		"globalQuestions": [{"name": "谁", "questions": ["你是谁"], "answers": ["我\n是"], "weight": 2.0}],
		"tags": [{"id": "t", "group": "意向", "name": "高", "colour": "green"}, {"name": "平"}],
		"voice": {"voice": "xiaoyun", "speechRate": 5e1, "pitch": 3}, "matching": {"threshold": 0.6}, "unheardOf": [1, 2,  3]
	}`
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		id := h.mustBring(t, []byte(document))
		first := unpacked(t, h.mustExport(t, id))
		was := without(t, document)
		is := without(t, first["script.json"])
		// What stood for a missing name or type is written out.
		was["flows"].([]any)[0].(map[string]any)["name"], was["flows"].([]any)[0].(map[string]any)["type"] = "主", "MainFlow"
		was["flows"].([]any)[1].(map[string]any)["id"] = "答疑"
		question := was["globalQuestions"].([]any)[0].(map[string]any)
		question["id"], question["type"] = "谁", "COMMON"
		was["tags"].([]any)[1].(map[string]any)["id"] = is["tags"].([]any)[1].(map[string]any)["id"]
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("script.json (-imported +exported):\n%s", diff)
		}
		want := map[string]string{
			"主": `{"nodes":[ ],  "transitions":[], "zoom" : 1.50}`, "答疑": "\ufeff{ \"nodes\": [] }", "A": "{}", "a": `{"nodes": null}`,
		}
		if diff := cmp.Diff(want, definitions(t, first)); diff != "" {
			t.Errorf("definitions (-imported +exported):\n%s", diff)
		}
		if !strings.Contains(first["script.json"], "5e1") || !strings.Contains(first["script.json"], `"<&>"`) {
			t.Error("numbers or texts were written in another way")
		}
		// A copy has it too, with the new ids.
		copied, err := h.Duplicate(t.Context(), instance, id, "又一个")
		must(t, err)
		script := unpacked(t, h.mustExport(t, copied))["script.json"]
		for _, odd := range []string{"$schema", "pitch", "unheardOf", "red", "regex", "weight", "green"} {
			if !strings.Contains(script, `"`+odd+`"`) {
				t.Errorf("the copy has no %s", odd)
			}
		}
	})
}

// Whatever a bundle holds, exporting it again gives the definitions byte for
// byte, and exporting that import gives the same files.
func TestRoundTrip(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), script.Options{})
	text := rapid.StringMatching(`[一-龥a-zA-Z0-9<>&"'\\/ .-]{1,12}`)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		document := drawBundle(r, text, fmt.Sprintf("话术 %d", n))
		id, err := h.bring(t.Context(), document)
		if err != nil {
			r.Fatalf("%s: %v", document, err)
		}
		first := unpacked(t, h.mustExport(t, id))
		if diff := cmp.Diff(definitions(t, map[string]string{"script.json": string(document)}), definitions(t, first)); diff != "" {
			r.Fatalf("definitions (-imported +exported):\n%s", diff)
		}
		if err := h.Delete(t.Context(), instance, id); err != nil {
			r.Fatal(err)
		}
		again := h.mustBring(t, packed(t, first))
		second := unpacked(t, h.mustExport(t, again))
		first["script.json"] = strings.Replace(first["script.json"], id, again, 1)
		if diff := cmp.Diff(first, second); diff != "" {
			r.Fatalf("the second export (-first +second):\n%s", diff)
		}
	})
}

// drawBundle draws a bundle in one document.
func drawBundle(r *rapid.T, text *rapid.Generator[string], name string) []byte {
	ids := func(what string) []string {
		return rapid.SliceOfNDistinct(text, 0, 5, rapid.ID[string]).Draw(r, what)
	}
	texts := func(what string) []string { return rapid.SliceOfN(text, 0, 4).Draw(r, what) }
	odd := func(o map[string]any) map[string]any {
		for _, key := range ids("odd keys") {
			o["x-"+key] = rapid.SampledFrom([]any{nil, true, 1.5, "x", []any{1.0, "y"}, map[string]any{"z": nil}}).Draw(r, "odd value")
		}
		return o
	}
	doc := odd(map[string]any{"name": name})
	var flows, intents, questions, tags []any
	for i, id := range ids("flows") {
		kind := "SubFlow"
		if i == 0 {
			kind = "MainFlow"
		}
		flows = append(flows, odd(map[string]any{"id": id, "type": kind, "definition": odd(map[string]any{"nodes": []any{}})}))
	}
	for _, id := range ids("intents") {
		intents = append(intents, odd(map[string]any{"id": id, "utterances": texts("utterances"), "keywords": texts("keywords")}))
	}
	for _, id := range ids("questions") {
		questions = append(questions, odd(map[string]any{"id": id, "type": "SYSTEM", "answers": texts("answers")}))
	}
	for _, id := range ids("tags") {
		tags = append(tags, odd(map[string]any{"id": id, "group": rapid.SampledFrom([]string{"", "甲", "乙"}).Draw(r, "group"), "name": id}))
	}
	doc["flows"], doc["intents"], doc["globalQuestions"], doc["tags"] = flows, intents, questions, tags
	data, err := json.MarshalIndent(doc, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(r, "layout"))
	if err != nil {
		r.Fatal(err)
	}
	return data
}
