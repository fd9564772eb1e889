package nlu

import "math"

// The linear model is one-vs-rest: for each class a linear support vector
// machine with squared hinge loss, trained by dual coordinate descent (Hsieh
// et al., ICML 2008): each example in turn moves its own dual variable to
// where its margin wants it, until none wants to move.

const (
	// cost weighs a missed margin against a long weight vector.
	cost = 1.0
	// maxPasses bounds the visits to each example.
	maxPasses = 30
	// tolerance is how far from its best place a dual variable may stay.
	tolerance = 0.05
	// bias is the margin of a text that shares nothing with a class. It is
	// given, not learned: so it means the same in a script of one intent and
	// in one of two thousand, and a stranger is rejected in both.
	bias = -1.0
	// seed begins the order in which examples are visited.
	seed = 0x7a6c6b67
)

// A problem is the examples of a corpus that one training may see.
type problem struct {
	examples []example
	squares  []float64 // squared length of each vector
	rows     int
	passes   int
}

// solver holds the working space of one class after another.
type solver struct {
	problem
	weights []float64 // by row
	alpha   []float64
	order   []int32
}

func newSolver(p problem) *solver {
	return &solver{problem: p, weights: make([]float64, p.rows), alpha: make([]float64, len(p.examples))}
}

// train fits the weights of one class to the members: the indexes of the
// examples it may see. It reports whether the class has an example there. The
// weights must have been drained.
func (s *solver) train(class int, members []int32) bool {
	s.order = append(s.order[:0], members...)
	positives := 0
	for _, i := range members {
		s.alpha[i] = 0
		if s.examples[i].class == class {
			positives++
		}
	}
	if positives == 0 {
		return false
	}
	weight := 1.0
	if negatives := len(members) - positives; negatives > 0 {
		weight = math.Max(1, math.Sqrt(float64(negatives)/float64(positives)))
	}
	random := generator(seed)
	active := len(s.order)
	for pass := range s.passes {
		random.shuffle(s.order[:active])
		moved, left := s.pass(class, weight, active, pass > 0)
		settled, all := moved < tolerance, active == len(s.order)
		if settled && all {
			break
		}
		active = left
		if settled {
			active = len(s.order) // Ask the sleepers once more.
		}
	}
	return true
}

// pass visits the first active examples of order once. It returns the largest
// gradient seen and how many examples stay active: with shrink, those on
// the right side of the margin are put to sleep behind them.
func (s *solver) pass(class int, weight float64, active int, shrink bool) (moved float64, left int) {
	for k := 0; k < active; k++ {
		i := s.order[k]
		y, c := -1.0, cost
		if s.examples[i].class == class {
			y, c = 1, cost*weight
		}
		diagonal := 1 / (2 * c)
		alpha := s.alpha[i]
		gradient := y*s.margin(s.examples[i].vector) - 1 + diagonal*alpha
		if alpha == 0 && gradient >= 0 {
			if shrink {
				active--
				s.order[k], s.order[active] = s.order[active], s.order[k]
				k--
			}
			continue
		}
		moved = math.Max(moved, math.Abs(gradient))
		next := math.Max(0, alpha-gradient/(s.squares[i]+diagonal))
		s.alpha[i] = next
		s.move(s.examples[i].vector, (next-alpha)*y)
	}
	return moved, active
}

// drain hands over each weight that is not 0 and leaves all weights 0. Only
// examples that moved can have left one, so a large vocabulary costs nothing.
func (s *solver) drain(take func(row int32, weight float64)) {
	for _, i := range s.order {
		if s.alpha[i] == 0 {
			continue
		}
		for _, e := range s.examples[i].vector {
			if weight := s.weights[e.row]; weight != 0 {
				take(e.row, weight)
				s.weights[e.row] = 0
			}
		}
	}
}

func (s *solver) margin(vector []entry) float64 {
	sum := bias
	for _, e := range vector {
		sum += s.weights[e.row] * float64(e.value)
	}
	return sum
}

func (s *solver) move(vector []entry, by float64) {
	if by == 0 {
		return
	}
	for _, e := range vector {
		s.weights[e.row] += by * float64(e.value)
	}
}

// generator is a splitmix64: a sequence fixed by its seed, so that the same
// examples always give the same model.
type generator uint64

func (g *generator) next() uint64 {
	*g += 0x9e3779b97f4a7c15
	z := uint64(*g)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (g *generator) shuffle(s []int32) {
	for i := len(s) - 1; i > 0; i-- {
		j := int(g.next() % uint64(i+1))
		s[i], s[j] = s[j], s[i]
	}
}
