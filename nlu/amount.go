package nlu

import "math"

// What numerals in a row amount to: 三百二 is 320, 一三八 the digits 138, and
// 三四百 no exact number.

// A numeral is what a token can add to a number.
type numeral struct {
	kind  numeralKind
	value int64
}

type numeralKind uint8

const (
	noNumeral      numeralKind = iota
	numeralDigit               // 〇 to 九
	numeralPair                // 两: a two that counts, never a digit read out
	numeralOne                 // 幺: a one read out, never one that counts
	numeralUnit                // 十, 百, 千
	numeralMyriad              // 万, 亿: what stands before it is a number of its own
	numeralWritten             // written in digits
)

// numeralBits has the bit of each numeral's last six bits, since every
// character of every utterance is asked and few are numerals.
const numeralBits uint64 = 1<<('零'&63) | 1<<('〇'&63) | 1<<('一'&63) | 1<<('二'&63) | 1<<('三'&63) | 1<<('四'&63) |
	1<<('五'&63) | 1<<('六'&63) | 1<<('七'&63) | 1<<('八'&63) | 1<<('九'&63) | 1<<('两'&63) | 1<<('幺'&63) |
	1<<('十'&63) | 1<<('百'&63) | 1<<('千'&63) | 1<<('万'&63) | 1<<('亿'&63)

func hanNumeral(c uint64) numeral {
	if numeralBits>>(c&63)&1 == 0 {
		return numeral{}
	}
	switch c {
	case '零', '〇':
		return numeral{numeralDigit, 0}
	case '一':
		return numeral{numeralDigit, 1}
	case '二':
		return numeral{numeralDigit, 2}
	case '三':
		return numeral{numeralDigit, 3}
	case '四':
		return numeral{numeralDigit, 4}
	case '五':
		return numeral{numeralDigit, 5}
	case '六':
		return numeral{numeralDigit, 6}
	case '七':
		return numeral{numeralDigit, 7}
	case '八':
		return numeral{numeralDigit, 8}
	case '九':
		return numeral{numeralDigit, 9}
	case '两':
		return numeral{numeralPair, 2}
	case '幺':
		return numeral{numeralOne, 1}
	case '十':
		return numeral{numeralUnit, 10}
	case '百':
		return numeral{numeralUnit, 100}
	case '千':
		return numeral{numeralUnit, 1000}
	case '万':
		return numeral{numeralMyriad, 1e4}
	case '亿':
		return numeral{numeralMyriad, 1e8}
	}
	return numeral{}
}

// mostWritten is how many digits a number may have that a unit multiplies; any
// longer one is no amount.
const mostWritten = 7

// numeralAt reads the token at i. The value of a long row of digits is -1.
func (r *reading) numeralAt(i int) numeral {
	t := &r.tokens[i]
	if t.han {
		return hanNumeral(t.id)
	}
	if !isDigit(r.text[t.start]) {
		return numeral{}
	}
	value := int64(0)
	for _, b := range r.text[t.start:t.end] {
		if !isDigit(b) {
			return numeral{}
		}
		value = value*10 + int64(b-'0')
		if t.end-t.start > mostWritten {
			value = -1
		}
	}
	return numeral{numeralWritten, value}
}

func (r *reading) isNumeral(i int) bool { return r.numeralAt(i).kind != noNumeral }

// sequence is the value of digits read out one by one.
const sequence = -1

// number returns the value of the numerals from token i to end, false when
// they are no exact number.
func (r *reading) number(i, end int) (int64, bool) {
	if end-i == 1 {
		n := r.numeralAt(i)
		return n.value, n.kind == numeralDigit || n.kind == numeralPair || n.kind == numeralWritten || n.value == 10
	}
	if r.isReadOut(i, end) {
		return sequence, true
	}
	a := amount{pending: none, unit: math.MaxInt64, myriad: math.MaxInt64}
	for first := i; i < end; i++ {
		if !a.add(r.numeralAt(i), i == first) {
			return 0, false
		}
	}
	return a.value()
}

// isReadOut reports whether the numerals are three or more digits, none of
// them a unit. Two are as often a guess (三四个) as a number.
func (r *reading) isReadOut(i, end int) bool {
	if end-i < 3 {
		return false
	}
	for ; i < end; i++ {
		if kind := r.numeralAt(i).kind; kind != numeralDigit && kind != numeralOne {
			return false
		}
	}
	return true
}

// An amount is a number with units, as far as it has been read: 三万零五百二 is
// total 30000, section 500 and pending 2.
type amount struct {
	total   int64 // the myriads that are complete
	section int64 // hundreds and tens since
	pending int64 // a digit that waits for its unit, or none
	unit    int64 // the last unit; the next must be smaller
	myriad  int64 // the last 万 or 亿; the next must be smaller
	zero    bool  // 零 came last, so that the unit of a last digit is one
}

// none says that no digit is pending.
const none = -1

// add reads the next numeral, false when it cannot follow.
func (a *amount) add(n numeral, first bool) bool {
	switch n.kind {
	case numeralDigit, numeralPair, numeralWritten:
		if n.value == 0 && n.kind == numeralDigit {
			ok := !first && a.pending == none && !a.zero
			a.zero = true
			return ok
		}
		ok := a.pending == none && n.value > 0 && (n.kind != numeralWritten || first)
		a.pending = n.value
		return ok
	case numeralUnit:
		if a.pending == none && first && n.value == 10 {
			a.pending = 1 // 十二 is 一十二.
		}
		ok := a.pending != none && n.value < a.unit
		a.section += a.pending * n.value
		a.pending, a.unit, a.zero = none, n.value, false
		return ok
	case numeralMyriad:
		a.section += max(a.pending, 0)
		ok := a.section > 0 && n.value < a.myriad
		a.total += a.section * n.value
		a.section, a.pending, a.unit, a.myriad, a.zero = 0, none, math.MaxInt64, n.value, false
		return ok
	}
	return false
}

// value returns the amount. A last digit without its unit has the next smaller
// one, as one says 三百二 for 320, unless 零 or 十 came before.
func (a *amount) value() (int64, bool) {
	last := max(a.pending, 0)
	switch unit := min(a.unit, a.myriad); {
	case a.pending == none:
		return a.total + a.section, !a.zero
	case a.unit == math.MaxInt64 && a.total == 0:
		return 0, false // Digits without any unit.
	case !a.zero && a.pending < 10:
		last *= max(unit/10, 1)
	}
	return a.total + a.section + last, true
}
