package nlu

import (
	"errors"
	"math"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/go-ego/gse"
	"github.com/vcaesar/cedar"
)

// A wordGraph walks a gse dictionary the way gse.Segment does: a text is a
// graph whose edges are the dictionary's words, an edge is as long as its word
// is rare, and the shortest path is the cut. gse allocates for every character
// of every text; the graph keeps its scratch space, and so does not.
type wordGraph struct {
	dictionary *gse.Dictionary
	lengths    []float32 // of each word, log2(total/frequency), by its number in the dictionary
	scratch    sync.Pool // of *wordPath
}

// unknownWord is the length of a single character the dictionary does not
// have, the same as in gse: rarer than any word it has.
const unknownWord = 32

func newWordGraph(d *gse.Dictionary) *wordGraph {
	g := &wordGraph{dictionary: d, lengths: make([]float32, len(d.Tokens))}
	total := float32(math.Log2(d.TotalFreq()))
	for i := range d.Tokens {
		g.lengths[i] = total - float32(math.Log2(d.Tokens[i].Freq()))
	}
	g.scratch.New = func() any { return new(wordPath) }
	return g
}

// A wordPath is the shortest path to the end of each atom of one text.
type wordPath struct {
	atoms []int // where each atom ends
	steps []step
}

// A step is the last word of a path.
type step struct {
	length float32 // of the path
	from   int32   // the word's first atom
	taken  bool
}

func (g *wordGraph) cut(text []byte, ends []int) []int {
	p := g.scratch.Get().(*wordPath)
	p.reset(text)
	before := float32(0)
	for from := range p.atoms {
		g.extend(p, text, from, before)
		before = p.steps[from].length
	}
	ends = p.appendEnds(ends)
	g.scratch.Put(p)
	return ends
}

// extend takes every word that begins at the atom from.
func (g *wordGraph) extend(p *wordPath, text []byte, from int, before float32) {
	start, known := 0, false
	if from > 0 {
		start = p.atoms[from-1]
	}
	for to := from; to < len(p.atoms) && to < from+g.dictionary.MaxTokenLen(); to++ {
		word, _, err := g.dictionary.Value(text[start:p.atoms[to]])
		if err == nil {
			p.steps[to].shorten(from, before+g.lengths[word])
			known = known || to == from
		} else if !errors.Is(err, cedar.ErrNoVal) {
			break // No word begins so.
		}
	}
	if !known {
		p.steps[from].shorten(from, before+unknownWord)
	}
}

func (s *step) shorten(from int, length float32) {
	if !s.taken || length < s.length {
		*s = step{length: length, from: int32(from), taken: true}
	}
}

// reset splits text into atoms: characters, and runs of Latin, Greek or
// Cyrillic letters and digits, as gse does (those of at most two bytes).
func (p *wordPath) reset(text []byte) {
	p.atoms, p.steps = p.atoms[:0], p.steps[:0]
	inWord := false
	for at := 0; at < len(text); {
		c, size := utf8.DecodeRune(text[at:])
		at += size
		letter := size <= 2 && (unicode.IsLetter(c) || unicode.IsNumber(c))
		if letter && inWord {
			p.atoms[len(p.atoms)-1] = at
			continue
		}
		inWord = letter
		p.atoms, p.steps = append(p.atoms, at), append(p.steps, step{})
	}
}

// appendEnds appends where the words of the whole path end.
func (p *wordPath) appendEnds(ends []int) []int {
	words := 0
	for last := len(p.atoms) - 1; last >= 0; last = int(p.steps[last].from) - 1 {
		words++
	}
	ends = append(ends, make([]int, words)...)
	for at, last := len(ends)-1, len(p.atoms)-1; last >= 0; last = int(p.steps[last].from) - 1 {
		ends[at] = p.atoms[last]
		at--
	}
	return ends
}
