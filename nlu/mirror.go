package nlu

import (
	"cmp"
	"slices"
)

// A classifier learns from what was said. That 可以 denied speaks against a
// class whose examples affirm it, nobody says in an example; and one 不 late in
// a long sentence leaves most of its words as they were. So each class keeps a
// ledger: of every word and pair, how often its examples mean it and how often
// they deny it. A class is contradicted when
//
//   - the text denies, and hardly anything of what it denies is held so in the
//     class's examples: 今天不可以 against an example 今天可以;
//   - the text denies nothing, and the words that the examples deny weigh half
//     as much as all it has in common with them: 还 against an example 还不了.
//
// But a denial contradicts only where it bears: in a long sentence that mostly
// says what the class's examples say, one word denied is a detail.
//
// A contradicted class stays under the threshold, however similar the rest. Where
// it would have been far ahead of all others they do too: who denies what only
// one class speaks of means no other by it. A class of many examples has learned by
// itself what denial means there, and its ledger counts for less.

const (
	// contradicted is how far under the threshold, in margin, such a class stays.
	contradicted = 0.1
	// hardly is the share of agreement under which a denial contradicts, and
	// half the one under which an affirmation does. From 0.1 to 0.3 the first
	// measured alike; at 1 it turned away one utterance in fifteen that was right.
	hardly, half = 0.2, 2.0
	// detail is the share of what a denying text has in common with a class
	// under which what it denies is a detail. At 0.2 denials that count begin to
	// be missed on the scripts of testdata; at 0 the contradictions turn away more
	// utterances of long sentences, and polarity is no better.
	detail = 0.12
	// farAhead is the lead, in margin, with which a contradicted class takes the
	// others with it. From 0.2 to 0.5 polarity measured alike on the scripts of
	// testdata. Where ten examples say little of how a class is denied, a contradiction
	// is wrong often enough to cost a point of accuracy; 0.25 gives most of it back.
	farAhead = 0.25
	// ledgerExamples is the number of examples up to which a ledger counts in full.
	ledgerExamples = 20
)

// A stance is which ends of a feature are denied.
type stance uint8

const (
	stances        = 4
	stanceAffirmed = stance(0)
	// noStance is that of a feature that is not a word or pair as such.
	noStance = stance(stances)
)

// stance returns the stance of a feature of r.
func (r *reading) stance(f *feature) stance {
	if f.polar != anyhow || f.filler || (f.block != blockHan && f.block != blockWord) || f.tokens > 2 {
		return noStance
	}
	s := stanceAffirmed
	if r.tokens[f.from].negated {
		s |= 1
	}
	if r.tokens[int(f.from)+int(f.tokens)-1].negated {
		s |= 2
	}
	return s
}

// A ledger holds the entries of the rows that some example denies, by class;
// all others are affirmed wherever they are. Read only.
type ledger struct {
	starts  []int32 // by row, and one more
	entries []stanceEntry
	trust   []float32 // by class: what its entries count, up to 1
}

// A stanceEntry is how a class's examples hold one feature.
type stanceEntry struct {
	class int32
	share [stances]float32 // of its occurrences
}

func newLedger(c *corpus, classes int) ledger {
	l := ledger{starts: make([]int32, 1, len(c.hashes)+1), trust: make([]float32, classes)}
	disputed := map[int32][]stanceEntry{}
	for i := range c.examples {
		if !c.examples[i].title {
			l.trust[c.examples[i].class]++
		}
		for _, s := range c.examples[i].seen {
			if s.stance != noStance && s.stance != stanceAffirmed {
				disputed[s.number] = nil
			}
		}
	}
	for class, examples := range l.trust {
		l.trust[class] = min(1, ledgerExamples/max(examples, 1))
	}
	for i := range c.examples {
		if e := &c.examples[i]; !e.title {
			e.enter(disputed)
		}
	}
	for row := range c.hashes {
		for _, entry := range disputed[int32(row)] {
			total := entry.share[0] + entry.share[1] + entry.share[2] + entry.share[3]
			for i := range entry.share {
				entry.share[i] /= total
			}
			l.entries = append(l.entries, entry)
		}
		l.starts = append(l.starts, int32(len(l.entries)))
	}
	return l
}

