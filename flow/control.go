package flow

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// checkControls notes every string of a valid document that holds, written as it
// is or as an escape, a control character that no text may have: nobody can say
// it, and not every storage can keep it.
func (s *source) checkControls(at place, log *report) {
	for i := 0; ; {
		quote := strings.IndexByte(s.text[i:], '"')
		if quote < 0 {
			return
		}
		at.offset = i + quote
		control, end := controlIn(s.text, at.offset+1)
		if control >= 0 {
			log.add(badCharacter, at, "this text holds the control character %U: remove it", control)
		}
		i = end
	}
}

// controlIn returns the first control character of the string whose text begins
// at i, -1 for none, and where the string has ended.
func controlIn(text string, i int) (control rune, end int) {
	control = -1
	for {
		c, size := rune(text[i]), 1
		switch {
		case c == '"':
			return control, i + 1
		case c == '\\':
			c, size = escaped(text[i:])
		case c >= utf8.RuneSelf:
			c, size = utf8.DecodeRuneInString(text[i:])
		}
		if control < 0 && isControl(c) {
			control = c
		}
		i += size
	}
}

// escaped returns the character that the escape at the beginning of a text is
// for, and its length. Of those of two letters only \b and \f are of interest.
func escaped(text string) (c rune, size int) {
	switch text[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'u':
		code, _ := strconv.ParseUint(text[2:6], 16, 16) // Of a valid document.
		return rune(code), 6
	}
	return rune(text[1]), 2
}

// isControl reports whether a character is a control character other than tab
// and line ends: what the API refuses in every other text, too.
func isControl(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' || 0x7f <= c && c < 0xa0
}
