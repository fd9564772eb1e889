package nlu

import (
	"fmt"
	"strings"
)

// A keywordBuilder reads what authors wrote as keywords: a word, several words
// joined by +, or re: and a regular expression.
type keywordBuilder struct {
	*keywords
	index map[string]int32 // phrases by their letters and polarity
}

// add lists one keyword, or says what is wrong with it; only when err is set
// it is left out.
func (b *keywordBuilder) add(class int32, text string) (message string, err bool) {
	if source, ok := strings.CutPrefix(strings.TrimSpace(text), patternMark); ok {
		message := b.addPattern(class, source)
		return message, message != ""
	}
	parts := []string{text}
	if several := strings.FieldsFunc(text, isPlus); len(several) > 1 {
		parts = several
	}
	if len(parts) > maxParts {
		return fmt.Sprintf("the keyword %.30q… joins more than %d phrases; join fewer", text, maxParts), true
	}
	found := make([][]int32, len(parts))
	for i, part := range parts {
		if found[i], message = b.addPhrases(part); message != "" {
			return message, true
		}
	}
	if len(parts) > 1 {
		b.addGroup(class, found)
		return "", false
	}
	for _, n := range found[0] {
		b.phrases[n].classes = append(b.phrases[n].classes, class)
	}
	return b.weakness(text, found[0][0]), false
}

func isPlus(c rune) bool { return c == '+' || c == '＋' }

func (b *keywordBuilder) addGroup(class int32, parts [][]int32) {
	for bit, spellings := range parts {
		for _, n := range spellings {
			b.phrases[n].groups = append(b.phrases[n].groups, part{int32(len(b.groups)), int32(bit)})
		}
	}
	b.groups = append(b.groups, group{class: class, all: 1<<len(parts) - 1})
}

// addPhrases returns the indexes of the forms a phrase can have in an utterance:
// more than one when it is a number up to ten, which beside others is a
// character.
func (b *keywordBuilder) addPhrases(text string) (found []int32, message string) {
	var r reading
	r.read(text)
	switch {
	case len(r.tokens) == 0:
		return nil, fmt.Sprintf("the keyword %q holds no letter or digit; write the word to listen for, or remove it", text)
	case len(r.tokens) > maxKeyword:
		return nil, fmt.Sprintf("the keyword %.30q… is longer than %d words; make it an example instead", text, maxKeyword)
	}
	found = append(found, b.addPhrase(&r))
	if len(r.tokens) > 1 || !isDigit(r.text[0]) || !upToTen(r.text) {
		return found, ""
	}
	value := r.numeralAt(0).value
	found = append(found, b.addCharacter(hanDigit(value, false, 0)))
	if value == 2 {
		found = append(found, b.addCharacter('两'))
	}
	return found, ""
}

func (b *keywordBuilder) addCharacter(c rune) int32 {
	var r reading
	r.fold(string(c))
	return b.addPhrase(&r)
}

// addPhrase returns the index of the phrase r has read, which may be known
// already.
func (b *keywordBuilder) addPhrase(r *reading) int32 {
	key := string(r.appendKey(nil))
	if n, ok := b.index[key]; ok {
		return n
	}
	n := int32(len(b.phrases))
	b.index[key] = n
	p := phrase{text: string(r.text), tokens: r.tokens, twin: noPhrase}
	if first, err := b.trie.Get(r.text); err == nil {
		p.twin, b.phrases[first].twin = b.phrases[first].twin, n
	} else if err := b.trie.Insert(r.text, int(n)); err != nil {
		// The trie takes any key and every value that fits an int32.
		panic(fmt.Sprintf("nlu: keyword %q: %v", r.text, err))
	}
	b.phrases = append(b.phrases, p)
	return n
}

// weakness warns of a keyword that says too little, "" when it is fine.
func (b *keywordBuilder) weakness(text string, n int32) string {
	if p := &b.phrases[n]; len(p.tokens) > 1 || !p.tokens[0].han {
		return ""
	}
	return fmt.Sprintf("the keyword %q is a single character, which has other uses too; write a longer word, or join another to it with +", text)
}
