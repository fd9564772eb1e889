package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"pgregory.net/rapid"
)

// sound says what of a program a step could stumble over.
func sound(p *Program) error {
	if p.Main < 0 || p.Main >= len(p.Flows) || !p.Flows[p.Main].Main {
		return fmt.Errorf("main is %d of %d flows", p.Main, len(p.Flows))
	}
	for f := range p.Flows {
		g := &p.Flows[f]
		if g.First < 0 || g.First >= len(g.Nodes) {
			return fmt.Errorf("flow %d begins at %d of %d nodes", f, g.First, len(g.Nodes))
		}
		for i := range g.Nodes {
			if err := soundNode(p, g, &g.Nodes[i]); err != nil {
				return fmt.Errorf("flow %d, node %d: %w", f, i, err)
			}
		}
	}
	return soundTurns(p)
}

func soundNode(p *Program, g *Graph, n *Node) error {
	in := func(i, count int) bool { return i >= 0 && i < count }
	for _, tag := range n.Labels {
		if !in(int(tag), len(p.Tags)) {
			return fmt.Errorf("tag %d", tag)
		}
	}
	for _, b := range n.Branches {
		if !in(b.Target, len(g.Nodes)) {
			return fmt.Errorf("branch %s leads to %d", b.ID, b.Target)
		}
		for _, place := range b.Intents {
			if !in(int(place), len(n.Intents)) || !in(int(n.Intents[place]), len(p.Intents)) {
				return fmt.Errorf("branch %s lists intent %d", b.ID, place)
			}
		}
	}
	for _, r := range []Reprompt{n.Unrecognized, n.Silence} {
		for _, prompt := range []Prompt{r.Prompt, r.Final} {
			if prompt.Kind == SystemPrompt && (!p.Questions[prompt.Question].System || len(p.Questions[prompt.Question].Answers) == 0) {
				return fmt.Errorf("prompt of question %d", prompt.Question)
			}
		}
	}
	switch {
	case n.Kind == Start:
		if n.Next != g.First {
			return errors.New("Start does not lead to the first node")
		}
	case n.Kind == Switch:
		if n.Script.Empty() || n.SilenceTimeout < 1 || n.SilenceTimeout > 600 {
			return errors.New("nothing to say, or no time to wait")
		}
	case n.Action == Pass:
		if !in(n.Next, len(g.Nodes)) {
			return fmt.Errorf("leads to %d", n.Next)
		}
	case n.Action == GotoFlow:
		if !in(n.Target, len(p.Flows)) || p.Flows[n.Target].Main || g.Main && n.Next < 0 {
			return fmt.Errorf("enters %d, then leads to %d", n.Target, n.Next)
		}
	case n.Next != none || n.Action == Return && g.Main:
		return fmt.Errorf("action %d leads to %d", n.Action, n.Next)
	}
	return nil
}

// soundTurns goes through every turn a caller could begin and fails if one
// does not stop.
func soundTurns(p *Program) error {
	const most = 100_000
	for f := range p.Flows {
		for i := range p.Flows[f].Nodes {
			at, callers := nodePlace{f, i}, []nodePlace(nil)
			for hops := 0; at.node >= 0; hops++ {
				if hops == most {
					return fmt.Errorf("the turn from node %d of flow %d does not stop", i, f)
				}
				n := &p.Flows[at.flow].Nodes[at.node]
				switch {
				case n.Kind == Start || n.Kind == Transfer && n.Action == Pass:
					at.node = n.Next
				case n.Kind == Transfer && n.Action == GotoFlow:
					callers = append(callers, at)
					start := slices.IndexFunc(p.Flows[n.Target].Nodes, func(n Node) bool { return n.Kind == Start })
					at = nodePlace{n.Target, start}
					continue
				case n.Kind == Transfer && n.Action == Return:
					at.node = none
				default:
					at, callers = nodePlace{0, none}, nil
				}
				for at.node < 0 && len(callers) > 0 {
					at.flow = callers[len(callers)-1].flow
					at.node = p.Flows[at.flow].Nodes[callers[len(callers)-1].node].Next
					callers = callers[:len(callers)-1]
				}
			}
		}
	}
	return nil
}

type (
	members = map[string]any
	list    = []any
)

// drawFlow draws flow number own of four. A tame one is wired as it should be:
// what does not wait leads on to later nodes and enters later flows. A wild one
// need not be.
func drawFlow(t *rapid.T, own int) (flow members, ids []string) {
	wild := rapid.IntRange(0, 7).Draw(t, "wild") == 0
	nodes, transitions := list{members{"id": "s", "type": "Start"}}, list{}
	ids = []string{"s"}
	for i := range rapid.IntRange(1, 6).Draw(t, "nodes") {
		ids = append(ids, fmt.Sprintf("n%d", i))
	}
	connect := func(source string, from int) {
		if wild {
			from = 0
		}
		if !wild || rapid.IntRange(0, 30).Draw(t, "wired") > 0 {
			transitions = append(transitions, members{"source": source, "target": rapid.SampledFrom(ids[from:]).Draw(t, "target")})
		}
	}
	connect("s", 1)
	for i, id := range ids[1:] {
		n := members{"id": id, "script": drawText(t) + "。"}
		if rapid.Bool().Draw(t, "waits") {
			var branches list
			for b := range rapid.IntRange(0, 3).Draw(t, "branches") {
				branches = append(branches, drawBranch(t, fmt.Sprintf("%s-%d", id, b)))
				connect(fmt.Sprintf("%s-%d", id, b), 1)
			}
			n["type"], n["content"] = "Switch", members{"branches": branches}
		} else {
			action, target := drawAction(t, own, i+2 == len(ids), wild)
			n["type"], n["content"] = "Transfer", members{"action": action, "actionParams": target, "label": list{"到达"}}
			if action == "" || action == "GotoFlow" {
				connect(id, min(i+2, len(ids)-1))
			}
		}
		nodes = append(nodes, n)
	}
	kind := "SubFlow"
	if own == 0 {
		kind = "MainFlow"
	}
	return members{"id": fmt.Sprintf("f%d", own), "type": kind, "definition": members{"nodes": nodes, "transitions": transitions}}, ids
}

