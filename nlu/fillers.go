package nlu

import "slices"

// Fillers are the sounds a speaker makes while thinking. They are dropped
// where they carry no meaning, never where they are the answer: a bare 嗯 is
// a yes, and 就是 in 我就是 is the whole reply.

// A filler is dropped where it opens a clause of which at least spare tokens
// follow it. A negative spare drops it wherever it stands.
type filler struct{ spare int }

// anywhere marks a sound that means nothing beside other words.
const anywhere = -1

// fillerWords is read only.
var fillerWords = newFillers()

func newFillers() *lexicon[filler] {
	l := &lexicon[filler]{}
	for _, sound := range []string{"嗯", "啊", "呃", "哦", "噢", "喔", "唔", "诶", "欸", "哎", "唉", "um", "uhm", "er", "erm"} {
		l.add(sound, filler{anywhere})
	}
	// 那个 and 这个 before a single character are its determiner (那个人).
	l.add("那个", filler{2})
	l.add("这个", filler{2})
	// 然后呢 is a question, 然后 alone asks to go on.
	l.add("然后", filler{3})
	// 就是我 and 就是本人 are answers; before a longer clause 就是 is a start.
	l.add("就是", filler{4})
	l.add("就是说", filler{2})
	l.add("怎么说呢", filler{2})
	// Uh-huh is a yes and uh-uh a no, so uh goes only before other words.
	l.add("uh", filler{1})
	l.add("uh huh", filler{never})
	l.add("uh uh", filler{never})
	return l
}

// never marks a phrase that only looks like a filler.
const never = maxUtterance

// dropFillers removes the fillers from the tokens unless nothing else is left.
// It reports whether it removed any; then the text is to be settled.
func (r *reading) dropFillers() bool {
	dropped := 0
	for i := 0; i < len(r.tokens); {
		n := 0
		if fillerWords.begins(r.tokens[i].id) {
			n = droppable(r.tokens, i)
		}
		if n == 0 {
			i++
			continue
		}
		for j := i; j < i+n; j++ {
			r.tokens[j].filler = true
		}
		if i+n < len(r.tokens) && r.tokens[i].opens {
			r.tokens[i+n].opens = true
		}
		dropped += n
		i += n
	}
	if dropped == 0 || dropped == len(r.tokens) {
		return false
	}
	r.tokens = slices.DeleteFunc(r.tokens, func(t token) bool { return t.filler })
	return true
}

// droppable returns the length of the filler at tokens[i] when it may go.
func droppable(tokens []token, i int) int {
	f, n := fillerWords.longest(tokens[i:])
	if n == 0 || f.spare == anywhere {
		return n
	}
	if !tokens[i].opens {
		return 0
	}
	spare := 0
	for j := i + n; j < len(tokens) && !tokens[j].opens; j++ {
		spare++
	}
	// A filler that is a clause of its own before another (就是，我想问).
	alone := spare == 0 && i+n < len(tokens)
	if spare >= f.spare || (alone && f.spare != never) {
		return n
	}
	return 0
}
