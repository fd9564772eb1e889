package nlu

// Polarity says of every token whether it is meant or denied. It is a stage
// of its own, between normalising and features: what is denied becomes other
// features, and a keyword that is denied is no hit.
//
// A negator turns the polarity of what follows, up to the end of its clause. A
// recogniser writes no commas, so a clause also ends where the denied predicate
// is finished and another begins: 没空|在开会, 不用分期|我今天就还.
//
// A second negator takes the first one back only where takesBack says so: in
// 不是不还 both negators are denied and nothing else is. Any other second negator
// repeats the denial (没钱不还), so that a doubt leaves the negation standing.
//
// Questions that deny or affirm are in questions.go, what reaches back or is
// denied by its build in reach.go, what is taken back in takeback.go.

// grammar holds the tables of negations.go in the form they are asked in. It
// is read only.
type grammar struct {
	cues       cueIndex
	predicates lexicon[struct{}]
	tails      lexicon[struct{}]
	refusals   lexicon[struct{}] // tails behind a subject
	aims       lexicon[struct{}]

	stills, leads, complements, motions, carriers, clausal, adverbs           map[uint64]bool
	holders, modals, auxiliaries, subjects, nominatives                       map[uint64]bool
	answers, replies, whole, duties, chances, sequels, places, asides, others map[uint64]bool
	too, to                                                                   uint64
}

var polarityGrammar = newGrammar()

func newGrammar() *grammar {
	g := &grammar{
		complements: idSet(complements), motions: idSet(motions), carriers: idSet(carriers), clausal: idSet(clausal),
		adverbs: idSet(adverbs), stills: idSet(stills), leads: idSet(leads), holders: idSet(holders), modals: idSet(modals),
		auxiliaries: idSet(auxiliaries), subjects: idSet(subjects), nominatives: idSet(nominatives),
		answers: idSet(answers), replies: idSet(replies), whole: idSet(whole),
		duties: idSet(duties), chances: idSet(chances), sequels: idSet(sequels), places: idSet(places), asides: idSet(asides), others: idSet(others),
		too: wordID([]byte("too")), to: wordID([]byte("to")),
	}
	g.cues.kinds, g.cues.longer = map[uint64]cueKind{}, map[uint64][]lexeme[cueKind]{}
	for _, table := range cueTables {
		for _, phrase := range table.phrases {
			g.cues.add(phrase, table.kind)
		}
	}
	for _, participle := range participles {
		for _, modal := range []string{"could", "should", "would"} {
			g.cues.add(modal+" have "+participle, cueNegator)
		}
	}
	addAll(&g.predicates, predicates)
	addAll(&g.tails, tails)
	addAll(&g.refusals, refusals)
	addAll(&g.aims, aims)
	return g
}

func addAll(to *lexicon[struct{}], phrases []string) {
	for _, phrase := range phrases {
		to.add(phrase, struct{}{})
	}
}

// idSet returns the ids of characters and words.
func idSet(words []string) map[uint64]bool {
	set := make(map[uint64]bool, len(words))
	var r reading
	for _, word := range words {
		r.fold(word)
		set[r.tokens[0].id] = true
	}
	return set
}

// markPolarity sets negated on each token. Most utterances hold no word of
// denial and need no walk.
func markPolarity(tokens []token) {
	s := scope{grammar: polarityGrammar, tokens: tokens}
	if !s.cues.mayDeny(tokens) {
		s.deny(0, len(tokens), false)
		return
	}
	for i := 0; i < len(tokens); {
		i += s.step(i)
	}
}

// A scope walks the tokens once, left to right.
type scope struct {
	*grammar
	tokens   []token
	negated  bool    // the polarity at hand
	opened   int     // where the last punctuation was
	clause   int     // where the clause began, with punctuation or without
	negator  int     // where the last negator stands
	denied   int     // where what it denies begins
	kind     cueKind // of the last negator
	until    int     // no clause ends before, see attributive
	asked    bool    // a question that affirms was begun
	contrary int     // clauses a condition contrary to fact (要不是) still reaches
	linked   bool    // a linker came since the last negator
	broken   bool    // something else came since
	pronouns int     // pronouns since
	previous cueKind // kind of the phrase before
	last     int     // where the phrase before begins
}

