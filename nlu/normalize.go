package nlu

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxUtterance is how many bytes of an utterance are read: about 1,300
// Chinese characters, far beyond what a caller says in one turn. What comes
// after is ignored, so that no input can make a match slow.
const maxUtterance = 4096

// Normalize returns the form in which two phrases are compared: Unicode
// compatibility forms and width folded, case folded, punctuation gone (the
// apostrophe inside a word and the point inside a number stay), blanks kept
// only between two words that need one, fillers dropped. Any bytes are
// accepted; a text without a letter or a digit becomes "".
func Normalize(text string) string {
	var r reading
	r.normalize(text)
	return string(r.text)
}

// A token is a Han or kana character, or a word of any other script.
type token struct {
	id         uint64 // the character, or the hash of the word
	start, end int32  // bytes of the reading's text
	han        bool   // one character of a script written without blanks
	opens      bool   // the first token of a clause, as punctuation says
	filler     bool   // says nothing beside other words
	negated    bool   // inside the scope of a negation
}

// A reading is one utterance as the matcher sees it, and the scratch space to
// make it. It is reused; it is not safe for concurrent use.
type reading struct {
	raw    []byte  // the utterance in compatibility form
	text   []byte  // the normalised utterance
	tokens []token // of text

	features []feature
	rows     []int32  // of the features, -1 for the unseen
	key      []byte   // what the phrasebook is asked
	hits     []hit    // keywords found
	ends     []int    // words of text, when a keyword made it necessary
	parts    []uint64 // phrases found of each keyword group
	match    matching
}

// normalize reads text into tokens and normalised text, without polarity.
func (r *reading) normalize(text string) {
	r.fold(text)
	if r.dropFillers() {
		r.settle()
	}
}

// read is normalize and polarity.
func (r *reading) read(text string) {
	r.normalize(text)
	markPolarity(r.tokens)
}

// fold splits text into folded tokens, fillers included.
func (r *reading) fold(text string) {
	r.compose(text)
	r.text, r.tokens = r.text[:0], r.tokens[:0]
	opens, inWord := true, false
	for i := 0; i < len(r.raw); {
		c, size := decode(r.raw[i:])
		switch kind := kindOf(c); {
		case kind == kindHan:
			r.addToken(c, true, opens)
			opens, inWord = false, false
		case kind == kindWord && inWord:
			r.extendWord(c)
		case kind == kindWord:
			r.addToken(c, false, opens)
			opens, inWord = false, true
		case inWord && kind == kindMark:
			r.extendWord(c)
		case inWord && joins(c, r.raw[i+size:], r.text[len(r.text)-1]):
			r.extendWord(joiner(c))
		default:
			inWord = false
			opens = opens || kind == kindOther
		}
		i += size
	}
	for i := range r.tokens {
		if t := &r.tokens[i]; !t.han {
			t.id = wordID(r.text[t.start:t.end])
		}
	}
}

// compose fills raw with the compatibility form of text, cut to maxUtterance.
func (r *reading) compose(text string) {
	if len(text) > maxUtterance {
		text = text[:maxUtterance]
	}
	if inert(text) || norm.NFKC.IsNormalString(text) {
		r.raw = append(r.raw[:0], text...)
		return
	}
	r.raw = norm.NFKC.AppendString(r.raw[:0], text)
}

// inert reports whether text needs no composition, as far as it is made of
// what nearly every utterance is made of. Full-width forms are narrowed one by
// one as they are read, see narrow.
func inert(text string) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf && (c < 0x4e00 || c > 0x9fff) && !plainPunctuation(c) && narrow(c) == c {
			return false
		}
	}
	return true
}

// plainPunctuation lists the Chinese punctuation of speech transcripts; its
// compatibility form is punctuation too, so it need not be composed.
func plainPunctuation(c rune) bool {
	switch c {
	case '。', '、', '“', '”', '《', '》':
		return true
	}
	return false
}

// narrow turns the full-width form of an ASCII character into it.
func narrow(c rune) rune {
	if '！' <= c && c <= '～' {
		return c - '！' + '!'
	}
	return c
}

func decode(b []byte) (rune, int) {
	if b[0] < utf8.RuneSelf {
		return rune(b[0]), 1
	}
	c, size := utf8.DecodeRune(b)
	return narrow(c), size
}

func (r *reading) addToken(c rune, han, opens bool) {
	if n := len(r.tokens); n > 0 && !han && !r.tokens[n-1].han {
		r.text = append(r.text, ' ')
	}
	start := int32(len(r.text))
	c = foldCase(c)
	r.text = utf8.AppendRune(r.text, c)
	r.tokens = append(r.tokens, token{id: uint64(c), start: start, end: int32(len(r.text)), han: han, opens: opens})
}

func (r *reading) extendWord(c rune) {
	r.text = utf8.AppendRune(r.text, foldCase(c))
	r.tokens[len(r.tokens)-1].end = int32(len(r.text))
}

// settle closes the gaps that dropped tokens left in the text.
func (r *reading) settle() {
	text := r.text[:0]
	for i := range r.tokens {
		t := &r.tokens[i]
		if i > 0 && !t.han && !r.tokens[i-1].han {
			text = append(text, ' ')
		}
		start := int32(len(text))
		text = append(text, r.text[t.start:t.end]...)
		t.start, t.end = start, int32(len(text))
	}
	r.text = text
}

type runeKind uint8

const (
	kindOther runeKind = iota // punctuation, symbols: the end of a clause
	kindBlank
	kindHan
	kindWord
	kindMark // a combining mark, part of a word but never its beginning
)

func kindOf(c rune) runeKind {
	switch {
	case c < utf8.RuneSelf:
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			return kindWord
		case c == ' ', c == '\t', c == '-', c == '_', c == '\'', c == '"', c == '/':
			return kindBlank
		}
		return kindOther
	case 0x4e00 <= c && c <= 0x9fff:
		return kindHan
	case unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana) && unicode.IsLetter(c):
		return kindHan
	case unicode.IsLetter(c), unicode.IsNumber(c):
		return kindWord
	case unicode.IsMark(c):
		return kindMark
	case unicode.IsSpace(c), c == '’', c == '“', c == '”':
		return kindBlank
	}
	return kindOther
}

// joins reports whether c, between a word's last byte and rest, belongs to
// the word: the apostrophe of don't, the point of 3.5.
func joins(c rune, rest []byte, last byte) bool {
	if len(rest) == 0 {
		return false
	}
	next, _ := decode(rest)
	switch c {
	case '\'', '’':
		return kindOf(next) == kindWord
	case '.':
		return '0' <= last && last <= '9' && '0' <= next && next <= '9'
	}
	return false
}

func joiner(c rune) rune {
	if c == '’' {
		return '\''
	}
	return c
}

func foldCase(c rune) rune {
	if c < utf8.RuneSelf {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	}
	if 0x4e00 <= c && c <= 0x9fff {
		return c
	}
	return unicode.ToLower(unicode.ToUpper(c))
}

// wordID hashes a word (FNV-1a). The top bit keeps words and characters apart.
func wordID(word []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range word {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h | 1<<63
}
