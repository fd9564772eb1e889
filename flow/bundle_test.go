package flow

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/talkgraph/talkgraph/session"
)

// files makes a file system of paths and texts in turn.
func files(pathsAndTexts ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pathsAndTexts); i += 2 {
		fsys[pathsAndTexts[i]] = &fstest.MapFile{Data: []byte(pathsAndTexts[i+1])}
	}
	return fsys
}

// mustCompile compiles a bundle that has no errors.
func mustCompile(t testing.TB, fsys fs.FS, opts ...Option) *Program {
	t.Helper()
	p, err := Compile(fsys, opts...)
	if err != nil {
		var list Errors
		if errors.As(err, &list) {
			for _, d := range list {
				t.Log(d)
			}
		}
		t.Fatal(err)
	}
	return p
}

// sameProgram compares two programs in all but their bundles, hashes and
// diagnostics, whose places are those of the bundle.
var sameProgram = cmp.Options{
	cmp.AllowUnexported(Text{}, run{}),
	cmpopts.IgnoreUnexported(Program{}),
	cmpopts.IgnoreFields(Program{}, "Hash", "Diagnostics"),
	cmp.Comparer(func(a, b *Condition) bool {
		return (a == nil) == (b == nil) && (a == nil || a.source == b.source)
	}),
}

const oddScript = "\ufeff" + `{
  "name": "回访", "flows" : [
    {"id": "main", "name": "主流程", "type": "MainFlow", "fil\u0065" :
       "flows/main.json", "colour": "red"},
    {"id": "faq", "type": "SubFlow", "definition": {"nodes": [
       {"id": "s", "type": "start"}, {"id": "r", "type": "TRANSFER", "script": "好的", "content": {"action": "return"}}],
       "transitions": [{"source": "s", "target": "r"}], "zoom" : 1.50}},
    {"id": "bye", "type": "SubFlow", "file": "flows/bye.json"}
  ],
  "voice": {"voice": "xiaoyun", "speechRate": 5e1},
  "unheardOf": [1, 2,  3]
}
`

const oddMain = "\ufeff" + `{"nodes": [{"id": "s", "type": "Start", "zIndex": 7},
  {"id": "f", "type": "Transfer", "content": {"action": "GotoFlow", "actionParams": "faq"}},
  {"id": "b", "type": "Transfer", "content": {"action": "GotoFlow", "actionParams": "bye"}},
  {"id": "h", "type": "Transfer", "content": {"action": "Hangup"}}],
 "transitions": [{"source": "s", "target": "f"}, {"source": "f", "target": "b"}, {"source": "b", "target": "h"}]}
`

const oddBye = `{"nodes": [{"id": "s", "type": "Start"}, {"id": "e", "type": "Transfer", "script": "再见"}],
 "transitions": [{"source": "s", "target": "e"}]}`

func oddBundle() fstest.MapFS {
	return files("script.json", oddScript, "flows/main.json", oddMain, "flows/bye.json", oddBye, "notes.txt", "not part of it")
}

func TestBundleKeepsEveryByte(t *testing.T) {
	b, err := Load(oddBundle())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{
		"script.json": []byte(oddScript), "flows/main.json": []byte(oddMain), "flows/bye.json": []byte(oddBye),
	}
	if diff := cmp.Diff(want, b.Files()); diff != "" {
		t.Errorf("Files (-want +got):\n%s", diff)
	}
	document := strings.NewReplacer(
		"\"fil\\u0065\" :\n       \"flows/main.json\"", `"definition": `+strings.TrimSpace(strings.TrimPrefix(oddMain, "\ufeff")),
		`"file": "flows/bye.json"`, `"definition": `+oddBye,
	).Replace(strings.TrimPrefix(oddScript, "\ufeff"))
	if diff := cmp.Diff(document, string(b.Document())); diff != "" {
		t.Errorf("Document (-want +got):\n%s", diff)
	}
}

func TestDocumentCompilesToTheSameProgram(t *testing.T) {
	folder := mustCompile(t, oddBundle(), WithID("odd"))
	document := mustCompile(t, Document(folder.Bundle().Document()), WithID("odd"))
	if diff := cmp.Diff(folder, document, sameProgram); diff != "" {
		t.Errorf("program of the document (-folder +document):\n%s", diff)
	}
	if folder.Hash == document.Hash {
		t.Error("the document has the hash of the folder")
	}
	if again := document.Bundle().Document(); !bytes.Equal(again, document.Bundle().Files()["script.json"]) {
		t.Error("the document of a document is another")
	}
}

func TestHashIsOverPathsAndBytes(t *testing.T) {
	b, err := Load(oddBundle())
	if err != nil {
		t.Fatal(err)
	}
	var framed []byte
	for _, part := range []string{oddScript, "flows/main.json", oddMain, "flows/bye.json", oddBye} {
		framed = binary.BigEndian.AppendUint64(framed, uint64(len(part)))
		framed = append(framed, part...)
	}
	if want := session.Hash(sha256.Sum256(framed)); b.Hash() != want {
		t.Errorf("Hash = %s, want %s", b.Hash(), want)
	}
}

