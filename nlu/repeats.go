package nlu

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// People stutter (我我我是), and say an answer more than once (知道了知道了, yes
// yes yes). What is said again in a row is said once:
//
//   - a Han character, unless doubled it is a word of the dictionary (谢谢,
//     看看); a longer run of such a word is the word where it is usually
//     doubled (谢谢谢谢), else the character (好好好);
//   - a word of Latin letters;
//   - a phrase of 2 to 8 of these.
//
// Numbers are never repeats: 66 is not 6. Nor is anything of a script whose
// doublings this rule knows nothing of.

// longestRepeat is how many tokens a phrase said again may have: a short
// sentence.
const longestRepeat = 8

// countedAgain are not words when doubled, but each counts: 下下周 is a week
// after 下周.
const countedAgain = "上下"

// dropRepeats removes repeats from the tokens and reports whether it removed
// any; then the text is to be settled.
func (r *reading) dropRepeats() bool {
	if !r.mayRepeat() {
		return false
	}
	before := len(r.tokens)
	r.dropRepeatedPhrases()
	r.dropRuns()
	return len(r.tokens) < before
}

// mayRepeat reports whether a token comes again soon enough to be a repeat.
// Most utterances are short and say nothing twice.
func (r *reading) mayRepeat() bool {
	var seen uint64
	for i := range r.tokens {
		id := r.tokens[i].id
		bit := uint64(1) << (id * 0x9e3779b97f4a7c15 >> 58)
		if seen&bit != 0 {
			for j := max(i-longestRepeat, 0); j < i; j++ {
				if r.tokens[j].id == id {
					return true
				}
			}
		}
		seen |= bit
	}
	return false
}

// dropRuns shortens runs of one token.
func (r *reading) dropRuns() {
	kept := 0
	for i := 0; i < len(r.tokens); {
		run := 1
		for i+run < len(r.tokens) && r.tokens[i+run].id == r.tokens[i].id {
			run++
		}
		meant := run
		if run > 1 && r.repeatable(i) && !isSoundedAnswer(r.tokens[i:]) {
			meant = timesMeant(&r.tokens[i], run)
		}
		if kept < i {
			copy(r.tokens[kept:], r.tokens[i:i+meant])
		}
		kept, i = kept+meant, i+run
	}
	r.tokens = r.tokens[:kept]
}

// timesMeant returns how often a token said run times in a row is meant.
func timesMeant(t *token, run int) int {
	switch {
	case !t.han:
		return 1
	case run == 2 && (strings.ContainsRune(doubledWords, rune(t.id)) || strings.ContainsRune(countedAgain, rune(t.id))):
		return 2
	case strings.ContainsRune(mostlyDoubled, rune(t.id)):
		return 2
	}
	return 1
}

// dropRepeatedPhrases removes the second of two equal phrases, each time the
// tokens so far end in such a pair.
func (r *reading) dropRepeatedPhrases() {
	kept := 0
	for i := range r.tokens {
		if kept < i {
			r.tokens[kept] = r.tokens[i]
		}
		last := r.tokens[kept].id
		kept++
		for n := 2; n <= longestRepeat && 2*n <= kept; n++ {
			if r.tokens[kept-1-n].id == last && r.repeats(kept-2*n, n) {
				kept -= n
				break
			}
		}
	}
	r.tokens = r.tokens[:kept]
}

// repeats reports whether the n tokens at first are a phrase that the next n
// say again.
func (r *reading) repeats(first, n int) bool {
	again := r.tokens[first+n : first+2*n]
	phrase := r.tokens[first : first+n]
	if !sameWords(phrase, again) {
		return false
	}
	last := phrase[n-1].id
	if asks(last) || (first > 0 && r.tokens[first-1].id == last) {
		return false // 要不要，不要 is a question and its answer.
	}
	one, number := true, true
	for i := range phrase {
		one = one && phrase[i].id == phrase[0].id
		if !r.repeatable(first + i) {
			if !r.isNumeral(first + i) {
				return false
			}
			continue
		}
		number = false
	}
	return !one && !number
}

// repeatable reports whether the token at i may be a repeat of another.
func (r *reading) repeatable(i int) bool {
	t := &r.tokens[i]
	if t.han {
		return t.id >= 0x3400 && t.id <= 0x9fff && !r.isNumeral(i) // No kana.
	}
	word := r.text[t.start:t.end]
	first, _ := utf8.DecodeRune(word)
	return first < 0x250 && !slices.ContainsFunc(word, isDigit) && !spokenDigits[string(word)]
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// spokenDigits are what a number read out digit by digit is made of. Read only.
var spokenDigits = map[string]bool{
	"zero": true, "oh": true, "one": true, "two": true, "three": true, "four": true, "five": true,
	"six": true, "seven": true, "eight": true, "nine": true,
}
