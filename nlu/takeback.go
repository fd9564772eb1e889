package nlu

// A denial can be taken back: by a second one, by what is done all the same, or
// by the speaker, who misspoke. Both negators of a double negation are marked
// as denied, and what they deny as meant.

// takesBack reports whether the negator of n tokens at i takes back the one
// before it: across a linker (没说不还), right after an auxiliary (can't not),
// whatever stands between where the first doubts the whole sentence (谁说我今天不还),
// or as what there is none of (没有不满意), though not as an answer (没有，不用了).
func (s *scope) takesBack(i, n int) bool {
	if s.kind == cueDoubt || s.kind == cueAuxiliary && s.denied == i || s.required(i) {
		return true
	}
	if s.kind == cueNobody && s.pronouns == 0 {
		return asks(s.tokens[i].id)
	}
	if s.broken || s.pronouns > 1 {
		return false
	}
	reply := i+n < s.clauseEnd(i) && s.replies[s.tokens[i+n].id]
	return s.linked || s.tokens[s.negator].id == '没' && s.pronouns == 0 && !reply
}

// required reports whether 不 at i begins what says that the denial before it
// will not do: 非还不可, 不还不行. More than a verb before 不行 may be an answer of
// its own: 没空不行.
func (s *scope) required(i int) bool {
	if i+1 >= len(s.tokens) || s.tokens[i].id != '不' || s.tokens[i+1].opens || s.unparticled(s.clauseEnd(i)) > i+2 {
		return false
	}
	after, first := s.tokens[i+1].id, s.tokens[s.negator].id
	switch {
	case after == '可':
		return first == '非' || first == '不'
	case after == '行' || after == '成':
		return first == '非' || first == '不' && i == s.denied+1
	}
	return false
}

// concede ends the denial before 也 at i, where no other follows: 没空也可以说. What
// must or will be done all the same takes it back: 不想还也得还, 没钱也会还.
func (s *scope) concede(i int) {
	end := s.clauseEnd(i)
	if !s.negated || i <= s.denied || s.deniesWithin(i, end) {
		return
	}
	if s.previous == cuePronoun && s.holders[s.tokens[s.last-1].id] {
		return // 不想让他也知道
	}
	if s.previous != cuePronoun && i+1 < end {
		next := s.tokens[i+1].id
		if s.duties[next] || s.chances[next] && s.tokens[s.negator].id == '没' {
			s.cancel(i)
		}
	}
	s.close(i)
}

// need takes back the denial before i, where what follows says that it will
// not do, and ends its clause: 不还怎么行.
func (s *scope) need(i int) {
	if s.negated && i > s.denied {
		s.cancel(i)
		s.close(i)
	}
}

// cancel takes back the denial that reaches up to i.
func (s *scope) cancel(i int) {
	s.deny(s.negator, s.denied, true)
	s.deny(s.denied, i, false)
}

// breath is how many tokens are taken back at most, about what is said in one
// breath; without it a text that retracts all the time would be slow to read.
const breath = 32

// retract turns round what was said before the n tokens at i, which take it
// back: 周末说错了工作日.
func (s *scope) retract(i, n int) int {
	for j := max(s.opened, i-breath); j < i; {
		n := s.pronoun(s.tokens[j:])
		if n == 0 {
			s.tokens[j].negated = !s.tokens[j].negated
		}
		j += max(n, 1)
	}
	s.close(i)
	s.mark(i, n, cueNone)
	s.close(i + n)
	return n
}
