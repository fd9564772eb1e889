package nlu

import (
	"fmt"
	"regexp"
	"slices"
)

// A pattern is a keyword written as a regular expression over the normalised
// utterance. Where it matches must begin and end at tokens; it says its word
// boundaries itself.
type pattern struct {
	class  int32
	source string
	expr   *regexp.Regexp
	denies bool // the expression has a word of negation in it
}

func (k *keywords) addPattern(class int32, source string) string {
	if len(source) > maxPattern {
		return fmt.Sprintf("the expression is longer than %d bytes; split it into several keywords", maxPattern)
	}
	expr, err := regexp.Compile(source)
	if err != nil {
		return fmt.Sprintf("the expression %q does not compile (%v); correct it, it is RE2 syntax", source, err)
	}
	if expr.MatchString("") {
		return fmt.Sprintf("the expression %q matches an empty text, so it would match everything; make it need a word", source)
	}
	k.patterns = append(k.patterns, pattern{class: class, source: source, expr: expr, denies: denies(source)})
	return ""
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
	for _, place := range p.expr.FindAllIndex(r.text, -1) {
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
