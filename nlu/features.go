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
//	words            stemmed words, pairs of neighbours, and pairs with a word between
//	letters          pieces of 3 letters, with marks at both ends of the word
//
// A feature is a 64-bit hash of its block and its tokens. A token that some
// example denies is two features, itself and its stance, meant or denied: what
// is talked about and whether it is meant are both worth knowing. Another view
// of the utterance is another block.
//
// Fillers are no tokens, so that 嗯，好的 has the pairs of 好的; but which
// there were is a feature each, for a caller who only says 哦 and 哎呀 says
// something too.

type block uint8

const (
	blockHan block = iota
	blockSyllable
	blockWord
	blockLetter
	blocks
)

const (
	// piece is the length of a letter piece. With pairs across a word there,
	// pieces of 2 and of 4 add nothing that was measured, and cost two look-ups
	// a letter.
	piece = 3
	// longestWord is how many bytes of a word are cut into letter pieces.
	longestWord = 64
	// edge marks the beginning or the end of a run of Han characters.
	edge = 1
	// across tells a pair with a word between from one of neighbours.
	across = 1
)

// A feature is one occurrence; where it stands is told for explanations.
type feature struct {
	hash     uint64
	from     uint16 // its first token; there are at most maxUtterance
	tokens   uint8  // how many; of a pair across a word all three
	block    block
	polar    polar
	filler   bool  // it is one of the fillers, and from counts those
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
	sounds    *syllables // of Han characters
	disputed  *idFilter  // tokens whose stance may be a feature; nil: all
	spellings *spellings // words that need no letters; nil: none
}

// appendFeatures appends the features of the tokens of r, block by block.
func (r *reading) appendFeatures(dst []feature, v views) []feature {
	dst = slices.Grow(dst, r.room())
	han := 0
	for i := range r.tokens {
		if r.tokens[i].han {
			dst = r.appendHan(dst, i, v.disputed)
			han++
		}
	}
	dst = r.appendFillers(dst, true, blockHan)
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
	r.stems, r.spelled = r.stems[:0], r.spelled[:0]
	if han < len(r.tokens) {
		r.stem(v.spellings)
		for i := range r.tokens {
			if !r.tokens[i].han {
				dst = r.appendWord(dst, i, v.disputed)
			}
		}
	}
	dst = r.appendFillers(dst, false, blockWord)
	if han < len(r.tokens) {
		for i := range r.tokens {
			if !r.tokens[i].han && r.spelled[i] < 0 {
				dst = r.appendLetters(dst, i)
			}
		}
	}
	return dst
}

// room is how many features r has at most: of a token two and two pairs, five
// of its sounds, of a word a piece for each of its bytes, and the fillers.
func (r *reading) room() int { return 9*len(r.tokens) + len(r.text) + len(r.fillers) }

// appendFillers appends the fillers of one script.
func (r *reading) appendFillers(dst []feature, han bool, in block) []feature {
	for i := range r.fillers {
		if t := &r.fillers[i]; t.han == han {
			dst = put(dst, mix(t.id, 0, in), i, 1, in)
			dst[len(dst)-1].filler = true
		}
	}
	return dst
}

// put appends a feature to dst, which must have room. It sets the fields one by
// one: a literal would be built elsewhere and copied, at twice the cost.
func put(dst []feature, hash uint64, from, tokens int, in block) []feature {
	dst = dst[:len(dst)+1]
	f := &dst[len(dst)-1]
	f.hash, f.from, f.tokens, f.block = hash, uint16(from), uint8(tokens), in
	f.polar, f.filler, f.cut, f.end = anyhow, false, 0, 0
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
	return r.stems[f.from]
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
	id := r.stems[i]
	dst = r.appendSingle(dst, i, id, blockWord, disputed)
	if i+1 == len(r.tokens) || r.tokens[i+1].han {
		return dst
	}
	dst = put(dst, mix(id, r.stems[i+1], blockWord), i, 2, blockWord)
	if i+2 == len(r.tokens) || r.tokens[i+2].han {
		return dst
	}
	return put(dst, mix(id, r.stems[i+2]+across, blockWord), i, 3, blockWord)
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
func (r *reading) appendLetters(dst []feature, i int) []feature {
	t := &r.tokens[i]
	word := r.text[t.start:t.end]
	word = word[:min(len(word), longestWord)]
	letters := uint64(edge)
	for to := range len(word) + 1 {
		b := uint64(edge)
		if to < len(word) {
			b = uint64(word[to])
		}
		letters = (letters<<8 | b) & (1<<(8*piece) - 1)
		if from := to - piece + 1; from >= -1 {
			dst = put(dst, mix(letters, 0, blockLetter), i, 1, blockLetter)
			dst[len(dst)-1].cut, dst[len(dst)-1].end = uint8(max(from, 0)), uint8(min(to+1, len(word)))
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

// blockShares are what the blocks count beside each other. Syllables tell nothing
// that the characters do not, unless one was misheard, so they count less: at 0.5
// and at 1 clean and misheard text trade what they gain and lose.
var blockShares = [blocks]float32{blockHan: 1, blockSyllable: 0.7, blockWord: 1, blockLetter: 1}

// scales returns the factor of each block that gives it the length of its share,
// and all blocks together the length 1.
func (n *norms) scales() (scales norms) {
	present := float32(0)
	for i, square := range n {
		if square > 0 {
			present += blockShares[i]
		}
	}
	for i, square := range n {
		if square > 0 {
			scales[i] = float32(math.Sqrt(float64(blockShares[i] / (square * present))))
		}
	}
	return scales
}
