package benchmarks

import (
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

// rest is a call that rests at the Switch, and an input whose match is given.
type rest struct {
	version *engine.Version
	state   session.State
	in      session.Input
	out     engine.Output
}

// newRest begins a call and has the utterance matched.
func newRest(tb testing.TB, text, utterance string) *rest {
	tb.Helper()
	r := &rest{version: compileScript(tb, text)}
	at := time.Unix(1_800_000_000, 0)
	for name, value := range variables() {
		r.state.Vars = append(r.state.Vars, session.Var{Name: name, Value: value})
	}
	start := session.Input{Kind: session.Start, At: at}
	if err := engine.Step(r.version, &r.state, &start, &r.out); err != nil {
		tb.Fatal(err)
	}
	r.state.CopyFrom(&r.out.State)
	r.in = session.Utterance(utterance)
	r.in.At, r.in.TurnID = at, turnIDs()[0]
	r.match()
	return r
}

func (r *rest) match() { r.version.Match(&r.state, &r.in) }

// step takes the call one turn on; the state stays, so the next step is the same.
func (r *rest) step() {
	if err := engine.Step(r.version, &r.state, &r.in, &r.out); err != nil {
		panic(err) // The call rests at a node of its version.
	}
}

// BenchmarkMatch matches an utterance of 12 characters against nine intents of
// ten examples and five global questions.
func BenchmarkMatch(b *testing.B) {
	for _, bench := range []struct{ name, utterance string }{
		{"without-keyword", withoutKeyword},
		{"with-keyword", withKeyword},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := newRest(b, question, bench.utterance)
			b.ReportAllocs()
			for b.Loop() {
				r.match()
			}
			b.StopTimer()
			distribution(b, sampling{samples: 5000, batch: 64}, r.match)
		})
	}
}

// BenchmarkStep steps with the match given; the turn takes a branch and says
// what the next node says. To reach: 300 ns; no allocation where that is a
// fixed text, one for a text with variables.
func BenchmarkStep(b *testing.B) {
	for _, bench := range []struct{ name, text string }{
		{"fixed-text", plainQuestion},
		{"with-variables", question},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := newRest(b, bench.text, withoutKeyword)
			b.ReportAllocs()
			for b.Loop() {
				r.step()
			}
			b.StopTimer()
			distribution(b, sampling{samples: 5000, batch: 64}, r.step)
		})
	}
}
