package nlu

import "strconv"

// A recogniser writes a number in digits or in characters, as it likes. Both
// become one form:
//
//   - above ten, digits: 三百二十块 is 320块, 3万 is 30000, and 一三八 read out
//     digit by digit is 138;
//   - up to ten, beside a Han character, the character: 5点 is 五点;
//   - up to ten without one, digits: 五 as a whole answer is 5.
//
// So the characters of words are left alone (一下, 万一, 十分, 三思), and so is
// what is no exact number: 两三个, 三四百, 一百五六.
//
// Which number it is, is for the exact phrase and the keywords to tell. To the
// classifier all numbers above ten beside Han characters are one character, so
// that 320块 is as near to 500块 as it should be.
//
// Neighbouring numbers (三，十) are kept apart by digits, since the comma does
// not outlive normalising.

// foldNumerals gives every number its form and reports whether any had
// another; then the text is to be settled.
func (r *reading) foldNumerals() bool {
	first := 0
	for first < len(r.tokens) && !r.mayFold(first) {
		first++
	}
	changed, kept := false, first
	for i := first; i < len(r.tokens); {
		end := i
		for end < len(r.tokens) && r.isNumeral(end) {
			end++
		}
		if end == i {
			r.tokens[kept] = r.tokens[i]
			kept, i = kept+1, i+1
			continue
		}
		n, rewritten := r.foldCluster(kept, i, end)
		changed = changed || rewritten
		kept, i = kept+n, end
	}
	r.tokens = r.tokens[:kept]
	return changed
}

// mayFold reports whether the token at i is a numeral, the first in its row,
// that may have another form: most are single characters beside others (一下).
func (r *reading) mayFold(i int) bool {
	t := &r.tokens[i]
	if !t.han {
		return isDigit(r.text[t.start])
	}
	if hanNumeral(t.id).kind == noNumeral {
		return false
	}
	last := i+1 == len(r.tokens)
	return !last && r.isNumeral(i+1) || (last || !r.tokens[i+1].han) && (i == 0 || !r.tokens[i-1].han)
}

// foldCluster folds the numerals from token i to end, all there are in a row,
// and moves them to token to. It returns how many tokens are left of them.
func (r *reading) foldCluster(to, i, end int) (n int, changed bool) {
	runs := r.numbersIn(i, end)
	if runs == 0 {
		return copy(r.tokens[to:], r.tokens[i:end]), false
	}
	between := i > 0 && to > 0 && r.tokens[to-1].han || end < len(r.tokens) && r.tokens[end].han
	after := uint64(0)
	if end < len(r.tokens) {
		after = r.tokens[end].id
	}
	start := to
	for i < end {
		next := end
		if runs > 1 {
			next = r.runEnd(i, end)
		}
		asCharacter := between && runs == 1
		if r.writeNumber(to, i, next, asCharacter, after) {
			changed = true
		}
		to, i = to+1, next
	}
	return to - start, changed
}

// numbersIn returns how many numbers the numerals from i to end are: one in
// each clause, or one in all, or 0 when they are none.
func (r *reading) numbersIn(i, end int) int {
	runs := 0
	for at := i; at < end; runs++ {
		next := r.runEnd(at, end)
		if _, ok := r.number(at, next); !ok {
			runs = 0
			break
		}
		at = next
	}
	if _, ok := r.number(i, end); runs == 0 && ok {
		return 1
	}
	return runs
}

// runEnd returns where the clause of the numeral at i ends, at most end.
func (r *reading) runEnd(i, end int) int {
	for i++; i < end && !r.tokens[i].opens; i++ {
	}
	return i
}

// writeNumber makes the numerals from token i to end one token, at to, and
// reports whether that is another text.
func (r *reading) writeNumber(to, i, end int, asCharacter bool, after uint64) bool {
	t := r.tokens[i]
	value, _ := r.number(i, end)
	if end == i+1 && (t.han == asCharacter || !t.han && !upToTen(r.text[t.start:t.end])) {
		r.tokens[to] = t
		return false
	}
	start := int32(len(r.text))
	switch {
	case value == sequence:
		for ; i < end; i++ {
			r.text = append(r.text, '0'+byte(r.numeralAt(i).value))
		}
	case asCharacter && value <= 10:
		c := hanDigit(value, to > 0 && r.tokens[to-1].id == '第', after)
		r.text = append(r.text, string(c)...)
		r.tokens[to] = token{id: uint64(c), start: start, end: int32(len(r.text)), han: true, opens: t.opens}
		return true
	default:
		r.text = strconv.AppendInt(r.text, value, 10)
	}
	r.tokens[to] = token{id: wordID(r.text[start:]), start: start, end: int32(len(r.text)), opens: t.opens}
	return true
}

// upToTen reports whether digits are a number up to ten, written as usual.
func upToTen(digits []byte) bool { return len(digits) == 1 || string(digits) == "10" }

// hanDigit returns the character of a value up to ten beside a Han character.
// Two is 二 where it is the second of a row (第, the name of a day, a month, a
// floor) or nothing comes after, and 两 where it counts.
func hanDigit(value int64, ordinal bool, after uint64) rune {
	if value == 2 && !ordinal {
		switch after {
		case 0, '号', '日', '月', '楼', '层', '期':
		default:
			return '两'
		}
	}
	return []rune("零一二三四五六七八九十")[value]
}

// anyNumber is the id of the numbers that are one character; no script has it.
const anyNumber = 2

// classNumbers gives the numbers beside Han characters their common id. Those
// that a blank parts from a word keep theirs.
func (r *reading) classNumbers() {
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.han || !isDigit(r.text[t.start]) || !r.isNumeral(i) {
			continue
		}
		before, after := i > 0, i+1 < len(r.tokens)
		if (before || after) && (!before || r.tokens[i-1].han) && (!after || r.tokens[i+1].han) {
			t.id, t.han = anyNumber, true
		}
	}
}
