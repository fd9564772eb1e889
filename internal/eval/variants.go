package eval

import "slices"

// A variant is a text with a small change.
type variant struct{ text, change string }

// maxVaried is how many pieces of an utterance are varied.
const maxVaried = 30

// variants returns what becomes of a text when one of its pieces is not heard,
// or is heard twice: the commonest slips of a caller and of a recogniser.
func variants(text string) []variant {
	said := pieces(text)
	var all []variant
	for i := range said[:min(len(said), maxVaried)] {
		if len(said) > 1 {
			without := slices.Delete(slices.Clone(said), i, i+1)
			all = append(all, variant{say(without), "without " + said[i]})
		}
		twice := slices.Insert(slices.Clone(said), i, said[i])
		all = append(all, variant{say(twice), said[i] + " twice"})
	}
	return all
}
