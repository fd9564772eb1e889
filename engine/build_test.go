package engine_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
)

// object is a JSON object; the scripts of these tests are written with it.
type object = map[string]any

// script builds a bundle of one document, flow by flow and node by node.
type script struct {
	doc   object
	flows []*flowDraft
}

type flowDraft struct {
	id, kind           string
	nodes, transitions []object
}

// newScript begins a script with the intents i-yes, i-no and i-maybe, the
// question "谁" and a SYSTEM question for each role but repeat.
func newScript() *script {
	intent := func(id string, utterances ...string) object {
		return object{"id": id, "name": id, "utterances": utterances}
	}
	system := func(role string, answers ...string) object {
		return object{"id": "sys-" + role, "name": "sys-" + role, "type": "SYSTEM", "role": role, "answers": answers}
	}
	return &script{doc: object{
		"id": "s", "name": "s",
		"intents": []object{intent("i-yes", "是的", "1"), intent("i-no", "不是", "2"), intent("i-maybe", "也许吧")},
		"globalQuestions": []object{
			{"id": "q-who", "name": "谁", "type": "COMMON", "questions": []string{"你是谁"}, "answers": []string{"我是小图", "我是机器人"}},
			system("unrecognized", "没听清", "再说一遍", "先不打扰了"),
			system("silence", "还在吗", "听不到您，再见"),
			system("closing", "再见啦"),
		},
	}}
}

// flow adds a flow whose Start leads to the node first.
func (s *script) flow(id, kind, first string) *flowDraft {
	f := &flowDraft{id: id, kind: kind}
	f.nodes = append(f.nodes, object{"id": "start", "type": "Start"})
	f.link("start", first)
	s.flows = append(s.flows, f)
	return f
}

func (f *flowDraft) link(source, target string) {
	f.transitions = append(f.transitions, object{"id": "t-" + source, "source": source, "target": target})
}

// exit is a branch of a Switch: what takes it, and the node it leads to.
type exit struct {
	id        string
	intents   []string
	condition string
	to        string
}

// ask adds a Switch; more overrides or adds keys of the node.
func (f *flowDraft) ask(id, text string, more object, exits ...exit) *flowDraft {
	branches := []object{}
	for _, e := range exits {
		intents := []object{}
		for _, intent := range e.intents {
			intents = append(intents, object{"id": intent, "name": intent})
		}
		branch := object{"branchId": id + "-" + e.id, "branchName": e.id, "intents": intents}
		if e.condition != "" {
			branch["condition"] = e.condition
		}
		branches = append(branches, branch)
		f.transitions = append(f.transitions, object{
			"id": "t-" + id + e.id, "source": id + "-" + e.id, "sourceBranchNode": id, "target": e.to,
		})
	}
	content := object{"branches": branches}
	node := object{"id": id, "name": id, "type": "Switch", "script": text, "content": content}
	for key, value := range more {
		if key == "unrecognizingConfig" || key == "silenceTimeoutConfig" || key == "digits" || key == "label" {
			content[key] = value
			continue
		}
		node[key] = value
	}
	f.nodes = append(f.nodes, node)
	return f
}

// act adds a Transfer; next is the node it leads to, "" for none.
func (f *flowDraft) act(id, text, action, params, next string, more object) *flowDraft {
	content := object{"action": action, "actionParams": params}
	node := object{"id": id, "name": id, "type": "Transfer", "script": text, "content": content}
	for key, value := range more {
		node[key] = value
	}
	f.nodes = append(f.nodes, node)
	if next != "" {
		f.link(id, next)
	}
	return f
}

// json returns the bundle.
func (s *script) json(t testing.TB) []byte {
	t.Helper()
	var flows []object
	for _, f := range s.flows {
		flows = append(flows, object{
			"id": f.id, "name": f.id, "type": f.kind,
			"definition": object{"nodes": f.nodes, "transitions": f.transitions},
		})
	}
	s.doc["flows"] = flows
	b, err := json.MarshalIndent(s.doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// compile returns the version, which must not be refused.
func (s *script) compile(t testing.TB) *engine.Version {
	t.Helper()
	b := s.json(t)
	v, err := engine.Compile(flow.Document(b))
	var refused flow.Errors
	if errors.As(err, &refused) {
		for _, d := range refused {
			t.Log(d)
		}
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return v
}
