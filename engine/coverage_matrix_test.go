package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// cell is one kind of turn: an input that came to a node, or led to it, and how
// the call stood after it. A turn that passes several nodes is in the cell of
// each.
type cell struct {
	node  string
	input session.InputKind
	end   session.EndReason
}

func (c cell) String() string {
	end := c.end.String()
	if c.end == session.Live {
		end = "live"
	}
	return fmt.Sprintf("%s × %s × %s", c.node, c.input, end)
}

// nodeKinds are the kinds of node, Transfers by what they do, and two places
// that are no node: a call that has not entered one, and one that has ended.
var nodeKinds = []string{
	"nowhere", "start", "switch", "transfer:pass", "transfer:hangup", "transfer:hand-over", "transfer:goto",
	"transfer:return", "ended",
}

var inputKinds = []session.InputKind{
	session.Start, session.Speech, session.Silence, session.Digits, session.Hangup, session.Expire,
}

var endReasons = []session.EndReason{
	session.Live, session.Finished, session.Unrecognized, session.NoInteraction, session.ClientHangup, session.TimedOut,
}

// impossible says why no turn can be in the cell, "" where one can.
func impossible(c cell) string {
	ends := map[session.InputKind][]session.EndReason{
		session.Start:   {session.Live, session.Finished},
		session.Speech:  {session.Live, session.Finished, session.Unrecognized},
		session.Digits:  {session.Live, session.Finished, session.Unrecognized},
		session.Silence: {session.Live, session.NoInteraction, session.TimedOut},
		session.Hangup:  {session.NoInteraction, session.ClientHangup},
		session.Expire:  {session.NoInteraction, session.TimedOut},
	}
	moves := c.input == session.Start || c.input == session.Speech || c.input == session.Digits
	switch {
	case c.node == "ended" && (c.input == session.Start || c.input == session.Expire):
		return "a call that ended neither starts nor expires"
	case c.node == "ended" && c.end == session.Live:
		return "a call that ended stays so"
	case c.node == "ended":
		return ""
	case !slices.Contains(ends[c.input], c.end):
		return "the input cannot leave a call so"
	case c.node == "nowhere" && (c.input != session.Hangup || c.end != session.NoInteraction):
		return "only a hang-up instead of the first request leaves a call nowhere"
	case c.node == "nowhere", c.node == "switch" && c.input != session.Start:
		return ""
	case !moves:
		return "the input takes no branch, so the call stays at its Switch"
	case c.end == session.Unrecognized:
		return "a no-match takes no branch, so the call stays at its Switch"
	case c.node == "switch" && c.end == session.Finished:
		return "a start that comes to a Switch waits there"
	case (c.node == "transfer:hangup" || c.node == "transfer:hand-over") && c.end == session.Live:
		return "the node ends the call"
	}
	return ""
}

// TestCoverageMatrix lists every node kind × input kind × end reason and fails
// for a cell that no dialogue covers, or that should not exist and does.
func TestCoverageMatrix(t *testing.T) {
	covered := make(map[cell]bool)
	for _, d := range dialogues(t) {
		d.play(t, func(turn taken) {
			for _, node := range touched(turn) {
				covered[cell{node, turn.reply.Input, turn.reply.Ended}] = true
			}
		})
	}
	for _, node := range nodeKinds {
		for _, input := range inputKinds {
			for _, end := range endReasons {
				c := cell{node, input, end}
				switch reason := impossible(c); {
				case reason == "" && !covered[c]:
					t.Errorf("no dialogue covers %s", c)
				case reason != "" && covered[c]:
					t.Errorf("%s should be impossible, because %s", c, reason)
				}
				delete(covered, c)
			}
		}
	}
	for c := range covered {
		t.Errorf("%s is not in the table", c)
	}
}

// touched returns the kinds of the nodes at which a turn was: where the call
// rested, and what it entered. A retry, and a turn that was an error, were at none.
func touched(turn taken) []string {
	switch {
	case turn.command == "retry" || turn.reply.Action == "":
		return nil
	case turn.from.Ended != session.Live:
		return []string{"ended"}
	case turn.reply.NodeID == "":
		return []string{"nowhere"}
	}
	kinds := make(map[string]bool)
	p := turn.version.Program()
	if turn.from.HasBegun() {
		kinds[nodeKind(&p.Flows[turn.from.Flow].Nodes[turn.from.Node])] = true
	} else {
		kinds["start"] = true
	}
	for _, e := range turn.reply.Events {
		if e.Kind != session.Entered {
			continue
		}
		n := &p.Flows[e.Flow].Nodes[e.Node]
		kinds[nodeKind(n)] = true
		if n.Kind == flow.Transfer && n.Action == flow.GotoFlow {
			kinds["start"] = true // That of the SubFlow.
		}
	}
	return slices.Collect(maps.Keys(kinds))
}

func nodeKind(n *flow.Node) string {
	if n.Kind == flow.Switch {
		return "switch"
	}
	names := map[flow.Action]string{
		flow.Pass: "pass", flow.Hangup: "hangup", flow.HandOver: "hand-over", flow.GotoFlow: "goto", flow.Return: "return",
	}
	return "transfer:" + names[n.Action]
}

// neverTaken are the branches whose turn is an error, so that no call takes them.
var neverTaken = []string{"too-deep: branch down of flow main", "too-many-hops: branch on of flow main"}

// TestDialoguesWalkEveryBranch fails for a branch of a bundle, a global
// question or a tag that no dialogue comes to.
func TestDialoguesWalkEveryBranch(t *testing.T) {
	left := make(map[string]bool)
	for _, d := range dialogues(t) {
		script, _, _ := strings.Cut(d.name, "/")
		p := d.version.Program()
		for name := range ways(p) {
			if _, known := left[script+": "+name]; !known {
				left[script+": "+name] = true
			}
		}
		d.play(t, func(turn taken) {
			for _, e := range turn.reply.Events {
				left[script+": "+wayOf(p, e)] = false
			}
		})
	}
	for _, way := range slices.Sorted(maps.Keys(left)) {
		if left[way] && !slices.Contains(neverTaken, way) {
			t.Errorf("no dialogue comes to %s", way)
		}
	}
}

// ways are all that a call on the program can come to.
func ways(p *flow.Program) map[string]bool {
	all := make(map[string]bool)
	for i := range p.Flows {
		for j := range p.Flows[i].Nodes {
			for k := range p.Flows[i].Nodes[j].Branches {
				all[wayOf(p, session.Event{
					Kind: session.Matched, Flow: uint16(i), Node: uint16(j), Branch: uint16(k),
				})] = true
			}
		}
	}
	for i := range p.Questions {
		if p.Questions[i].Triggers() {
			all[wayOf(p, session.Event{Kind: session.Answered, Index: int32(i)})] = true
		}
	}
	for i := range p.Tags {
		all[wayOf(p, session.Event{Kind: session.Tagged, Index: int32(i)})] = true
	}
	return all
}

func wayOf(p *flow.Program, e session.Event) string {
	switch e.Kind {
	case session.Matched:
		g := &p.Flows[e.Flow]
		return fmt.Sprintf("branch %s of flow %s", g.Nodes[e.Node].Branches[e.Branch].ID, g.ID)
	case session.Answered:
		return "question " + p.Questions[e.Index].ID
	case session.Tagged:
		return "tag " + p.Tags[e.Index].String()
	}
	return "what every call does"
}