// step marks the phrase at i and returns its length.
func (s *scope) step(i int) int {
	if s.tokens[i].opens {
		s.close(i)
		s.asked, s.opened, s.contrary = false, i, max(s.contrary-1, 0)
	}
	kind, n := s.cues.longest(s.tokens[i:])
	if n := s.affirms(i, kind); n > 0 {
		return n
	}
	if n := s.construction(i, n); n > 0 {
		return n
	}
	switch kind {
	case cueNegator, cueNobody, cueRhetorical, cueDoubt, cueAuxiliary:
		s.negate(i, n, kind)
		return n
	case cueRefusal:
		s.refuse(i, n)
		return n
	case cueDismissal, cueVeto:
		return s.dismiss(i, n, kind)
	case cueRetraction:
		return s.retract(i, n)
	case cueNeed:
		s.need(i)
	case cueContrary:
		s.contrary = 2 // Its own, and the main clause behind a comma.
	case cueCloser:
		s.close(i)
	case cueOpener:
		if s.tokens[max(i-1, 0)].id != '在' && s.finished(i) {
			s.close(i)
		}
		s.broken = true
	case cueLinker:
		if s.contrasts(i) || s.modals[s.tokens[i].id] && s.finished(i) {
			s.close(i)
		}
		s.linked = true
	case cuePronoun:
		if s.previous == cueParticle || s.answered(i, n) || s.finished(i) && s.subject(i, n) {
			s.close(i)
		}
		s.pronouns++
	case cueParticle:
		s.ask(i)
	case cueBridge:
	default:
		s.broken = true
	}
	n = s.mark(i, max(n, 1), kind)
	if s.negated && i == s.denied && s.complete(i) {
		s.close(i + 1)
	}
	return n
}

func (s *scope) mark(i, n int, kind cueKind) int {
	s.deny(i, i+n, s.negated && (kind != cuePronoun || s.predicative(i, i+n)))
	s.previous, s.last = kind, i
	return n
}

// predicative reports whether the pronoun from i to end is what somebody is not:
// not he, 不是我. Elsewhere, as in 不是我借的 and 谁说我借了, it says of whom
// something is denied.
func (s *scope) predicative(i, end int) bool {
	return i == s.denied && i == s.negator+1 || s.tokens[i-1].id == '是' && end == s.clauseEnd(i)
}

func (s *scope) deny(from, to int, negated bool) {
	for i := from; i < to; i++ {
		s.tokens[i].negated = negated
	}
}

// close begins a clause at i.
func (s *scope) close(i int) {
	s.negated, s.clause, s.previous = false, i, cueNone
}

// finished reports whether the denied predicate is whole before i: it has a
// word, and the last one asks for none to follow, as 想 and 给 do, nor 说 in 说过.
func (s *scope) finished(i int) bool {
	if !s.negated || i <= s.denied || i < s.until || s.previous == cuePronoun || s.takesClause(i) {
		return false
	}
	last := s.tokens[i-1].id
	if last == '过' && i-1 > s.denied {
		last = s.tokens[i-2].id
	}
	return !s.holders[last]
}

// subject reports whether the pronoun of n tokens at i has a predicate, rather
// than being an object of what is denied.
func (s *scope) subject(i, n int) bool {
	if s.nominatives[s.tokens[i].id] {
		return !s.inverted(i)
	}
	rest := s.tokens[i+n:]
	if len(rest) == 0 || rest[0].opens {
		return false
	}
	switch kind, _ := s.cues.longest(rest); kind {
	case cueOpener, cueLinker, cueNegator, cueNobody, cueAuxiliary, cueRhetorical:
		return true
	}
	_, n = s.predicates.longest(rest)
	return n > 0
}

