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
// compatibility forms and width folded, case folded, punctuation, emoji and
// invisible characters gone (the apostrophe inside a word and the point inside
// a number stay), blanks kept only between two words that need one, fillers
// dropped, what was said twice in a row said once, numbers in one form. Any
// bytes are accepted; a text without a letter or a digit becomes "", no other
// does. To normalise a normalised text changes nothing.
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
	negated    bool   // inside the scope of a negation
}

// A reading is one utterance as the matcher sees it, and the scratch space to
// make it. It is reused; it is not safe for concurrent use.
type reading struct {
	raw    []byte  // the utterance in compatibility form
	text   []byte  // the normalised utterance
	spare  []byte  // where the next form of text is written
	tokens []token // of text

	fillers []token // what was dropped from tokens; their text is aside
	aside   []byte

	features  []feature
	rows      []int32     // of the features, -1 for the unseen
	known     []int32     // the rows there are, block by block
	blockEnds [blocks]int // where each block ends among them
	holdings  []holding   // what may contradict a class
	sounds    []uint64    // of the tokens
	stems     []uint64    // of the tokens, 0 for Han characters
	spelled   []int32     // by token: its row among the spellings, or -1
	wordRows  []int32     // those of spelled that there are
	key       []byte      // what the phrasebook is asked
	hits      []hit       // keywords found, each once
	hitOf     []int32     // by phrase: its place in hits plus one
	ends      []int       // words of text, when a keyword made it necessary
	parts     []uint64    // phrases found of each keyword group
	match     matching
}

// normalize reads text into tokens and normalised text, without polarity. One
// stage can make work for another (我，嗯，我 is a stutter once the sound is
// gone), so they take turns until none finds any.
func (r *reading) normalize(text string) {
	r.fold(text)
	if r.plain() {
		return
	}
	for r.dropFillers() || r.dropRepeats() || r.foldNumerals() {
		r.settle()
	}
	r.classNumbers()
}

// plain reports whether no stage would find work: nothing is a filler, a number
// or said again. It looks once where they would each look, and most utterances
// are so; it errs on the side of no.
func (r *reading) plain() bool {
	for i := range r.tokens {
		t := &r.tokens[i]
		if sounds.begin(r.tokens[i:]) || t.opens && openings.begin(r.tokens[i:]) || r.mayFold(i) {
			return false
		}
	}
	return !r.mayRepeat()
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
	r.aside, r.fillers = r.aside[:0], r.fillers[:0]
	opens, inWord := true, false
	for i := 0; i < len(r.raw); {
		if inWord && isPlain(r.raw[i]) {
			i += r.extendPlain(r.raw[i:])
			continue
		}
		if c, ok := commonHan(r.raw, i); ok {
			start := int32(len(r.text))
			r.text = append(r.text, r.raw[i:i+hanSize]...)
			r.tokens = append(r.tokens, token{id: uint64(c), start: start, end: start + hanSize, han: true, opens: opens})
			opens, inWord = false, false
			i += hanSize
			continue
		}
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
	if inert(text) {
		r.raw = append(r.raw[:0], text...)
		return
	}
	// Case first and invisible characters too, so that what they kept apart is
	// composed as it will be when the result is read again.
	r.spare = norm.NFKC.AppendString(r.spare[:0], text)
	r.raw = r.raw[:0]
	for i := 0; i < len(r.spare); {
		c, size := utf8.DecodeRune(r.spare[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			// Bytes of no character stay apart, whatever is taken out between them.
			r.raw = utf8.AppendRune(r.raw, utf8.RuneError)
		case !invisible(c):
			r.raw = utf8.AppendRune(r.raw, foldCase(c))
		}
		i += size
	}
	r.spare = append(r.spare[:0], r.raw...)
	r.raw = norm.NFKC.Append(r.raw[:0], r.spare...)
}

// invisible reports whether c is written but not seen: zero-width characters,
// marks of direction, and the selectors that turn a character into an emoji.
func invisible(c rune) bool {
	return unicode.Is(unicode.Cf, c) || unicode.Is(unicode.Variation_Selector, c) || unicode.Is(unicode.Me, c)
}

// inert reports whether text needs no composition, as far as it is made of
// what nearly every utterance is made of. Full-width forms are narrowed one by
// one as they are read, see narrow.
func inert(text string) bool {
	for i := 0; i < len(text); {
		if _, ok := commonHan(text, i); ok {
			i += hanSize
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		if c >= utf8.RuneSelf && !plainPunctuation(c) && narrow(c) == c {
			return false
		}
		i += size
	}
	return true
}

// hanSize is how many bytes a common Han character has.
const hanSize = 3

// commonHan returns the character at i when it is one of the 20,992 from
// U+4E00 to U+9FFF. It does what utf8 does, for what most utterances are made
// of, in half the time.
func commonHan[T string | []byte](text T, i int) (c rune, ok bool) {
	if i+hanSize > len(text) || text[i] < 0xe4 || text[i] > 0xe9 || text[i+1]&0xc0 != 0x80 || text[i+2]&0xc0 != 0x80 {
		return 0, false
	}
	c = rune(text[i]&0x0f)<<12 | rune(text[i+1]&0x3f)<<6 | rune(text[i+2]&0x3f)
	return c, c >= 0x4e00
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

// extendPlain takes the small letters and digits of ASCII that b begins with, as
// most words are made of, and returns how many there were.
func (r *reading) extendPlain(b []byte) (n int) {
	for n < len(b) && isPlain(b[n]) {
		n++
	}
	r.text = append(r.text, b[:n]...)
	r.tokens[len(r.tokens)-1].end = int32(len(r.text))
	return n
}

func isPlain(b byte) bool { return 'a' <= b && b <= 'z' || isDigit(b) }

// settle writes the text anew from the tokens that are left.
func (r *reading) settle() {
	text := r.spare[:0]
	for i := range r.tokens {
		t := &r.tokens[i]
		if i > 0 && !t.han && !r.tokens[i-1].han {
			text = append(text, ' ')
		}
		start := int32(len(text))
		text = append(text, r.text[t.start:t.end]...)
		t.start, t.end = start, int32(len(text))
	}
	r.text, r.spare = text, r.text
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
		case c == ' ', c == '\t', c == '-', c == '_', c == '\'', c == '`', c == '"', c == '/':
			return kindBlank
		}
		return kindOther
	case 0x4e00 <= c && c <= 0x9fff:
		return kindHan
	case unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana) && (unicode.IsLetter(c) || c == '〇'):
		return kindHan
	case isApostrophe(c):
		return kindBlank
	case unicode.IsLetter(c), unicode.IsNumber(c):
		return kindWord
	case unicode.IsMark(c):
		return kindMark
	case unicode.IsSpace(c), c == '“', c == '”':
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
	if c == '.' {
		return '0' <= last && last <= '9' && '0' <= next && next <= '9'
	}
	return isApostrophe(c) && kindOf(next) == kindWord
}

func joiner(c rune) rune {
	if isApostrophe(c) {
		return '\''
	}
	return c
}

// isApostrophe knows the apostrophe by all the keys it is typed with.
func isApostrophe(c rune) bool {
	switch c {
	case '\'', '’', '‘', 'ʼ', '`', '′':
		return true
	}
	return false
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
