package nlu

// Polarity says of every token whether it is meant or denied. It is a stage
// of its own, between normalising and features: what is denied becomes other
// features, and a keyword that is denied is no hit.
//
// A negator turns the polarity of what follows, up to the end of its clause.
// A second negator turns it back only across a linker (不是不还); any other
// repeats the denial (不用不用, 没钱不还), so that a doubt leaves the negation
// standing.

// backwards is how many tokens a negation at the end of a clause reaches back.
const backwards = 3

// grammar holds the tables of negations.go in the form they are asked in. It
// is read only.
type grammar struct {
	cues        lexicon[cueKind]
	tails       lexicon[struct{}]
	stills      map[uint64]bool
	complements map[uint64]bool
	motions     map[uint64]bool
	carriers    map[uint64]bool
	adverbs     map[uint64]bool
}

var polarityGrammar = newGrammar()

func newGrammar() *grammar {
	g := &grammar{
		complements: idSet(complements), motions: idSet(motions), carriers: idSet(carriers),
		adverbs: idSet(adverbs), stills: idSet(stills),
	}
	for _, table := range cueTables {
		for _, phrase := range table.phrases {
			g.cues.add(phrase, table.kind)
		}
	}
	for _, tail := range tails {
		g.tails.add(tail, struct{}{})
	}
	return g
}

func idSet(characters []string) map[uint64]bool {
	set := make(map[uint64]bool, len(characters))
	for _, c := range characters {
		set[uint64([]rune(c)[0])] = true
	}
	return set
}

// markPolarity sets negated on each token.
func markPolarity(tokens []token) {
	s := scope{grammar: polarityGrammar, tokens: tokens}
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
	auxiliary bool    // the last negator can be cancelled by the next word
	linked    bool    // a linker came since
	broken    bool    // something else came since
	pronouns  int     // pronouns since
	previous  cueKind // kind of the token before
}

// step marks the phrase at i and returns its length.
func (s *scope) step(i int) int {
	if s.tokens[i].opens {
		s.close(i)
	}
	if n := s.choice(i); n > 0 {
		s.broken = true
		return s.mark(i, n, cueNone)
	}
	kind, n := s.cues.longest(s.tokens[i:])
	switch kind {
	case cueNegator, cueRhetorical, cueAuxiliary:
		s.negate(i, n, kind)
		return n
	case cueCloser:
		s.close(i)
	case cueLinker:
		s.linked = true
	case cuePronoun:
		if s.previous == cueParticle || s.answered(i) {
			s.close(i)
		}
		s.pronouns++
	case cueBridge, cueParticle:
	default:
		s.broken = true
	}
	return s.mark(i, max(n, 1), kind)
}

func (s *scope) mark(i, n int, kind cueKind) int {
	for j := i; j < i+n; j++ {
		s.tokens[j].negated = s.negated
	}
	s.previous = kind
	return n
}

// close begins a clause at i.
func (s *scope) close(i int) {
	s.negated, s.clause, s.previous = false, i, cueNone
}

// answered reports whether a bare 不 or no before the pronoun at i was an
// answer of its own: no word of denial stands directly before a pronoun.
func (s *scope) answered(i int) bool {
	return s.negated && s.negator == s.clause && i == s.negator+1
}

// choice returns the length of an A-not-A question at i (是不是, 可不可以,
// 愿意不愿意), which denies nothing, else 0.
func (s *scope) choice(i int) int {
	if asks(s.tokens[i].id) || (i > s.clause && asks(s.tokens[i-1].id)) {
		return 0 // 不不不 and 不是不是 are denials said again.
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
		if sameWords(s.tokens[i:i+size], s.tokens[i+size+1:end]) && oneClause(s.tokens[i:end]) {
			return end - i
		}
	}
	return 0
}

// asks reports whether a character is the negator of an A-not-A question.
func asks(id uint64) bool { return id == '不' || id == '没' }

// negate marks the negator of n tokens at i and turns the polarity.
func (s *scope) negate(i, n int, kind cueKind) {
	s.reachBack(i, n)
	before := s.negated
	adjacent := s.auxiliary && s.negator+1 == i
	cancels := before && (adjacent || (s.linked && !s.broken && s.pronouns <= 1)) && !s.repeated(i)
	s.negated = !cancels
	for j := i; j < i+n; j++ {
		s.tokens[j].negated = s.negated
	}
	s.tokens[i].negated = before
	s.negator, s.auxiliary, s.previous = i, kind == cueAuxiliary, kind
	s.linked, s.broken, s.pronouns = kind == cueRhetorical, false, 0
}

// repeated reports whether the words at i say again what was just said:
// 不是不是, 不用了不用了, 不要不要.
func (s *scope) repeated(i int) bool {
	for n := 1; n <= 3 && i-n >= s.clause && i+n <= len(s.tokens); n++ {
		if sameWords(s.tokens[i-n:i], s.tokens[i:i+n]) {
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
	for j := i - 1; j >= s.clause && j >= i-backwards; j-- {
		if !s.pronoun(s.tokens[j:]) {
			s.tokens[j].negated = true
		}
	}
}

// complement reports whether verb, 不 and the token after make a potential
// complement.
func (s *scope) complement(verb token, after uint64) bool {
	if s.motions[after] {
		return s.carriers[verb.id]
	}
	return s.complements[after] && verb.han && !s.adverbs[verb.id] && !s.pronoun([]token{verb})
}

func (s *scope) pronoun(tokens []token) bool {
	kind, _ := s.cues.longest(tokens)
	return kind == cuePronoun
}

// tail reports whether rest, up to the end of the clause, is one of tails.
func (s *scope) tail(rest []token) bool {
	if len(rest) == 0 || rest[0].opens {
		return false
	}
	_, n := s.tails.longest(rest)
	return n > 0 && (n == len(rest) || rest[n].opens)
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
