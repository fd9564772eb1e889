package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"github.com/talkgraph/talkgraph/session"
)

var intentIDs = []string{"i-yes", "i-no", "i-maybe"}

// drawExits draws the branches of a Switch: each may name intents, carry a
// condition, both or neither.
func drawExits(t *rapid.T) []exit {
	exits := make([]exit, rapid.IntRange(1, 4).Draw(t, "branches"))
	for i := range exits {
		exits[i].id = fmt.Sprint("b", i)
		exits[i].intents = rapid.SliceOfNDistinct(rapid.SampledFrom(intentIDs), 0, 2, rapid.ID).Draw(t, "intents")
		exits[i].condition = rapid.SampledFrom([]string{"", "", "true", "false"}).Draw(t, "condition")
	}
	return exits
}

// score draws from a coarse grid, so that ties and exact margins come up.
var score = rapid.Map(rapid.IntRange(0, 10), func(n int) float64 { return float64(n) / 10 })

// chosenByTheBook says what wins at a node in the words of the semantics, with
// maps and no care for speed. Scores are in tenths, so that margins are exact.
func chosenByTheBook(exits []exit, scores map[string]int, question, background int) string {
	open := func(e exit) bool { return e.condition == "" || e.condition == "true" }
	candidate := map[string]bool{}
	for _, e := range exits {
		for _, intent := range e.intents {
			candidate[intent] = candidate[intent] || open(e)
		}
	}
	for intent, isCandidate := range candidate {
		if !isCandidate {
			background = max(background, scores[intent])
		}
	}
	best, bestExit := 0, ""
	for _, e := range exits {
		for _, intent := range e.intents {
			if open(e) && scores[intent] > best {
				best, bestExit = scores[intent], e.id
			}
		}
	}
	const threshold, margin = 5, 1
	if background < max(best, question)+margin {
		if best >= threshold && question < best+margin {
			return bestExit
		}
		if question >= threshold {
			return "question"
		}
	}
	for _, e := range exits {
		if len(e.intents) == 0 && e.condition == "true" {
			return e.id
		}
	}
	for _, e := range exits {
		if len(e.intents) == 0 && e.condition == "" {
			return e.id
		}
	}
	return "no match"
}

func TestChoosingAgreesWithTheBook(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		exits := drawExits(rt)
		v := question(nil, slices.Clone(exits)...).compile(t)
		c := begin(t, v)
		scores := map[string]int{}
		in := session.Input{Kind: session.Speech, Text: "话", At: noon}
		for _, intent := range v.Program().Flows[0].Nodes[nodeIndex(v, "ask")].Intents {
			id := v.Program().Intents[intent].ID
			drawn := score.Draw(rt, id)
			scores[id] = int(drawn*10 + 0.5)
			in.Match.Intents = append(in.Match.Intents, drawn)
		}
		in.Match.Question.Score = score.Draw(rt, "question")
		in.Match.Background.Score = score.Draw(rt, "background")
		c.step(in)
		got := "no match"
		for _, e := range c.out.Events {
			switch e.Kind {
			case session.Matched:
				got = exits[e.Branch].id
			case session.Answered:
				got = "question"
			}
		}
		want := chosenByTheBook(exits, scores, int(in.Match.Question.Score*10+0.5), int(in.Match.Background.Score*10+0.5))
		if got != want {
			rt.Fatalf("got %s, want %s", got, want)
		}
	})
}

func nodeIndex(v *engine.Version, id string) int {
	return slices.IndexFunc(v.Program().Flows[0].Nodes, func(n flow.Node) bool { return n.ID == id })
}