func TestUnknownKeysAreToldOnceForEachKind(t *testing.T) {
	p := mustCompile(t, files("script.json", `{"name": "x", "odd": 1, "flows": [{"id": "m", "odd": 1, "type": "MainFlow", "definition": {"nodes": [
		{"id": "s", "type": "Start", "odd": 1}, {"id": "h", "type": "Transfer", "odd": 2, "even": 2, "content": {"action": "Hangup"}}],
		"transitions": [{"source": "s", "target": "h", "odd": 3}]}}]}`))
	var got []string
	for _, d := range p.Diagnostics {
		got = append(got, d.Code+" "+d.Pointer)
	}
	want := []string{
		"TG009 /odd", "TG009 /flows/0/odd", "TG009 /flows/0/definition/nodes/0/odd",
		"TG009 /flows/0/definition/nodes/1/even", "TG009 /flows/0/definition/transitions/0/odd",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

func TestDefinitionForms(t *testing.T) {
	definition := `{"nodes":[{"id":"s","type":"Start"},{"id":"h","type":"Transfer","script":"再见","content":{"action":"Hangup"}}],"transitions":[{"source":"s","target":"h"}]}`
	quoted, err := json.Marshal("\ufeff" + definition)
	if err != nil {
		t.Fatal(err)
	}
	script := func(member string) string {
		return `{"name":"x","flows":[{"id":"m","type":"MainFlow",` + member + `}]}`
	}
	inline := mustCompile(t, files("script.json", script(`"definition":`+definition)))
	for name, fsys := range map[string]fs.FS{
		"string":          files("script.json", script(`"definition":`+string(quoted))),
		"file":            files("script.json", script(`"file":"a/b.json"`), "a/b.json", definition),
		"file with a BOM": files("script.json", "\ufeff"+script(`"file":"b.json"`), "b.json", "\ufeff\n"+definition+"\n"),
		"document":        Document([]byte(script(`"definition":` + definition))),
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(inline, mustCompile(t, fsys), sameProgram); diff != "" {
				t.Errorf("another program (-inline +%s):\n%s", name, diff)
			}
		})
	}
}

func TestNodePlaceIsWhereTheNodeStands(t *testing.T) {
	quoted := `{"id": "q", "type": "SubFlow", "definition": "{\"nodes\":[{\"id\":\"s\",\"type\":\"Start\"},{\"id\":\"r\",\"type\":\"Transfer\"}],\"transitions\":[{\"source\":\"s\",\"target\":\"r\"}]}"}`
	b := mustCompile(t, files("script.json", strings.Replace(oddScript, `{"id": "bye"`, quoted+`, {"id": "bye"`, 1), "flows/main.json", oddMain, "flows/bye.json", oddBye)).Bundle()
	for _, c := range []struct {
		flow, node    int
		file, pointer string
		line, column  int
	}{
		{0, 2, "flows/main.json", "/nodes/2", 3, 3},
		{1, 1, "script.json", "/flows/1/definition/nodes/1", 6, 38},
		{2, 1, "script.json", "/flows/2/definition", 8, 50},
		{3, 0, "flows/bye.json", "/nodes/0", 1, 12},
	} {
		var d Diagnostic
		d.File, d.Pointer = b.NodePlace(c.flow, c.node)
		list := Errors{d}
		b.Locate(list)
		want := Diagnostic{File: c.file, Pointer: c.pointer, Line: c.line, Column: c.column}
		if diff := cmp.Diff(want, list[0]); diff != "" {
			t.Errorf("node %d of flow %d (-want +got):\n%s", c.node, c.flow, diff)
		}
	}
}

func TestDocumentIsAFileSystem(t *testing.T) {
	fsys := Document([]byte("{}"))
	for name, want := range map[string]error{"other.json": fs.ErrNotExist, "../script.json": fs.ErrInvalid} {
		if _, err := fsys.Open(name); !errors.Is(err, want) {
			t.Errorf("Open(%q) = %v, want %v", name, err, want)
		}
	}
	file, err := fsys.Open("script.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil || string(data) != "{}" {
		t.Errorf("read %q, %v", data, err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if info.Name() != "script.json" || info.Size() != 2 || info.Mode() != 0o444 || info.IsDir() || !info.ModTime().IsZero() || info.Sys() != nil {
		t.Errorf("Stat = %+v", info)
	}
}

func TestLoadReportsWhatItCannotRead(t *testing.T) {
	_, err := Load(files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"gone.json"}]}`))
	var list Errors
	if !errors.As(err, &list) || len(list) != 1 || list[0].Code != "TG005" || list[0].Pointer != "/flows/0/file" {
		t.Errorf("Load = %v, want one TG005 at /flows/0/file", err)
	}
}

func TestOneFileInTwoFlows(t *testing.T) {
	p := mustCompile(t, files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","definition":{"nodes":[{"id":"s","type":"Start"},
		{"id":"a","type":"Transfer","content":{"action":"GotoFlow","actionParams":"f"}},{"id":"b","type":"Transfer","content":{"action":"GotoFlow","actionParams":"g"}},
		{"id":"h","type":"Transfer","content":{"action":"Hangup"}}],"transitions":[{"source":"s","target":"a"},{"source":"a","target":"b"},{"source":"b","target":"h"}]}},
		{"id":"f","type":"SubFlow","file":"bye.json"},{"id":"g","type":"SubFlow","file":"bye.json"}]}`, "bye.json", oddBye))
	if len(p.Flows) != 3 || len(p.Flows[1].Nodes) != 2 || len(p.Flows[2].Nodes) != 2 {
		t.Fatalf("flows = %+v", p.Flows)
	}
	document := mustCompile(t, Document(p.Bundle().Document()))
	if diff := cmp.Diff(p, document, sameProgram); diff != "" {
		t.Errorf("program of the document (-folder +document):\n%s", diff)
	}
}
