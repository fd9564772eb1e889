package eval

import (
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pieces cuts a text into what is said one after the other: Han and kana
// characters, and words of other scripts, case folded, without punctuation.
//
// It is not the matcher's own reading of a text, on purpose: how a script is
// divided, and which of its examples are alike, must not change with the
// matcher that is measured.
func pieces(text string) []string {
	var all []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			all = append(all, strings.TrimRight(word.String(), "'"))
			word.Reset()
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case ideograph(r):
			end()
			all = append(all, string(r))
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			word.WriteRune(r)
		case (r == '\'' || r == '’') && word.Len() > 0:
			word.WriteByte('\'') // What is contracted is one word.
		default:
			end()
		}
	}
	end()
	return all
}

// say makes a text of pieces again, with a blank between two words.
func say(pieces []string) string {
	var b strings.Builder
	blank := false // Whether the piece before was a word.
	for _, piece := range pieces {
		first, _ := utf8.DecodeRuneInString(piece)
		if blank && !ideograph(first) {
			b.WriteByte(' ')
		}
		blank = !ideograph(first)
		b.WriteString(piece)
	}
	return b.String()
}

// ideograph reports whether r is a piece by itself.
func ideograph(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// key is the text as it is compared with others, word for word.
func key(text string) string { return strings.Join(pieces(text), " ") }

// draw is a number that a seed and texts decide, and nothing else does.
func draw(seed uint64, texts ...string) uint64 {
	hash := fnv.New64a()
	for _, text := range texts {
		_, _ = hash.Write(append([]byte(text), 0)) // A hash takes everything.
	}
	x := hash.Sum64() + seed*0x9e3779b97f4a7c15
	// The finish of splitmix64: seeds that follow each other must not give
	// numbers that do.
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
