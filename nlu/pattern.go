package nlu

import (
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
)

// A pattern is a keyword written as a regular expression over the normalised
// utterance, in which case is folded, numbers above ten are digits, and stutter
// and fillers are gone. Where it matches must begin and end at tokens; it says
// its word boundaries itself.
type pattern struct {
	class  int32
	source string
	expr   *regexp.Regexp
	denies bool // the expression has a word of negation in it
}

// An expression is run over every utterance, so its cost is bounded when it is
// read.
const (
	// patternMark begins a regular expression.
	patternMark = "re:"
	// maxPattern bounds its source in bytes.
	maxPattern = 1024
	// maxProgram bounds what it compiles to in steps; the time of a match is
	// their number times the length of the utterance.
	maxProgram = 500
	// maxPlaces is how many of its matches in an utterance are looked at for
	// one that is meant.
	maxPlaces = 8
)

func (b *keywordBuilder) addPattern(class int32, source string) string {
	if len(source) > maxPattern {
		return fmt.Sprintf("the expression is longer than %d bytes; split it into several keywords", maxPattern)
	}
	expr, err := regexp.Compile("(?i)" + source)
	if err != nil {
		return fmt.Sprintf("the expression %q does not compile (%v); correct it, it is RE2 syntax", source, err)
	}
	if steps(expr) > maxProgram {
		return fmt.Sprintf("the expression %q repeats too much; lower its counts, or split it into several keywords", source)
	}
	if expr.MatchString("") {
		return fmt.Sprintf("the expression %q matches an empty text, so it would match everything; make it need a word", source)
	}
	b.patterns = append(b.patterns, pattern{class: class, source: source, expr: expr, denies: denies(source)})
	return ""
}

// steps is the length of the program that an expression compiles to.
func steps(expr *regexp.Regexp) int {
	parsed, err := syntax.Parse(expr.String(), syntax.Perl)
	if err != nil {
		return math.MaxInt
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return math.MaxInt
	}
	return len(program.Inst)
}

// denies reports whether a text has a negator in it.
func denies(text string) bool {
	var r reading
	r.fold(text)
	for i := range r.tokens {
		switch kind, _ := polarityGrammar.cues.longest(r.tokens[i:]); kind {
		case cueNegator, cueRhetorical, cueAuxiliary:
			return true
		}
	}
	return false
}

// stands reports whether the expression matches somewhere it is meant.
func (p *pattern) stands(r *reading) bool {
	if !p.expr.Match(r.text) {
		return false
	}
	for _, place := range p.expr.FindAllIndex(r.text, maxPlaces) {
		if p.meant(r, place[0], place[1]) {
			return true
		}
	}
	return false
}

// meant reports whether the match from byte start to end is made of whole
// tokens, none of them denied. An expression that denies by itself may deny
// what its match denies when read alone: 还不了 in 我还不了, not in 不是还不了.
func (p *pattern) meant(r *reading, start, end int) bool {
	from := slices.IndexFunc(r.tokens, func(t token) bool { return int(t.start) == start })
	to := slices.IndexFunc(r.tokens, func(t token) bool { return int(t.end) == end })
	if from < 0 || to < from {
		return false
	}
	said := r.tokens[from : to+1]
	if !p.denies {
		return !slices.ContainsFunc(said, func(t token) bool { return t.negated })
	}
	alone := slices.Clone(said)
	markPolarity(alone)
	return samePolarity(said, alone)
}
