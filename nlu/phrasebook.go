package nlu

// denied stands in a phrase key before each token inside a negation. It is no
// letter, so no utterance holds it.
const denied = 0x01

// A phrasebook knows the authors' phrases word for word. Read only.
type phrasebook map[string][]int32

func newPhrasebook(c *corpus) phrasebook {
	book := make(phrasebook, len(c.examples))
	for i := range c.examples {
		e := &c.examples[i]
		for _, key := range e.keys {
			book[key] = append(book[key], int32(e.class))
		}
	}
	return book
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
