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
//	syllables        of the same characters: one, two and three, see syllable.go
//	words            stemmed words and pairs of them
//	letters          pieces of 2 to 4 letters (2 to 3 in a small script)
//
// A feature is a 64-bit hash of its block and its tokens. A token that some
// example denies is two features, itself and its stance, meant or denied: what
// is talked about and whether it is meant are both worth knowing. Another view
// of the utterance is another block.

type block uint8

const (
	blockHan block = iota
	blockSyllable
	blockWord
	blockLetter
	blocks
)

const (
	// smallScript is the number of examples under which longer letter pieces are
	// left out: they would be seen once each and only blur the norm.
	smallScript = 100
	// polarValue is what the stance of a token counts beside the token itself.
	// From 1 to 2 polarity gains a little on the scripts of testdata and
	// everything else loses a little.
	polarValue = 1.7
	// longestWord is how many bytes of a word are cut into letter pieces.
	longestWord = 64
	// edge marks the beginning or the end of a run of Han characters.
	edge = 1
)

// A feature is one occurrence; where it stands is told for explanations.
type feature struct {
	hash     uint64
	from     uint16 // its first token; there are at most maxUtterance
	tokens   uint8  // how many
	block    block
	polar    polar
	cut, end uint8 // bytes of a word's letter piece
}

// polar is what a feature says of a token beside that it is there. It is a
// feature only where some example denies the token: 有 alone says what 没有 does
// not, but where nobody denies 利息, its being meant says nothing.
type polar uint8

const (
	anyhow polar = iota
	asDenied
	asAffirmed
)

// views says what is seen of an utterance, beside its characters and words.
type views struct {
	letters  int        // the longest letter piece, in bytes
	sounds   *syllables // of Han characters
	disputed *idFilter  // tokens whose stance may be a feature; nil: all
}

// appendFeatures appends the features of the tokens of r, block by block.
func (r *reading) appendFeatures(dst []feature, v views) []feature {
	dst = slices.Grow(dst, r.room(v.letters))
	han := 0
	for i := range r.tokens {
		if r.tokens[i].han {
			dst = r.appendHan(dst, i, v.disputed)
			han++
		}
	}
	if han > 0 {
		r.sounds = r.sounds[:0]
		for i := range r.tokens {
			r.sounds = append(r.sounds, v.sounds.of(r.tokens[i].id))
		}
		for i := range r.tokens {
			if r.tokens[i].han {
				dst = r.appendSyllables(dst, i)
			}
		}
	}
	if han == len(r.tokens) {
		return dst
	}
	for i := range r.tokens {
		if !r.tokens[i].han {
			dst = r.appendWord(dst, i, v.disputed)
		}
	}
	for i := range r.tokens {
		if !r.tokens[i].han {
			dst = r.appendLetters(dst, i, v.letters)
		}
	}
	return dst
}

// room is how many features r has at most: of a token two and two pairs, five
// of its sounds, and of a word a piece for each of its bytes and lengths.
func (r *reading) room(letters int) int {
	return 9*len(r.tokens) + letters*(len(r.text)+2*len(r.tokens))
}

// put appends a feature to dst, which must have room. It sets the fields one by
// one: a literal would be built elsewhere and copied, at twice the cost.
func put(dst []feature, hash uint64, from, tokens int, in block) []feature {
	dst = dst[:len(dst)+1]
	f := &dst[len(dst)-1]
	f.hash, f.from, f.tokens, f.block = hash, uint16(from), uint8(tokens), in
	f.polar, f.cut, f.end = anyhow, 0, 0
	return dst
}

func (r *reading) appendHan(dst []feature, i int, disputed *idFilter) []feature {
	id := r.tokens[i].id
	dst = r.appendSingle(dst, i, id, blockHan, disputed)
	if r.begins(i) {
		dst = put(dst, mix(edge, id, blockHan), i, 1, blockHan)
	}
	if r.isHan(i + 1) {
		return put(dst, mix(id, r.tokens[i+1].id, blockHan), i, 2, blockHan)
	}
	return put(dst, mix(id, edge, blockHan), i, 1, blockHan)
}

// appendSingle appends the token at i by itself, and how it is held.
func (r *reading) appendSingle(dst []feature, i int, id uint64, in block, disputed *idFilter) []feature {
	dst = put(dst, mix(id, 0, in), i, 1, in)
	if disputed != nil && !disputed.may(id) {
		return dst
	}
	held := asAffirmed
	if r.tokens[i].negated {
		held = asDenied
	}
	dst = put(dst, polarHash(id, held, in), i, 1, in)
	dst[len(dst)-1].polar = held
	return dst
}

// singleID returns the id of the token whose stance f is.
func (r *reading) singleID(f *feature) uint64 {
	if f.block == blockHan {
		return r.tokens[f.from].id
	}
	return r.stemID(int(f.from))
}

func polarHash(id uint64, held polar, in block) uint64 { return mix(uint64(held)<<1, id, in) }

// begins reports whether a run of Han characters begins at i.
func (r *reading) begins(i int) bool { return i == 0 || !r.tokens[i-1].han }

func (r *reading) isHan(i int) bool { return i < len(r.tokens) && r.tokens[i].han }

// appendSyllables appends the one, two and three syllables that begin at i,
// and before the first of a run those that begin with its edge.
func (r *reading) appendSyllables(dst []feature, i int) []feature {
	one := r.sounds[i]
	dst = put(dst, mix(one, 0, blockSyllable), i, 1, blockSyllable)
	first := r.begins(i)
	if first {
		dst = put(dst, mix(edge, one, blockSyllable), i, 1, blockSyllable)
	}
	if !r.isHan(i + 1) {
		return put(dst, mix(one, edge, blockSyllable), i, 1, blockSyllable)
	}
	pair := mix(one, r.sounds[i+1], blockSyllable)
	dst = put(dst, pair, i, 2, blockSyllable)
	if first {
		dst = put(dst, mix(pair, edge, blockSyllable), i, 2, blockSyllable)
	}
	if r.isHan(i + 2) {
		return put(dst, mix(pair, r.sounds[i+2], blockSyllable), i, 3, blockSyllable)
	}
	return put(dst, mix(pair, edge<<1, blockSyllable), i, 2, blockSyllable)
}

func (r *reading) appendWord(dst []feature, i int, disputed *idFilter) []feature {
	id := r.stemID(i)
	dst = r.appendSingle(dst, i, id, blockWord, disputed)
	if i+1 < len(r.tokens) && !r.tokens[i+1].han {
		pair := mix(id, r.stemID(i+1), blockWord)
		dst = put(dst, pair, i, 2, blockWord)
	}
	return dst
}

// stemID is the id of the word at i without its ending.
func (r *reading) stemID(i int) uint64 {
	t := &r.tokens[i]
	word := r.text[t.start:t.end]
	if stem := stemLength(word); stem < len(word) {
		return wordID(word[:stem])
	}
	return t.id
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
				dst = put(dst, mix(piece, 0, blockLetter), i, 1, blockLetter)
				dst[len(dst)-1].cut, dst[len(dst)-1].end = uint8(max(from, 0)), uint8(min(to+1, len(word)))
			}
		}
	}
	return dst
}

// An idFilter tells most ids that are not in a set from those that are.
type idFilter [64]uint64

func (f *idFilter) add(id uint64) {
	word, bit := filterBit(id)
	f[word] |= bit
}

// may reports whether id may be in the set.
func (f *idFilter) may(id uint64) bool {
	word, bit := filterBit(id)
	return f[word]&bit != 0
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
