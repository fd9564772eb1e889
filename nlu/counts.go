package nlu

import "math"

// A support vector machine learns from what is hard to tell apart, and of a
// class of ten phrases nearly everything is learned from chance. Counting is the
// other way: how much oftener than all others does a class say a word? The two
// err in different places, so their sum errs less. Both are weights by row, and the
// sum is one table: what counting adds costs a match nothing.
//
// The weight of a feature that a class has is, in naive Bayes, the logarithm of
// how much oftener; here smoothed, so that it is 0 for what the class never
// says, whose absence is no news in so few phrases.

const (
	// countsWeight is what a unit of the logarithm counts in margin. From 0.02 to
	// 0.05 nearly all sets gain, and large ones with noise in their labels most.
	countsWeight = 0.03
	// countsSmoothing is the share, of how often all say a feature, that every
	// class is taken to say it at least. From 0.03 to 0.1 it measured alike.
	countsSmoothing = 0.1
)

// counts holds how much of each row there is: the sum of its values over the
// examples, a title counting as it does for its cost.
type counts struct {
	*problem
	all   tallied
	own   tallied // of the class at hand
	held  tallied // of the examples of it that are held out
	value []float32
}

// tallied is a sum by row, and the sum of all rows.
type tallied struct {
	by   []float32
	sum  float32
	rows []int32 // those that are not 0, but of counts.all
}

func newCounts(p *problem) *counts {
	c := &counts{problem: p, value: make([]float32, p.width)}
	for _, t := range []*tallied{&c.all, &c.own, &c.held} {
		t.by = make([]float32, p.width)
	}
	for i := range p.class {
		c.tally(&c.all, int32(i))
	}
	return c
}

func (t *tallied) reset() {
	for _, row := range t.rows {
		t.by[row] = 0
	}
	t.sum, t.rows = 0, t.rows[:0]
}

// tally adds example i.
func (c *counts) tally(t *tallied, i int32) {
	rows, values := c.vector(i)
	share := c.cost[i] / cost
	for k, row := range rows {
		if t.by[row] == 0 {
			t.rows = append(t.rows, row)
		}
		t.by[row] += values[k] * share
		t.sum += values[k] * share
	}
}

// count counts the examples of a class and sets value, the weights by row.
func (c *counts) count(own []int32) {
	for _, row := range c.own.rows {
		c.value[row] = 0
	}
	c.own.reset()
	for _, i := range own {
		c.tally(&c.own, i)
	}
	for _, row := range c.own.rows {
		c.value[row] = c.weight(row)
	}
}

// weight is the weight of a row for the class at hand without what is held out.
func (c *counts) weight(row int32) float32 {
	own, all := c.own.by[row]-c.held.by[row], c.all.by[row]-c.held.by[row]
	if own <= 0 {
		return 0
	}
	oftener := float64(own/(c.own.sum-c.held.sum)) / float64(all/(c.all.sum-c.held.sum))
	return countsWeight * float32(math.Log1p(oftener/countsSmoothing))
}

// margin is what counting adds to the margin of example i.
func (c *counts) margin(i int32) float32 {
	sum := float32(0)
	rows, values := c.vector(i)
	for k, row := range rows {
		sum += c.value[row] * values[k]
	}
	return sum
}

// addHeldOut adds it to the margins of held examples of the class, as it would
// be had they not been counted.
func (c *counts) addHeldOut(held []int32, margins []float32) {
	for _, i := range held {
		c.tally(&c.held, i)
	}
	for _, i := range held {
		rows, values := c.vector(i)
		for k, row := range rows {
			margins[i] += c.weight(row) * values[k]
		}
	}
	c.held.reset()
}
