// Package bounds says what the texts of a script may be, whoever brings them: a
// request, a bundle or the command line.
package bounds

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind is a kind of text.
type Kind struct {
	Most   int  // Characters.
	Layout bool // Whether tabs and line ends may be in it.
}

// The kinds of text in a script.
var (
	ID          = Kind{Most: 128}
	Name        = Kind{Most: 64}
	Description = Kind{Most: 512, Layout: true}
	Phrase      = Kind{Most: 1024}               // What callers say, as long as Dialogue takes it, or a keyword to hear in it.
	Answer      = Kind{Most: 4096, Layout: true} // What is spoken, as long as a recording may be.
)

var kinds = map[string]Kind{"id": ID, "name": Name, "description": Description, "phrase": Phrase, "answer": Answer}

// Named returns the kind of that name, in lower case.
func Named(name string) (k Kind, ok bool) {
	k, ok = kinds[name]
	return k, ok
}

// Problem returns what is wrong with a text, as a sentence about it goes on; "":
// nothing.
func (k Kind) Problem(text string) string {
	if len(text) > k.Most && utf8.RuneCountInString(text) > k.Most {
		return fmt.Sprintf("may have at most %d characters", k.Most)
	}
	if !IsText([]byte(text)) || !k.Layout && strings.ContainsAny(text, "\t\n\r") {
		return "must not hold control characters"
	}
	return ""
}

// IsText reports whether a text is UTF-8 without control characters other than
// tab and line ends, which documents carried in a parameter have.
func IsText(text []byte) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 || r < 0xa0 {
			return false
		}
		i += size
	}
	return true
}
