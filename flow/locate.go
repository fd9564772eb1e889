package flow

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Locate fills in the line and column of diagnostics that have a File of the
// bundle and a Pointer into it, in one pass over each file. A diagnostic whose
// pointer names nothing keeps what it has.
func (b *Bundle) Locate(diagnostics Errors) {
	for _, src := range b.sources {
		pointed, some := new(pointers), false
		for i, d := range diagnostics {
			if d.File == src.file && (d.Pointer == "" || d.Pointer[0] == '/') {
				pointed.add(d.Pointer, i)
				some = true
			}
		}
		if !some {
			continue
		}
		mark := cursor{text: src.text, line: 1, column: 1}
		trail := []*pointers{pointed} // What is pointed at along the path; nil off every way.
		walk(src.text, func(offset int, path []step, key bool) {
			if key {
				return
			}
			at := pointed
			if len(path) > 0 {
				trail = trail[:len(path)]
				if at = trail[len(path)-1]; at != nil {
					at = at.below[path[len(path)-1].name()]
				}
				trail = append(trail, at)
			}
			if at == nil || len(at.here) == 0 {
				return
			}
			mark.advance(offset)
			for _, i := range at.here {
				diagnostics[i].Line, diagnostics[i].Column = mark.line, mark.column
			}
		})
	}
}

// pointers is a tree of JSON pointers: the numbers of those that end here, and
// the ways on.
type pointers struct {
	here  []int
	below map[string]*pointers
}

// add enters a pointer under a number.
func (p *pointers) add(pointer string, number int) {
	for pointer != "" {
		var name string
		name, pointer, _ = strings.Cut(pointer[1:], "/")
		if pointer != "" {
			pointer = "/" + pointer
		}
		name = pointerUnescaper.Replace(name)
		next := p.below[name]
		if next == nil {
			next = new(pointers)
			if p.below == nil {
				p.below = make(map[string]*pointers)
			}
			p.below[name] = next
		}
		p = next
	}
	p.here = append(p.here, number)
}

// locate works out line, column and pointer of findings from their offsets, in
// one pass over each document.
func locate(found []finding) {
	slices.SortStableFunc(found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.src.file, b.src.file), cmp.Compare(a.offset, b.offset))
	})
	for len(found) > 0 {
		src := found[0].src
		n := slices.IndexFunc(found, func(f finding) bool { return f.src.file != src.file })
		if n < 0 {
			n = len(found)
		}
		src.locate(found[:n])
		found = found[n:]
	}
}

// locate works out the places of findings in one document, sorted by offset.
func (s *source) locate(found []finding) {
	for len(found) > 0 && found[0].offset < 0 {
		found = found[1:]
	}
	mark := cursor{text: s.text, line: 1, column: 1}
	for i := range found {
		mark.advance(found[i].offset)
		found[i].Line, found[i].Column = mark.line, mark.column
	}
	if !s.whole {
		return
	}
	walk(s.text, func(offset int, path []step, _ bool) {
		for len(found) > 0 && found[0].offset <= offset {
			if found[0].offset == offset {
				found[0].Pointer = pointer(path)
			}
			found = found[1:]
		}
	})
}

// cursor counts lines and characters on the way through a text.
type cursor struct {
	text         string
	at           int
	line, column int
}

// advance moves on to an offset that is not before the last one.
func (c *cursor) advance(offset int) {
	passed := c.text[c.at:offset]
	if lines := strings.Count(passed, "\n"); lines > 0 {
		c.line += lines
		c.column = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	c.column += utf8.RuneCountInString(passed)
	c.at = offset
}

// step is one step of the way from a document's root to a value.
type step struct {
	object bool
	key    string // As written between the quotes.
	index  int
}

// name is the step as a pointer names it, without escapes.
func (s step) name() string {
	if !s.object {
		return strconv.Itoa(s.index)
	}
	if strings.IndexByte(s.key, '\\') < 0 {
		return s.key
	}
	return gjson.Parse(`"` + s.key + `"`).Str
}

// pointerEscaper and pointerUnescaper write and read a step in a JSON pointer.
var (
	pointerEscaper   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// pointer writes a path as a JSON pointer.
func pointer(path []step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteByte('/')
		b.WriteString(pointerEscaper.Replace(s.name()))
	}
	return b.String()
}

// walk calls visit for every key and value of a valid document in the order of
// their offsets, a key with the path of its value. The path is valid during
// the call.
func walk(text string, visit func(offset int, path []step, key bool)) {
	var path []step
	key := false // Whether the next string is a key.
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n', ':':
		case '{', '[':
			visit(i, path, false)
			path = append(path, step{object: c == '{'})
			key = c == '{'
		case '}', ']':
			path = path[:len(path)-1]
		case ',':
			last := &path[len(path)-1]
			last.index++
			key = last.object
		case '"':
			end := stringEnd(text, i)
			if key {
				path[len(path)-1].key = text[i+1 : end]
			}
			visit(i, path, key)
			key = false
			i = end
		default:
			visit(i, path, false)
			for i+1 < len(text) && strings.IndexByte(",]} \t\r\n", text[i+1]) < 0 {
				i++
			}
		}
	}
}

// stringEnd returns the offset of the quote that closes the string at i.
func stringEnd(text string, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}
