package nlu

import (
	"cmp"
	"slices"
)

// Most words of an utterance are in some example. What such a word's letter
// pieces add up to is the same each time it is said, so it is added up once,
// when the script is trained: of a known word one row of weights is read
// instead of one for each piece, and its stem is known too. A new word is
// spelled out.

// A word is a word of the examples.
type word struct {
	id, stem uint64
	pieces   []int32 // the features of its letters
	said     uint64  // where it was said first
}

// spellings knows the words of the examples. Read only.
type spellings struct {
	index
	stems   []uint64
	squares []float32 // what the pieces of a word add to the norm
	weights packed    // what they add to the sums, by word
}

// note keeps the words of r, whose features were numbered just now.
func (c *census) note(r *reading, seen []sight) {
	for i := range c.features {
		f := &c.features[i]
		if f.block != blockLetter {
			continue
		}
		id := r.tokens[f.from].id
		w := c.words[id]
		if w == nil {
			w = &word{id: id, stem: r.stemID(int(f.from))}
			c.words[id] = w
		}
		if w.said == 0 || w.said == c.reads<<16|uint64(f.from) {
			w.said = c.reads<<16 | uint64(f.from)
			w.pieces = append(w.pieces, seen[i].number)
		}
	}
}

// newSpellings adds up the pieces of the words of c; nil where a row does not
// hold the weights of all classes.
func newSpellings(c *corpus, dense []float32, classes int) *spellings {
	if dense == nil {
		return nil
	}
	s := &spellings{stems: make([]uint64, len(c.words)), squares: make([]float32, len(c.words))}
	ids, sums := make([]uint64, len(c.words)), make([]float32, len(c.words)*classes)
	for i, w := range c.words {
		ids[i], s.stems[i] = w.id, w.stem
		sum := sums[i*classes:][:classes]
		for _, row := range w.pieces {
			s.squares[i] += c.value[row] * c.value[row]
			for class, weight := range dense[int(row)*classes:][:classes] {
				sum[class] += weight
			}
		}
	}
	s.index = newIndex(ids, s.squares)
	s.weights = pack(sums, classes)
	return s
}

// sortedWords returns the words of the census, their pieces by row.
func (c *census) sortedWords(rows []int32) []word {
	words := make([]word, 0, len(c.words))
	for _, w := range c.words {
		for i := range w.pieces {
			w.pieces[i] = rows[w.pieces[i]]
		}
		words = append(words, *w)
	}
	slices.SortFunc(words, func(a, b word) int { return cmp.Compare(a.id, b.id) })
	return words
}

// stem fills r.stems and r.spelled: of each word its stem, and the row of its
// spelling, -1 where it has none. Han characters have neither.
func (r *reading) stem(known *spellings) {
	r.stems, r.spelled = r.stems[:0], r.spelled[:0]
	for i := range r.tokens {
		t := &r.tokens[i]
		stem, row := uint64(0), int32(-1)
		if !t.han {
			if known != nil {
				row = known.row(t.id)
			}
			if row >= 0 {
				stem = known.stems[row]
			} else {
				stem = r.stemID(i)
			}
		}
		r.stems, r.spelled = append(r.stems, stem), append(r.spelled, row)
	}
}

// spellOut appends the features of the words that were not spelled out.
func (l *linear) spellOut(r *reading) {
	if l.spellings == nil {
		return
	}
	for i := range r.spelled {
		if r.spelled[i] < 0 {
			continue
		}
		r.spelled[i] = -1
		r.features = slices.Grow(r.features, r.room())
		from := len(r.features)
		r.features = r.appendLetters(r.features, i)
		for j := from; j < len(r.features); j++ {
			r.rows = append(r.rows, l.row(r.features[j].hash))
		}
	}
}
