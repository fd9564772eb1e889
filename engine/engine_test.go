package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

var ctx = context.Background()

// clock is a time that the test moves.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.ms.Store(noon.UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()) }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func newEngine(t testing.TB, c *clock, o engine.Options) *engine.Engine {
	t.Helper()
	o.Now = c.now
	e, err := engine.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// polite is a script that asks one question; text tells its versions apart.
func polite(t testing.TB, text string) *engine.Version {
	t.Helper()
	s := newScript()
	s.flow("main", "MainFlow", "ask").
		ask("ask", text, nil, exit{id: "yes", intents: []string{"i-yes"}, to: "bye"}).
		act("bye", text+"，再见", "Hangup", "", "", nil)
	return s.compile(t)
}

func key(call string) session.Key { return session.Key{Instance: "i", Call: call} }

func mustBegin(t testing.TB, e *engine.Engine, call string) engine.Reply {
	t.Helper()
	r, err := e.Begin(ctx, key(call), engine.Opening{Script: "s"}, session.Input{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustTurn(t testing.TB, e *engine.Engine, call string, in session.Input) engine.Reply {
	t.Helper()
	r, err := e.Turn(ctx, key(call), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnEngineNeedsAClock(t *testing.T) {
	if _, err := engine.New(engine.Options{}); err == nil {
		t.Error("no error without Options.Now")
	}
}

func TestACallFromBeginToEnd(t *testing.T) {
	e := newEngine(t, newClock(), engine.Options{})
	e.Publish(polite(t, "您好"))
	if _, err := e.Turn(ctx, key("c"), session.Utterance("是的")); !errors.Is(err, engine.ErrUnknownCall) {
		t.Errorf("a turn before the call began: %v, want ErrUnknownCall", err)
	}
	r, err := e.Begin(ctx, key("c"), engine.Opening{Script: "s"}, session.Utterance("喂"))
	if err != nil || r.Content != "您好" || r.Input != session.Start || r.NodeID != "ask" || r.FlowID != "main" {
		t.Errorf("the Start: %+v, %v", r, err)
	}
	if e.Live() != 1 {
		t.Errorf("Live = %d, want 1", e.Live())
	}
	in := session.Utterance("是的")
	in.Trace = true
	r, err = e.Begin(ctx, key("c"), engine.Opening{Script: "s"}, in)
	if err != nil || r.Content != "您好，再见" || r.Ended != session.Finished {
		t.Errorf("Begin of a call that began is a turn: %+v, %v", r, err)
	}
	if tr := r.Trace(1); tr.Matched != (engine.Matched{Kind: "branch", Name: "i-yes", Score: 1}) || tr.Input != "speech" || tr.NodeName != "bye" {
		t.Errorf("trace %+v", tr)
	}
	if r.Explanation == nil || r.Explanation.Winner != "i-yes" || len(r.Events) != 3 {
		t.Errorf("explanation %+v, events %v", r.Explanation, r.Events)
	}
	if e.Live() != 0 {
		t.Errorf("Live = %d, want 0", e.Live())
	}
	if r := mustTurn(t, e, "c", in); r.Action != session.ActionHangup || r.Content != "" || r.Events != nil {
		t.Errorf("after the end: %+v", r)
	}
	if _, err := e.Begin(ctx, key("d"), engine.Opening{Script: "other"}, in); !errors.Is(err, engine.ErrUnknownScript) {
		t.Errorf("an unknown script: %v", err)
	}
}

func TestStartIsForTheFirstInputOnly(t *testing.T) {
	e := newEngine(t, newClock(), engine.Options{})
	e.Publish(polite(t, "您好"))
	mustBegin(t, e, "c")
	if r := mustTurn(t, e, "c", session.Input{Kind: session.Start, Text: "是的"}); r.Input != session.Speech || r.Ended != session.Finished {
		t.Errorf("words that come as a Start: %+v", r)
	}
	r, err := e.Begin(ctx, key("d"), engine.Opening{Script: "s"}, session.Action("Hangup", "", ""))
	if err != nil || r.Ended != session.NoInteraction || r.NodeID != "" || e.Live() != 0 {
		t.Errorf("a call that begins with its hang-up: %+v, %v, %d live", r, err, e.Live())
	}
}

func TestVariablesComeFromTheOpening(t *testing.T) {
	s := newScript()
	s.flow("main", "MainFlow", "end").act("end", "@name@honorific，@name您好", "Hangup", "", "", nil)
	e := newEngine(t, newClock(), engine.Options{})
	e.Publish(s.compile(t))
	r, err := e.Begin(ctx, key("c"), engine.Opening{Script: "s", Variables: map[string]string{"name": "王", "honorific": "女士"}}, session.Input{})
	if err != nil || r.Content != "王女士，王您好" {
		t.Errorf("%q, %v", r.Content, err)
	}
}

func TestCallsStayOnTheirVersion(t *testing.T) {
	e := newEngine(t, newClock(), engine.Options{})
	one, two := polite(t, "一"), polite(t, "二")
	says := func(call, want string) {
		t.Helper()
		if r := mustTurn(t, e, call, session.Utterance("是的")); r.Content != want+"，再见" {
			t.Errorf("call %s ended with %q, want %q", call, r.Content, want)
		}
	}
	begins := func(call, want string, versions int) {
		t.Helper()
		if r := mustBegin(t, e, call); r.Content != want {
			t.Errorf("call %s began with %q, want %q", call, r.Content, want)
		}
		if got := e.Versions(); got != versions {
			t.Errorf("call %s: %d versions are held, want %d", call, got, versions)
		}
	}
	e.Publish(one)
	begins("a", "一", 1)
	e.Publish(two)
	begins("b", "二", 2)
	e.Publish(one) // The rollback.
	begins("c", "一", 2)
	e.Publish(one) // Once more changes nothing.
	says("b", "二")
	if got := e.Versions(); got != 1 {
		t.Errorf("%d versions are held, want 1: nobody runs on the second any more", got)
	}
	e.Delete("s")
	if _, err := e.Begin(ctx, key("d"), engine.Opening{Script: "s"}, session.Input{}); !errors.Is(err, engine.ErrUnknownScript) {
		t.Errorf("a deleted script: %v", err)
	}
	says("a", "一")
	says("c", "一")
	if got := e.Versions(); got != 0 {
		t.Errorf("%d versions are held, want 0", got)
	}
	e.Publish(one) // A version that was freed can come back.
	begins("e", "一", 1)
}

func TestDebugVersions(t *testing.T) {
	e := newEngine(t, newClock(), engine.Options{})
	e.PublishDebug(polite(t, "试"))
	if _, err := e.Begin(ctx, key("a"), engine.Opening{Script: "s"}, session.Input{}); !errors.Is(err, engine.ErrUnknownScript) {
		t.Errorf("a call that does not ask for the debug version: %v", err)
	}
	e.Publish(polite(t, "真"))
	r, err := e.Begin(ctx, key("b"), engine.Opening{Script: "s", Debug: true}, session.Input{})
	if err != nil || r.Content != "试" {
		t.Errorf("a debug call: %q, %v", r.Content, err)
	}
	if r := mustBegin(t, e, "c"); r.Content != "真" {
		t.Errorf("an ordinary call: %q", r.Content)
	}
}

func TestCapOnCalls(t *testing.T) {
	e := newEngine(t, newClock(), engine.Options{MaxCalls: 2})
	e.Publish(polite(t, "您好"))
	mustBegin(t, e, "a")
	mustBegin(t, e, "b")
	if _, err := e.Begin(ctx, key("c"), engine.Opening{Script: "s"}, session.Input{}); !errors.Is(err, engine.ErrTooManyCalls) {
		t.Errorf("the third call: %v, want ErrTooManyCalls", err)
	}
	mustBegin(t, e, "a") // Not a new call.
	mustTurn(t, e, "a", session.Input{Kind: session.Hangup})
	mustBegin(t, e, "c")
	if _, err := e.Begin(ctx, key("d"), engine.Opening{Script: "none"}, session.Input{}); !errors.Is(err, engine.ErrTooManyCalls) {
		t.Errorf("the cap comes first: %v", err)
	}
	if e.Live() != 2 {
		t.Errorf("Live = %d, want 2: what was refused is not counted", e.Live())
	}
}

func TestSweepEndsIdleCalls(t *testing.T) {
	c := newClock()
	store := session.NewMemory()
	var ended []session.EndReason
	e := newEngine(t, c, engine.Options{Store: store, IdleTimeout: time.Minute, Retention: time.Hour, Observers: []engine.Observer{
		observe(func(turn *session.Turn) { ended = append(ended, turn.State.Ended) }),
	}})
	e.Publish(polite(t, "您好"))
	mustBegin(t, e, "silent")
	mustBegin(t, e, "spoke")
	mustTurn(t, e, "spoke", session.Utterance("什么呀"))
	c.advance(time.Minute)
	mustBegin(t, e, "awake")
	if n, err := e.Sweep(ctx); n != 0 || err != nil {
		t.Errorf("idle for as long as allowed: %d ended, %v", n, err)
	}
	ended = nil
	c.advance(time.Millisecond)
	if n, err := e.Sweep(ctx); n != 2 || err != nil {
		t.Errorf("%d ended, %v; want 2", n, err)
	}
	if len(ended) != 2 || ended[0]+ended[1] != session.NoInteraction+session.TimedOut {
		t.Errorf("ended %v, want NO_INTERACTION and TIMEOUT", ended)
	}
	if e.Live() != 1 || store.Len() != 3 {
		t.Errorf("%d live, %d kept; want 1 and 3", e.Live(), store.Len())
	}
	c.advance(time.Hour + time.Millisecond)
	if n, err := e.Sweep(ctx); n != 1 || err != nil || store.Len() != 1 {
		t.Errorf("after the retention: %d ended, %v, %d kept; want 1 and 1", n, err, store.Len())
	}
}

// observe is an observer of turns.
type observe func(*session.Turn)

func (f observe) Observe(_ *engine.Version, t *session.Turn, took time.Duration) {
	if took < 0 {
		panic("a turn took less than no time")
	}
	f(t)
}

// hooked is a store with something before each commit.
type hooked struct {
	session.Store
	commit func(*session.Turn) error
}

func (h hooked) Commit(ctx context.Context, t *session.Turn) error {
	if err := h.commit(t); err != nil {
		return err
	}
	return h.Store.Commit(ctx, t)
}

func TestConflictsAreTakenAgain(t *testing.T) {
	memory := session.NewMemory()
	conflicts := 0
	store := hooked{memory, func(turn *session.Turn) error {
		if conflicts > 0 {
			conflicts--
			return session.ErrConflict
		}
		return nil
	}}
	e := newEngine(t, newClock(), engine.Options{Store: store})
	e.Publish(polite(t, "您好"))
	conflicts = 3
	mustBegin(t, e, "a")
	conflicts = 3
	if r := mustTurn(t, e, "a", session.Utterance("是的")); r.Content != "您好，再见" {
		t.Errorf("after three conflicts: %+v", r)
	}
	conflicts = 4
	if _, err := e.Begin(ctx, key("b"), engine.Opening{Script: "s"}, session.Input{}); !errors.Is(err, session.ErrConflict) || conflicts != 0 {
		t.Errorf("after four conflicts: %v, %d left", err, conflicts)
	}
	if e.Live() != 0 {
		t.Errorf("Live = %d, want 0: the call that failed to begin is not counted", e.Live())
	}
}

func TestTwoEnginesOnOneStore(t *testing.T) {
	store, v, c := session.NewMemory(), polite(t, "您好"), newClock()
	loads := 0
	load := func(_ context.Context, hash session.Hash) (*engine.Version, error) {
		loads++
		if hash != v.Hash() {
			return nil, fmt.Errorf("nothing named %s", hash)
		}
		return v, nil
	}
	first := newEngine(t, c, engine.Options{Store: store})
	first.Publish(v)
	mustBegin(t, first, "a")

	bare := newEngine(t, c, engine.Options{Store: store})
	if _, err := bare.Turn(ctx, key("a"), session.Input{}); !errors.Is(err, engine.ErrVersionMissing) {
		t.Errorf("without Load: %v, want ErrVersionMissing", err)
	}
	second := newEngine(t, c, engine.Options{Store: store, Load: load})
	mustTurn(t, second, "a", session.Input{})
	c.advance(time.Minute)
	mustTurn(t, second, "a", session.Input{})
	if loads != 1 || second.Versions() != 1 {
		t.Errorf("%d loads, %d versions; want 1 and 1", loads, second.Versions())
	}
	mustTurn(t, second, "a", session.Utterance("是的"))
	if second.Live() != 0 || second.Versions() != 1 {
		t.Errorf("%d live, %d versions; want 0, and the loaded version kept until it is idle", second.Live(), second.Versions())
	}
	c.advance(11 * time.Minute)
	if _, err := second.Sweep(ctx); err != nil || second.Versions() != 0 {
		t.Errorf("after the sweep: %d versions, %v", second.Versions(), err)
	}
	second.Publish(v)
	mustBegin(t, second, "c")
	mustBegin(t, first, "d")
	second.Delete("s")
	mustTurn(t, second, "d", session.Utterance("是的")) // Ends here what began there.
	mustTurn(t, second, "c", session.Input{})
	if second.Versions() != 1 {
		t.Errorf("%d versions, want 1: a call still runs on it", second.Versions())
	}
	mustBegin(t, first, "b")
	wrong := newEngine(t, c, engine.Options{Store: store, Load: func(context.Context, session.Hash) (*engine.Version, error) {
		return polite(t, "另一个"), nil
	}})
	if _, err := wrong.Turn(ctx, key("b"), session.Input{}); !errors.Is(err, engine.ErrVersionMissing) {
		t.Errorf("a Load that answers with another version: %v", err)
	}
}

func TestTurnsOfOneCallAreTakenOneAfterTheOther(t *testing.T) {
	const turns = 64
	var counted, running atomic.Int64
	e := newEngine(t, newClock(), engine.Options{Store: hooked{session.NewMemory(), func(turn *session.Turn) error {
		if running.Add(1) != 1 {
			t.Error("two turns of one call are under way")
		}
		counted.Store(int64(turn.State.Turns))
		running.Add(-1)
		return nil
	}}})
	s := newScript()
	s.flow("main", "MainFlow", "ask").ask("ask", "您好", nil, exit{id: "any", to: "ask"}, exit{id: "end", intents: []string{"i-yes"}, to: "bye"}).
		act("bye", "", "Hangup", "", "", nil)
	e.Publish(s.compile(t))
	mustBegin(t, e, "c")
	var wg sync.WaitGroup
	for range turns {
		wg.Go(func() {
			if _, err := e.Turn(ctx, key("c"), session.Utterance("随便说说")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if counted.Load() != turns {
		t.Errorf("the call counts %d turns, want %d", counted.Load(), turns)
	}
}

func TestTwoCallsNeverWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, held := make(chan struct{}), make(chan struct{}, 1)
		store := hooked{session.NewMemory(), func(turn *session.Turn) error {
			if turn.Key.Call == "slow" {
				held <- struct{}{}
				<-gate
			}
			return nil
		}}
		e := newEngine(t, newClock(), engine.Options{Store: store})
		e.Publish(polite(t, "您好"))
		var wg sync.WaitGroup
		wg.Go(func() { mustBegin(t, e, "slow") })
		<-held
		for i := range 1000 {
			mustBegin(t, e, fmt.Sprint("quick", i))
		}
		waiting, cancel := context.WithCancelCause(ctx)
		gaveUp := errors.New("the gateway gave up")
		wg.Go(func() {
			if _, err := e.Turn(waiting, key("slow"), session.Input{}); !errors.Is(err, gaveUp) {
				t.Errorf("a turn that waits for its call: %v, want what its context says", err)
			}
		})
		synctest.Wait()
		cancel(gaveUp)
		synctest.Wait()
		close(gate)
		wg.Wait()
		go func() { <-held }()
		mustTurn(t, e, "slow", session.Input{})
	})
}

func TestObserversSeeWhatWasCommitted(t *testing.T) {
	var seen []string
	e := newEngine(t, newClock(), engine.Options{Observers: []engine.Observer{observe(func(turn *session.Turn) {
		seen = append(seen, fmt.Sprintf("%s %s %s %q %d", turn.Key.Call, turn.Input.Kind, turn.Feedback.Action, turn.Input.Text, len(turn.Events)))
	})}})
	e.Publish(polite(t, "您好"))
	mustBegin(t, e, "c")
	in := session.Utterance("是的")
	in.TurnID = "t"
	mustTurn(t, e, "c", in)
	mustTurn(t, e, "c", in)
	want := []string{`c start Broadcast "" 1`, `c speech Hangup "是的" 3`}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("seen %v, want %v: a repeated answer is no turn", seen, want)
	}
}
