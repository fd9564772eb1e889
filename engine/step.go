package engine

import (
	"fmt"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// Limits of one turn; past either the turn is an error.
const (
	MaxHops  = 64 // Nodes that one turn may enter.
	MaxDepth = 16 // SubFlows that may wait inside one another.
)

// Output is what a step made. Reuse one Output for many steps: each overwrites
// what the one before left in it, strings excepted.
type Output struct {
	State    session.State
	Feedback session.Feedback
	Events   []session.Event

	// Advanced is false where the step only repeated an answer: for a TurnID
	// that was answered last, and for any input after the end.
	Advanced bool

	speech speech
	env    flow.Env
	open   []bool
}

// Step takes a call one turn on. It is pure: what it makes depends on v, s and
// in alone, it changes nothing but out, and it does no I/O. A state that has
// not begun is begun, whatever the input.
//
// It returns ErrTooManyHops or ErrTooDeep where the script asks for too much of
// one turn, ErrVersionMissing where s lives and is pinned to another version,
// and session.ErrCorrupt where s is no state of v; out is then without meaning.
func Step(v *Version, s *session.State, in *session.Input, out *Output) error {
	out.begin(s)
	t := step{v: v, p: v.program, in: in, out: out, s: &out.State}
	if !s.HasBegun() {
		t.s.Version, t.s.Begun = v.Hash(), in.At.UnixMilli()
		return t.finish(t.start())
	}
	if s.Ended != session.Live {
		out.Feedback = afterEnd(s, in)
		return nil
	}
	if err := v.check(s); err != nil {
		return err
	}
	if Repeats(s, in) {
		out.Feedback = v.feedback(s)
		return nil
	}
	return t.finish(t.advance())
}

// afterEnd answers whatever comes once a call has ended: its last turn again,
// or a bare Hangup. The state is enough, for its version may be gone.
func afterEnd(s *session.State, in *session.Input) session.Feedback {
	said := s.Last
	if !Repeats(s, in) {
		said = session.Said{
			TurnID: in.TurnID, Action: session.ActionHangup, FlowID: s.Last.FlowID, NodeID: s.Last.NodeID,
		}
	}
	f := said.Feedback()
	f.Ended = s.Ended
	return f
}

// Repeats reports whether the input is a retry of the call's last turn.
func Repeats(s *session.State, in *session.Input) bool {
	return in.TurnID != "" && in.TurnID == s.Last.TurnID && s.HasBegun()
}

// step is one turn being taken.
type step struct {
	v    *Version
	p    *flow.Program
	in   *session.Input
	out  *Output
	s    *session.State // Of out.
	hops int

	action string
	params string
}

func (out *Output) begin(s *session.State) {
	out.State.CopyFrom(s)
	out.Events = out.Events[:0]
	out.Advanced = false
	out.speech.reset()
}

func (t *step) start() error {
	if t.in.Kind == session.Hangup {
		t.s.Node = session.Nowhere
		t.end(session.NoInteraction)
		return nil
	}
	t.s.Flow = uint16(t.p.Main)
	return t.enter(t.p.Flows[t.p.Main].First)
}

func (t *step) advance() error {
	n := t.node()
	switch t.in.Kind {
	case session.Hangup:
		t.leave(session.ClientHangup)
	case session.Expire:
		t.leave(session.TimedOut)
	case session.Speech, session.Digits:
		t.s.Turns++
		t.s.Spoke = true
		return t.take(n, t.choose(n))
	default:
		t.s.Turns++
		t.s.Visit.Silent = saturate(t.s.Visit.Silent)
		t.event(session.Event{Kind: session.Silent, Count: t.s.Visit.Silent})
		t.reprompt(n, &n.Silence, t.s.Visit.Silent, session.TimedOut)
	}
	return nil
}

// take does what was chosen for the caller's words.
func (t *step) take(n *flow.Node, c choice) error {
	switch c.kind {
	case chosenBranch:
		t.event(session.Event{
			Kind: session.Matched, Rule: c.rule, Branch: uint16(c.branch), Index: int32(c.index), Score: c.score,
		})
		t.s.Visit = session.Visit{}
		return t.enter(n.Branches[c.branch].Target)
	case chosenQuestion:
		t.event(session.Event{Kind: session.Answered, Index: int32(c.index), Score: c.score})
		if q := &t.p.Questions[c.index]; len(q.Answers) > 0 && q.Role != flow.RoleRepeat {
			used := t.s.Use(uint16(c.index))
			t.say(&q.Answers[int(used)%len(q.Answers)], n.Interruptible)
		}
		t.askAgain(n)
	default:
		t.s.Visit.Unrecognized = saturate(t.s.Visit.Unrecognized)
		t.event(session.Event{Kind: session.NoMatch, Count: t.s.Visit.Unrecognized})
		t.reprompt(n, &n.Unrecognized, t.s.Visit.Unrecognized, session.Unrecognized)
	}
	return nil
}

// enter goes to a node of the current flow and on, until one waits for the
// caller or ends the call.
func (t *step) enter(node int) error {
	for {
		if t.hops++; t.hops > MaxHops {
			return fmt.Errorf("%w: %d", ErrTooManyHops, MaxHops)
		}
		t.s.Node = uint16(node)
		n := t.node()
		t.event(session.Event{Kind: session.Entered})
		t.label(n)
		t.say(&n.Script, n.Interruptible)
		if n.Kind == flow.Switch {
			return nil
		}
		switch n.Action {
		case flow.Hangup, flow.HandOver:
			t.action, t.params = n.ActionName, t.render(&n.Params)
			t.end(session.Finished)
			return nil
		case flow.GotoFlow:
			if len(t.s.Callers) == MaxDepth {
				return fmt.Errorf("%w: %d", ErrTooDeep, MaxDepth)
			}
			t.s.Callers = append(t.s.Callers, session.Frame{Flow: t.s.Flow, Node: t.s.Node})
			t.s.Flow = uint16(n.Target)
			node = t.p.Flows[n.Target].First
		case flow.Return:
			node = t.comeBack()
		default:
			node = n.Next
		}
		if node < 0 {
			return fmt.Errorf("%w: node %q leads nowhere", session.ErrCorrupt, n.ID)
		}
	}
}

// comeBack leaves SubFlows until one of the nodes that entered them leads on,
// and returns where to, -1 for nowhere.
func (t *step) comeBack() int {
	for len(t.s.Callers) > 0 {
		last := len(t.s.Callers) - 1
		caller := t.s.Callers[last]
		t.s.Callers = t.s.Callers[:last]
		t.s.Flow, t.s.Node = caller.Flow, caller.Node
		if next := t.node().Next; next >= 0 {
			return next
		}
	}
	return -1
}

func (t *step) label(n *flow.Node) {
	for _, tag := range n.Labels {
		if t.s.Tag(tag) {
			t.event(session.Event{Kind: session.Tagged, Index: int32(tag)})
		}
	}
}

// leave ends a call that the caller's side gave up.
func (t *step) leave(reason session.EndReason) {
	if !t.s.Spoke {
		reason = session.NoInteraction
	}
	t.end(reason)
}

func (t *step) end(reason session.EndReason) {
	t.s.Ended = reason
	t.event(session.Event{Kind: session.Ended, Reason: reason})
}

// finish closes a turn that went well: what is said is put together and kept.
func (t *step) finish(err error) error {
	if err != nil {
		return err
	}
	content, interruptible := t.out.speech.content()
	if missing := t.out.speech.missing; missing > 0 {
		t.event(session.Event{Kind: session.MissingVariable, Count: uint16(min(missing, int(^uint16(0))))})
	}
	if t.action == "" {
		t.action = session.ActionBroadcast
		if t.s.Ended != session.Live {
			t.action = session.ActionHangup
		}
	}
	t.s.Revision++
	t.s.Touched = t.in.At.UnixMilli()
	t.s.Last = session.Said{
		TurnID: t.in.TurnID, Action: t.action, ActionParams: t.params, Content: content, Interruptible: interruptible,
	}
	t.out.Feedback = t.v.feedback(t.s)
	if t.s.Ended != session.Live {
		t.s.Last.FlowID, t.s.Last.NodeID = t.out.Feedback.FlowID, t.out.Feedback.NodeID
	}
	t.out.Advanced = true
	return nil
}

func (t *step) node() *flow.Node { return &t.p.Flows[t.s.Flow].Nodes[t.s.Node] }

func (t *step) event(e session.Event) {
	e.Flow, e.Node = t.s.Flow, t.s.Node
	t.out.Events = append(t.out.Events, e)
}

// saturate adds one, staying at the largest number.
func saturate(n uint16) uint16 {
	if n == ^uint16(0) {
		return n
	}
	return n + 1
}
