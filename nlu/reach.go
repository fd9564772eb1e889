package nlu

// How far a negation reaches where it does not simply deny what follows it up
// to the end of its clause.

// backwards is how many tokens a negation at the end of a clause reaches back.
const backwards = 3

// construction reads what denies by its build rather than by one word, and
// returns its length, 0 when there is none at i. The cue at i has n tokens.
func (s *scope) construction(i, n int) int {
	id := s.tokens[i].id
	switch {
	case s.contrary > 0 && s.sequels[id]:
		s.contrary = 0
		s.mark(i, 1, cueNone)
		s.negated = true
		s.begin(i, 1, cueDoubt)
		return 1
	case id == '也':
		s.concede(i)
	case id == '除':
		return s.except(i)
	case id == s.too:
		return s.excess(i)
	case id == '哪' && s.nowhere(i):
		s.negate(i, 2, cueRhetorical)
		return 2
	case id == '别' && n == 1 && s.aside(i):
		return s.mark(i, 2, cueNone)
	case n == 0:
		return s.mocked(i)
	}
	return 0
}

// aside reports whether 别说 at i only passes over what is less to the point:
// 别说今天下周都还不了. Without 都 or 连 behind it, it forbids: 别说了.
func (s *scope) aside(i int) bool {
	if i+1 == len(s.tokens) || s.tokens[i+1].id != '说' {
		return false
	}
	for j, end := i+2, s.clauseEnd(i); j < end; j++ {
		if id := s.tokens[j].id; id == '都' || id == '连' {
			return true
		}
	}
	return false
}

// reachBack denies what stands before a negator that has nothing to deny
// behind it: the verb of a potential complement, the words before a tail.
func (s *scope) reachBack(i, n int) {
	if s.negated || i == s.clause {
		return
	}
	rest := s.tokens[i+n:]
	if s.stills[s.tokens[i-1].id] && !s.verb(i) {
		s.tokens[i-1].negated = true
	}
	if s.tokens[i].id == '不' && n == 1 && len(rest) > 0 && !rest[0].opens && s.complement(s.tokens[i-1], rest[0].id) {
		s.tokens[i-1].negated = true
		return
	}
	if !s.tail(i, rest) {
		return
	}
	for j := s.clause; j < i; {
		n := s.pronoun(s.tokens[j:])
		if n == 0 && j >= i-backwards && !s.adverbs[s.tokens[j].id] {
			s.tokens[j].negated = true
		}
		j += max(n, 1)
	}
}

// verb reports whether 还 before the negator at i is what somebody does, not the
// adverb: 今天就还不用等, but 我就还没想好.
func (s *scope) verb(i int) bool {
	return i > 1 && s.tokens[i].id != '没' && s.leads[s.tokens[i-2].id]
}

// complement reports whether verb, 不 and the token after make a potential
// complement.
func (s *scope) complement(verb token, after uint64) bool {
	if s.motions[after] {
		return s.carriers[verb.id]
	}
	return s.complements[after] && verb.han && !s.adverbs[verb.id] && s.pronoun([]token{verb}) == 0
}

// tail reports whether rest, what follows the negator at i up to the end of the
// clause, is one of tails, or of refusals behind its subject: 分期我不同意.
func (s *scope) tail(i int, rest []token) bool {
	if len(rest) == 0 || rest[0].opens {
		return false
	}
	_, n := s.tails.longest(rest)
	if n == 0 && s.previous == cuePronoun && s.last > s.clause {
		_, n = s.refusals.longest(rest)
	}
	return n > 0 && (n == len(rest) || rest[n].opens || s.whole[rest[0].id])
}

// complete reports whether the token at i, the first that 不 denies, leaves
// nothing more to deny: 不行我没钱.
func (s *scope) complete(i int) bool {
	return s.tokens[s.negator].id == '不' && s.whole[s.tokens[i].id]
}

// takesClause reports whether what is denied before i is a potential complement
// with a clause for its object: 用不着我去, 来不及今天还.
func (s *scope) takesClause(i int) bool {
	if i != s.denied+1 || s.negator == 0 || s.tokens[s.negator].id != '不' {
		return false
	}
	verb := s.tokens[s.negator-1]
	return s.clausal[verb.id] && s.complement(verb, s.tokens[s.denied].id)
}

// attributive returns the end of a clause that, from the negator at i, is all
// one noun: 没有在你们那里报名的打算. Else it returns 0.
func (s *scope) attributive(i int) int {
	if s.tokens[i].id != '没' {
		return 0
	}
	end := s.unparticled(s.clauseEnd(i))
	if end-3 <= i || s.tokens[end-3].id != '的' {
		return 0
	}
	if _, n := s.aims.longest(s.tokens[end-2:]); n == 0 {
		return 0
	}
	return end
}

// unparticled returns end without the particles before it.
func (s *scope) unparticled(end int) int {
	for end > 1 {
		if kind, _ := s.cues.longest(s.tokens[end-1:]); kind != cueParticle {
			break
		}
		end--
	}
	return end
}

// dismiss marks the phrase of n tokens at i that waves away what came before
// it in its clause: 分期就拉倒吧, 还才怪. A veto that has nothing before it, or
// more behind, denies what follows: 休想我还.
func (s *scope) dismiss(i, n int, kind cueKind) int {
	last := i+n >= s.unparticled(s.clauseEnd(i))
	topic := i // 还是 in 分期还是算了 is none of it.
	for topic > s.clause && s.asides[s.tokens[topic-1].id] {
		topic--
	}
	switch {
	case topic > s.clause && last && !s.negated:
		for j := s.clause; j < topic; {
			n := s.pronoun(s.tokens[j:])
			if n == 0 {
				s.tokens[j].negated = true
			}
			j += max(n, 1)
		}
	case kind == cueVeto:
		s.negate(i, n, cueNegator)
		return n
	}
	s.mark(i, n, cueNone)
	return n
}

// except marks what 除了 at i leaves out, up to 都: where the rest is affirmed it
// is denied (除了周末都行), and the other way round (除了周末都不行).
func (s *scope) except(i int) int {
	end := s.clauseEnd(i)
	if i+2 >= end || s.tokens[i+1].id != '了' {
		return 0
	}
	all := i + 2
	for all < end && s.tokens[all].id != '都' {
		all++
	}
	if all == end {
		return 0
	}
	s.deny(i, all, false)
	if !s.deniesWithin(all, end) {
		for j := i + 2; j < all && !s.others[s.tokens[j].id]; {
			n := s.pronoun(s.tokens[j:])
			s.deny(j, j+max(n, 1), n == 0)
			j += max(n, 1)
		}
	}
	s.close(all)
	return all - i
}

// deniesWithin reports whether a word of denial begins from i on, before end.
func (s *scope) deniesWithin(i, end int) bool {
	for ; i < end; i++ {
		if kind, n := s.cues.longest(s.tokens[i:]); n > 0 && kind.denies() {
			return true
		}
	}
	return false
}

// excess turns the polarity behind "too busy to": what is too much is not done.
// "Is it too late to" asks.
func (s *scope) excess(i int) int {
	if s.auxiliaries[s.tokens[s.opened].id] {
		return 0
	}
	// One or two words stand between: too busy, too far away.
	for to := i + 2; to <= i+3 && to < s.clauseEnd(i); to++ {
		if s.tokens[to].id == s.to {
			s.mark(i, to+1-i, cueNone)
			s.negated = !s.negated
			s.begin(to, 1, cueRefusal)
			return to + 1 - i
		}
	}
	return 0
}
