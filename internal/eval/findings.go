package eval

import (
	"cmp"
	"slices"
)

// A Finding is an example of a script that its author should look at.
type Finding struct {
	Kind     FindingKind `json:"kind"`
	Intent   string      `json:"intent"`
	Text     string      `json:"text"`
	TakenFor string      `json:"taken_for"` // The other intent.
	Score    Score       `json:"score"`     // Of TakenFor, the example held out.
	Own      Score       `json:"own_score"` // Of Intent, the example held out.
	// Near is the example of TakenFor that is most like the text, "" when none
	// shares anything with it.
	Near string `json:"near"`
}

// FindingKind is what is wrong with an example.
type FindingKind string

// The kinds, gravest first.
const (
	// SameWords: another intent that it meets has the example word for word.
	SameWords FindingKind = "same words"
	// Contradicts: held out it is taken for another intent, and that intent has
	// the example that is most like it.
	Contradicts FindingKind = "contradicts"
	// Elsewhere: held out it is taken for another intent with a clear lead,
	// although no example there is most like it.
	Elsewhere FindingKind = "belongs elsewhere"
)

// advice says what to do about the examples of a kind.
func (k FindingKind) advice() string {
	switch k {
	case SameWords:
		return "two intents that meet have the same words; keep them in one"
	case Contradicts:
		return "another intent has the example most like it; make the two differ, or move one"
	}
	return "another intent is clearly ahead; move it, or write more examples like it"
}

// closest is from what similarity on two examples can contradict each other:
// they have as much in common as not.
const closest = 0.5

// Findings returns what a cross-validation of the training shows of its
// examples, the gravest kind first and the widest lead first.
func Findings(t *Training, judgements []Judgement) []Finding {
	shelf := newShelf(t)
	findings := make([]Finding, 0)
	for i := range judgements {
		j := &judgements[i]
		if !j.inScope() {
			continue
		}
		words := key(j.Text)
		if shelf.shared(words) {
			if other, text := shelf.sameWords(t, words, j.Intent); other != "" {
				findings = append(findings, Finding{SameWords, j.Intent, j.Text, other, j.Score, j.Own, text})
			}
			continue
		}
		if j.right() || j.Best == "" || shelf.lonely(j.Intent, words) {
			continue
		}
		kind, leads := Elsewhere, float64(j.Score-j.Own) >= t.Margin && float64(j.Score) >= t.Threshold
		own, _ := shelf.nearest(j.Text, j.Intent)
		other, text := shelf.nearest(j.Text, j.Best)
		if other > own && other >= closest {
			kind = Contradicts
		}
		if kind == Contradicts || leads {
			findings = append(findings, Finding{kind, j.Intent, j.Text, j.Best, j.Score, j.Own, text})
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind.rank(), b.Kind.rank()), cmp.Compare(b.Score-b.Own, a.Score-a.Own), cmp.Compare(a.Text, b.Text))
	})
	return findings
}

func (k FindingKind) rank() int {
	return slices.Index([]FindingKind{SameWords, Contradicts, Elsewhere}, k)
}

// A shelf holds the examples by intent, ready to be compared.
type shelf struct {
	byIntent map[string][]example
	byWords  map[string][]example
}

type example struct {
	intent, text, words string
	parts               []uint64 // Pieces and pairs of them, as numbers, ascending.
}

func newShelf(t *Training) *shelf {
	s := &shelf{byIntent: make(map[string][]example), byWords: make(map[string][]example)}
	for i := range t.Classes {
		for _, text := range t.Classes[i].Examples {
			e := example{intent: t.Classes[i].Name, text: text, words: key(text), parts: parts(text)}
			s.byIntent[e.intent] = append(s.byIntent[e.intent], e)
			s.byWords[e.words] = append(s.byWords[e.words], e)
		}
	}
	return s
}

// shared reports whether several intents have the words. What one of them is
// taken for, held out, tells nothing: where they do not meet both are right.
func (s *shelf) shared(words string) bool {
	have := s.byWords[words]
	return slices.ContainsFunc(have, func(e example) bool { return e.intent != have[0].intent })
}

// sameWords returns the next intent that has the words and meets this one, and
// its example, "" when there is none.
func (s *shelf) sameWords(t *Training, words, intent string) (other, text string) {
	own := t.class(intent)
	for _, e := range s.byWords[words] {
		if class := t.class(e.intent); class > own && t.meet(own, class) {
			return e.intent, e.text
		}
	}
	return "", ""
}

// lonely reports whether the intent has no other example: what is taken for
// another intent only because nothing was learned of its own tells nothing.
func (s *shelf) lonely(intent, words string) bool {
	return !slices.ContainsFunc(s.byIntent[intent], func(e example) bool { return e.words != words })
}

// nearest returns the example of an intent that is most like the text, without
// the text itself, and how like it is, in [0, 1].
func (s *shelf) nearest(text, intent string) (similarity float64, nearest string) {
	own, words := parts(text), key(text)
	for _, e := range s.byIntent[intent] {
		if alike := dice(own, e.parts); alike > similarity && e.words != words {
			similarity, nearest = alike, e.text
		}
	}
	return similarity, nearest
}

// parts numbers the pieces of a text and the pairs of them.
func parts(text string) []uint64 {
	said := pieces(text)
	numbers := make([]uint64, 0, 2*len(said))
	for i, piece := range said {
		numbers = append(numbers, draw(0, piece))
		if i > 0 {
			numbers = append(numbers, draw(0, said[i-1], piece))
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// dice is the share of the parts of two texts that they have in common.
func dice(a, b []uint64) float64 {
	common, all := 0, len(a)+len(b)
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			a, b = a[1:], b[1:]
			common++
		}
	}
	if common == 0 {
		return 0
	}
	return 2 * float64(common) / float64(all)
}
