package script

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/flow"
)

// Only what names a thing of the script is another afterwards; every other
// byte is as it was.
func TestRewrite(t *testing.T) {
	ids := &renaming{
		script:    map[string]string{"s": "S"},
		flows:     map[string]string{"f": "F", "x": "FX"},
		intents:   map[string]string{"i": "I", "x": "IX", "是": `"引号"`},
		questions: map[string]string{"q": "Q", "x": "QX"},
		tags:      map[string]string{"t": "T", "x": "TX"},
	}
	node := func(content string) string { return `{"nodes": [{"id": "x", "content": {` + content + `}}]}` }
	for _, tt := range []struct{ name, from, to string }{
		{"nothing", `{"nodes":[],"transitions":[]}`, `{"nodes":[],"transitions":[]}`},
		{"an intent", node(`"branches":[{"branchId":"x","intents":[ {"name":"i", "id" : "i"},{"id":"x"},{"id":"other"} ]}]`),
			node(`"branches":[{"branchId":"x","intents":[ {"name":"i", "id" : "I"},{"id":"IX"},{"id":"other"} ]}]`)},
		{"an intent in other letters", node(`"branches":[{"intents":[{"id":"\u662f"}]}]`), node(`"branches":[{"intents":[{"id":"\"引号\""}]}]`)},
		{"prompts", node(`"unrecognizingConfig":{"promptType":"x","prompt":"x","finalPrompt":"q"},"silenceTimeoutConfig":{"finalPrompt":"q","prompt":"SimiliarScript"}`),
			node(`"unrecognizingConfig":{"promptType":"x","prompt":"QX","finalPrompt":"Q"},"silenceTimeoutConfig":{"finalPrompt":"Q","prompt":"SimiliarScript"}`)},
		{"labels", `{"nodes":[{"labels":[{"id":"t","tagName":"t","scriptId":"s"},"t"],"content":{"label":["t",{"scriptId":"s","id":"x"},{"scriptId":"x"}]}}]}`,
			`{"nodes":[{"labels":[{"id":"T","tagName":"t","scriptId":"S"},"t"],"content":{"label":["t",{"scriptId":"S","id":"TX"},{"scriptId":"x"}]}}]}`},
		{"GotoFlow", node(`"action":"GotoFlow","actionParams":"f"`), node(`"action":"GotoFlow","actionParams":"F"`)},
		{"GotoFlow the other way round", node(`"actionParams":"x","action":"gotoflow"`), node(`"actionParams":"FX","action":"gotoflow"`)},
		{"GotoFlow by name", node(`"action":"GotoFlow","actionParams":"答疑"`), node(`"action":"GotoFlow","actionParams":"答疑"`)},
		{"another action", node(`"action":"TransferToQueue","actionParams":"f"`), node(`"action":"TransferToQueue","actionParams":"f"`)},
		{"params without an action", node(`"actionParams":"f"`), node(`"actionParams":"f"`)},
		{"one node's action and another's params", `{"nodes":[{"content":{"action":"GotoFlow"}},{"content":{"actionParams":"f"}}]}`,
			`{"nodes":[{"content":{"action":"GotoFlow"}},{"content":{"actionParams":"f"}}]}`},
		{"other places", `{"id":"i","nodes":[{"id":"i","script":"q","name":"t","content":{"id":"x","branches":[{"id":"i"}]}}],"intents":[{"id":"i"}]}`,
			`{"id":"i","nodes":[{"id":"i","script":"q","name":"t","content":{"id":"x","branches":[{"id":"i"}]}}],"intents":[{"id":"i"}]}`},
		{"values of other kinds", node(`"branches":[{"intents":[{"id":1},{"id":null},"i",["i"]]}],"action":["GotoFlow"],"actionParams":{"f":"f"}`),
			node(`"branches":[{"intents":[{"id":1},{"id":null},"i",["i"]]}],"action":["GotoFlow"],"actionParams":{"f":"f"}`)},
		{"a byte-order mark, layout and escapes", "\ufeff\t" + node(`"label" :`+"\r\n"+`[ {"\u0069d": "t"} , {"id" :"t\u0020"}], "n": 1.50e+2`),
			"\ufeff\t" + node(`"label" :`+"\r\n"+`[ {"\u0069d": "T"} , {"id" :"t\u0020"}], "n": 1.50e+2`)},
		{"no JSON", node(`"label":[{"id":"t"}]`) + "}", node(`"label":[{"id":"t"}]`) + "}"},
		{"cut off", `{"nodes":[{"content":{"label":[{"id":"t"}`, `{"nodes":[{"content":{"label":[{"id":"t"}`},
		{"empty", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := ids.rewrite(tt.from); got != tt.to {
				t.Errorf("\n got %s\nwant %s", got, tt.to)
			}
		})
	}
}

// The definitions of the repository come back byte for byte when their ids are
// exchanged and exchanged back.
func TestRewriteThereAndBack(t *testing.T) {
	there, back := map[string]string{}, map[string]string{}
	for _, bundle := range []string{"course-followup", "debt-reminder", "debt-reminder-en", "hello"} {
		v, err := flow.Compile(os.DirFS(filepath.Join("..", "..", "testdata", "scripts", bundle)))
		if err != nil {
			t.Fatal(err)
		}
		exchange := func(id string) { there[id], back["new "+id] = "new "+id, id }
		for _, i := range v.Intents {
			exchange(i.ID)
		}
		for _, q := range v.Questions {
			exchange(q.ID)
		}
		for _, f := range v.Flows {
			exchange(f.ID)
		}
		for _, tag := range v.Tags {
			exchange(tag.ID)
		}
		for path, data := range v.Bundle().Files() {
			if path == flow.ScriptFile {
				continue
			}
			changed := (&renaming{flows: there, intents: there, questions: there, tags: there}).rewrite(string(data))
			if !strings.Contains(changed, `"new `) {
				t.Errorf("%s of %s: nothing was exchanged", path, bundle)
			}
			if again := (&renaming{flows: back, intents: back, questions: back, tags: back}).rewrite(changed); again != string(data) {
				t.Errorf("%s of %s is another afterwards", path, bundle)
			}
		}
	}
}