// drawBranch draws a branch with an intent, a condition, both or neither.
func drawBranch(t *rapid.T, id string) members {
	branch := members{"branchId": id}
	if rapid.Bool().Draw(t, "listed") {
		branch["intents"] = list{members{"id": rapid.SampledFrom([]string{"i", "j"}).Draw(t, "intent")}}
	}
	if rapid.Bool().Draw(t, "conditional") {
		branch["condition"] = rapid.SampledFrom([]string{"score > 0.5", "attempts > 1"}).Draw(t, "condition")
	}
	return branch
}

// drawAction draws what a Transfer node of a flow does, and the flow it enters.
func drawAction(t *rapid.T, own int, last, wild bool) (action, target string) {
	actions, from := []string{"Hangup", "TransferToAgent"}, own+1
	if own > 0 || wild {
		actions = append(actions, "Return")
	}
	if !last || wild {
		actions = append(actions, "")
	}
	if !last && own < 3 || wild {
		actions = append(actions, "GotoFlow")
	}
	if wild {
		from = 0
	}
	return rapid.SampledFrom(actions).Draw(t, "action"), fmt.Sprintf("f%d", rapid.IntRange(min(from, 3), 3).Draw(t, "enters"))
}

func TestAnyGraphCompilesOrIsRefused(t *testing.T) {
	compiled := 0
	rapid.Check(t, func(t *rapid.T) {
		flows, ids := make(list, 4), make([][]string, 4)
		for i := range flows {
			flows[i], ids[i] = drawFlow(t, i)
		}
		data, err := json.Marshal(members{
			"name": "x", "flows": flows,
			"intents": list{members{"id": "i", "keywords": list{"a"}}, members{"id": "j", "keywords": list{"b"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(Document(data))
		if err != nil {
			var found Errors
			if !errors.As(err, &found) || !found.Refused() {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		compiled++
		if err := sound(p); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		for f := range p.Flows {
			for i, n := range p.Flows[f].Nodes {
				if n.ID != ids[f][i] {
					t.Fatalf("node %d of flow %d is %q, want %q: the order of the document is lost", i, f, n.ID, ids[f][i])
				}
			}
		}
	})
	if compiled == 0 {
		t.Error("no graph compiled: the generator is of no use")
	}
}

func FuzzDefinition(f *testing.F) {
	f.Add(oddMain)
	f.Add(oddBye)
	f.Add(`{"nodes":[` + startNode + `,` + waitNode + `,` + hangupNode + `],"transitions":[` + waits + `]}`)
	f.Add(`{"nodes":[{"id":"s","type":"Start"},{"id":"s","type":"Switch","content":{"branches":[{"condition":"1<2","intents":[{}]}],"digits":{"max":1}}}],"transitions":[{"source":"s","target":"s"}]}`)
	f.Fuzz(func(t *testing.T, definition string) {
		fsys := files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"m.json"},{"id":"faq","type":"SubFlow","file":"bye.json"}]}`,
			"m.json", definition, "bye.json", oddBye)
		if list, refused := diagnose(t, fsys); !refused {
			p := mustCompile(t, fsys)
			if err := sound(p); err != nil {
				t.Error(err)
			}
		} else if len(list) == 0 {
			t.Error("refused without a reason")
		}
	})
}

func FuzzBundle(f *testing.F) {
	f.Add([]byte(oddScript), []byte(oddMain))
	f.Add([]byte(fullScript), []byte(""))
	f.Add([]byte(`{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"flows/main.json"},{"file":"flows/main.json"}]}`), []byte(oddBye))
	f.Add([]byte(`{"name":"x","flows":[{"definition":"{\"nodes\":[]}"}],"variables":[{"name":"a"}],"tags":[{"name":"a"}]}`), []byte("\xff"))
	f.Fuzz(func(t *testing.T, script, flow []byte) {
		fsys := files("script.json", string(script), "flows/main.json", string(flow), "flows/bye.json", oddBye)
		list, refused := diagnose(t, fsys)
		for _, d := range list {
			if d.Code == "" || d.Message == "" || d.File == "" {
				t.Errorf("an empty diagnostic: %+v", d)
			}
		}
		if refused {
			return
		}
		p := mustCompile(t, fsys)
		if err := sound(p); err != nil {
			t.Error(err)
		}
		document := p.Bundle().Document()
		if !json.Valid(document) {
			t.Errorf("the document is no JSON: %q", document)
		}
		again := mustCompile(t, Document(document))
		if again.Name != p.Name || len(again.Flows) != len(p.Flows) || again.Main != p.Main {
			t.Errorf("the document compiles to another program")
		}
	})
}
