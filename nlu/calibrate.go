package nlu

import "slices"

// The threshold comes from the author's own examples: each is judged by models
// that have not seen it, and the threshold is set so that FalseReject of them
// fall under it. What counts is the best margin of all classes, as it does when
// a caller is judged: an example that is taken for another class is wrong,
// but not rejected.
//
// A class's model without a seventh of its examples is found from its model with
// them: they are taken out of the weights, and the class's other examples and
// the strangers that bear on the margin are visited again. The strangers that
// do not cannot have moved onto it: what was taken out only ever raised the
// margins that they must stay below.
//
// What another class's model would say of an example, had it not learned to
// refuse it, is estimated: it is the margin it has, which its dual variable
// tells, and half of what that variable added to it. All of it would be right
// if nothing else took its place, nothing if another example said the same.
//
// What counting adds to a margin is counted without the held-out examples too.

const (
	// folds is how many parts the examples of a class are cut into.
	folds = 7
	// foldPasses bounds the visits in a fold: a threshold needs less precision
	// than the weights.
	foldPasses = 2
	// lowest bounds the threshold: a text must come two fifths of the way from the
	// -1 of one that shares nothing with a class to the 1 of a learned example.
	// Examples that are unlike each other, as few examples are, would otherwise let
	// anything pass that shares a common word with one. From -0.3 to 0 it trades
	// callers for strangers: of 100 with ten examples a class it takes in 3 more
	// callers at -0.2 than at 0, and 1 more stranger in 9.
	lowest = -0.2
	// highest bounds it from the other side: three fifths of the way are always enough.
	highest = 0.2
	// fewest is how many judged examples make a quantile. A script with fewer
	// has the unmeasured threshold, lower than any: it must make the most of what it
	// was given.
	fewest     = 20
	unmeasured = -0.35
)

// A jury collects the margins of held-out examples.
type jury struct {
	counts  *counts
	own     []float32 // by example: for its own class, 0 when not judged
	judged  []bool
	others  []float32 // by example: the best of the other classes
	weights []float32 // what the solver held before a fold
	bearing []int32   // examples to visit again
	alpha   []float32 // theirs, before a fold
	held    []int32
}

func newJury(examples int, counts *counts) *jury {
	j := &jury{counts: counts, own: make([]float32, examples), judged: make([]bool, examples), others: make([]float32, examples)}
	for i := range j.others {
		j.others[i] = bias
	}
	return j
}

// hear judges the examples of the class that s has just been trained on and that
// was counted, own of them, and leaves the solver as it was.
func (j *jury) hear(s *solver, c *corpus, own []int32) {
	j.overhear(s)
	j.weights = append(j.weights[:0], s.weights...)
	j.bearing, j.alpha = j.bearing[:0], j.alpha[:0]
	for _, i := range s.order {
		if s.alpha[i] > 0 || s.problem.class[i] == s.class {
			j.bearing = append(j.bearing, i)
		}
	}
	slices.Sort(j.bearing)
	for _, i := range j.bearing {
		j.alpha = append(j.alpha, s.alpha[i])
	}
	learned, order := s.bias, s.order
	for fold := range folds {
		j.held = j.held[:0]
		others := 0
		for _, i := range own {
			switch e := &c.examples[i]; {
			case e.title:
			case e.fold == fold:
				j.held = append(j.held, i)
			default:
				others++
			}
		}
		if len(j.held) == 0 || others == 0 {
			break
		}
		j.judge(s)
		copy(s.weights, j.weights)
		s.bias = learned
		for i, example := range j.bearing {
			s.alpha[example] = j.alpha[i]
		}
	}
	s.order = order
}

// judge notes the margins of the held examples once they are forgotten.
func (j *jury) judge(s *solver) {
	for _, i := range j.held {
		s.move(i, -s.alpha[i])
		s.alpha[i] = 0
	}
	s.order = slices.DeleteFunc(slices.Clone(j.bearing), func(i int32) bool { return slices.Contains(j.held, i) })
	s.descend(foldPasses)
	for _, i := range j.held {
		j.own[i], j.judged[i] = s.margin(i), true
	}
	j.counts.addHeldOut(j.held, j.own)
}

// overhear notes what the class thinks of the examples of others that it had to
// learn to refuse.
func (j *jury) overhear(s *solver) {
	for _, i := range s.order {
		if s.alpha[i] == 0 || s.problem.class[i] == s.class || int(i) >= len(j.others) {
			continue
		}
		has := -1 + s.alpha[i]/(2*s.cost[i])
		j.others[i] = max(j.others[i], has+s.alpha[i]*s.squares[i]/2+j.counts.margin(i))
	}
}

// scale is the scale that rejects a share of the judged examples.
func (j *jury) scale(falseReject float64) scale {
	var best []float32
	for i, own := range j.own {
		if j.judged[i] {
			best = append(best, max(own, j.others[i]))
		}
	}
	if len(best) < fewest {
		return scale{threshold: unmeasured}
	}
	slices.Sort(best)
	quantile := best[int(falseReject*float64(len(best)))]
	return scale{threshold: min(max(quantile, lowest), highest)}
}