// enter counts how an example holds what is disputed, by row.
func (e *example) enter(disputed map[int32][]stanceEntry) {
	for _, s := range e.seen {
		entries, ok := disputed[s.number]
		if !ok || s.stance == noStance {
			continue
		}
		at, found := slices.BinarySearchFunc(entries, int32(e.class), func(a stanceEntry, class int32) int { return cmp.Compare(a.class, class) })
		if !found {
			entries = slices.Insert(entries, at, stanceEntry{class: int32(e.class)})
		}
		entries[at].share[s.stance]++
		disputed[s.number] = entries
	}
}

// disputed reports whether some example denies the feature of a row.
func (l *ledger) disputed(row int32) bool { return l.starts[row] < l.starts[row+1] }

// agreement returns the share of a class's examples that hold the feature of a
// row as a text does. A class that never says it has no part in the matter.
func (l *ledger) agreement(row int32, class int, s stance) (share float32, says bool) {
	if !l.disputed(row) {
		if s == stanceAffirmed {
			return 1, true
		}
		return 0, true
	}
	for i := l.starts[row]; i < l.starts[row+1]; i++ {
		if e := &l.entries[i]; int(e.class) == class {
			return e.share[s], true
		}
	}
	return 0, false
}

// contradict lowers the margins of the classes that r contradicts, and keeps
// their order. Only those that would be near the threshold are asked.
func (l *linear) contradict(r *reading, scales *norms, margins []float32) {
	denies := r.denies()
	r.holdings = r.holdings[:0]
	ceiling := l.scale.threshold - contradicted
	denied, held := ceiling, ceiling // The best of either.
	for class, margin := range margins {
		if margin <= ceiling {
			continue
		}
		if len(r.holdings) == 0 && !l.hold(r, scales, denies) {
			return
		}
		if l.contradicts(r, class, denies) {
			r.match.denied[class] = true
			denied = max(denied, margin)
		} else {
			held = max(held, margin)
		}
	}
	if denied == ceiling {
		return
	}
	all := denied > held+farAhead
	for class, margin := range margins {
		if margin > ceiling && (all || r.match.denied[class]) {
			margins[class] = ceiling + (margin-ceiling)*contradicted*contradicted
		}
	}
}

// A holding is a known word or pair of an utterance and how it is held.
type holding struct {
	row    int32
	scale  float32
	stance stance
	bears  bool // it may contradict a class, see bears
}

// hold lists the holdings of r. It returns false, and lists nothing, when none
// of them bears.
func (l *linear) hold(r *reading, scales *norms, denies bool) bool {
	first := 0
	for first < len(r.rows) && !l.bears(r, first, denies) {
		first++
	}
	if first == len(r.rows) {
		return false
	}
	for i, row := range r.rows {
		f := &r.features[i]
		if s := r.stance(f); row >= 0 && s != noStance {
			r.holdings = append(r.holdings, holding{row, scales[f.block], s, i >= first && l.bears(r, i, denies)})
		}
	}
	return true
}

// bears reports whether feature i of r is a word that the text denies or, in one
// that denies nothing, that some example denies.
func (l *linear) bears(r *reading, i int, denies bool) bool {
	f, row := &r.features[i], r.rows[i]
	if row < 0 || f.tokens != 1 || r.stance(f) == noStance {
		return false
	}
	if denies {
		return r.tokens[f.from].negated
	}
	return l.stances.disputed(row)
}

// contradicts weighs what r says otherwise than the examples of class against
// what it says as they do. Of most classes it says nothing otherwise, which is
// soon seen.
func (l *linear) contradicts(r *reading, class int, denies bool) bool {
	opposed := float32(0)
	for i := range r.holdings {
		h := &r.holdings[i]
		if !h.bears {
			continue
		}
		if share, says := l.stances.agreement(h.row, class, h.stance); says && share < 1 {
			opposed += max(0, l.weights.of(h.row, class)) * h.scale * (1 - share)
		}
	}
	if opposed == 0 {
		return false
	}
	agreed, common := float32(0), float32(0)
	for i := range r.holdings {
		h := &r.holdings[i]
		weight := l.weights.of(h.row, class) * h.scale
		if weight <= 0 {
			continue
		}
		common += weight
		if denies && h.stance == stanceAffirmed {
			continue
		}
		if share, says := l.stances.agreement(h.row, class, h.stance); says {
			agreed += weight * share
		}
	}
	if denies {
		return opposed >= common*detail && opposed*l.stances.trust[class]*hardly > agreed
	}
	return opposed*l.stances.trust[class]*half > agreed
}