// contrasts reports whether 是 at i says what is so instead: 不是没钱是不想,
// 没打错是我.
func (s *scope) contrasts(i int) bool {
	if !s.negated || i <= s.denied+1 || s.tokens[i].id != '是' || s.holders[s.tokens[i-1].id] {
		return false
	}
	return s.tokens[s.denied].id == '是' || i+1 < s.clauseEnd(i) && s.pronoun(s.tokens[i+1:]) > 0
}

// answered reports whether the denial before the pronoun of n tokens at i was
// an answer of its own: a bare 不 or no, 没有 before a predicate, an auxiliary
// that has its subject before it (I can't).
func (s *scope) answered(i, n int) bool {
	switch {
	case !s.negated:
		return false
	case i == s.denied:
		return s.kind == cueAuxiliary || s.negator == s.clause && s.answers[s.tokens[s.negator].id]
	}
	none := s.tokens[s.negator].id == '没' && i == s.denied+1 && s.tokens[s.denied].id == '有'
	return none && s.negator == s.clause && s.subject(i, n)
}

// negate marks the negator of n tokens at i and turns the polarity.
func (s *scope) negate(i, n int, kind cueKind) {
	repeated := s.repeated(i)
	if repeated && s.previous == cuePronoun {
		s.deny(s.last, i, false)
		s.close(s.last) // 不是我不是: an answer, then its clause.
	}
	s.reachBack(i, n)
	cancels := s.negated && !repeated && s.takesBack(i, n)
	s.deny(i, i+1, s.negated)
	s.deny(i+1, i+n, true)
	if cancels {
		s.deny(s.negator, s.denied, s.kind != cueRhetorical && s.kind != cueDoubt)
		s.deny(s.denied, i, false)
		s.deny(i, i+n, true)
	}
	s.negated = !cancels
	s.begin(i, n, kind)
	s.until = s.attributive(i)
}

// inverted reports whether the subject at i stands behind its auxiliary, as it
// does after a negation in front: never will I. After "rather than today" it asks.
func (s *scope) inverted(i int) bool {
	return i > 1 && s.denied == s.negator+1 && s.auxiliaries[s.tokens[i-1].id] && s.pronoun(s.tokens[i-2:]) == 0
}

// refuse marks a verb that denies its object and can be denied itself: I don't
// refuse to pay.
func (s *scope) refuse(i, n int) {
	s.mark(i, n, cueRefusal)
	s.negated = !s.negated
	s.begin(i, n, cueRefusal)
}

// begin notes where a negator stands and that nothing came since.
func (s *scope) begin(i, n int, kind cueKind) {
	s.negator, s.denied, s.kind, s.previous, s.last = i, i+n, kind, kind, i
	s.linked, s.broken, s.pronouns = kind == cueRhetorical, false, 0
}

// repeated reports whether the words at i say again what was just said:
// 不是不是, 不用了不用了, 不要不要, 不是我不是.
func (s *scope) repeated(i int) bool {
	end := i
	if s.previous == cuePronoun {
		end = s.last
	}
	for n := 1; n <= 3 && end-n >= s.clause && i+n <= len(s.tokens); n++ {
		if sameWords(s.tokens[end-n:end], s.tokens[i:i+n]) {
			return true
		}
	}
	return false
}

// pronoun returns the length of the pronoun at tokens[0], else 0.
func (s *scope) pronoun(tokens []token) int {
	kind, n := s.cues.longest(tokens)
	if kind != cuePronoun {
		return 0
	}
	return n
}

func sameWords(a, b []token) bool {
	for i := range a {
		if a[i].id != b[i].id {
			return false
		}
	}
	return true
}

// oneClause reports whether no clause begins inside tokens.
func oneClause(tokens []token) bool {
	for _, t := range tokens[1:] {
		if t.opens {
			return false
		}
	}
	return true
}
