package nlu

// Fillers are the sounds a speaker makes while thinking. They are dropped
// where they carry no meaning, never where they are the answer: a bare 嗯 is
// a yes, and 就是 in 我就是 is the whole reply. What was dropped is set aside:
// it is no word, but it tells how something was said.

// A filler is dropped where it opens a clause of which at least spare tokens
// follow it; at the beginning of the text, what follows is all of the text,
// since punctuation is a guess of the recogniser. A negative spare drops it
// wherever it stands.
type filler struct{ spare int }

const (
	// anywhere marks a sound that means nothing beside other words.
	anywhere = -1
	// never marks a phrase that only looks like a filler.
	never = maxUtterance
)

// sounds and openings are read only.
var sounds, openings = newSounds(), newOpenings()

func newSounds() *lexicon[filler] {
	l := &lexicon[filler]{across: true}
	for _, sound := range []string{
		"嗯", "啊", "呃", "哦", "噢", "喔", "唔", "诶", "欸", "哎", "唉",
		"um", "umm", "uhm", "uh", "er", "erm", "hm", "hmm", "mm", "ah", "oh",
	} {
		l.add(sound, filler{anywhere})
	}
	// These are a yes and a no made of such sounds.
	for _, answer := range []string{"uh huh", "uh uh", "nuh uh", "mm hm", "mm hmm", "mm mm"} {
		l.add(answer, filler{never})
	}
	return l
}

func newOpenings() *lexicon[filler] {
	l := &lexicon[filler]{across: true}
	// 那个 and 这个 before a single character are its determiner (那个人).
	l.add("那个", filler{2})
	l.add("这个", filler{2})
	// 然后呢 is a question, 然后 alone asks to go on.
	l.add("然后", filler{3})
	// 就是我 and 就是本人 are answers; before a longer clause 就是 is a start.
	l.add("就是", filler{4})
	l.add("就是说", filler{2})
	l.add("怎么说呢", filler{2})
	// You know is a question where it is all, well done is praise, and like
	// that says how.
	l.add("you know", filler{2})
	l.add("i mean", filler{2})
	l.add("well", filler{2})
	l.add("like", filler{3})
	return l
}

// dropFillers removes the fillers from the tokens unless nothing else is left,
// and reports whether it removed any; then the text is to be settled. Openings
// go only once the sounds between them and their clause are gone.
func (r *reading) dropFillers() bool { return r.dropThe(sounds) || r.dropThe(openings) }

func (r *reading) dropThe(fillers *lexicon[filler]) bool {
	kept, opens := 0, false
	for i := 0; i < len(r.tokens); {
		n, drop := 1, false
		if fillers.begins(r.tokens[i].id) {
			n, drop = fillerAt(fillers, r.tokens, i, kept == 0)
		}
		if drop {
			opens = opens || r.tokens[i].opens
			r.setAside(i, i+n)
			i += n
			continue
		}
		if kept < i {
			copy(r.tokens[kept:], r.tokens[i:i+n])
			r.tokens[kept].opens = r.tokens[kept].opens || opens
		}
		kept, i, opens = kept+n, i+n, false
	}
	if kept == 0 || kept == len(r.tokens) {
		return false // Nothing was moved.
	}
	r.tokens = r.tokens[:kept]
	return true
}

// setAside keeps the tokens from one to another, exclusive, as fillers.
func (r *reading) setAside(from, to int) {
	for _, t := range r.tokens[from:to] {
		word := r.text[t.start:t.end]
		t.start = int32(len(r.aside))
		r.aside = append(r.aside, word...)
		t.end = int32(len(r.aside))
		r.fillers = append(r.fillers, t)
	}
}

// fillerAt returns the length of what begins at tokens[i], at least 1, and
// whether it is a filler that may go. At first nothing was said before it.
func fillerAt(fillers *lexicon[filler], tokens []token, i int, first bool) (n int, drop bool) {
	f, n := fillers.longest(tokens[i:])
	switch {
	case n == 0:
		return 1, false
	case f.spare == anywhere:
		return n, true
	case f.spare == never || !tokens[i].opens && !first:
		return n, false
	}
	rest := tokens[i+n:]
	spare := 0
	for spare < len(rest) && (first || !rest[spare].opens) {
		spare++
	}
	// A filler that is a clause of its own before another: 就是，我想问.
	alone := len(rest) > 0 && rest[0].opens
	return n, spare >= f.spare || alone
}

// isSoundedAnswer reports whether tokens begin with a phrase that only looks
// like fillers.
func isSoundedAnswer(tokens []token) bool {
	f, n := sounds.longest(tokens)
	return n > 0 && f.spare == never
}
