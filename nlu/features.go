package nlu

import (
	"math"
	"slices"
)

// Features are what the linear model sees of an utterance. They come in
// blocks; each block's values are scaled to the same length, so that neither
// a long word nor a long sentence outweighs the rest:
//
//	Han characters   single characters and pairs, with marks at both ends
//	words            stemmed words and pairs of them
//	letters          pieces of 2 to 4 letters (2 to 3 in a small script)
//
// A feature is a 64-bit hash of its block, its tokens and their polarity: 还
// denied is another feature than 还. Another view of the
// utterance, such as its syllables, is another block.

type block uint8

const (
	blockHan block = iota
	blockWord
	blockLetter
	blocks
)

// smallScript is the number of examples under which longer letter pieces are
// left out: they would be seen once each and only blur the norm.
const smallScript = 100

// A feature is one occurrence; where it stands is told for explanations.
type feature struct {
	hash     uint64
	from     int32 // its first token
	tokens   uint8 // how many
	block    block
	cut, end uint8 // bytes of a word's letter piece
}

// longestWord is how many bytes of a word are cut into letter pieces.
const longestWord = 64

// edge marks the beginning or the end of a run of Han characters.
const edge = 1

// appendFeatures appends the features of the tokens of r. Letter pieces are
// of up to letters bytes.
func (r *reading) appendFeatures(dst []feature, letters int) []feature {
	dst = slices.Grow(dst, 3*len(r.tokens))
	for i := range r.tokens {
		if r.tokens[i].han {
			dst = r.appendHan(dst, i)
			continue
		}
		dst = r.appendWord(dst, i)
		dst = r.appendLetters(dst, i, letters)
	}
	return dst
}

func (r *reading) appendHan(dst []feature, i int) []feature {
	id := r.tokens[i].signed()
	dst = append(dst, feature{hash: mix(id, 0, blockHan), from: int32(i), tokens: 1, block: blockHan})
	if i == 0 || !r.tokens[i-1].han {
		dst = append(dst, feature{hash: mix(edge, id, blockHan), from: int32(i), tokens: 1, block: blockHan})
	}
	next, tokens := uint64(edge), uint8(1)
	if i+1 < len(r.tokens) && r.tokens[i+1].han {
		next, tokens = r.tokens[i+1].signed(), 2
	}
	return append(dst, feature{hash: mix(id, next, blockHan), from: int32(i), tokens: tokens, block: blockHan})
}

func (r *reading) appendWord(dst []feature, i int) []feature {
	id := r.stemID(i)
	dst = append(dst, feature{hash: mix(id, 0, blockWord), from: int32(i), tokens: 1, block: blockWord})
	if i+1 < len(r.tokens) && !r.tokens[i+1].han {
		pair := mix(id, r.stemID(i+1), blockWord)
		dst = append(dst, feature{hash: pair, from: int32(i), tokens: 2, block: blockWord})
	}
	return dst
}

// single returns the feature that is the token at i alone.
func (r *reading) single(i int) (hash uint64, in block) {
	if r.tokens[i].han {
		return mix(r.tokens[i].signed(), 0, blockHan), blockHan
	}
	return mix(r.stemID(i), 0, blockWord), blockWord
}

// stemID is the signed id of the word at i without its ending.
func (r *reading) stemID(i int) uint64 {
	t := &r.tokens[i]
	word := r.text[t.start:t.end]
	stem := stemLength(word)
	if stem == len(word) {
		return t.signed()
	}
	return sign(wordID(word[:stem]), t.negated)
}

// appendLetters cuts the word at i, with a mark at each end, into pieces.
func (r *reading) appendLetters(dst []feature, i, letters int) []feature {
	t := &r.tokens[i]
	word := r.text[t.start:t.end]
	word = word[:min(len(word), longestWord)]
	for from := -1; from < len(word); from++ {
		piece := uint64(0)
		for to := from; to <= len(word) && to-from < letters; to++ {
			b := uint64(edge)
			if to >= 0 && to < len(word) {
				b = uint64(word[to])
			}
			piece = piece<<8 | b
			if to > from {
				dst = append(dst, feature{
					hash: mix(sign(piece, t.negated), 0, blockLetter), from: int32(i), tokens: 1,
					block: blockLetter, cut: uint8(max(from, 0)), end: uint8(min(to+1, len(word))),
				})
			}
		}
	}
	return dst
}

func (t *token) signed() uint64 { return sign(t.id, t.negated) }

// sign makes a denied token another one.
func sign(id uint64, negated bool) uint64 {
	id <<= 1
	if negated {
		id |= 1
	}
	return id
}

// mix hashes two ids and a block. Each id goes through a bijection, so equal
// hashes of unequal features are a matter of chance in 2^64.
func mix(a, b uint64, in block) uint64 {
	h := (a ^ uint64(in)<<61) * 0x9e3779b97f4a7c15
	h = (h>>32 ^ h ^ b) * 0xd6e8feb86659fd93
	return h ^ h>>32
}

// norms accumulates the squared length of each block of one utterance. An
// occurrence counts by itself: a feature said twice has twice the value and
// adds twice its square.
type norms [blocks]float32

func (n *norms) add(in block, value float32) { n[in] += value * value }

// scales returns the factor of each block that gives it the same length, and
// all blocks together the length 1.
func (n *norms) scales() (scales norms) {
	present := float32(0)
	for _, square := range n {
		if square > 0 {
			present++
		}
	}
	for i, square := range n {
		if square > 0 {
			scales[i] = float32(1 / math.Sqrt(float64(square*present)))
		}
	}
	return scales
}
