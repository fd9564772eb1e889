package nlu

import "slices"

// denied stands in a phrase key before each token inside a negation. It is no
// letter, so no utterance holds it.
const denied = 0x01

// A phrasebook knows the authors' phrases word for word. Read only.
type phrasebook struct {
	classes map[string][]int32 // by phrase key
	// said tells apart the classes that share a key: 好的 and 哦，好的 are one
	// phrase, but where an intent has the one and another intent the other, each
	// has its own. It has the phrases of such keys with their fillers.
	said map[string][]int32
}

func newPhrasebook(c *corpus) phrasebook {
	book := phrasebook{classes: make(map[string][]int32, len(c.examples)), said: map[string][]int32{}}
	for i := range c.examples {
		e := &c.examples[i]
		for _, key := range e.keys {
			book.classes[key] = append(book.classes[key], int32(e.class))
		}
	}
	for i := range c.examples {
		e := &c.examples[i]
		if shared := book.classes[e.keys[0]]; !e.title && slices.ContainsFunc(shared, func(class int32) bool { return class != shared[0] }) {
			book.said[e.said] = append(book.said[e.said], int32(e.class))
		}
	}
	return book
}

// scorePhrases gives the classes of which the utterance is a phrase their
// score. Of several, those that have it with its fillers come first, or else
// those that have it most often with others. No other class has a say in it.
func (m *Model) scorePhrases(r *reading, text string) {
	classes := m.exact.classes[string(r.phraseKey())]
	for _, class := range classes {
		r.match.win(int(class), Exact, scoreExact)
	}
	if len(classes) < 2 {
		return
	}
	bare := m.pool.Get().(*reading)
	bare.fold(text)
	own := m.exact.said[string(bare.text)]
	m.pool.Put(bare)
	most := 1
	if len(own) == 0 {
		own = classes
		for _, class := range own {
			most = max(most, times(own, class))
		}
	}
	for _, class := range classes {
		if times(own, class) < most {
			r.match.win(int(class), Exact, scoreAlike)
		}
	}
}

// times returns how often class is listed.
func times(list []int32, class int32) int {
	n := 0
	for _, c := range list {
		if c == class {
			n++
		}
	}
	return n
}

// phraseKeys returns the keys of the phrase r has read: as written, and as a
// recogniser that hears no punctuation would write it. So 不是打错了 answers to
// an author's 不是，打错了, but 不，是我 does not to 不是我.
func phraseKeys(r *reading) []string {
	keys := []string{string(r.appendKey(nil))}
	for i := 1; i < len(r.tokens); i++ {
		if !r.tokens[i].opens {
			continue
		}
		var bare reading
		bare.read(string(r.text))
		if key := string(bare.appendKey(nil)); key != keys[0] {
			keys = append(keys, key)
		}
		break
	}
	return keys
}

// phraseKey returns the key of the utterance, valid until the next reading. It
// is the normalised text itself when nothing is denied.
func (r *reading) phraseKey() []byte {
	if !r.denies() {
		return r.text
	}
	r.key = r.appendKey(r.key[:0])
	return r.key
}

// denies reports whether any token is denied.
func (r *reading) denies() bool {
	for i := range r.tokens {
		if r.tokens[i].negated {
			return true
		}
	}
	return false
}

// appendKey appends the normalised text with its polarity.
func (r *reading) appendKey(dst []byte) []byte {
	for i := range r.tokens {
		t := &r.tokens[i]
		if i > 0 && !t.han && !r.tokens[i-1].han {
			dst = append(dst, ' ')
		}
		if t.negated {
			dst = append(dst, denied)
		}
		dst = append(dst, r.text[t.start:t.end]...)
	}
	return dst
}
