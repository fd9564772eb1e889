package eval

import (
	"cmp"
	"slices"
)

// A Confusion is an intent that was taken for another, or something out of
// scope that was taken for an intent.
type Confusion struct {
	Intent   string  `json:"intent"`    // OutOfScope for what means none.
	TakenFor string  `json:"taken_for"` // "" for nothing at all.
	Count    int     `json:"count"`
	Samples  []Heard `json:"samples"` // The surest mistakes, best score first.
}

// Heard is an utterance and the score with which it was taken for something.
type Heard struct {
	Text  string `json:"text"`
	Score Score  `json:"score"`
}

// maxSamples is how many utterances stand for a confusion.
const maxSamples = 5

// Confusions returns the most frequent mistakes, at most n. In scope nothing is
// rejected; out of scope a mistake is what is not rejected.
func Confusions(judgements []Judgement, threshold float64, n int) []Confusion {
	type pair struct{ intent, takenFor string }
	heard := make(map[pair][]Heard)
	for i := range judgements {
		j := &judgements[i]
		if j.right() || !j.inScope() && float64(j.Score) < threshold {
			continue
		}
		p := pair{j.Intent, j.Best}
		heard[p] = append(heard[p], Heard{j.Text, j.Score})
	}
	confusions := make([]Confusion, 0, len(heard))
	for p, samples := range heard {
		slices.SortFunc(samples, func(a, b Heard) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Text, b.Text))
		})
		confusions = append(confusions, Confusion{p.intent, p.takenFor, len(samples), samples[:min(len(samples), maxSamples)]})
	}
	slices.SortFunc(confusions, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(b.Samples[0].Score, a.Samples[0].Score),
			cmp.Compare(a.Intent, b.Intent), cmp.Compare(a.TakenFor, b.TakenFor))
	})
	return confusions[:min(len(confusions), n)]
}
