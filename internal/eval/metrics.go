package eval

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// A Share is a fraction of 1. It is NaN, and null in JSON, when there is
// nothing it could be a share of.
type Share float64

// Known reports whether the share is a number.
func (s Share) Known() bool { return !math.IsNaN(float64(s)) }

// MarshalJSON writes the share with at most six digits after the point.
func (s Share) MarshalJSON() ([]byte, error) {
	if !s.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(s)*1e6) / 1e6)
}

// String writes the share in per cent, with one digit after the point.
func (s Share) String() string {
	if !s.Known() {
		return "unknown"
	}
	return strconv.FormatFloat(100*float64(s), 'f', 1, 64) + " %"
}

func share(part, whole int) Share { return Share(float64(part) / float64(whole)) }

// Figures are what can be said of all judgements in one number each.
type Figures struct {
	// Accuracy is the share of the rows in scope whose best class is their
	// intent, whatever its score.
	Accuracy Share `json:"accuracy"`
	// AccuracyWithRejection is the same, but a row whose best score is under
	// the threshold is wrong.
	AccuracyWithRejection Share `json:"accuracy_with_rejection"`
	// OOSRecall is the share of the rows out of scope whose best score is under
	// the threshold. Null without such rows.
	OOSRecall Share `json:"oos_recall"`
	// MacroF1 is the mean F1 of the intents that have rows in scope, nothing
	// rejected.
	MacroF1 Share `json:"macro_f1"`
	// AUROC is the chance that a row in scope has a higher best score than one
	// out of scope, equal scores counting half. Null when one of the two is
	// missing.
	AUROC Share `json:"auroc"`
}

// Measure takes the figures of judgements. Threshold is the lowest score that
// is not rejected.
func Measure(judgements []Judgement, threshold float64) Figures {
	var inside, right, accepted, outside, rejected int
	for i := range judgements {
		j := &judgements[i]
		passes := float64(j.Score) >= threshold
		switch {
		case !j.inScope():
			outside++
			rejected += count(!passes)
		default:
			inside++
			right += count(j.right())
			accepted += count(j.right() && passes)
		}
	}
	return Figures{
		Accuracy:              share(right, inside),
		AccuracyWithRejection: share(accepted, inside),
		OOSRecall:             share(rejected, outside),
		MacroF1:               macroF1(PerIntent(judgements, threshold)),
		AUROC:                 auroc(judgements),
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// An IntentFigure says how one intent fared among the rows in scope.
type IntentFigure struct {
	Intent    string `json:"intent"`
	Rows      int    `json:"rows"`      // That mean it.
	Precision Share  `json:"precision"` // Null when nothing was taken for it.
	Recall    Share  `json:"recall"`
	F1        Share  `json:"f1"`
	Rejected  int    `json:"rejected"` // Of Rows, those under the threshold.
}

// PerIntent returns the figures of each intent that has rows, by name. But for
// Rejected nothing is rejected.
func PerIntent(judgements []Judgement, threshold float64) []IntentFigure {
	type tally struct{ rows, right, taken, rejected int }
	tallies := make(map[string]*tally)
	of := func(intent string) *tally {
		if tallies[intent] == nil {
			tallies[intent] = &tally{}
		}
		return tallies[intent]
	}
	for i := range judgements {
		if j := &judgements[i]; j.inScope() {
			of(j.Best).taken++
			own := of(j.Intent)
			own.rows++
			own.right += count(j.right())
			own.rejected += count(float64(j.Score) < threshold)
		}
	}
	var figures []IntentFigure
	for intent, t := range tallies {
		if t.rows == 0 {
			continue
		}
		figures = append(figures, IntentFigure{
			Intent: intent, Rows: t.rows, Rejected: t.rejected,
			Precision: share(t.right, t.taken), Recall: share(t.right, t.rows), F1: share(2*t.right, t.rows+t.taken),
		})
	}
	slices.SortFunc(figures, func(a, b IntentFigure) int { return cmp.Compare(a.Intent, b.Intent) })
	return figures
}

func macroF1(figures []IntentFigure) Share {
	sum := 0.0
	for _, f := range figures {
		sum += float64(f.F1)
	}
	return Share(sum / float64(len(figures)))
}

// auroc counts, in the order of the scores, for each row out of scope the rows
// in scope above it (Mann and Whitney's U).
func auroc(judgements []Judgement) Share {
	ordered := slices.SortedFunc(slices.Values(judgements), func(a, b Judgement) int { return cmp.Compare(b.Score, a.Score) })
	var above, inside, outside, wins float64
	for i := 0; i < len(ordered); {
		var in, out float64
		score := ordered[i].Score
		for ; i < len(ordered) && ordered[i].Score == score; i++ {
			if ordered[i].inScope() {
				in++
			} else {
				out++
			}
		}
		wins += out * (above + in/2)
		above += in
		inside += in
		outside += out
	}
	return Share(wins / (inside * outside))
}
