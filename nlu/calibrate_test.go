package nlu

import (
	"math"
	"slices"
	"testing"
)

// TestJuryAgreesWithTrainingAnew compares the margins of held-out examples,
// found by forgetting them, with those of a class trained without them.
func TestJuryAgreesWithTrainingAnew(t *testing.T) {
	c, _ := newCorpus(debtor)
	p, s := newPlan(c, len(debtor)), newSolver(newProblem(c))
	anew, counts := newSolver(newProblem(c)), newCounts(s.problem)
	for _, class := range p.order {
		j := newJury(len(c.examples), counts)
		s.train(class, p.members(class))
		counts.count(p.own[class])
		j.hear(s, c, p.own[class])
		for fold := range folds {
			var kept, held []int32
			for _, i := range p.members(class) {
				if e := &c.examples[i]; e.class == class && !e.title && e.fold == fold {
					held = append(held, i)
				} else {
					kept = append(kept, i)
				}
			}
			if len(held) == 0 {
				break
			}
			anew.train(class, kept)
			for _, i := range held {
				if want := anew.margin(i) + countedMargin(s.problem, kept, class, i); !j.judged[i] || math.Abs(float64(j.own[i]-want)) > 0.15 {
					t.Errorf("%s: held-out example %d has margin %v, trained anew %v", debtor[class].Name, i, j.own[i], want)
				}
			}
		}
		judgeOthers(t, c, p, anew, j, class)
	}
}

// judgeOthers does the same for the examples of other classes, each left out of
// the class's training alone. What the jury has of them is an estimate, so it
// need only be near; j has heard class last.
func judgeOthers(t *testing.T, c *corpus, p *plan, anew *solver, heard *jury, class int) {
	t.Helper()
	j := newJury(len(c.examples), heard.counts)
	anew.train(class, p.members(class))
	j.overhear(anew)
	off, n := 0.0, 0
	for i := range c.examples {
		if j.others[i] <= bias {
			continue
		}
		if heard.others[i] < j.others[i] {
			t.Errorf("example %d: the best of others is %v, %s alone has %v", i, heard.others[i], debtor[class].Name, j.others[i])
		}
		anew.train(class, slices.DeleteFunc(slices.Clone(p.members(class)), func(m int32) bool { return int(m) == i }))
		off += math.Abs(float64(j.others[i] - max(bias, anew.margin(int32(i))+heard.counts.margin(int32(i)))))
		n++
	}
	if n > 0 && off/float64(n) > 0.15 {
		t.Errorf("%s: examples of others are misjudged by %.2f of a margin", debtor[class].Name, off/float64(n))
	}
	t.Logf("%s: others off by %.3f over %d", debtor[class].Name, off/float64(max(n, 1)), n)
}
