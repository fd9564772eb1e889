package engine_test

import (
	"fmt"
	"testing"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

func TestAnEndedCallNeedsNoVersion(t *testing.T) {
	e := newEngine(t, newClock(), engine.Options{})
	e.Publish(polite(t, "您好"))
	mustBegin(t, e, "c")
	e.Delete("s")
	last := session.Utterance("是的")
	last.TurnID, last.Trace = "t", true
	ended := mustTurn(t, e, "c", last)
	if e.Versions() != 0 || ended.Ended != session.Finished {
		t.Fatalf("%d versions, ended %q; the last call of a deleted script ended", e.Versions(), ended.Ended)
	}
	if again := mustTurn(t, e, "c", last); again.Feedback != ended.Feedback {
		t.Errorf("the last turn again: %+v, want %+v", again.Feedback, ended.Feedback)
	}
	after := mustTurn(t, e, "c", session.Utterance("喂"))
	if after.Action != session.ActionHangup || after.Content != "" || after.NodeID != "bye" || after.FlowID != "main" {
		t.Errorf("after the end: %+v", after.Feedback)
	}
}

func TestAPanicLeavesNothingBehind(t *testing.T) {
	broken := true
	e := newEngine(t, newClock(), engine.Options{MaxCalls: 1, Store: hooked{session.NewMemory(), func(*session.Turn) error {
		if broken {
			panic("the store broke")
		}
		return nil
	}}})
	e.Publish(polite(t, "您好"))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		mustBegin(t, e, "c")
	}()
	broken = false
	if e.Live() != 0 {
		t.Errorf("Live = %d, want 0", e.Live())
	}
	mustBegin(t, e, "c")
}

func TestObserversSeeNoMatchOfAnotherCall(t *testing.T) {
	e := newEngine(t, newClock(), engine.Options{Observers: []engine.Observer{observe(func(turn *session.Turn) {
		if turn.Input.Kind != session.Speech && len(turn.Input.Match.Intents) > 0 {
			t.Errorf("%v: a match %v", turn.Input.Kind, turn.Input.Match)
		}
	})}})
	e.Publish(polite(t, "您好"))
	for i := range 8 {
		mustBegin(t, e, fmt.Sprint(i))
		mustTurn(t, e, fmt.Sprint(i), session.Utterance("什么"))
		mustTurn(t, e, fmt.Sprint(i), session.Input{Kind: 77})
	}
}
