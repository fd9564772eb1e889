package flow

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// source is one JSON document. Its text may be handed to a recursive reader
// only when check has found nothing.
type source struct {
	file  string
	text  string // Without the byte-order mark.
	whole bool   // Whether the text is valid JSON, so that places in it have pointers.

	// Of JSON text inside a string of another document: that string's place,
	// which stands for every place inside.
	outer *place
}

// place is where something stands, and the flow and node it belongs to.
type place struct {
	src                    *source
	offset                 int // In src.text, -1 for none.
	flow, nodeID, nodeName string
}

const tooDeepMessage = "arrays and objects nest deeper than %d here: flatten them"

// newSource makes a document of a file's bytes.
func newSource(file, text string) *source {
	return &source{file: file, text: strings.TrimPrefix(text, "\ufeff")}
}

// start is the place of the document as a whole.
func (s *source) start() place { return place{src: s} }

// check reports what makes the document unreadable, and whether nothing did; and
// control characters, which do not keep the rest from being read.
// The depth is looked at first and without recursion: everything that reads
// JSON afterwards may recurse.
func (s *source) check(nesting int, at place, log *report) bool {
	at.src = s
	if at.offset = tooDeepAt(s.text, nesting); at.offset >= 0 {
		log.add(tooDeep, at, tooDeepMessage, maxNesting)
		return false
	}
	if at.offset = invalidUTF8At(s.text); at.offset >= 0 {
		log.add(badUTF8, at, "byte %#02x is not valid UTF-8: save the file as UTF-8", s.text[at.offset])
		return false
	}
	// A RawMessage takes the bytes as they are, so this validates and no more.
	var raw json.RawMessage
	if err := json.Unmarshal([]byte(s.text), &raw); err != nil {
		at.offset = len(s.text)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at.offset = min(max(int(syntax.Offset)-1, 0), len(s.text))
		}
		log.add(malformed, at, "not valid JSON: %v", err)
		return false
	}
	s.whole = true
	s.checkControls(at, log)
	return true
}

// root returns the document's value, which stands at the place given.
func (s *source) root(at place) value {
	at.src = s
	result := gjson.Parse(s.text)
	at.offset = result.Index
	return value{result, at}
}

// tooDeepAt returns the offset of the first bracket that opens more than limit
// levels, or -1.
func tooDeepAt(text string, limit int) int {
	n := nesting{limit: limit}
	return n.scan(text)
}

// nesting counts how deep arrays and objects stand.
type nesting struct{ depth, limit int }

// scan goes on over a text that begins outside strings. It returns the offset
// of the first bracket past the limit, or -1.
func (n *nesting) scan(text string) int {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
			if c == '\\' {
				i++
			}
		case c == '{' || c == '[':
			if n.depth++; n.depth > n.limit {
				return i
			}
		case c == '}' || c == ']':
			n.depth--
		}
	}
	return -1
}

// invalidUTF8At returns the offset of the first byte that is no UTF-8, or -1.
func invalidUTF8At(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}
