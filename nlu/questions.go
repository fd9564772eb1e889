package nlu

// Some questions hold a negator and deny nothing: 是不是本人 leaves it open,
// 我不是说了会还吗 and "it's me, isn't it" affirm.

// affirms returns how many tokens at i, where a cue of some kind begins, are the
// negator of such a question, 0 when there is none, and marks them. A negator
// that affirms is denied, like one that another takes back.
func (s *scope) affirms(i int, kind cueKind) int {
	if n := s.choice(i); n > 0 {
		// A tag asks of all before it (别打了行不行), another choice of what
		// comes (不还会不会起诉我), but 不知道是不是我 is a doubt.
		if i+n == s.clauseEnd(i) || s.tokens[i].id != '是' && s.finished(i) {
			s.close(i)
		}
		s.broken = true
		return s.mark(i, n, cueNone)
	}
	n := 0
	switch {
	case kind == cueNegator && (s.echoes(i) || s.everybody(i)):
		n = 1
	case kind == cueNegator && !(s.negated && s.kind == cueDoubt) && s.expectsYes(i):
		s.asked = true
		n = 2
	case kind == cueAuxiliary && s.inverts(i):
		n = 1
	}
	if n == 0 {
		return 0
	}
	s.broken = true
	s.mark(i, n, cueNone)
	s.tokens[i].negated = !s.negated
	return n
}

// choice returns the length of an A-not-A question at i (是不是, 可不可以,
// 愿意不愿意), else 0.
func (s *scope) choice(i int) int {
	if asks(s.tokens[i].id) || i > s.clause && asks(s.tokens[i-1].id) {
		return 0 // 不是不是 is a denial said again.
	}
	for size := 1; size <= 2; size++ {
		end := i + 2*size + 1
		if end > len(s.tokens) {
			return 0
		}
		not := s.tokens[i+size].id
		if !asks(not) || (not == '没' && s.tokens[i].id == '还') {
			continue // 还没还 is not a question.
		}
		if sameWords(s.tokens[i:i+size], s.tokens[i+size+1:end]) && oneClause(s.tokens[i:end]) && s.pronoun(s.tokens[i:]) == 0 {
			return end - i // 这没这个人 begins with a pronoun.
		}
	}
	return 0
}

// asks reports whether a character is the negator of an A-not-A question.
func asks(id uint64) bool { return id == '不' || id == '没' }

// expectsYes reports whether 不是 at i asks for a yes: its clause ends as a
// question (我不是说了会还吗), or it is the whole answer 可不是.
func (s *scope) expectsYes(i int) bool {
	if s.tokens[i].id != '不' || i+1 == len(s.tokens) || s.tokens[i+1].id != '是' || s.tokens[i+1].opens {
		return false
	}
	last := s.clauseEnd(i) - 1
	if last == i+1 {
		return i == s.clause+1 && s.tokens[s.clause].id == '可'
	}
	return s.question(last)
}

// ask takes a denial back that is still open at 吗, where it ends a question:
// who says 不能分期吗 asks for it.
func (s *scope) ask(i int) {
	if !s.negated || s.asked || !asks(s.tokens[s.negator].id) || i <= s.denied+1 || !s.question(i) {
		return
	}
	if i+1 == s.clauseEnd(i) || s.pronoun(s.tokens[i+1:]) > 0 {
		s.deny(s.clause, i, false)
		s.negated = false
	}
}

// question reports whether the token at i, the last of its clause, makes it a
// question of all before it. 别打了好吗 only asks leave.
func (s *scope) question(i int) bool {
	return s.tokens[i].id == '吗' && !permissions[s.tokens[i-1].id]
}

// inverts reports whether the auxiliary at i stands before its subject, as it
// does in questions only: isn't it, why don't you. After another pronoun it
// does so only at the end of its clause: "I won't, you can sue me" is none.
func (s *scope) inverts(i int) bool {
	if i+1 == len(s.tokens) || s.tokens[i+1].opens || !s.subjects[s.tokens[i+1].id] {
		return false
	}
	return i == s.clause || s.previous != cuePronoun || i+2 == s.clauseEnd(i)
}

// echoes reports whether the negator at i asks why what was just said should not
// be so: 方便啊怎么不方便. Without it 怎么不 is a question that leaves the denial standing.
func (s *scope) echoes(i int) bool {
	if i < 3 || i+1 == len(s.tokens) || !asks(s.tokens[i].id) || s.tokens[i-2].id != '怎' || s.tokens[i-1].id != '么' {
		return false
	}
	for j := range i - 2 {
		if s.tokens[j].id == s.tokens[i+1].id && !s.tokens[j].negated {
			return true
		}
	}
	return false
}

// everybody reports whether the negator at i is asked of whom, or how, it could
// hold: 谁不想报名, 怎么能不报名, 我干嘛不报名.
func (s *scope) everybody(i int) bool {
	if i == s.clause || s.negated || !asks(s.tokens[i].id) {
		return false
	}
	can := i > s.clause+2 && s.tokens[i-1].id == '能' && s.tokens[i-2].id == '么' && s.tokens[i-3].id == '怎'
	why := i > s.clause+1 && s.tokens[i-2].id == '干' && (s.tokens[i-1].id == '嘛' || s.tokens[i-1].id == '吗')
	return can || why || s.tokens[i-1].id == '谁'
}

// mocked returns the length of a verb at i that is said twice around 什么, which
// denies it (还什么还), and marks it. Else it returns 0.
func (s *scope) mocked(i int) int {
	for size := 1; size <= 2; size++ {
		what, end := i+size, i+2*size+2
		if end > len(s.tokens) {
			return 0
		}
		if s.tokens[what].id == '什' && s.tokens[what+1].id == '么' && oneClause(s.tokens[i:end]) && sameWords(s.tokens[i:what], s.tokens[what+2:end]) {
			s.mark(i, end-i, cueNone)
			s.deny(i, what, true)
			s.deny(what+2, end, true)
			s.broken = true
			return end - i
		}
	}
	return 0
}

// nowhere reports whether 哪里 or 哪儿 at i denies (我哪儿有空, 孩子哪里喜欢了) instead
// of asking for a place, as it does behind a preposition, of the other
// person, and with nothing behind it: 钱打到哪里, 你哪里的.
func (s *scope) nowhere(i int) bool {
	if i == s.clause || i+2 >= s.clauseEnd(i) || s.tokens[i+1].id != '里' && s.tokens[i+1].id != '儿' {
		return false
	}
	if s.places[s.tokens[i-1].id] || s.tokens[i+2].id == '的' {
		return false
	}
	own := s.previous == cuePronoun && s.tokens[s.last].id != '你' && s.tokens[s.last].id != '您'
	return own || s.tokens[s.clauseEnd(i)-1].id == '了'
}

// clauseEnd returns where the clause of the token at i ends, as punctuation
// says.
func (s *scope) clauseEnd(i int) int {
	for i++; i < len(s.tokens) && !s.tokens[i].opens; i++ {
	}
	return i
}
