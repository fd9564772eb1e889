package flow

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/talkgraph/talkgraph/session"
)

// Text is something to be spoken, its @names found when the script was compiled.
type Text struct {
	source string
	said   string // The source, each @@ become @; the runs stand in it without their @.
	runs   []run
}

// run is the letters, digits and _ after an @, in Text.said.
type run struct {
	start, end uint32
	known      uint32 // The length in bytes of the longest prefix that the script knows as a variable, 0 for none.
}

// Source returns the text as the author wrote it.
func (t *Text) Source() string { return t.source }

// Empty reports whether there is nothing to say.
func (t *Text) Empty() bool { return blank(t.source) }

// Literal returns what is said and true where it holds no variable, so that it
// can be used without copying.
func (t *Text) Literal() (string, bool) {
	if len(t.runs) > 0 {
		return "", false
	}
	return t.said, true
}

// Append appends the text to dst, its variables replaced, and returns how many
// @names had none and were left out. It allocates only to grow dst.
func (t *Text) Append(dst []byte, vars []session.Var) (out []byte, missing int) {
	at := 0
	for _, r := range t.runs {
		dst = append(dst, t.said[at:r.start]...)
		run := t.said[r.start:r.end]
		at = int(r.end)
		length, value := longestVar(run, vars)
		switch {
		case length > 0 && length >= int(r.known):
			dst = append(dst, value...)
			dst = append(dst, run[length:]...)
		case r.known > 0:
			missing++
			dst = append(dst, run[r.known:]...)
		default:
			missing++
		}
	}
	return append(dst, t.said[at:]...), missing
}

// longestVar returns the length and value of the variable with the longest
// name that begins the run, 0 for none.
func longestVar(run string, vars []session.Var) (length int, value string) {
	for i := range vars {
		name := vars[i].Name
		if len(name) > length && strings.HasPrefix(run, name) &&
			(len(name) == len(run) || utf8.RuneStart(run[len(name)])) {
			length, value = len(name), vars[i].Value
		}
	}
	return length, value
}

// parseText finds the @names of a text. It calls unknown for each that does
// not begin with a name in known.
func parseText(source string, known map[string]bool, unknown func(run string)) Text {
	t := Text{source: source, said: source}
	if strings.IndexByte(source, '@') < 0 {
		return t
	}
	var said strings.Builder
	said.Grow(len(source))
	for rest := source; ; {
		before, after, found := strings.Cut(rest, "@")
		said.WriteString(before)
		if !found {
			break
		}
		if strings.HasPrefix(after, "@") {
			said.WriteByte('@')
			rest = after[1:]
			continue
		}
		name, length := runOf(after, known)
		if name == "" {
			said.WriteByte('@')
			rest = after
			continue
		}
		if length == 0 {
			unknown(name)
		}
		start := uint32(said.Len())
		said.WriteString(name)
		t.runs = append(t.runs, run{start: start, end: uint32(said.Len()), known: uint32(length)})
		rest = after[len(name):]
	}
	t.said = said.String()
	return t
}

// runOf returns the letters, digits and _ that s begins with, and the length
// of their longest prefix in known. Names are at most maxNaming characters, so
// no run is looked up more often than that.
func runOf(s string, known map[string]bool) (name string, length int) {
	count := 0
	for i, r := range s {
		if !nameRune(r) {
			return s[:i], length
		}
		if count++; count <= maxNaming {
			if end := i + utf8.RuneLen(r); known[s[:end]] {
				length = end
			}
		}
	}
	return s, length
}

// nameRune reports whether a character can stand in the name of a variable.
func nameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
