package nlu

// A lexicon finds the longest listed phrase that begins at a token. It is
// built once and only read afterwards. Most tokens begin no phrase; a small
// bit filter says so without a map lookup.
type lexicon[V any] struct {
	across  bool // phrases may reach across the beginning of a clause
	filter  [64]uint64
	byFirst map[uint64][]lexeme[V]
}

// A lexeme is one phrase of a lexicon, as token ids, and what the lexicon
// knows of it.
type lexeme[V any] struct {
	ids   []uint64
	value V
}

// add lists a phrase, written as the author of the table would say it; its
// fillers are kept and its polarity is not asked.
func (l *lexicon[V]) add(phrase string, value V) {
	var r reading
	r.fold(phrase)
	if len(r.tokens) == 0 {
		return
	}
	entry := lexeme[V]{value: value}
	for _, t := range r.tokens {
		entry.ids = append(entry.ids, t.id)
	}
	first := entry.ids[0]
	if l.byFirst == nil {
		l.byFirst = map[uint64][]lexeme[V]{}
	}
	// Longest first, so that the first phrase that fits is the answer.
	list := l.byFirst[first]
	at := len(list)
	for at > 0 && len(list[at-1].ids) < len(entry.ids) {
		at--
	}
	l.byFirst[first] = append(list[:at:at], append([]lexeme[V]{entry}, list[at:]...)...)
	word, bit := filterBit(first)
	l.filter[word] |= bit
}

// longest returns what is known of the longest phrase beginning at tokens[0]
// and its length in tokens, 0 when no phrase begins there.
func (l *lexicon[V]) longest(tokens []token) (value V, n int) {
	if !l.begins(tokens[0].id) {
		return value, 0
	}
	for i := range l.byFirst[tokens[0].id] {
		entry := &l.byFirst[tokens[0].id][i]
		if entry.fits(tokens, l.across) {
			return entry.value, len(entry.ids)
		}
	}
	return value, 0
}

// begin reports whether tokens begin with a phrase.
func (l *lexicon[V]) begin(tokens []token) bool {
	if !l.begins(tokens[0].id) {
		return false
	}
	_, n := l.longest(tokens)
	return n > 0
}

// begins reports whether a phrase may begin with id; it errs on the side of
// yes.
func (l *lexicon[V]) begins(id uint64) bool {
	word, bit := filterBit(id)
	return l.filter[word]&bit != 0
}

func (e *lexeme[V]) fits(tokens []token, across bool) bool {
	if len(e.ids) > len(tokens) {
		return false
	}
	for i, id := range e.ids {
		if tokens[i].id != id || (i > 0 && !across && tokens[i].opens) {
			return false
		}
	}
	return true
}

func filterBit(id uint64) (word int, bit uint64) {
	h := id * 0x9e3779b97f4a7c15
	return int(h >> 58), 1 << (h >> 52 & 63)
}
