package eval

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/nlu"
	"github.com/talkgraph/talkgraph/session"
)

func TestFromRows(t *testing.T) {
	got, err := FromRows([]Row{
		{"train", "yes", "好的"}, {"train", OutOfScope, "天气"}, {"train", "no", "不要"}, {"train", "yes", "行"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []nlu.Class{{Name: "yes", Examples: []string{"好的", "行"}}, {Name: "no", Examples: []string{"不要"}}}
	if diff := cmp.Diff(want, got.Classes); diff != "" || got.Examples() != 3 {
		t.Errorf("%d examples; classes (-want +got):\n%s", got.Examples(), diff)
	}
	if len(got.outOfScope) != 1 || got.Threshold != nlu.Threshold || !got.meet(0, 1) {
		t.Errorf("%d rows out of scope, threshold %v, meeting %v", len(got.outOfScope), got.Threshold, got.meet(0, 1))
	}
	if _, err := FromRows([]Row{{"train", OutOfScope, "天气"}}); err == nil {
		t.Error("nothing to learn was no error")
	}
}

// compiled is the script that these tests train on.
func compiled(t *testing.T) *engine.Version {
	t.Helper()
	v, err := engine.Compile(os.DirFS("../../testdata/scripts/debt-reminder"), flow.WithID("debt-reminder"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFromProgram(t *testing.T) {
	p := compiled(t).Program()
	training, err := FromProgram(p)
	if err != nil {
		t.Fatal(err)
	}
	if training.Threshold != p.Matching.Threshold || training.Margin != p.Matching.Margin || training.Config.FalseReject != p.Matching.FalseReject {
		t.Errorf("threshold %v, margin %v, false reject %v, want those of the script %+v",
			training.Threshold, training.Margin, training.Config.FalseReject, p.Matching)
	}
	yes, no := training.class("是本人"), training.class("不是本人")
	pay, robot := training.class("愿意还款"), training.class("你是机器人吗")
	if !training.meet(yes, no) || training.meet(yes, pay) || !training.meet(yes, robot) || !training.meet(robot, pay) {
		t.Error("who meets whom is not as in the script")
	}
	if training.class("nobody") != -1 {
		t.Error("a class that is not there has an index")
	}
}

// TestFromProgramMatchesEngine holds the evaluation of a bundle to what calls
// on it hear: the same utterance has the same scores.
func TestFromProgramMatchesEngine(t *testing.T) {
	v := compiled(t)
	training, err := FromProgram(v.Program())
	if err != nil {
		t.Fatal(err)
	}
	model, _ := nlu.Train(training.Classes, training.Config)
	scores := make([]float64, len(training.Classes))
	compared := 0
	for f := range v.Program().Flows {
		for n := range v.Program().Flows[f].Nodes {
			intents := v.Program().Flows[f].Nodes[n].Intents
			for _, text := range []string{"我不是本人", "我下个月还行不行", "可以吧"} {
				in := &session.Input{Kind: session.Speech, Text: text}
				v.Match(&session.State{Version: v.Hash(), Flow: uint16(f), Node: uint16(n)}, in)
				model.Score(text, scores)
				for place, intent := range intents {
					compared++
					if in.Match.Intents[place] != scores[intent] {
						t.Errorf("%s for %s: the engine says %v, the evaluation %v",
							text, training.Classes[intent].Name, in.Match.Intents[place], scores[intent])
					}
				}
			}
		}
	}
	if compared == 0 {
		t.Error("the script has no node with intents")
	}
}

func TestShots(t *testing.T) {
	training := &Training{Classes: []nlu.Class{
		{Name: "a", Examples: []string{"1", "2", "3", "4", "5", "6", "7", "8"}, Keywords: []string{"k"}},
		{Name: "b", Examples: []string{"x", "x", "y"}},
	}}
	few := training.shots(3, 1)
	a := few.Classes[0].Examples
	if len(a) != 3 || !slices.Contains(training.Classes[0].Examples, a[0]) || len(slices.Compact(slices.Sorted(slices.Values(a)))) != 3 {
		t.Errorf("3 of %v are %v", training.Classes[0].Examples, a)
	}
	if b := slices.Sorted(slices.Values(few.Classes[1].Examples)); !slices.Equal(b, []string{"x", "y"}) {
		t.Errorf("b has %v, want x and y", b)
	}
	if len(training.Classes[0].Examples) != 8 || few.Classes[0].Keywords == nil {
		t.Error("the training itself was changed, or the keywords were lost")
	}
	reversed := slices.Clone(training.Classes)
	slices.Reverse(reversed)
	if again := (&Training{Classes: reversed}).shots(3, 1).Classes[1].Examples; !slices.Equal(a, again) {
		t.Errorf("in another order the draw is %v, not %v", again, a)
	}
	different := false
	for seed := uint64(2); seed < 12; seed++ {
		different = different || !slices.Equal(a, training.shots(3, seed).Classes[0].Examples)
	}
	if !different {
		t.Error("eleven seeds draw the same")
	}
	if training.shots(0, 1) != training {
		t.Error("0 does not keep everything")
	}
}
