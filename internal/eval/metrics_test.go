package eval

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// judged is a judgement by hand.
func judged(intent, best string, score, own Score) Judgement {
	return Judgement{Row: Row{Intent: intent, Text: intent + " said"}, Best: best, Score: score, Own: own}
}

func TestMeasure(t *testing.T) {
	got := Measure([]Judgement{
		judged("a", "a", 0.9, 0.9),
		judged("a", "a", 0.4, 0.4), // Right, but rejected.
		judged("a", "b", 0.6, 0.5),
		judged("b", "b", 0.5, 0.5), // At the threshold.
		judged("b", "", 0, 0),
		judged(OutOfScope, "a", 0.6, 0),
		judged(OutOfScope, "b", 0.1, 0),
	}, 0.5)
	want := Figures{
		Accuracy: 3.0 / 5, AccuracyWithRejection: 2.0 / 5, OOSRecall: 1.0 / 2,
		MacroF1: (4.0/5 + 2.0/4) / 2, // a: 2 right, 3 rows, 2 taken; b: 1 right, 2 rows, 2 taken.
		// Above the row out of scope at 0.6 is one row, and half of its equal;
		// above the one at 0.1 are four.
		AUROC: (1.5 + 4) / 10,
	}
	if diff := cmp.Diff(want, got, almost); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

var almost = cmp.Comparer(func(a, b Share) bool {
	return math.IsNaN(float64(a)) && math.IsNaN(float64(b)) || math.Abs(float64(a-b)) < 1e-9
})

func TestMeasureUnknown(t *testing.T) {
	unknown := Share(math.NaN())
	for name, test := range map[string]struct {
		judgements []Judgement
		want       Figures
	}{
		"nothing out of scope": {[]Judgement{judged("a", "a", 1, 1)}, Figures{1, 1, unknown, 1, unknown}},
		"nothing in scope":     {[]Judgement{judged(OutOfScope, "a", 1, 0)}, Figures{unknown, unknown, 0, unknown, unknown}},
		"nothing":              {nil, Figures{unknown, unknown, unknown, unknown, unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Measure(test.judgements, 0.5), almost); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestMeasureReference compares the figures with their definitions, computed as
// slowly as they read.
func TestMeasureReference(t *testing.T) {
	intents := []string{"a", "b", "c", "d"}
	rapid.Check(t, func(t *rapid.T) {
		judgements := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Judgement {
			best := rapid.SampledFrom(append([]string{""}, intents...)).Draw(t, "best")
			score := Score(rapid.IntRange(0, 8).Draw(t, "score")) / 8 // Coarse, so that some are equal.
			return judged(rapid.SampledFrom(append([]string{OutOfScope}, intents...)).Draw(t, "intent"), best, score, 0)
		}), 0, 40).Draw(t, "judgements")
		got := Measure(judgements, 0.5)
		if want := slowAUROC(judgements); !cmp.Equal(want, got.AUROC, almost) {
			t.Errorf("AUROC %v, want %v", got.AUROC, want)
		}
		if want := slowMacroF1(judgements, intents); !cmp.Equal(want, got.MacroF1, almost) {
			t.Errorf("macro-F1 %v, want %v", got.MacroF1, want)
		}
		if got.Accuracy.Known() && got.AccuracyWithRejection > got.Accuracy {
			t.Errorf("rejection raised the accuracy from %v to %v", got.Accuracy, got.AccuracyWithRejection)
		}
	})
}

// slowAUROC asks every pair.
func slowAUROC(judgements []Judgement) Share {
	wins, pairs := 0.0, 0.0
	for i := range judgements {
		for j := range judgements {
			if in, out := &judgements[i], &judgements[j]; in.inScope() && !out.inScope() {
				pairs++
				switch {
				case in.Score > out.Score:
					wins++
				case in.Score == out.Score:
					wins += 0.5
				}
			}
		}
	}
	return Share(wins / pairs)
}

// slowMacroF1 goes through all judgements once for each cell of each intent.
func slowMacroF1(judgements []Judgement, intents []string) Share {
	cell := func(is func(j *Judgement) bool) float64 {
		n := 0.0
		for i := range judgements {
			if j := &judgements[i]; j.inScope() && is(j) {
				n++
			}
		}
		return n
	}
	sum, n := 0.0, 0.0
	for _, intent := range intents {
		hits := cell(func(j *Judgement) bool { return j.Intent == intent && j.Best == intent })
		missed := cell(func(j *Judgement) bool { return j.Intent == intent && j.Best != intent })
		others := cell(func(j *Judgement) bool { return j.Intent != intent && j.Best == intent })
		if hits+missed == 0 {
			continue
		}
		n++
		if hits > 0 {
			precision, recall := hits/(hits+others), hits/(hits+missed)
			sum += 2 * precision * recall / (precision + recall)
		}
	}
	return Share(sum / n)
}

func TestPerIntent(t *testing.T) {
	got := PerIntent([]Judgement{
		judged("b", "b", 0.9, 0.9), judged("a", "b", 0.4, 0.1), judged("a", "c", 0.7, 0), judged(OutOfScope, "a", 0.9, 0),
	}, 0.5)
	want := []IntentFigure{
		{Intent: "a", Rows: 2, Precision: Share(math.NaN()), Recall: 0, F1: 0, Rejected: 1},
		{Intent: "b", Rows: 1, Precision: 0.5, Recall: 1, F1: 2.0 / 3},
	}
	if diff := cmp.Diff(want, got, almost); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShare(t *testing.T) {
	for _, test := range []struct {
		share      Share
		json, text string
	}{
		{1, "1", "100.0 %"},
		{2.0 / 3, "0.666667", "66.7 %"},
		{share(0, 0), "null", "unknown"},
		{share(0, 3), "0", "0.0 %"},
	} {
		got, err := json.Marshal(test.share)
		if err != nil || string(got) != test.json || test.share.String() != test.text {
			t.Errorf("JSON %s (%v), want %s; text %q, want %q", got, err, test.json, test.share, test.text)
		}
	}
}

func TestConfusions(t *testing.T) {
	judgements := []Judgement{
		judged("a", "a", 0.9, 0.9),
		judged("a", "b", 0.3, 0.2), judged("a", "b", 0.6, 0.2), // Rejection is no matter in scope.
		judged(OutOfScope, "b", 0.7, 0), judged(OutOfScope, "b", 0.4, 0), // The second is rejected, rightly.
		judged("b", "", 0, 0),
	}
	want := []Confusion{
		{"a", "b", 2, []Heard{{"a said", 0.6}, {"a said", 0.3}}},
		{OutOfScope, "b", 1, []Heard{{OutOfScope + " said", 0.7}}},
		{"b", "", 1, []Heard{{"b said", 0}}},
	}
	if diff := cmp.Diff(want, Confusions(judgements, 0.5, 9)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:1], Confusions(judgements, 0.5, 1)); diff != "" {
		t.Errorf("the first (-want +got):\n%s", diff)
	}
	for range maxSamples {
		judgements = append(judgements, judged("a", "b", 0.5, 0))
	}
	if got := Confusions(judgements, 0.5, 1)[0]; got.Count != 2+maxSamples || len(got.Samples) != maxSamples {
		t.Errorf("%d with %d samples, want %d with %d", got.Count, len(got.Samples), 2+maxSamples, maxSamples)
	}
}
