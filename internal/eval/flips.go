package eval

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Flip is an utterance that goes over from one intent to another, as it was
// said or after a small change.
type Flip struct {
	Intent   string `json:"intent"`
	Text     string `json:"text"`
	Change   string `json:"change"` // What was done to Text, "" when it flips as it is.
	Changed  string `json:"changed"`
	TakenFor string `json:"taken_for"`
	Score    Score  `json:"score"`     // Of TakenFor, after the change.
	Own      Score  `json:"own_score"` // Of Intent, after the change.
}

// A Pair is two intents that an utterance can be meant for at one place.
type Pair struct {
	A     string `json:"a"`
	B     string `json:"b"`
	Flips []Flip `json:"flips"` // Of A, then of B; those unchanged and those with the widest lead first.
}

const (
	// maxPairs is how many pairs are shown when none is asked for.
	maxPairs = 3
	// maxFlips is how many utterances are shown of each direction of a pair.
	maxFlips = 10
)

// ParsePair finds the two intents in "A,B", at the comma that leaves two names
// which the training has.
func ParsePair(t *Training, pair string) (a, b string, err error) {
	for i, r := range pair {
		if r != ',' && r != '，' {
			continue
		}
		a, b := strings.TrimSpace(pair[:i]), strings.TrimSpace(pair[i+len(string(r)):])
		if t.class(a) < 0 || t.class(b) < 0 || a == b {
			continue
		}
		if !t.meet(t.class(a), t.class(b)) {
			return "", "", fmt.Errorf("%q and %q meet at no node, so nothing can flip between them: name two intents of one node", a, b)
		}
		return a, b, nil
	}
	return "", "", fmt.Errorf("%q does not name two intents: write both names with a comma between them", pair)
}

// MostConfused returns the pairs of intents that meet and were taken for each
// other most often.
func MostConfused(t *Training, judgements []Judgement) [][2]string {
	counts := make(map[[2]string]int)
	for i := range judgements {
		j := &judgements[i]
		a, b := t.class(j.Intent), t.class(j.Best)
		if j.right() || a < 0 || b < 0 || !t.meet(a, b) {
			continue
		}
		counts[[2]string{t.Classes[min(a, b)].Name, t.Classes[max(a, b)].Name}]++
	}
	pairs := make([][2]string, 0, len(counts))
	for pair := range counts {
		pairs = append(pairs, pair)
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	return pairs[:min(len(pairs), maxPairs)]
}

// FlipsBetween returns the judged utterances of two intents that go over to the
// other one, of all changes the one that is taken for it most surely. The
// matcher is the one that judged the utterance, so an example that was held out
// stays so.
func FlipsBetween(a, b string, judgements []Judgement) Pair {
	pair := Pair{A: a, B: b, Flips: []Flip{}}
	for _, direction := range [2][2]string{{a, b}, {b, a}} {
		own, other := direction[0], direction[1]
		flips := make([]Flip, 0)
		seen := make(map[string]bool)
		for i := range judgements {
			j := &judgements[i]
			if j.Intent != own || seen[key(j.Text)] {
				continue
			}
			seen[key(j.Text)] = true
			if flip, ok := j.flip(other); ok {
				flips = append(flips, flip)
			}
		}
		slices.SortStableFunc(flips, func(a, b Flip) int {
			return cmp.Or(cmp.Compare(count(a.Change != ""), count(b.Change != "")), cmp.Compare(b.Score-b.Own, a.Score-a.Own), cmp.Compare(a.Text, b.Text))
		})
		pair.Flips = append(pair.Flips, flips[:min(len(flips), maxFlips)]...)
	}
	return pair
}

// wordForWord is the score of what is an example itself: an utterance that a
// change makes an example of the other intent is taken for it rightly.
const wordForWord = 1

// flip returns how the utterance goes over to another intent: as it is, else by
// the change that makes it surest.
func (j *Judgement) flip(other string) (widest Flip, ok bool) {
	if own, rival := j.by.compare(j.Text, j.Intent, other); rival >= j.by.threshold && rival > own {
		return Flip{j.Intent, j.Text, "", j.Text, other, Score(rival), Score(own)}, true
	}
	lead := 0.0
	for _, v := range variants(j.Text) {
		own, rival := j.by.compare(v.text, j.Intent, other)
		if rival < j.by.threshold || rival == wordForWord || rival-own <= lead {
			continue
		}
		lead, ok = rival-own, true
		widest = Flip{j.Intent, j.Text, v.change, v.text, other, Score(rival), Score(own)}
	}
	return widest, ok
}

// compare returns the scores of two classes.
func (j *judge) compare(text, a, b string) (scoreA, scoreB float64) {
	j.model.Score(text, j.scores)
	for i, score := range j.scores {
		switch j.names[i] {
		case a:
			scoreA = max(scoreA, score)
		case b:
			scoreB = max(scoreB, score)
		}
	}
	return scoreA, scoreB
}
