package nlu

import "math"

// The linear model is one-vs-rest: for each class a linear support vector
// machine with squared hinge loss, trained by dual coordinate descent (Hsieh
// et al., ICML 2008): each example in turn moves its own dual variable to
// where its margin wants it, until none wants to move.

const (
	// cost weighs a missed margin against a long weight vector. From 0.7 to 1 all
	// sets measured alike, at 0.5 most lost a little.
	cost = 1
	// maxPasses bounds the visits to each example.
	maxPasses = 30
	// tolerance is how far from its best place a dual variable may stay.
	tolerance = 0.1
	// bias is the margin that a text which shares nothing with a class is
	// expected to have. A class whose examples have little in common learns a
	// higher one, but at a price: the rest of the bias is the weight of a
	// feature that every text has, and its value is low. So a stranger is
	// rejected in a script of one intent and in one of two thousand. Values from
	// 0.3 to 1 measured alike in accuracy; 0 costs a point with ten examples a
	// class and up to six in a script of eight.
	bias      = -1.0
	biasValue = 0.3
	// strangers is how many examples of other classes keep a class's bias from
	// rising. What a script does not list is said all the same: where there are
	// fewer, a text that holds no known word stands for the missing ones.
	strangers = 50
	// titleCost is the part of cost that a class's name counts as an example.
	titleCost = 0.5
	// seed begins the order in which examples are visited.
	seed = 0x7a6c6b67
)

// A problem is the examples of a corpus in the form the solver walks: the
// entries of example i are those from starts[i] to starts[i+1].
type problem struct {
	starts  []int32
	rows    []int32
	values  []float32
	class   []int32
	cost    []float32
	squares []float32 // squared length of each vector, bias feature included
	width   int       // number of rows
}

func newProblem(c *corpus) *problem {
	p := &problem{starts: make([]int32, 1, len(c.examples)+1), width: len(c.hashes)}
	for i := range c.examples {
		e := &c.examples[i]
		square, weight := float32(biasValue*biasValue), float32(cost)
		if e.title {
			weight *= titleCost
		}
		for _, f := range e.vector {
			p.rows, p.values = append(p.rows, f.row), append(p.values, f.value)
			square += f.value * f.value
		}
		p.add(e.class, weight, square)
	}
	p.add(nobody, 0, biasValue*biasValue)
	return p
}

// nobody is the class of the stranger, the last example.
const nobody = -1

func (p *problem) add(class int, cost, square float32) {
	p.starts = append(p.starts, int32(len(p.rows)))
	p.class, p.cost, p.squares = append(p.class, int32(class)), append(p.cost, cost), append(p.squares, square)
}

// solver holds the working space of one class after another.
type solver struct {
	*problem
	class    int32
	weights  []float32 // by row
	bias     float32
	alpha    []float32
	order    []int32
	positive float32 // what an example of the class costs more than another
}

func newSolver(p *problem) *solver {
	return &solver{problem: p, weights: make([]float32, p.width), alpha: make([]float32, len(p.class))}
}

// train fits the weights and the bias of one class to the members: the indexes
// of the examples it may see, at least one of them its own.
func (s *solver) train(class int, members []int32) {
	s.class, s.bias = int32(class), bias
	s.order = append(s.order[:0], members...)
	clear(s.weights)
	positives := 0
	for _, i := range members {
		s.alpha[i] = 0
		if s.problem.class[i] == s.class {
			positives++
		}
	}
	negatives := len(members) - positives
	if missing := strangers - negatives; missing > 0 {
		stranger := int32(len(s.cost) - 1)
		s.cost[stranger], s.alpha[stranger] = float32(missing), 0
		s.order = append(s.order, stranger)
	}
	s.positive = max(1, float32(math.Sqrt(float64(negatives)/float64(positives))))
	s.descend(maxPasses)
}

// descend visits the examples of order until they are settled or have been
// visited often enough. Those on the right side of the margin sleep after the
// first visit, and are asked once more when the others are settled.
func (s *solver) descend(passes int) {
	random := generator(seed)
	active := len(s.order)
	for pass := range passes {
		random.shuffle(s.order[:active])
		moved, left := s.pass(active, pass > 0)
		settled, all := moved < tolerance, active == len(s.order)
		if settled && all {
			break
		}
		active = left
		if settled {
			active = len(s.order)
		}
	}
}

// pass visits the first active examples of order once. It returns the largest
// gradient seen and how many examples stay active: with shrink, those on
// the right side of the margin are put to sleep behind them.
func (s *solver) pass(active int, shrink bool) (moved float32, left int) {
	for k := 0; k < active; k++ {
		i := s.order[k]
		y, c := float32(-1), s.cost[i]
		if s.problem.class[i] == s.class {
			y, c = 1, c*s.positive
		}
		diagonal := 1 / (2 * c)
		alpha := s.alpha[i]
		gradient := y*s.margin(i) - 1 + diagonal*alpha
		if alpha == 0 && gradient >= 0 {
			if shrink {
				active--
				s.order[k], s.order[active] = s.order[active], s.order[k]
				k--
			}
			continue
		}
		moved = max(moved, gradient, -gradient)
		next := max(0, alpha-gradient/(s.squares[i]+diagonal))
		s.alpha[i] = next
		s.move(i, (next-alpha)*y)
	}
	return moved, active
}

// margin returns the margin of example i.
func (s *solver) margin(i int32) float32 {
	rows, values := s.vector(i)
	sum := s.bias
	for k, row := range rows {
		sum += s.weights[row] * values[k]
	}
	return sum
}

// move adds a multiple of example i to the weights and the bias.
func (s *solver) move(i int32, by float32) {
	if by == 0 {
		return
	}
	rows, values := s.vector(i)
	for k, row := range rows {
		s.weights[row] += by * values[k]
	}
	s.bias += by * biasValue * biasValue
}

func (p *problem) vector(i int32) (rows []int32, values []float32) {
	from, to := p.starts[i], p.starts[i+1]
	rows, values = p.rows[from:to], p.values[from:to]
	return rows, values[:len(rows)]
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
