package engine

import "github.com/talkgraph/talkgraph/session"

// Trace is one turn as people and tools read it: one JSON object.
type Trace struct {
	Turn          int          `json:"turn"`
	Action        string       `json:"action"`
	ActionParams  string       `json:"actionParams"`
	Content       string       `json:"content"`
	Interruptible bool         `json:"interruptible"`
	NodeID        string       `json:"nodeId"`
	NodeName      string       `json:"nodeName"`
	Input         string       `json:"input"`
	Matched       Matched      `json:"matched"`
	Tags          []string     `json:"tags"` // Hit in this turn: "group/name", a plain label its name alone. Never nil.
	Ended         bool         `json:"ended"`
	EndReason     string       `json:"endReason"`
	Explain       *Explanation `json:"explain,omitempty"`
}

// Matched says what the turn's input was matched to.
type Matched struct {
	Kind  string  `json:"kind"` // branch, condition, default, global or none.
	Name  string  `json:"name"` // Of the intent, branch or question.
	Score float64 `json:"score"`
}

// Trace returns the reply, got with Input.Trace, as turn number n of its call.
func (r *Reply) Trace(n int) Trace {
	t := Trace{
		Turn: n, Action: r.Action, ActionParams: r.ActionParams, Content: r.Content, Interruptible: r.Interruptible,
		NodeID: r.NodeID, NodeName: r.nodeName, Input: r.Input.String(),
		Matched: Matched{Kind: "none"}, Tags: []string{},
		Ended: r.Ended != session.Live, EndReason: r.Ended.String(), Explain: r.Explanation,
	}
	for _, e := range r.Events {
		p := r.Version.program
		switch e.Kind {
		case session.Matched:
			name := p.Flows[e.Flow].Nodes[e.Node].Branches[e.Branch].Name
			if e.Rule == session.ByIntent {
				name = p.Intents[e.Index].Name
			}
			t.Matched = Matched{Kind: e.Rule.String(), Name: name, Score: e.Score}
		case session.Answered:
			t.Matched = Matched{Kind: "global", Name: p.Questions[e.Index].Name, Score: e.Score}
		case session.Tagged:
			t.Tags = append(t.Tags, p.Tags[e.Index].String())
		}
	}
	return t
}
