package nlu

// The scale of scores, in one place:
//
//	1            the utterance is, word for word, one of the class's examples
//	0.95         so it is but for its fillers, with which it is another class's, or
//	             more often another class's
//	0.85..0.89   it holds one of the class's keywords; the more similar to the
//	             examples, the higher. So an exact phrase leads a keyword by
//	             more than the default margin of 0.1
//	0..0.84      similarity to the examples; 0.5 is the calibrated threshold
//	0            a class without examples and keywords, a text without words
//
// Similarity is the margin m of the class's linear classifier, moved and
// squeezed. With the calibrated threshold t and d = |m-t|,
//
//	0.5/(1 + 2d + 2d²)      for m <= t
//	0.5 + 0.34·d/(d+0.4)    for m > t
//
// which rises with m everywhere, so that of two classes under the threshold
// the likelier has the higher score too, is 0.5 at the threshold, and near it
// makes a tenth of a score of about a tenth of a margin. A text that shares
// nothing with any example has 0.
const (
	scoreExact   = 1.0
	scoreAlike   = 0.95
	scoreKeyword = 0.85
	keywordRange = 0.04
	similarTop   = 0.84
	softness     = 0.4
)

// Threshold is the score from which an utterance means a class: the calibrated
// rejection threshold of every model, whatever its examples.
const Threshold = 0.5

// A scale turns margins into similarities.
type scale struct{ threshold float32 }

func (s scale) similarity(margin float32) float64 {
	if over := margin - s.threshold; over > 0 {
		return float64(Threshold + (similarTop-Threshold)*over/(over+softness))
	}
	under := s.threshold - margin
	return float64(Threshold / (1 + 2*under + 2*under*under))
}

// keywordScore is the score of a keyword hit whose class has the similarity.
func keywordScore(similarity float64) float64 {
	return scoreKeyword + keywordRange*similarity/similarTop
}
