package nlu

import (
	"cmp"
	"slices"
)

// linear is the trained classifier in the form it runs in: an open-addressing
// table from feature hash to row, and the weights of each row. Read only.
type linear struct {
	letters int
	unseen  float32
	slots   []slot // a power of two, at most half full
	mask    uint64
	idf     []float32
	mirror  []int32 // by row, see reflect
	weights weights
	trained []bool // the class has examples
	scale   scale
}

type slot struct {
	hash uint64
	row  int32 // row+1, 0 when the slot is empty
}

// denseClasses is the number of classes up to which every row holds a weight
// for every class; above, a row holds its widest weights only.
const (
	denseClasses = 80
	widest       = 16
)

// weights are the weights by row: dense when classes is not 0, else the
// entries of row i are those from starts[i] to starts[i+1].
type weights struct {
	classes int
	dense   []float32
	starts  []int32
	class   []int32
	value   []float32
}

func trainLinear(c *corpus, classes int, falseReject float64) linear {
	l := linear{letters: c.letters, unseen: c.unseen, idf: c.idf, trained: make([]bool, classes)}
	l.index(c.hashes)
	l.reflect(c.mirrors, c.seen)
	plan := newPlan(c, classes)
	l.scale = calibrate(plan, falseReject)
	build := newWeightBuilder(len(c.hashes), classes)
	s := newSolver(plan.problem(maxPasses))
	for _, class := range plan.order {
		if s.train(class, plan.members(class, noFold)) {
			l.trained[class] = true
			s.drain(func(row int32, weight float64) { build.add(int32(class), row, float32(weight)) })
		}
	}
	l.weights = build.weights()
	return l
}

// index fills the hash table.
func (l *linear) index(hashes []uint64) {
	size := 16
	for size < 2*len(hashes) {
		size *= 2
	}
	l.slots, l.mask = make([]slot, size), uint64(size-1)
	for row, h := range hashes {
		i := h & l.mask
		for l.slots[i].row != 0 {
			i = (i + 1) & l.mask
		}
		l.slots[i] = slot{hash: h, row: int32(row + 1)}
	}
}

// row returns the row of a feature, -1 when no example has it.
func (l *linear) row(hash uint64) int32 {
	for i := hash & l.mask; ; i = (i + 1) & l.mask {
		s := &l.slots[i]
		if s.row == 0 || s.hash == hash {
			return s.row - 1
		}
	}
}

// margins sets one margin per class. An unseen feature has no weight, but its
// place in the length: a text that is mostly unknown stays near the bias.
func (l *linear) margins(r *reading, margins []float32) {
	r.features = r.appendFeatures(r.features[:0], l.letters)
	r.rows = r.rows[:0]
	var n norms
	for i := range r.features {
		row := l.row(r.features[i].hash)
		n.add(r.features[i].block, l.weigh(row))
		r.rows = append(r.rows, row)
	}
	scales := n.scales()
	for class := range margins {
		margins[class] = bias
	}
	for i, row := range r.rows {
		if row >= 0 {
			l.weights.addTo(margins, row, l.idf[row]*scales[r.features[i].block])
		}
	}
	l.contradict(r, &scales, margins)
}

// weigh returns the inverse document frequency of a row.
func (l *linear) weigh(row int32) float32 {
	if row < 0 {
		return l.unseen
	}
	return l.idf[row]
}

// addTo adds one row's weights times value.
func (w *weights) addTo(margins []float32, row int32, value float32) {
	if w.classes > 0 {
		dense := w.dense[int(row)*w.classes : (int(row)+1)*w.classes]
		margins = margins[:len(dense)]
		for c, weight := range dense {
			margins[c] += weight * value
		}
		return
	}
	for i := w.starts[row]; i < w.starts[row+1]; i++ {
		margins[w.class[i]] += w.value[i] * value
	}
}

// addPositive adds those of one row's weights that are positive.
func (w *weights) addPositive(sums []float32, row int32, value float32) {
	if w.classes > 0 {
		for c, weight := range w.dense[int(row)*w.classes : (int(row)+1)*w.classes] {
			sums[c] += max(weight, 0) * value
		}
		return
	}
	for i := w.starts[row]; i < w.starts[row+1]; i++ {
		sums[w.class[i]] += max(w.value[i], 0) * value
	}
}

// of returns the weight of one class in a row.
func (w *weights) of(row int32, class int) float32 {
	if w.classes > 0 {
		return w.dense[int(row)*w.classes+class]
	}
	for i := w.starts[row]; i < w.starts[row+1]; i++ {
		if int(w.class[i]) == class {
			return w.value[i]
		}
	}
	return 0
}

// A weightBuilder collects the weights class by class.
type weightBuilder struct {
	dense weights
	rows  [][]classWeight
}

type classWeight struct {
	class int32
	value float32
}

func newWeightBuilder(rows, classes int) *weightBuilder {
	b := &weightBuilder{}
	if classes <= denseClasses {
		b.dense = weights{classes: classes, dense: make([]float32, rows*classes)}
		return b
	}
	b.rows = make([][]classWeight, rows)
	return b
}

func (b *weightBuilder) add(class, row int32, weight float32) {
	if b.rows == nil {
		b.dense.dense[int(row)*b.dense.classes+int(class)] = weight
		return
	}
	b.rows[row] = keepWidest(b.rows[row], classWeight{class, weight})
}

// keepWidest adds w to a row of at most widest weights, widest first.
func keepWidest(row []classWeight, w classWeight) []classWeight {
	at, _ := slices.BinarySearchFunc(row, w, func(a, b classWeight) int {
		return cmp.Or(cmp.Compare(b.value*b.value, a.value*a.value), 1)
	})
	if at == widest {
		return row
	}
	row = slices.Insert(row, at, w)
	return row[:min(len(row), widest)]
}

func (b *weightBuilder) weights() weights {
	if b.rows == nil {
		return b.dense
	}
	w := weights{starts: make([]int32, 1, len(b.rows)+1)}
	for _, row := range b.rows {
		for _, entry := range row {
			w.class, w.value = append(w.class, entry.class), append(w.value, entry.value)
		}
		w.starts = append(w.starts, int32(len(w.class)))
	}
	return w
}
