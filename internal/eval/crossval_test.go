package eval

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"github.com/talkgraph/talkgraph/nlu"
)

// tick is a machine on which everything takes a microsecond.
func tick() Machine {
	now := time.Unix(0, 0)
	live := uint64(0)
	return Machine{
		Now:         func() time.Time { now = now.Add(time.Microsecond); return now },
		LiveBytes:   func() uint64 { live += 1 << 20; return live },
		Allocations: func() uint64 { return 0 },
	}
}

// pairs is a training of two intents that are easily told apart.
func pairs() *Training {
	t := &Training{Threshold: nlu.Threshold, Margin: defaultMargin, Classes: []nlu.Class{{Name: "bill"}, {Name: "course"}}}
	for i := range 10 {
		t.Classes[0].Examples = append(t.Classes[0].Examples, fmt.Sprintf("账单金额第%d次查询", i))
		t.Classes[1].Examples = append(t.Classes[1].Examples, fmt.Sprintf("报名课程老师%d班", i))
	}
	return t
}

func TestCrossValidate(t *testing.T) {
	training := pairs()
	training.outOfScope = []Row{{"train", OutOfScope, "xyz"}, {"train", OutOfScope, "uvw"}}
	got := tick().CrossValidate(training, 5, Options{Seed: 1})
	if got.Accuracy != 1 || got.Test != 20 || got.OOS != 2 || got.Train != 16 || got.OOSRecall != 1 || got.AUROC != 1 {
		t.Errorf("accuracy %v of %d rows and %d out of scope after %d examples, want all of 20 and 2 after 16",
			got.Accuracy, got.Test, got.OOS, got.Train)
	}
	if got.Findings == nil || len(got.Findings) != 0 {
		t.Errorf("findings %v, want none", got.Findings)
	}
	heard := make(map[string]int)
	for i := range got.Judgements {
		heard[got.Judgements[i].Text]++
	}
	for _, class := range training.Classes {
		for _, text := range class.Examples {
			if heard[text] != 1 {
				t.Errorf("%s was judged %d times", text, heard[text])
			}
		}
	}
	if few := tick().CrossValidate(pairs(), 5, Options{Seed: 1, Shots: 2}); few.Train != 4 || few.Test != 20 {
		t.Errorf("with 2 shots %d examples and %d rows, want 4 and 20", few.Train, few.Test)
	}
}

func TestCrossValidateMisheard(t *testing.T) {
	got := tick().CrossValidate(pairs(), 2, Options{Seed: 1, Homophones: 1})
	for i := range got.Judgements {
		j := &got.Judgements[i]
		for _, class := range pairs().Classes {
			if slices.Contains(class.Examples, j.Text) {
				t.Errorf("%s was not misheard", j.Text)
			}
		}
	}
}

// TestDeal holds the folds to their promises: everything is dealt once, equal
// words together, each class evenly.
func TestDeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 7).Draw(t, "k")
		texts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "A!", "b", "b ", "c", "d", "e", "f", "g", "h"}), 0, 20)
		training := &Training{Classes: []nlu.Class{{Name: "1", Examples: texts.Draw(t, "one")}, {Name: "2", Examples: texts.Draw(t, "two")}}}
		held := deal(training, k, rapid.Uint64().Draw(t, "seed"))

		rows := 0
		fold := make(map[string]int)
		var sizes []int
		for f := range held.rows {
			words := make(map[string]bool)
			for _, row := range held.rows[f] {
				rows++
				words[key(row.Text)] = true
				if other, ok := fold[key(row.Text)]; ok && other != f {
					t.Errorf("%q is in folds %d and %d", row.Text, other, f)
				}
				fold[key(row.Text)] = f
			}
			sizes = append(sizes, len(words))
			if left := training.without(held, f).Examples(); left+len(held.rows[f]) != training.Examples() {
				t.Errorf("fold %d holds %d of %d examples out and leaves %d", f, len(held.rows[f]), training.Examples(), left)
			}
		}
		if rows != training.Examples() || slices.Max(sizes)-slices.Min(sizes) > 1 {
			t.Errorf("%d of %d examples dealt, folds of %v different words", rows, training.Examples(), sizes)
		}
	})
}
