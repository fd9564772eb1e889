package nlu

import "slices"

// The threshold comes from the author's own examples: each is judged by a
// model that has not seen it, and the threshold is set so that FalseReject of
// them fall under it.

const (
	// lowest and highest bound the threshold, between the -1 of a text that
	// shares nothing with a class and the 1 of a learned example. Under lowest,
	// a text that shares a common character with an example would pass; over
	// highest, close paraphrases would not.
	lowest  = -0.55
	highest = 0.0
	// fewest is how many judged examples make a quantile. A script with fewer
	// has the lowest threshold: it must make the most of what it was given.
	fewest = 20
)

// calibrate finds the scale of a corpus.
func calibrate(p *plan, falseReject float64) scale {
	judged := heldOutMargins(p)
	if len(judged) < fewest {
		return scale{threshold: lowest}
	}
	slices.Sort(judged)
	quantile := judged[int(falseReject*float64(len(judged)))]
	return scale{threshold: min(max(float32(quantile), lowest), highest)}
}

// heldOutMargins returns the margin of each example for its own class under a
// model trained without the example's fold.
func heldOutMargins(p *plan) []float64 {
	s := newSolver(p.problem(foldPasses))
	var margins []float64
	for fold := range p.folds {
		for _, class := range p.order {
			if len(p.own[class]) < 2 || !s.train(class, p.members(class, fold)) {
				continue
			}
			for _, i := range p.own[class] {
				if e := &p.corpus.examples[i]; e.fold == fold {
					margins = append(margins, s.margin(e.vector))
				}
			}
			s.drain(func(int32, float64) {})
		}
	}
	return margins
}
