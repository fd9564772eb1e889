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

// backwards is how many tokens a negation at the end of a clause reaches back.
const backwards = 3

// grammar holds the tables of negations.go in the form they are asked in. It
// is read only.
type grammar struct {
	cues       lexicon[cueKind]
	denials    lexicon[struct{}] // those of cues that can deny
	predicates lexicon[struct{}]
	tails      lexicon[struct{}]

	stills, complements, motions, carriers, adverbs map[uint64]bool
	holders, modals, subjects, nominatives          map[uint64]bool
	answers, replies, whole                         map[uint64]bool
}

var polarityGrammar = newGrammar()

func newGrammar() *grammar {
	g := &grammar{
		complements: idSet(complements), motions: idSet(motions), carriers: idSet(carriers),
		adverbs: idSet(adverbs), stills: idSet(stills), holders: idSet(holders), modals: idSet(modals),
		subjects: idSet(subjects), nominatives: idSet(nominatives),
		answers: idSet(answers), replies: idSet(replies), whole: idSet(whole),
	}
	for _, table := range cueTables {
		for _, phrase := range table.phrases {
			g.cues.add(phrase, table.kind)
			if table.kind.denies() {
				g.denials.add(phrase, struct{}{})
			}
		}
	}
	for _, phrase := range predicates {
		g.predicates.add(phrase, struct{}{})
	}
	for _, tail := range tails {
		g.tails.add(tail, struct{}{})
	}
	return g
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
	if !s.hasDenial() {
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
	tokens    []token
	negated   bool    // the polarity at hand
	clause    int     // where the clause began
	negator   int     // where the last negator stands
	denied    int     // where what it denies begins
	auxiliary bool    // the last negator can be cancelled by the next word
	asked     bool    // a question that affirms was begun
	linked    bool    // a linker came since
	broken    bool    // something else came since
	pronouns  int     // pronouns since
	previous  cueKind // kind of the phrase before
	last      int     // where the phrase before begins
}

// hasDenial reports whether a word of denial begins at some token.
func (s *scope) hasDenial() bool {
	for i := range s.tokens {
		if _, n := s.denials.longest(s.tokens[i:]); n > 0 {
			return true
		}
	}
	return false
}

// step marks the phrase at i and returns its length.
func (s *scope) step(i int) int {
	if s.tokens[i].opens {
		s.close(i)
		s.asked = false
	}
	kind, n := s.cues.longest(s.tokens[i:])
	if n := s.affirms(i, kind); n > 0 {
		s.broken = true
		return s.mark(i, n, cueNone)
	}
	switch kind {
	case cueNegator, cueRhetorical, cueAuxiliary:
		s.negate(i, n, kind)
		return n
	case cueRefusal:
		s.refuse(i, n)
		return n
	case cueCloser:
		s.close(i)
	case cueOpener:
		if s.finished(i) {
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
// not he, 不是我. Elsewhere, as in 不是我借的, it says of whom something is denied.
func (s *scope) predicative(i, end int) bool {
	return i == s.denied || s.tokens[i-1].id == '是' && end == s.clauseEnd(i)
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
	if !s.negated || i <= s.denied || s.previous == cuePronoun {
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
		return true
	}
	rest := s.tokens[i+n:]
	if len(rest) == 0 || rest[0].opens {
		return false
	}
	switch kind, _ := s.cues.longest(rest); kind {
	case cueOpener, cueLinker, cueNegator, cueAuxiliary:
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
	return s.tokens[s.denied].id == '是' || i+1 < len(s.tokens) && s.pronoun(s.tokens[i+1:]) > 0
}

// answered reports whether the denial before the pronoun of n tokens at i was
// an answer of its own: a bare 不 or no, 没有 before a predicate, an auxiliary
// that has its subject before it (I can't).
func (s *scope) answered(i, n int) bool {
	switch {
	case !s.negated:
		return false
	case i == s.denied:
		return s.auxiliary || s.negator == s.clause && s.answers[s.tokens[s.negator].id]
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
		s.deny(s.negator, i+n, true)
		s.deny(s.denied, i, false)
	}
	s.negated = !cancels
	s.begin(i, n, kind)
}

// takesBack reports whether the negator of n tokens at i takes back the one
// before it: across a linker (没说不还), right after an auxiliary (can't not), or
// as what there is none of (没有不满意), though not as an answer (没有，不用了).
func (s *scope) takesBack(i, n int) bool {
	if s.auxiliary && s.denied == i {
		return true
	}
	if s.broken || s.pronouns > 1 {
		return false
	}
	reply := i+n < len(s.tokens) && s.replies[s.tokens[i+n].id]
	return s.linked || s.tokens[s.negator].id == '没' && s.pronouns == 0 && !reply
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
	s.negator, s.denied, s.auxiliary, s.previous = i, i+n, kind == cueAuxiliary, kind
	s.last = i
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

// reachBack denies what stands before a negator that has nothing to deny
// behind it: the verb of a potential complement, the words before a tail.
func (s *scope) reachBack(i, n int) {
	if s.negated || i == s.clause {
		return
	}
	rest := s.tokens[i+n:]
	if s.stills[s.tokens[i-1].id] {
		s.tokens[i-1].negated = true
	}
	if s.tokens[i].id == '不' && n == 1 && len(rest) > 0 && !rest[0].opens && s.complement(s.tokens[i-1], rest[0].id) {
		s.tokens[i-1].negated = true
		return
	}
	if !s.tail(rest) {
		return
	}
	for j := s.clause; j < i; {
		n := s.pronoun(s.tokens[j:])
		if n == 0 && j >= i-backwards {
			s.tokens[j].negated = true
		}
		j += max(n, 1)
	}
}

// complement reports whether verb, 不 and the token after make a potential
// complement.
func (s *scope) complement(verb token, after uint64) bool {
	if s.motions[after] {
		return s.carriers[verb.id]
	}
	return s.complements[after] && verb.han && !s.adverbs[verb.id] && s.pronoun([]token{verb}) == 0
}

// pronoun returns the length of the pronoun at tokens[0], else 0.
func (s *scope) pronoun(tokens []token) int {
	kind, n := s.cues.longest(tokens)
	if kind != cuePronoun {
		return 0
	}
	return n
}

// tail reports whether rest, up to the end of the clause, is one of tails.
func (s *scope) tail(rest []token) bool {
	if len(rest) == 0 || rest[0].opens {
		return false
	}
	_, n := s.tails.longest(rest)
	return n > 0 && (n == len(rest) || rest[n].opens || s.whole[rest[0].id])
}

// complete reports whether the token at i, the first that 不 denies, leaves
// nothing more to deny: 不行我没钱.
func (s *scope) complete(i int) bool {
	return s.tokens[s.negator].id == '不' && s.whole[s.tokens[i].id]
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