// TestStepIsPure walks random calls: a step changes nothing it was given, gives
// the same for the same, and goes on the same from a state that was written
// down and read back.
func TestStepIsPure(t *testing.T) {
	s := newScript()
	f := s.flow("main", "MainFlow", "a")
	f.ask("a", "甲@name", object{"similarScripts": []string{"甲一", "甲二"}, "interruptible": true},
		exit{id: "0", intents: []string{"i-yes"}, to: "b"}, exit{id: "1", intents: []string{"i-no"}, to: "sub"},
		exit{id: "2", condition: "attempts > 1", to: "b"}).
		ask("b", "乙", nil, exit{id: "0", intents: []string{"i-yes"}, to: "a"}, exit{id: "1", intents: []string{"i-no"}, to: "end"}).
		act("sub", "丙", "GotoFlow", "sub", "a", object{"labels": []any{"标"}}).
		act("end", "丁", "TransferToAgent", "@name", "", nil)
	s.flow("sub", "SubFlow", "q").
		ask("q", "戊", nil, exit{id: "0", intents: []string{"i-yes"}, to: "back"}, exit{id: "d", to: "q"}).
		act("back", "", "Return", "", "", nil)
	v := s.compile(t)

	rapid.Check(t, func(t *rapid.T) {
		state := session.State{Vars: []session.Var{{Name: "name", Value: "王芳"}}}
		var out, again engine.Output
		for n := range rapid.IntRange(1, 30).Draw(t, "turns") {
			in := session.Input{
				Kind:   session.InputKind(rapid.IntRange(int(session.Silence), int(session.Expire)).Draw(t, "kind")),
				TurnID: rapid.SampledFrom([]string{"", "t1", "t2"}).Draw(t, "turn"),
				At:     noon.Add(time.Duration(n) * time.Second),
				Match: session.Match{
					Intents:    rapid.SliceOfN(score, 0, 3).Draw(t, "intents"),
					Question:   session.Scored{Score: score.Draw(t, "question")},
					Background: session.Scored{Score: score.Draw(t, "background")},
				},
			}
			if in.Kind == session.Expire && rapid.IntRange(0, 9).Draw(t, "rare") > 0 {
				in.Kind = session.Speech
			}
			var before, read session.State
			before.CopyFrom(&state)
			if err := engine.Step(v, &state, &in, &out); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, state, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("the step changed its state (-before +after):\n%s", diff)
			}
			if before.HasBegun() {
				if err := read.ReadSnapshot(string(before.AppendBinary(nil))); err != nil {
					t.Fatal(err)
				}
			} else {
				read = before
			}
			again = engine.Output{}
			if err := engine.Step(v, &read, &in, &again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(out.State, again.State, cmpopts.EquateEmpty()); diff != "" || out.Feedback != again.Feedback || !slices.Equal(out.Events, again.Events) {
				t.Fatalf("the same step twice:\n%s\n%+v\n%+v", diff, out.Feedback, again.Feedback)
			}
			checkInvariants(t, &before, &out)
			state.CopyFrom(&out.State)
		}
	})
}

func checkInvariants(t *rapid.T, before *session.State, out *engine.Output) {
	after, f := &out.State, out.Feedback
	if out.Advanced != (after.Revision == before.Revision+1) {
		t.Fatalf("advanced %v from revision %d to %d", out.Advanced, before.Revision, after.Revision)
	}
	if before.Ended != session.Live && out.Advanced {
		t.Fatal("a call went on after its end")
	}
	if f.Ended != after.Ended || (f.Ended == session.Live) != (f.Action == session.ActionBroadcast) {
		t.Fatalf("feedback %+v of a call that ended %q", f, after.Ended)
	}
	if f.Interruptible && f.Content == "" {
		t.Fatal("an empty content is not interruptible")
	}
	if after.Ended == session.Unrecognized && after.Visit.Unrecognized == 0 {
		t.Fatal("ended UNRECOGNIZED without a no-match")
	}
	if (after.Ended == session.ClientHangup || after.Ended == session.TimedOut) && !after.Spoke {
		t.Fatalf("ended %s without a word: that is NO_INTERACTION", after.Ended)
	}
}
