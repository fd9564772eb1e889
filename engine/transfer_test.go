package engine_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

func TestTransfers(t *testing.T) {
	s := newScript()
	s.doc["variables"] = []object{{"name": "skill"}}
	s.flow("main", "mainflow", "hello").
		act("hello", "您好，@name", "", "", "ask", object{"interruptible": true, "labels": []any{"第一", object{"tagGroup": "组", "tagName": "名"}}}).
		ask("ask", "有空吗", object{"interruptible": true, "label": []any{object{"tagGroup": "组", "tagName": "名"}}},
			exit{id: "yes", intents: []string{"i-yes"}, to: "sub"}, exit{id: "no", intents: []string{"i-no"}, to: "agent"}).
		act("sub", "好的", "gotoflow", "faq", "after", nil).
		act("after", "", "", "", "ask", nil).
		act("agent", "为您转接", "transfertoqueue", "skill=@skill", "", nil)
	s.flow("faq", "SubFlow", "q").
		ask("q", "还有问题吗", nil, exit{id: "yes", intents: []string{"i-yes"}, to: "deeper"}, exit{id: "no", intents: []string{"i-no"}, to: "back"}).
		act("deeper", "", "GotoFlow", "faq2", "", nil).
		act("back", "没问题就好", "Return", "", "", nil)
	s.flow("faq2", "SubFlow", "say").act("say", "答完了", "", "", "", nil)
	v := s.compile(t)

	c := begin(t, v, session.Var{Name: "name", Value: "王芳"}, session.Var{Name: "skill", Value: "vip"})
	c.wants("start", "Broadcast", "您好，王芳\n有空吗", "ask", session.Live)
	if !c.out.Feedback.Interruptible {
		t.Error("all queued parts are interruptible, the whole must be")
	}
	if got := len(c.state.Tags); got != 2 {
		t.Errorf("%d tags, want 2: a tag is hit once a call", got)
	}
	c.hear(1, 0)
	c.wants("into the SubFlow", "Broadcast", "好的\n还有问题吗", "q", session.Live)
	if c.out.Feedback.Interruptible || c.out.Feedback.FlowID != "faq" {
		t.Errorf("feedback %+v", c.out.Feedback)
	}
	c.hear(1, 0)
	c.wants("through a deeper one, and back twice", "Broadcast", "答完了\n有空吗", "ask", session.Live)
	if len(c.state.Callers) != 0 {
		t.Errorf("callers %v, want none", c.state.Callers)
	}
	c.hear(1, 0)
	c.hear(0, 1)
	c.wants("explicit Return", "Broadcast", "没问题就好\n有空吗", "ask", session.Live)
	c.hear(0, 1)
	c.wants("handed over", "TransferToQueue", "为您转接", "agent", session.Finished)
	if got := c.out.Feedback.ActionParams; got != "skill=vip" {
		t.Errorf("ActionParams = %q, want its variable replaced", got)
	}
}

func TestMissingVariablesAreLeftOutAndCounted(t *testing.T) {
	s := newScript()
	s.flow("main", "MainFlow", "end").act("end", "@name@nobody", "Hangup", "x@nobody", "", nil)
	c := begin(t, s.compile(t))
	c.wants("nothing left to say", "Hangup", "", "end", session.Finished)
	last := c.out.Events[len(c.out.Events)-1]
	if last.Kind != session.MissingVariable || last.Count != 3 {
		t.Errorf("last event %+v, want 3 missing variables", last)
	}
}

func TestLimitsOfATurn(t *testing.T) {
	chain := func(n int) *engine.Version {
		s := newScript()
		f := s.flow("main", "MainFlow", "n0")
		for i := range n - 1 {
			f.act(fmt.Sprint("n", i), "", "", "", fmt.Sprint("n", i+1), nil)
		}
		f.act(fmt.Sprint("n", n-1), "完", "Hangup", "", "", nil)
		return s.compile(t)
	}
	nested := func(n int) *engine.Version {
		s := newScript()
		s.flow("main", "MainFlow", "go").act("go", "", "GotoFlow", "f1", "end", nil).act("end", "完", "Hangup", "", "", nil)
		for i := 1; i < n; i++ {
			s.flow(fmt.Sprint("f", i), "SubFlow", "go").act("go", "", "GotoFlow", fmt.Sprint("f", i+1), "", nil)
		}
		s.flow(fmt.Sprint("f", n), "SubFlow", "say").act("say", "底", "", "", "", nil)
		return s.compile(t)
	}
	for _, tt := range []struct {
		name string
		v    *engine.Version
		want error
	}{
		{"64 hops", chain(64), nil}, {"65 hops", chain(65), engine.ErrTooManyHops},
		{"16 deep", nested(16), nil}, {"17 deep", nested(17), engine.ErrTooDeep},
	} {
		var s session.State
		var out engine.Output
		err := engine.Step(tt.v, &s, &session.Input{Kind: session.Start, At: noon}, &out)
		if !errors.Is(err, tt.want) || err != nil && s.HasBegun() {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}
