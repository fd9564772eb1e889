package rpc

import (
	"bytes"
	"slices"

	"github.com/talkgraph/talkgraph/internal/bounds"
)

// maxParams bounds how many parameters one request may have.
const maxParams = 1 << 16

// params are the parameters of one request, query and form merged: sorted by
// name in byte order, each name once. The slices point into arena, which is
// reused for the next request; nothing of them may be kept.
type params struct {
	pairs []pair
	arena []byte
	err   *Error // The first thing that was wrong with the encoding.
}

// pair is one parameter, decoded.
type pair struct{ name, value []byte }

// parse replaces the parameters by those of a query and a form. After an error
// the parameters that could be read are there, so that the answer can be given
// in the format that was asked for.
func (p *params) parse(query string, form []byte) error {
	p.pairs, p.arena, p.err = p.pairs[:0], p.arena[:0], nil
	// Decoding never lengthens, so the arena never moves under its slices.
	p.arena = slices.Grow(p.arena, len(query)+len(form))
	scan(p, query)
	scan(p, form)
	p.sort()
	if p.err != nil {
		return p.err
	}
	return nil
}

// scan reads one URL-encoded text. What net/url refuses is refused: a percent
// sign without two hexadecimal digits, and a semicolon, which some servers take
// for a separator.
func scan[T string | []byte](p *params, raw T) {
	text := p.arena // Local, so that a byte costs no store through p.
	start, equals := len(text), -1
	var seen class // Of all bytes of the parameter.
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if classes[c] != special {
			seen |= classes[c]
			text = append(text, c)
			continue
		}
		switch {
		case c == '&':
			p.add(text[start:], equals-start, seen)
			start, equals, seen = len(text), -1, plain
		case c == '=' && equals < 0:
			equals = len(text)
		case c == '=':
			text = append(text, c)
		case c == '+':
			text = append(text, ' ')
		case c == '%' && i+2 < len(raw) && unhex[raw[i+1]]|unhex[raw[i+2]] < 16:
			c = unhex[raw[i+1]]<<4 | unhex[raw[i+2]]
			seen |= classes[c] & odd
			text = append(text, c)
			i += 2
		default: // A semicolon, or a percent sign without its digits.
			name, _ := split(text[start:], equals-start)
			p.refuse(string(name), "Percent-encode names and values.")
		}
	}
	p.add(text[start:], equals-start, seen)
	p.arena = text
}

// split cuts a parameter at its equals sign; without one it is all name.
func split(text []byte, equals int) (name, value []byte) {
	if equals < 0 {
		return text, nil
	}
	return text[:equals:equals], text[equals:len(text):len(text)]
}

// add adds the parameter that text is, decoded and without its equals sign,
// which stood at equals. Nothing between two separators is none.
func (p *params) add(text []byte, equals int, seen class) {
	if len(text) == 0 && equals < 0 {
		return
	}
	if len(p.pairs) == maxParams {
		if p.err == nil {
			p.err = requestTooLarge("A request may have at most 65536 parameters.")
		}
		return
	}
	name, value := split(text, equals)
	if seen != plain && !(bounds.IsText(name) && bounds.IsText(value)) {
		p.refuse(string(name), "Names and values must be UTF-8 without control characters.")
	}
	p.pairs = append(p.pairs, pair{name, value})
}

func (p *params) refuse(name, why string) {
	if p.err == nil {
		name = string(bytes.ToValidUTF8([]byte(name), []byte("\uFFFD")))
		p.err = InvalidParameter(name, why)
	}
}

// sort brings the parameters into order and leaves each name once.
func (p *params) sort() {
	const few = 64
	if len(p.pairs) <= few {
		insertionSort(p.pairs)
	} else {
		slices.SortFunc(p.pairs, func(a, b pair) int { return bytes.Compare(a.name, b.name) })
	}
	p.pairs = slices.CompactFunc(p.pairs, func(a, b pair) bool {
		if !bytes.Equal(a.name, b.name) {
			return false
		}
		if !bytes.Equal(a.value, b.value) {
			p.refuse(string(a.name), "It is given twice with different values.")
		}
		return true
	})
}

// insertionSort sorts by name. Clients send most parameters in order already,
// because they sorted them to sign; then it is one comparison each.
func insertionSort(pairs []pair) {
	for i := range pairs {
		one, at := pairs[i], i
		for at > 0 && string(pairs[at-1].name) > string(one.name) {
			pairs[at] = pairs[at-1]
			at--
		}
		if at < i {
			pairs[at] = one
		}
	}
}

// get returns the value of a parameter, nil when it is absent.
func (p *params) get(name string) []byte {
	if i, ok := p.find(name); ok {
		return p.pairs[i].value
	}
	return nil
}

// find returns where the name is or would be.
func (p *params) find(name string) (int, bool) {
	low, high := 0, len(p.pairs)
	for low < high {
		mid := int(uint(low+high) >> 1)
		switch at := p.pairs[mid].name; {
		case string(at) == name:
			return mid, true
		case string(at) < name:
			low = mid + 1
		default:
			high = mid
		}
	}
	return low, false
}

// class says what is to be done about a byte.
type class uint8

const (
	plain   class = 0
	odd     class = 1 // Not printable ASCII: bounds.IsText must look at it.
	special class = 2 // Means something in URL encoding.
)

var classes = func() (table [256]class) {
	for c := range table {
		if c < ' ' || c >= 0x7f {
			table[c] = odd
		}
	}
	for _, c := range "&=+%;" {
		table[c] = special
	}
	return table
}()

// unhex gives the value of a hexadecimal digit, more than 15 for anything else.
var unhex = func() (table [256]byte) {
	for i := range table {
		table[i] = 0xff
	}
	for i := range 10 {
		table['0'+i] = byte(i)
	}
	for i := range 6 {
		table['a'+i], table['A'+i] = byte(10+i), byte(10+i)
	}
	return table
}()
