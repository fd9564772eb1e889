package nlu

import (
	"slices"

	"github.com/vcaesar/cedar"
)

// Keywords decide by themselves, so a hit must be meant: it stands on word
// boundaries, and each of its tokens has the polarity it has in the keyword.
// 本人 is no hit in 日本人 (half a word) nor in 不是本人 (denied); 不需要, which
// denies by itself, is one in 我不需要. What a boundary cannot tell is one word
// in two uses: the verb 还 and the adverb in 我还在忙 are both a word. So a
// keyword of one character is a warning to its author.

const (
	// maxKeyword bounds a phrase in tokens, so that a long keyword cannot make
	// every match slow.
	maxKeyword = 64
	// maxParts bounds the phrases joined by +.
	maxParts = 64
)

// keywords holds the keywords of all classes. Read only. The phrases are in
// one double-array trie, asked once per token, since a hit must begin at one.
// An Aho-Corasick automaton would read the utterance once, but of those written
// in Go the two that are faster, by some 50 ns, take 27 and 98 MB for 2,250
// phrases against the trie's 0.3, allocate at a hit, and one tells no positions.
type keywords struct {
	trie     *cedar.Cedar // from a phrase's text to its index
	phrases  []phrase
	groups   []group
	patterns []pattern
}

// A phrase is one distinct text, read one way, among the keywords.
type phrase struct {
	text    string
	tokens  []token
	twin    int32   // the next phrase of the same letters and another polarity, or noPhrase
	classes []int32 // those it decides for by itself
	groups  []part
}

// noPhrase ends a chain of twins (不，是我 and 不是我).
const noPhrase = -1

// A part says that a phrase is one of several a group needs.
type part struct{ group, bit int32 }

// A group is a keyword of several phrases, a+b, which must all occur.
type group struct {
	class int32
	all   uint64 // a bit per phrase
}

// A hit is a phrase found in an utterance: where it stands, or else the first
// place it does not.
type hit struct {
	phrase   int32
	from, to int32 // tokens; to is exclusive
	verdict  verdict
}

type verdict uint8

const (
	hitStands verdict = iota
	hitDenied         // its polarity is not the keyword's
	hitSplit          // it cuts a word of the utterance in two
)

// newKeywords reads the keywords of all classes.
func newKeywords(classes []Class) (*keywords, []Problem) {
	b := keywordBuilder{keywords: &keywords{trie: cedar.New()}, index: map[string]int32{}}
	var problems []Problem
	for i, class := range classes {
		for j, text := range class.Keywords {
			message, err := b.add(int32(i), text)
			if message != "" {
				problems = append(problems, Problem{Class: i, Field: fieldKeywords, Index: j, Err: err, Message: message})
			}
		}
	}
	return b.keywords, problems
}

// score gives the classes whose keywords stand in r their score.
func (k *keywords) score(r *reading, s Segmenter) {
	k.search(r, s)
	if len(r.hits) > 0 {
		k.award(r)
	}
	for i := range k.patterns {
		p := &k.patterns[i]
		if p.stands(r) {
			r.match.winKeyword(p.class)
		}
	}
}

// search finds the phrases that begin at a token and end with one.
func (k *keywords) search(r *reading, s Segmenter) {
	if len(k.phrases) == 0 {
		return
	}
	r.forgetHits(len(k.phrases))
	for from := range r.tokens {
		node, at := 0, r.tokens[from].start
		for to := from; to < len(r.tokens); to++ {
			end := r.tokens[to].end
			next, err := k.trie.Jump(r.text[at:end], node)
			if err != nil {
				break
			}
			node, at = next, end
			n, err := k.trie.Value(node)
			if err != nil {
				continue
			}
			for n := int32(n); n != noPhrase; n = k.phrases[n].twin {
				k.judge(r, s, hit{phrase: n, from: int32(from), to: int32(to + 1)})
			}
		}
	}
}

// forgetHits makes room for one hit of each phrase.
func (r *reading) forgetHits(phrases int) {
	for _, h := range r.hits {
		r.hitOf[h.phrase] = 0
	}
	if len(r.hitOf) != phrases {
		r.hitOf = make([]int32, phrases)
	}
	r.hits, r.ends = r.hits[:0], r.ends[:0]
}

// judge gives a hit its verdict and keeps it unless its phrase stands
// elsewhere. The utterance is cut into words at most once, and only when a
// hit's polarity holds.
func (k *keywords) judge(r *reading, s Segmenter, h hit) {
	known := r.hitOf[h.phrase]
	if known > 0 && r.hits[known-1].verdict == hitStands {
		return
	}
	if !samePolarity(r.tokens[h.from:h.to], k.phrases[h.phrase].tokens) {
		h.verdict = hitDenied
	} else {
		if len(r.ends) == 0 {
			r.ends = s.Cut(r.text, r.ends)
		}
		if splitsWord(r.ends, int(r.tokens[h.from].start), int(r.tokens[h.to-1].end)) {
			h.verdict = hitSplit
		}
	}
	if known == 0 {
		r.hits = append(r.hits, h)
		r.hitOf[h.phrase] = int32(len(r.hits))
	} else if h.verdict == hitStands {
		r.hits[known-1] = h
	}
}

// award scores what the standing hits decide.
func (k *keywords) award(r *reading) {
	r.parts = r.parts[:0]
	for i := range r.hits {
		h := &r.hits[i]
		if h.verdict != hitStands {
			continue
		}
		p := &k.phrases[h.phrase]
		for _, class := range p.classes {
			r.match.winKeyword(class)
		}
		if len(p.groups) > 0 && len(r.parts) == 0 {
			r.parts = append(r.parts, make([]uint64, len(k.groups))...)
		}
		for _, part := range p.groups {
			r.parts[part.group] |= 1 << part.bit
		}
	}
	for i, seen := range r.parts {
		if seen == k.groups[i].all {
			r.match.winKeyword(k.groups[i].class)
		}
	}
}

func (o *matching) winKeyword(class int32) {
	if o.kinds[class] != Keyword {
		o.win(int(class), Keyword, keywordScore(o.scores[class]))
	}
}

// samePolarity reports whether the words mean in the utterance what they mean
// in the keyword.
func samePolarity(said, keyword []token) bool {
	for i := range said {
		if said[i].negated != keyword[i].negated {
			return false
		}
	}
	return true
}

// splitsWord reports whether a hit from byte start to byte end cuts a word of
// the utterance in two. The hit is a word too, the script's own; of two words
// that overlap the longer is the likelier, and the dictionary has the last
// word between equals: 要考虑 beats 需要, 网贷 yields to 上网 in 上网贷款.
func splitsWord(ends []int, start, end int) bool {
	// The first word that ends behind start is the first to overlap.
	i, _ := slices.BinarySearch(ends, start+1)
	from := 0
	if i > 0 {
		from = ends[i-1]
	}
	for ; i < len(ends) && from < end; i++ {
		to := ends[i]
		if (from < start || to > end) && to-from >= end-start {
			return true
		}
		from = to
	}
	return false
}
