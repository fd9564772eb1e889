package eval

import (
	"cmp"
	"slices"

	"github.com/talkgraph/talkgraph/nlu"
)

// CrossValidate divides the examples into k folds and has each judged by a
// matcher that was trained on the others: what the matcher makes of what it has
// not seen. Keywords belong to the classes and stay. Rows out of scope that came
// with the examples are dealt to the folds too, and only judged.
//
// Each class is spread over the folds as evenly as can be; the same words are
// in the same fold wherever they occur, so that no row is judged by a matcher
// that knows it by heart. Costs, and how many examples were trained on, are
// those of the first fold's matcher. k must be at least 2.
func (m Machine) CrossValidate(t *Training, k int, o Options) *Result {
	held := deal(t, k, o.Seed)
	first := t.without(held, 0).shots(o.Shots, o.Seed)
	rows := o.mishear(held.rows[0])
	j, cost := m.train(first)
	m.match(j, rows, &cost)
	judgements := j.judgeAll(rows)
	for fold := 1; fold < k; fold++ {
		part := t.without(held, fold).shots(o.Shots, o.Seed)
		model, _ := nlu.Train(part.Classes, part.Config)
		judgements = append(judgements, newJudge(model, part).judgeAll(o.mishear(held.rows[fold]))...)
	}
	result := newResult(first, cost, judgements)
	result.Findings = Findings(t, judgements)
	return result
}

// A hold says which fold holds what out.
type hold struct {
	fold map[string]int // By key.
	rows [][]Row        // By fold.
}

// deal deals the examples, class by class, going on where the last class ended.
func deal(t *Training, k int, seed uint64) *hold {
	h := &hold{fold: make(map[string]int), rows: make([][]Row, k)}
	next := 0
	dealOne := func(row Row) {
		words := key(row.Text)
		fold, dealt := h.fold[words]
		if !dealt {
			fold = next % k
			h.fold[words] = fold
			next++
		}
		h.rows[fold] = append(h.rows[fold], row)
	}
	shuffled := func(intent string, texts []string) {
		order := slices.SortedFunc(slices.Values(texts), func(a, b string) int {
			return cmp.Or(cmp.Compare(draw(seed, intent, a), draw(seed, intent, b)), cmp.Compare(a, b))
		})
		for _, text := range order {
			dealOne(Row{Intent: intent, Text: text})
		}
	}
	for i := range t.Classes {
		shuffled(t.Classes[i].Name, t.Classes[i].Examples)
	}
	outside := make([]string, len(t.outOfScope))
	for i, row := range t.outOfScope {
		outside[i] = row.Text
	}
	shuffled(OutOfScope, outside)
	return h
}

// without returns the training without the examples that the fold holds out.
func (t *Training) without(h *hold, fold int) *Training {
	part := *t
	part.Classes = slices.Clone(t.Classes)
	for i := range part.Classes {
		class := &part.Classes[i]
		class.Examples = slices.DeleteFunc(slices.Clone(class.Examples), func(text string) bool {
			return h.fold[key(text)] == fold
		})
	}
	return &part
}
