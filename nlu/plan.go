package nlu

import (
	"cmp"
	"slices"
)

// Training costs classes × examples × passes, so a large script would take
// hours of it. A plan keeps the work under a budget: a script of ordinary size
// is trained on everything; a larger one shows each class all of its own
// examples and an even sample of the others, in fewer folds.

const (
	// budget is how many visits to an example one training may cost at most; few
	// classes come near it, since most examples soon sleep.
	budget = 100_000_000
	// folds is how many parts calibration cuts the examples of a class into.
	folds = 5
	// foldPasses bounds the visits in a fold: a threshold needs less precision
	// than the weights.
	foldPasses = 6
	// noFold holds nothing out.
	noFold = -1
)

type plan struct {
	corpus *corpus
	order  []int     // the classes that have examples, by name
	own    [][]int32 // by class: its examples
	stride int       // of the other classes' examples every stride-th is seen
	folds  int       // how many folds are held out in turn
	list   []int32   // what members returned last
}

func newPlan(c *corpus, classes int) *plan {
	p := &plan{corpus: c, own: make([][]int32, classes), stride: 1, folds: folds}
	names := make([]string, classes)
	for i := range c.examples {
		e := &c.examples[i]
		p.own[e.class] = append(p.own[e.class], int32(i))
		names[e.class] = e.name
	}
	for class, own := range p.own {
		if len(own) > 0 {
			p.order = append(p.order, class)
		}
	}
	slices.SortStableFunc(p.order, func(a, b int) int { return cmp.Compare(names[a], names[b]) })
	visits := len(p.order) * len(c.examples)
	if visits*(maxPasses+folds*foldPasses) > budget {
		p.folds = 1
	}
	for visits/p.stride*(maxPasses+p.folds*foldPasses) > budget {
		p.stride++
	}
	return p
}

// problem is all the examples, each to be visited at most passes times.
func (p *plan) problem(passes int) problem {
	c := p.corpus
	squares := make([]float64, len(c.examples))
	for i := range c.examples {
		for _, e := range c.examples[i].vector {
			squares[i] += float64(e.value) * float64(e.value)
		}
	}
	return problem{examples: c.examples, squares: squares, rows: len(c.hashes), passes: passes}
}

// members returns what the training of class may see when fold is held out,
// ascending; it is valid until the next call.
func (p *plan) members(class, fold int) []int32 {
	own, others := p.own[class], 0
	p.list = p.list[:0]
	for len(own) > 0 || others < len(p.corpus.examples) {
		next := int32(others)
		if others >= len(p.corpus.examples) || (len(own) > 0 && own[0] <= next) {
			next, own = own[0], own[1:]
		}
		if next == int32(others) {
			others += p.stride
		}
		if p.corpus.examples[next].fold != fold {
			p.list = append(p.list, next)
		}
	}
	return p.list
}
