package api

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"pgregory.net/rapid"
)

// newScript makes a script in an instance of the same name and returns the
// parameters that name it.
func (c *served) newScript(name string) []string {
	c.t.Helper()
	instance := c.must("CreateInstance", "InstanceName", name, "MaxConcurrentConversation", "10").at(c.t, "Instance", "InstanceId").(string)
	script := c.must("CreateScript", "InstanceId", instance, "ScriptName", name, "Industry", "x", "Scene", "x").at(c.t, "Script", "ScriptId").(string)
	return []string{"InstanceId", instance, "ScriptId", script}
}

// with returns the parameters with more of them.
func with(key []string, more ...string) []string { return slices.Concat(key, more) }

// payload is what an answer has beside the envelope.
func (a answer) payload() map[string]any {
	payload := map[string]any(a)
	for _, name := range []string{"Code", "HttpStatusCode", "Message", "RequestId", "Success"} {
		delete(payload, name)
	}
	return payload
}

func TestFlows(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		main := c.must("CreateDialogueFlow", with(key, "DialogueFlowType", "mainflow", "DialogueName", "主流程")...).at(t, "DialogueFlowId").(string)
		sub := c.must("CreateDialogueFlow", with(key, "DialogueFlowType", "SubFlow", "DialogueName", "答疑")...).at(t, "DialogueFlowId").(string)
		definition := "{\"transitions\": [],\r\n\t\"nodes\":[{\"script\":\"it's \\u4f60 & <b>\"}], \"more\": 1.50}"
		got := c.must("ModifyDialogueFlow", with(key, "DialogueFlowId", main, "DialogueFlowDefinition", definition, "IsDrafted", "true")...)
		if got.at(t, "DialogueFlowId") != main || got.at(t, "DialogueFlowDefinition") != definition {
			t.Errorf("ModifyDialogueFlow answered %v", got)
		}
		flow := func(id, name, kind, definition string) any {
			return map[string]any{
				"ScriptId": key[3], "ScriptVersion": "",
				"DialogueFlowId": id, "DialogueFlowName": name, "DialogueFlowType": kind, "DialogueFlowDefinition": definition,
				"Id": id, "Name": name, "FlowType": kind, "FlowDefinition": definition,
			}
		}
		want := map[string]any{"DialogueFlows": []any{flow(sub, "答疑", "SubFlow", emptyFlow), flow(main, "主流程", "MainFlow", definition)}}
		if diff := cmp.Diff(want, c.must("ListDialogueFlows", key...).payload()); diff != "" {
			t.Errorf("ListDialogueFlows (-want +got):\n%s", diff)
		}
		for _, odd := range []string{`\u0000`, `\b`, `\u009b`} { // PostgreSQL has no place for the first, and nobody says the others.
			c.refused("InvalidParameter", "ModifyDialogueFlow", with(key, "DialogueFlowId", main,
				"DialogueFlowDefinition", `{"nodes":[{"script":"您好`+odd+`"}],"transitions":[]}`)...)
		}
		c.must("DeleteDialogueFlow", with(key, "DialogueFlowId", main)...)
		c.refused("NotExist.DialogueFlow", "DeleteDialogueFlow", with(key, "DialogueFlowId", main)...)
		c.must("CreateDialogueFlow", with(key, "DialogueFlowType", "MainFlow", "DialogueName", "主流程")...)
	})
}

// A definition is stored whatever is wrong with it, and the answer says what
// is: of this flow only, and where in its text.
func TestModifyFlowDiagnostics(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		create := func(kind, name string) string {
			return c.must("CreateDialogueFlow", with(key, "DialogueFlowType", kind, "DialogueName", name)...).at(t, "DialogueFlowId").(string)
		}
		main, sub := create("MainFlow", "main"), create("SubFlow", "sub")
		intent := c.must("CreateIntent", with(key, "IntentName", "yes", "Utterances", "[]", "Keywords", "[]")...).at(t, "IntentId").(string)
		for definition, want := range map[string][]string{
			emptyFlow:                              {"1:11 error TG028"},
			"{\n\"nodes\":[], \"transitions\":[]}": {"1:1 error TG020"},
			`{"nodes":[
				{"id":"s","type":"Start"},
				{"id":"t","type":"Transfer","content":{"action":"GotoFlow","actionParams":"sub"}},
				{"id":"u","type":"Switch","script":"?","content":{"branches":[{"branchId":"b","intents":[{"id":"` + intent + `"},{"id":"x"}]}]}}
			],"transitions":[{"source":"s","target":"t"},{"source":"b","target":"u"}]}`: {
				"3:5 error TG043", "4:110 error TG024", "4:5 warning TG046",
			},
			`{"nodes":[{"id":"s","type":"Start"},{"id":"t","type":"Transfer","script":"再见","content":{"action":"Hangup"}}],
			"transitions":[{"source":"s","target":"t"}]}`: nil,
		} {
			found := c.must("ModifyDialogueFlow", with(key, "DialogueFlowId", main, "DialogueFlowDefinition", definition)...).at(t, "Diagnostics").([]any)
			var got []string
			for _, one := range found {
				d := one.(map[string]any)
				got = append(got, fmt.Sprintf("%v:%v %v %v", d["Line"], d["Column"], d["Severity"], d["Code"]))
				if d["FlowId"] != main {
					t.Errorf("a diagnostic of another flow: %v", d)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", definition, diff)
			}
		}
		if got := c.must("ListDialogueFlows", key...).at(t, "DialogueFlows", 0, "DialogueFlowDefinition"); got != emptyFlow {
			t.Errorf("flow %s has become %v", sub, got)
		}
	})
}

func TestFlowsRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		id := c.must("CreateDialogueFlow", with(key, "DialogueFlowType", "MainFlow", "DialogueName", "main")...).at(t, "DialogueFlowId").(string)
		before := c.must("ListDialogueFlows", key...)
		for _, r := range []struct {
			code, action string
			more         []string
		}{
			{"MissingParameter", "CreateDialogueFlow", []string{"DialogueFlowType", "SubFlow"}},
			{"MissingParameter", "CreateDialogueFlow", []string{"DialogueFlowType", "SubFlow", "DialogueName", ""}},
			{"MissingParameter", "CreateDialogueFlow", []string{"DialogueName", "x"}},
			{"InvalidParameter", "CreateDialogueFlow", []string{"DialogueFlowType", "Flow", "DialogueName", "x"}},
			{"InvalidParameter", "CreateDialogueFlow", []string{"DialogueFlowType", "MainFlow", "DialogueName", "second"}},
			{"InvalidParameter", "CreateDialogueFlow", []string{"DialogueFlowType", "SubFlow", "DialogueName", strings.Repeat("流", 65)}},
			{"InvalidParameter", "CreateDialogueFlow", []string{"DialogueFlowType", "SubFlow", "DialogueName", "a\nb"}},
			{"InvalidDialogueFlowName.Duplicated", "CreateDialogueFlow", []string{"DialogueFlowType", "SubFlow", "DialogueName", "main"}},
			{"NotExist.DialogueFlow", "DeleteDialogueFlow", []string{"DialogueFlowId", "../" + id}},
			{"NotExist.DialogueFlow", "DeleteDialogueFlow", []string{"DialogueFlowId", id + "' OR '1'='1"}},
			{"MissingParameter", "DeleteDialogueFlow", nil},
			{"MissingParameter", "ModifyDialogueFlow", []string{"DialogueFlowId", id}},
			{"NotExist.DialogueFlow", "ModifyDialogueFlow", []string{"DialogueFlowId", "x", "DialogueFlowDefinition", emptyFlow}},
			{"InvalidParameter", "ModifyDialogueFlow", []string{"DialogueFlowId", id, "DialogueFlowDefinition", emptyFlow, "IsDrafted", "maybe"}},
			{"InvalidParameter", "ModifyDialogueFlow", []string{"DialogueFlowId", id, "DialogueFlowDefinition", "[]"}},
			{"InvalidParameter", "ModifyDialogueFlow", []string{"DialogueFlowId", id, "DialogueFlowDefinition", `{"nodes":[]`}},
			{"InvalidParameter", "ModifyDialogueFlow", []string{"DialogueFlowId", id, "DialogueFlowDefinition", `{"nodes":[],"transitions":{}}`}},
			{"InvalidParameter", "ModifyDialogueFlow", []string{"DialogueFlowId", id, "DialogueFlowDefinition", strings.Repeat("[", 100_000)}},
			// 700,000 characters, and more than 2 MiB of bytes.
			{"InvalidParameter", "ModifyDialogueFlow", []string{"DialogueFlowId", id, "DialogueFlowDefinition", `{"nodes":[],"transitions":[],"x":"` + strings.Repeat("流", 700_000) + `"}`}},
		} {
			c.refused(r.code, r.action, with(key, r.more...)...)
		}
		if diff := cmp.Diff(before, c.must("ListDialogueFlows", key...)); diff != "" {
			t.Errorf("what was refused changed something:\n%s", diff)
		}
	})
}

// Whatever an editor writes into a definition comes back as it was written.
func TestDefinitionsStayAsTheyAre(t *testing.T) {
	blank := rapid.StringMatching(`[ \t\r\n]{0,3}`)
	text := rapid.StringOfN(rapid.Rune(), 0, 20, -1).Filter(func(s string) bool { return !strings.ContainsFunc(s, isControlOrQuote) })
	definition := rapid.Custom(func(t *rapid.T) string {
		gap := func() string { return blank.Draw(t, "gap") }
		members := []string{
			`"nodes"` + gap() + ":" + gap() + `[{"id":"` + text.Draw(t, "id") + `"` + gap() + "}]",
			gap() + `"transitions":[` + gap() + "]",
			gap() + `"` + text.Draw(t, "key") + `x":` + rapid.SampledFrom([]string{"1e1", "-0.0", `"\u6c34\/"`, "null"}).Draw(t, "value"),
		}
		return gap() + "{" + strings.Join(rapid.Permutation(members).Draw(t, "members"), ",") + "}" + gap()
	})
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		id := c.must("CreateDialogueFlow", with(key, "DialogueFlowType", "MainFlow", "DialogueName", "main")...).at(t, "DialogueFlowId").(string)
		rapid.Check(t, func(r *rapid.T) {
			want := definition.Draw(r, "definition")
			changed := c.must("ModifyDialogueFlow", with(key, "DialogueFlowId", id, "DialogueFlowDefinition", want)...)
			listed := c.must("ListDialogueFlows", key...)
			for _, got := range []any{changed.at(t, "DialogueFlowDefinition"), listed.at(t, "DialogueFlows", 0, "DialogueFlowDefinition")} {
				if got != want {
					r.Fatalf("%q comes back as %q", want, got)
				}
			}
		})
	})
}

func isControlOrQuote(r rune) bool {
	return r < ' ' || r == '"' || r == '\\' || r >= 0x7f && r < 0xa0
}
