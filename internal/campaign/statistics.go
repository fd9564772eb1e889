package campaign

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// Statistics is what the calls of a group did, over all their turns.
type Statistics struct {
	Nodes   []NodeCount   // Where callers gave no answer, the most often first.
	Intents []IntentCount // What callers meant, the most often first.
}

// NodeCount is how often callers came to a node, and what they did not do there.
type NodeCount struct {
	FlowID, NodeID, Name string
	Hits                 int // How often a call came to it.
	NoAnswers            int // How often nothing was said.
	HangUps              int // How often the caller left.
}

// IntentCount is how often callers meant something.
type IntentCount struct {
	ID, Name       string
	Global         bool // A global question, not an intent of a branch.
	Hits           int
	AfterNoAnswers int // Of them, those right after nothing was said.
}

// Statistics counts what the calls of a group did. It reads every turn of them.
func (c *Campaigns) Statistics(ctx context.Context, instance, group string) (*Statistics, error) {
	if _, err := c.o.Store.JobGroup(ctx, instance, group); err != nil {
		return nil, err
	}
	t := &tally{
		programs: map[session.Hash]*flow.Program{}, nodes: map[string]*NodeCount{}, intents: map[string]*IntentCount{},
	}
	err := c.o.Store.GroupTurns(ctx, group, func(turn *store.Turn) error {
		program, err := c.program(ctx, t, turn)
		if err == nil {
			t.count(program, turn)
		}
		return err
	})
	return t.statistics(), err
}

// program returns the program that the turn's call runs on.
func (c *Campaigns) program(ctx context.Context, t *tally, turn *store.Turn) (*flow.Program, error) {
	var hash session.Hash
	copy(hash[:], turn.Version)
	if p := t.programs[hash]; p != nil {
		return p, nil
	}
	if c.o.Program == nil {
		return nil, errors.New("campaign: there is nowhere to get programs from")
	}
	p, err := c.o.Program(ctx, hash)
	if err == nil {
		t.programs[hash] = p
	}
	return p, err
}

// tally counts turn by turn.
type tally struct {
	programs map[session.Hash]*flow.Program
	nodes    map[string]*NodeCount
	intents  map[string]*IntentCount
	silent   bool // Whether nothing was said in the turn before.
}

func (t *tally) count(p *flow.Program, turn *store.Turn) {
	afterSilence := t.silent && turn.Revision > 1
	t.silent = false
	for _, e := range turn.Events {
		switch e.Kind {
		case session.Entered:
			if n := t.node(p, e); n != nil {
				n.Hits++
			}
		case session.Silent:
			t.silent = true
			if n := t.node(p, e); n != nil {
				n.NoAnswers++
			}
		case session.Matched:
			if e.Rule == session.ByIntent && int(e.Index) < len(p.Intents) {
				in := p.Intents[e.Index]
				t.meant(in.ID, in.Name, false, afterSilence)
			}
		case session.Answered:
			if int(e.Index) < len(p.Questions) {
				q := p.Questions[e.Index]
				t.meant(q.ID, q.Name, true, afterSilence)
			}
		case session.Ended:
			if n := t.node(p, e); n != nil && turn.Input == session.Hangup.String() { // Whether they had spoken or not.
				n.HangUps++
			}
		}
	}
}

// node returns the count of the node of an event; nil for a place that is none
// and for one that does not wait for an answer.
func (t *tally) node(p *flow.Program, e session.Event) *NodeCount {
	if int(e.Flow) >= len(p.Flows) || int(e.Node) >= len(p.Flows[e.Flow].Nodes) {
		return nil
	}
	f := &p.Flows[e.Flow]
	n := &f.Nodes[e.Node]
	if n.Kind != flow.Switch {
		return nil
	}
	key := f.ID + "/" + n.ID
	if t.nodes[key] == nil {
		t.nodes[key] = &NodeCount{FlowID: f.ID, NodeID: n.ID, Name: n.Name}
	}
	return t.nodes[key]
}

func (t *tally) meant(id, name string, global, afterSilence bool) {
	key := "intent/" + id
	if global {
		key = "question/" + id
	}
	if t.intents[key] == nil {
		t.intents[key] = &IntentCount{ID: id, Name: name, Global: global}
	}
	t.intents[key].Hits++
	if afterSilence {
		t.intents[key].AfterNoAnswers++
	}
}

func (t *tally) statistics() *Statistics {
	s := &Statistics{}
	for _, n := range t.nodes {
		if n.NoAnswers > 0 || n.HangUps > 0 {
			s.Nodes = append(s.Nodes, *n)
		}
	}
	slices.SortFunc(s.Nodes, func(a, b NodeCount) int {
		return cmp.Or(cmp.Compare(b.NoAnswers, a.NoAnswers), cmp.Compare(b.HangUps, a.HangUps), cmp.Compare(a.FlowID+a.NodeID, b.FlowID+b.NodeID))
	})
	for _, in := range t.intents {
		s.Intents = append(s.Intents, *in)
	}
	slices.SortFunc(s.Intents, func(a, b IntentCount) int {
		return cmp.Or(cmp.Compare(b.Hits, a.Hits), cmp.Compare(a.ID, b.ID))
	})
	return s
}
