package nlu

import (
	"cmp"
	"slices"
)

// A classifier learns from what was said. That 可以 denied speaks against a
// class whose examples affirm it, nobody says in an example; and one 不 late in
// a long sentence leaves most of its words as they were. So every token has a
// mirror, the same token with the other polarity, and a class is contradicted
// when the mirrors of what is said speak for it more than what is said does:
//
//   - of a text that denies, what it denies is weighed: 今天不可以 against an
//     example 今天可以;
//   - of a text that denies nothing, all of it: 还 against an example 还不了.
//
// A contradicted class stays under the threshold, however similar the rest.

// contradicted is how far under the threshold, in margin, such a class stays.
const contradicted = 0.1

// A mirror is the two rows of one token.
type mirror struct{ affirmed, denied int32 }

// mirror numbers the two features of the token at i.
func (c *census) mirror(r *reading, i int) mirror {
	t := &r.tokens[i]
	own := c.numberOf(r.single(i))
	t.negated = !t.negated
	other := c.numberOf(r.single(i))
	t.negated = !t.negated
	if t.negated {
		return mirror{affirmed: other, denied: own}
	}
	return mirror{affirmed: own, denied: other}
}

// settleMirrors turns the numbers into rows, in order.
func settleMirrors(numbers map[mirror]bool, rows []int32) []mirror {
	mirrors := make([]mirror, 0, len(numbers))
	for m := range numbers {
		mirrors = append(mirrors, mirror{affirmed: rows[m.affirmed], denied: rows[m.denied]})
	}
	slices.SortFunc(mirrors, func(a, b mirror) int { return cmp.Compare(a.affirmed, b.affirmed) })
	return mirrors
}

// reflect returns the mirror of each row that is one token, -1 of the others
// and of those whose mirror no example has, because that speaks for nothing.
func (l *linear) reflect(mirrors []mirror, seen []bool) {
	l.mirror = make([]int32, len(l.idf))
	for i := range l.mirror {
		l.mirror[i] = -1
	}
	for _, m := range mirrors {
		if seen[m.denied] {
			l.mirror[m.affirmed] = m.denied
		}
		if seen[m.affirmed] {
			l.mirror[m.denied] = m.affirmed
		}
	}
}

// contradict lowers the margins of the classes that r contradicts.
func (l *linear) contradict(r *reading, scales *norms, margins []float32) {
	denies := slices.ContainsFunc(r.tokens, func(t token) bool { return t.negated })
	against := r.match.against
	found := false
	for i, row := range r.rows {
		f := &r.features[i]
		if row < 0 || l.mirror[row] < 0 || (denies && !r.tokens[f.from].negated) {
			continue
		}
		if !found {
			clear(against)
			found = true
		}
		l.weights.addPositive(against, l.mirror[row], l.idf[row]*scales[f.block])
	}
	if !found {
		return
	}
	said := r.match.said
	if denies {
		l.weighDenied(r, scales, said)
	} else {
		for class, margin := range margins {
			said[class] = margin - bias
		}
	}
	for class, weight := range against {
		if weight > said[class] {
			r.match.denied[class] = true
			margins[class] = min(margins[class], l.scale.threshold-contradicted)
		}
	}
}

// weighDenied sums what the denied parts of r say for each class.
func (l *linear) weighDenied(r *reading, scales *norms, said []float32) {
	clear(said)
	for i, row := range r.rows {
		f := &r.features[i]
		last := f.from + int32(f.tokens) - 1
		if row >= 0 && (r.tokens[f.from].negated || r.tokens[last].negated) {
			l.weights.addPositive(said, row, l.idf[row]*scales[f.block])
		}
	}
}
