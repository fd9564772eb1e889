package nlu

import (
	"fmt"
	"strings"

	"github.com/vcaesar/cedar"
)

// Keywords decide by themselves, so a hit must be meant: it stands on word
// boundaries, and each of its tokens has the polarity it has in the keyword.
// 本人 is no hit in 日本人 (half a word) nor in 不是本人 (denied); 不需要, which
// denies by itself, is one in 我不需要.

const (
	// maxKeyword bounds a phrase in tokens, so that a long keyword cannot make
	// every match slow.
	maxKeyword = 64
	// maxPattern bounds the source of a regular expression in bytes.
	maxPattern = 1024
	// patternMark begins a regular expression.
	patternMark = "re:"
)

// keywords holds the keywords of all classes. Read only. The phrases are in
// one double-array trie, asked once per token, since a hit must begin at one.
type keywords struct {
	trie     *cedar.Cedar // from a phrase's text to its index
	phrases  []phrase
	groups   []group
	patterns []pattern
}

// A phrase is one distinct text among the keywords.
type phrase struct {
	text    string
	tokens  []token
	classes []int32 // those it decides for by itself
	groups  []part
}

// A part says that a phrase is one of several a group needs.
type part struct{ group, bit int32 }

// A group is a keyword of several phrases, a+b, which must all occur.
type group struct {
	class int32
	all   uint64 // a bit per phrase
	text  string
}

// A hit is a phrase found in an utterance.
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
	k := &keywords{trie: cedar.New()}
	index := map[string]int32{}
	var problems []Problem
	for i, class := range classes {
		for j, text := range class.Keywords {
			if message := k.add(index, int32(i), text); message != "" {
				problems = append(problems, Problem{Class: i, Field: fieldKeywords, Index: j, Err: true, Message: message})
			}
		}
	}
	return k, problems
}

// add lists one keyword, or says what is wrong with it.
func (k *keywords) add(index map[string]int32, class int32, text string) string {
	if source, ok := strings.CutPrefix(strings.TrimSpace(text), patternMark); ok {
		return k.addPattern(class, source)
	}
	parts := []string{text}
	if several := strings.FieldsFunc(text, isPlus); len(several) > 1 {
		parts = several
	}
	if len(parts) > 64 {
		return fmt.Sprintf("the keyword %q joins more than 64 phrases; join fewer", text)
	}
	var found []int32
	for _, p := range parts {
		n, message := k.addPhrase(index, p)
		if message != "" {
			return message
		}
		found = append(found, n)
	}
	if len(found) == 1 {
		k.phrases[found[0]].classes = append(k.phrases[found[0]].classes, class)
		return ""
	}
	g := group{class: class, all: 1<<len(found) - 1, text: text}
	for bit, n := range found {
		k.phrases[n].groups = append(k.phrases[n].groups, part{int32(len(k.groups)), int32(bit)})
	}
	k.groups = append(k.groups, g)
	return ""
}

func isPlus(c rune) bool { return c == '+' || c == '＋' }

// addPhrase returns the index of a phrase, which may be known already.
func (k *keywords) addPhrase(index map[string]int32, text string) (n int32, message string) {
	var r reading
	r.read(text)
	switch {
	case len(r.tokens) == 0:
		return 0, fmt.Sprintf("the keyword %q holds no letter or digit; write the word to listen for, or remove it", text)
	case len(r.tokens) > maxKeyword:
		return 0, fmt.Sprintf("the keyword %.30q… is longer than %d words; make it an example instead", text, maxKeyword)
	}
	if n, ok := index[string(r.text)]; ok {
		return n, ""
	}
	n = int32(len(k.phrases))
	if err := k.trie.Insert(r.text, int(n)); err != nil {
		return 0, fmt.Sprintf("the keyword %q cannot be indexed: %v", text, err)
	}
	index[string(r.text)] = n
	k.phrases = append(k.phrases, phrase{text: string(r.text), tokens: r.tokens})
	return n, ""
}

// score gives the classes whose keywords stand in r their score.
func (k *keywords) score(r *reading, s Segmenter) {
	k.search(r)
	if len(r.hits) > 0 {
		k.judge(r, s)
		k.award(r)
	}
	for i := range k.patterns {
		p := &k.patterns[i]
		if p.stands(r) {
			r.match.winKeyword(p.class)
		}
	}
}

// search finds the phrases that begin at each token and end with one.
func (k *keywords) search(r *reading) {
	r.hits = r.hits[:0]
	if len(k.phrases) == 0 {
		return
	}
	for from := range r.tokens {
		node, at := 0, r.tokens[from].start
		for to := from; to < len(r.tokens); to++ {
			end := r.tokens[to].end
			next, err := k.trie.Jump(r.text[at:end], node)
			if err != nil {
				break
			}
			node, at = next, end
			if n, err := k.trie.Value(node); err == nil {
				r.hits = append(r.hits, hit{phrase: int32(n), from: int32(from), to: int32(to + 1)})
			}
		}
	}
}

// judge gives each hit its verdict. The utterance is cut into words at most
// once, and only when a hit's polarity holds.
func (k *keywords) judge(r *reading, s Segmenter) {
	r.ends = r.ends[:0]
	for i := range r.hits {
		h := &r.hits[i]
		if !samePolarity(r.tokens[h.from:h.to], k.phrases[h.phrase].tokens) {
			h.verdict = hitDenied
			continue
		}
		if len(r.ends) == 0 {
			r.ends = s.Cut(r.text, r.ends)
		}
		if splitsWord(r.ends, int(r.tokens[h.from].start), int(r.tokens[h.to-1].end)) {
			h.verdict = hitSplit
		}
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
	from := 0
	for _, to := range ends {
		overlaps := from < end && to > start
		if overlaps && (from < start || to > end) && to-from >= end-start {
			return true
		}
		from = to
	}
	return false
}
