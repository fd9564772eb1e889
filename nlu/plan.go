package nlu

import (
	"cmp"
	"slices"
)

// Training costs classes × examples × passes, so a large script would take
// hours of it. A plan keeps the work under a budget: a script of ordinary size
// is trained on everything; a larger one shows each class all of its own
// examples and an even sample of the others.

// budget is how many visits to an example one training may cost at most; few
// classes come near it, since most examples soon sleep.
const budget = 100_000_000

// A script near the limits of a bundle, where every example seen by every class
// would be more than hugeWork visits, has a smaller budget: its author should
// not wait for minutes, and its classes see hundreds of others all the same.
const (
	hugeWork   = 1_000_000_000
	hugeBudget = budget / 4
)

type plan struct {
	corpus *corpus
	order  []int     // the classes that have examples, by name
	own    [][]int32 // by class: its examples, its name among them
	stride int       // of the other classes' examples every stride-th is seen
	list   []int32   // what members returned last
}

func newPlan(c *corpus, classes int) *plan {
	p := &plan{corpus: c, own: make([][]int32, classes), stride: 1}
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
	work, most := len(p.order)*len(c.examples)*maxPasses, budget
	if work > hugeWork {
		most = hugeBudget
	}
	p.stride = max(1, (work+most-1)/most)
	return p
}

// members returns what the training of class may see, ascending; it is valid
// until the next call.
func (p *plan) members(class int) []int32 {
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
		p.list = append(p.list, next)
	}
	return p.list
}
