package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

func TestACallBeginsOnAVersionNamedByItsHash(t *testing.T) {
	c, v := newClock(), polite(t, "您好")
	loads := 0
	e := newEngine(t, c, engine.Options{Load: func(_ context.Context, hash session.Hash) (*engine.Version, error) {
		if hash != v.Hash() {
			return nil, fmt.Errorf("nothing named %s", hash)
		}
		loads++
		return v, nil
	}})
	begin := func(e *engine.Engine, call string, hash session.Hash) (engine.Reply, error) {
		return e.Begin(ctx, key(call), engine.Opening{Version: hash}, session.Input{})
	}
	for _, call := range []string{"a", "b"} {
		if r, err := begin(e, call, v.Hash()); err != nil || r.Content != "您好" {
			t.Fatalf("call %s: %q, %v", call, r.Content, err)
		}
	}
	if loads != 1 || e.Live() != 2 || e.Versions() != 1 {
		t.Errorf("%d loads, %d live, %d versions; want 1, 2 and 1", loads, e.Live(), e.Versions())
	}
	if _, err := begin(e, "c", session.Hash{1}); !errors.Is(err, engine.ErrVersionMissing) || e.Live() != 2 {
		t.Errorf("a version that is nowhere: %v, %d live; want ErrVersionMissing and 2", err, e.Live())
	}
	mustTurn(t, e, "a", session.Utterance("是的"))
	mustTurn(t, e, "b", session.Utterance("是的"))
	if e.Versions() != 1 {
		t.Errorf("%d versions, want 1: new calls may ask for it again", e.Versions())
	}
	c.advance(11 * time.Minute)
	if _, err := e.Sweep(ctx); err != nil || e.Versions() != 0 {
		t.Errorf("after the sweep: %d versions, %v; want 0", e.Versions(), err)
	}
	if _, err := begin(e, "d", v.Hash()); err != nil || loads != 2 {
		t.Errorf("once more: %v, %d loads; want 2", err, loads)
	}

	bare := newEngine(t, c, engine.Options{})
	if _, err := begin(bare, "a", v.Hash()); !errors.Is(err, engine.ErrVersionMissing) {
		t.Errorf("without Load: %v, want ErrVersionMissing", err)
	}
	bare.Publish(v)
	if _, err := begin(bare, "a", v.Hash()); err != nil {
		t.Errorf("published, without Load: %v", err)
	}
	bare.Delete("s")
	mustTurn(t, bare, "a", session.Utterance("是的"))
	if bare.Versions() != 0 {
		t.Errorf("%d versions, want 0: its last call ended", bare.Versions())
	}
}

func TestTheCapOfAStoreIsACapOnCalls(t *testing.T) {
	full := hooked{session.NewMemory(), func(*session.Turn) error { return fmt.Errorf("store: %w", session.ErrTooManyCalls) }}
	e := newEngine(t, newClock(), engine.Options{Store: full})
	e.Publish(polite(t, "您好"))
	if _, err := e.Begin(ctx, key("c"), engine.Opening{Script: "s"}, session.Input{}); !errors.Is(err, engine.ErrTooManyCalls) || e.Live() != 0 {
		t.Errorf("%v, %d live; want ErrTooManyCalls and 0", err, e.Live())
	}
}
