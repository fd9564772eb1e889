package flow

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/session"
)

// skeletonBundle is the skeleton of a real flow with the intents it names.
func skeletonBundle(t testing.TB) []byte {
	t.Helper()
	definition, err := os.ReadFile("testdata/flow-skeleton.json")
	if err != nil {
		t.Fatal(err)
	}
	var skeleton struct {
		Nodes []struct {
			Content struct {
				Branches []struct {
					Intents []struct{ ID, Name string }
				}
			}
		}
	}
	if err := json.Unmarshal(definition, &skeleton); err != nil {
		t.Fatal(err)
	}
	intents, seen := []map[string]any{}, map[string]bool{}
	for _, n := range skeleton.Nodes {
		for _, b := range n.Content.Branches {
			for _, in := range b.Intents {
				if !seen[in.ID] {
					seen[in.ID] = true
					intents = append(intents, map[string]any{"id": in.ID, "name": in.Name, "utterances": []string{"says " + in.Name}})
				}
			}
		}
	}
	data, err := json.Marshal(map[string]any{
		"id": "skeleton", "name": "Skeleton", "intents": intents,
		"globalQuestions": []map[string]any{{"id": "system-prompt-1", "name": "未识别", "type": "SYSTEM", "answers": []string{"Pardon?", "Goodbye."}}},
		"flows":           []map[string]any{{"id": "main", "type": "MainFlow", "definition": json.RawMessage(definition)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSkeletonCompiles(t *testing.T) {
	p := mustCompile(t, Document(skeletonBundle(t)))
	g := p.Flows[p.Main]
	kinds, transitions := map[NodeKind]int{}, 0
	for _, n := range g.Nodes {
		kinds[n.Kind]++
		if n.Next >= 0 {
			transitions++
		}
		for _, b := range n.Branches {
			if b.Target < 0 || b.Target >= len(g.Nodes) {
				t.Errorf("branch %s leads to %d", b.ID, b.Target)
			}
			transitions++
		}
	}
	if diff := cmp.Diff(map[NodeKind]int{Start: 1, Switch: 11, Transfer: 5}, kinds); diff != "" {
		t.Errorf("node kinds (-want +got):\n%s", diff)
	}
	if transitions != 29 {
		t.Errorf("%d transitions, want 29", transitions)
	}
	if len(p.Intents) != 13 {
		t.Errorf("%d intents, want 13", len(p.Intents))
	}
	if len(p.Diagnostics) != 0 {
		t.Errorf("diagnostics of a good script: %v", p.Diagnostics)
	}
	if len(p.Tags) != 3 {
		t.Errorf("%d tags, want 3", len(p.Tags))
	}
}

const fullScript = `{
  "id": "full", "name": "全部",
  "variables": [{"name": "course", "label": "课程", "sample": "钢琴"}],
  "tags": [{"id": "t-1", "group": "意向", "name": "高"}],
  "intents": [
    {"id": "i-yes", "name": "是", "utterances": ["是", "对"], "keywords": ["没错"]},
    {"id": "i-no", "name": "否", "utterances": ["不是"]},
    {"id": "i-far", "name": "远", "utterances": ["太远"]}
  ],
  "globalQuestions": [
    {"id": "q-who", "name": "你是谁", "type": "common", "questions": ["哪位"], "answers": ["我是小云", "", "小云"]},
    {"id": "q-sys", "name": "未识别", "type": "SYSTEM", "answers": ["再说一遍", "再见"]},
    {"id": "q-quiet", "name": "喂", "type": "system", "role": "Silence", "answers": ["在吗"]},
    {"id": "q-again", "name": "重复", "type": "SYSTEM", "questions": ["没听清"]},
    {"id": "q-end", "name": "告别", "type": "SYSTEM", "answers": ["下次再聊"]}
  ],
  "matching": {"threshold": 0.6, "background": false},
  "flows": [
    {"id": "main", "name": "主", "type": "mainflow", "definition": {
      "nodes": [
        {"id": "hi", "type": "SWITCH", "name": "开场", "script": "您好@name，@course 课", "similarScripts": ["您好", " "], "interruptible": true,
         "collectedNumberEnabled": true, "labels": ["到达", {"tagGroup": "意向", "tagName": "高"}],
         "content": {"label": ["到达"], "digits": {"min": 1, "max": 4, "terminator": "#", "timeout": 5},
          "branches": [
            {"branchId": "b-far", "intents": [{"id": "i-far"}, {"id": "gone", "name": "否"}, {"id": "i-far"}]},
            {"branchId": "b-yes", "branchName": "是的", "condition": "score > 0.5", "intents": [{"id": "i-no"}, {"id": "i-yes"}]},
            {"branchId": "b-try", "condition": "attempts >= 2"},
            {"branchId": "b-else", "branchName": "其他"}],
          "unrecognizingConfig": {"promptType": "System", "prompt": "q-sys", "threshold": 1, "finalPromptType": "similiarscript"},
          "silenceTimeoutConfig": {"promptType": "SimilarScript", "threshold": 0, "finalPromptType": "System", "finalPrompt": "nobody", "timeout": 30}}},
        {"id": "start", "type": "Start", "content": {"branches": [{"branchId": "x"}]}},
        {"id": "agent", "type": "Transfer", "script": "请稍候", "content": {"action": "transfertoAGENT", "actionParams": "组@course", "label": [{"id": "t-1"}]}},
        {"id": "faq", "type": "Transfer", "content": {"action": "gotoflow", "actionParams": "答疑"}},
        {"id": "on", "type": "Transfer", "script": "接下来"},
        {"id": "own", "type": "Transfer", "content": {"action": "SENDSMS"}}
      ],
      "transitions": [
        {"id": "1", "source": "start", "target": "hi"}, {"id": "2", "source": "b-far", "target": "faq"},
        {"id": "3", "source": "b-yes", "target": "agent", "sourceBranchNode": "hi"}, {"id": "4", "source": "b-try", "target": "own"},
        {"id": "5", "source": "b-else", "target": "on"}, {"id": "6", "source": "faq", "target": "hi"}, {"id": "7", "source": "on", "target": "hi"}
      ]}},
    {"id": "sub", "name": "答疑", "type": "SubFlow", "definition": {
      "nodes": [{"id": "s", "type": "Start"}, {"id": "ask", "type": "Switch", "script": "请问", "content": {"branches": [{"branchId": "b"}]}}, {"id": "back", "type": "Transfer"}],
      "transitions": [{"source": "s", "target": "ask"}, {"source": "b", "target": "back"}]}}
  ]
}`

func TestEveryFieldIsUnderstood(t *testing.T) {
	p := mustCompile(t, Document([]byte(fullScript)), WithActions("SendSms"), WithID("folder"))
	vars := []session.Var{{Name: "course", Value: "钢琴"}, {Name: "name", Value: "王芳"}}
	said := func(text *Text) string {
		out, _ := text.Append(nil, vars)
		return string(out)
	}
	hi := p.Flows[0].Nodes[0]
	agent, faq, on, own := p.Flows[0].Nodes[2], p.Flows[0].Nodes[3], p.Flows[0].Nodes[4], p.Flows[0].Nodes[5]
	ask, back := p.Flows[1].Nodes[1], p.Flows[1].Nodes[2]
	system := func(q int) Prompt { return Prompt{Kind: SystemPrompt, Question: q} }
	for _, c := range []struct {
		name      string
		want, got any
	}{
		{"id", "full", p.ID},
		{"main", 0, p.Main},
		{"matching", Matching{Threshold: 0.6, Margin: 0.1, FalseReject: 0.05}, p.Matching},
		{"variables", []Variable{{"course", "课程", "钢琴"}}, p.Variables},
		{"tags", []Tag{{"t-1", "意向", "高"}, {"", "", "到达"}}, p.Tags},
		{"tag names", "意向/高 到达", p.Tags[0].String() + " " + p.Tags[1].String()},
		{"roles", []Role{NoRole, RoleUnrecognized, RoleSilence, RoleRepeat, RoleClosing}, []Role{p.Questions[0].Role, p.Questions[1].Role, p.Questions[2].Role, p.Questions[3].Role, p.Questions[4].Role}},
		{"triggers", []bool{true, false, false, true, false}, []bool{p.Questions[0].Triggers(), p.Questions[1].Triggers(), p.Questions[2].Triggers(), p.Questions[3].Triggers(), p.Questions[4].Triggers()}},
		{"role names", "silence  unknown", RoleSilence.String() + " " + NoRole.String() + " " + Role(99).String()},
		{"closing, repeat", []int{4, 3}, []int{p.Closing, p.Repeat}},
		{"answers without the empty one", 2, len(p.Questions[0].Answers)},
		{"first", 0, p.Flows[0].First},
		{"script", "您好王芳，钢琴 课", said(&hi.Script)},
		{"similar", 1, len(hi.Similar)},
		{"labels", []uint16{1, 0}, hi.Labels},
		{"interruptible", true, hi.Interruptible},
		{"collect", session.Collect{Enabled: true, Min: 1, Max: 4, Terminator: "#", Timeout: 5}, hi.Collect},
		{"node intents", []int32{2, 1, 0}, hi.Intents},
		{"first branch", []int32{0, 1}, hi.Branches[0].Intents},
		{"second branch", []int32{1, 2}, hi.Branches[1].Intents},
		{"branch names", []string{"b-far", "是的", "b-try", "其他"}, []string{hi.Branches[0].Name, hi.Branches[1].Name, hi.Branches[2].Name, hi.Branches[3].Name}},
		{"targets", []int{3, 2, 5, 4}, []int{hi.Branches[0].Target, hi.Branches[1].Target, hi.Branches[2].Target, hi.Branches[3].Target}},
		{"conditional", true, hi.Conditional},
		{"condition", "score > 0.5", hi.Branches[1].Condition.Source()},
		{"defaults", []bool{false, false, false, true}, []bool{hi.Branches[0].Default(), hi.Branches[1].Default(), hi.Branches[2].Default(), hi.Branches[3].Default()}},
		{"unrecognized", Reprompt{1, system(1), Prompt{Kind: AskAgain}}, hi.Unrecognized},
		{"silence", Reprompt{0, Prompt{Kind: AskAgain}, system(2)}, hi.Silence},
		{"timeout", 30, hi.SilenceTimeout},
		{"default timeout", 10, ask.SilenceTimeout},
		{"default unrecognized", Reprompt{2, system(1), system(1)}, ask.Unrecognized},
		{"default silence", Reprompt{2, system(2), system(2)}, ask.Silence},
		{"hand-over", []any{HandOver, "TransferToAgent", "组钢琴", []uint16{0}}, []any{agent.Action, agent.ActionName, said(&agent.Params), agent.Labels}},
		{"goto", []any{GotoFlow, "GotoFlow", 1, 0, "答疑"}, []any{faq.Action, faq.ActionName, faq.Target, faq.Next, said(&faq.Params)}},
		{"pass", []any{Pass, "", 0}, []any{on.Action, on.ActionName, on.Next}},
		{"registered", []any{HandOver, "SendSms"}, []any{own.Action, own.ActionName}},
		{"implied return", []any{Return, -1}, []any{back.Action, back.Next}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestActions(t *testing.T) {
	for word, want := range map[string]Node{
		"hangup":           {Action: Hangup, ActionName: "Hangup"},
		"TransferToAgent":  {Action: HandOver, ActionName: "TransferToAgent"},
		"transferToNumber": {Action: HandOver, ActionName: "TransferToNumber"},
		"TRANSFERTOQUEUE":  {Action: HandOver, ActionName: "TransferToQueue"},
		"callback":         {Action: HandOver, ActionName: "CallBack"},
	} {
		p := mustCompile(t, script(startNode+`, {"id": "h", "type": "transfer", "content": {"action": "`+word+`"}}`, leadsToH), WithActions("CallBack", "HANGUP"))
		if n := p.Flows[0].Nodes[1]; n.Action != want.Action || n.ActionName != want.ActionName {
			t.Errorf("%q is %d %q, want %d %q", word, n.Action, n.ActionName, want.Action, want.ActionName)
		}
	}
}

func TestPromptsFallBack(t *testing.T) {
	compile := func(questions, config string) Reprompt {
		return mustCompile(t, files("script.json", `{"name": "x", "globalQuestions": [`+questions+`], "flows": [{"id": "m", "type": "MainFlow", "definition": {"nodes": [
			{"id": "s", "type": "Start"}, {"id": "w", "type": "Switch", "script": "喂", "content": {`+config+`"branches": [{"branchId": "b"}]}},
			{"id": "h", "type": "Transfer", "content": {"action": "Hangup"}}], "transitions": [{"source": "s", "target": "w"}, {"source": "b", "target": "h"}]}}]}`,
		)).Flows[0].Nodes[1].Unrecognized
	}
	const (
		closing = `{"id": "c", "type": "SYSTEM", "role": "closing", "answers": ["再见"]}`
		mute    = `{"id": "u", "type": "SYSTEM", "role": "unrecognized", "answers": []}`
		common  = `{"id": "k", "questions": ["谁"], "answers": ["我"]}`
	)
	askAgain, nothing := Prompt{Kind: AskAgain}, Prompt{Kind: SayNothing}
	for name, c := range map[string]struct {
		questions, config string
		want              Reprompt
	}{
		"nothing there":         {"", "", Reprompt{2, askAgain, nothing}},
		"null config":           {"", `"unrecognizingConfig": null, `, Reprompt{2, askAgain, nothing}},
		"only a closing":        {closing, "", Reprompt{2, askAgain, Prompt{SystemPrompt, 0}}},
		"role without answers":  {mute + "," + closing, "", Reprompt{2, askAgain, Prompt{SystemPrompt, 1}}},
		"id without answers":    {mute + "," + closing, `"unrecognizingConfig": {"promptType": "System", "prompt": "u", "finalPromptType": "System", "finalPrompt": "u"}, `, Reprompt{2, askAgain, Prompt{SystemPrompt, 1}}},
		"id of a COMMON one":    {common, `"unrecognizingConfig": {"promptType": "System", "prompt": "k"}, `, Reprompt{2, askAgain, nothing}},
		"type absent, id there": {closing, `"unrecognizingConfig": {"prompt": "c", "threshold": 3}, `, Reprompt{3, Prompt{SystemPrompt, 0}, Prompt{SystemPrompt, 0}}},
		"type absent, word":     {closing, `"unrecognizingConfig": {"prompt": "SimiliarScript"}, `, Reprompt{2, askAgain, Prompt{SystemPrompt, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, compile(c.questions, c.config)); diff != "" {
				t.Errorf("reprompt (-want +got):\n%s", diff)
			}
		})
	}
}

func TestIDOfTheScript(t *testing.T) {
	script := func(id string) []byte {
		return []byte(`{` + id + `"name": "x", "flows": [{"name": "m", "type": "MainFlow", "definition": {"nodes": [{"id": "s", "type": "Start"}, {"id": "h", "type": "Transfer", "content": {"action": "Hangup"}}], "transitions": [{"source": "s", "target": "h"}]}}]}`)
	}
	for _, c := range []struct{ script, option, want string }{
		{`"id": "a", `, "b", "a"}, {"", "b", "b"}, {"", "", ""}, {`"id": "", `, "b", "b"},
	} {
		if p := mustCompile(t, Document(script(c.script)), WithID(c.option)); p.ID != c.want {
			t.Errorf("script %q with option %q: ID %q, want %q", c.script, c.option, p.ID, c.want)
		}
	}
}
