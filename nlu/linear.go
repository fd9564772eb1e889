package nlu

import (
	"cmp"
	"slices"
)

// linear is the trained classifier in the form it runs in: an open-addressing
// table from feature hash to row, and the weights of each row. Read only.
type linear struct {
	views
	unseen float32
	index
	value   []float32 // by row
	weights weights   // of features of the value 1 times their value
	bias    []float32
	stances ledger
	trained []bool // the class has examples
	scale   scale
}

// denseClasses is the number of classes up to which every row holds a weight
// for every class; above, a row holds its widest weights only.
const (
	denseClasses = 256
	widest       = 16
)

// weights are the weights by row: dense up to denseClasses, else the entries
// of row i are those from starts[i] to starts[i+1].
type weights struct {
	dense  packed
	starts []int32 // nil when dense
	class  []int32
	value  []float32
}

func trainLinear(c *corpus, classes int, falseReject float64) linear {
	l := linear{
		views: c.views, unseen: c.unseen, value: c.value,
		bias: make([]float32, classes), trained: make([]bool, classes), stances: newLedger(c, classes),
	}
	l.index = newIndex(c.hashes, c.value)
	l.disputed = c.stanced
	plan, s := newPlan(c, classes), newSolver(newProblem(c))
	build := newWeightBuilder(len(c.hashes), classes)
	counts := newCounts(s.problem)
	jury := newJury(len(c.examples), counts)
	for _, class := range plan.order {
		s.train(class, plan.members(class))
		counts.count(plan.own[class])
		l.trained[class], l.bias[class] = true, s.bias
		for row, weight := range s.weights {
			if weight += counts.value[row]; weight != 0 {
				build.add(int32(class), int32(row), weight*c.value[row])
			}
		}
		jury.hear(s, c, plan.own[class])
	}
	l.weights = build.weights()
	l.spellings = newSpellings(c, build.dense, classes)
	l.scale = jury.scale(falseReject)
	return l
}

// An index finds the row of a hash by open addressing. Read only.
type index struct {
	slots []slot // a power of two, at most half full
}

type slot struct {
	hash  uint64
	row   int32   // row+1, 0 when the slot is empty
	value float32 // of the row: beside it, the hot path reads one place instead of two
}

func newIndex(hashes []uint64, values []float32) index {
	size := 16
	for size < 2*len(hashes) {
		size *= 2
	}
	x := index{slots: make([]slot, size)}
	for row, h := range hashes {
		*x.find(h) = slot{hash: h, row: int32(row + 1), value: values[row]}
	}
	return x
}

// row returns the row of a hash, -1 when it has none.
func (x *index) row(hash uint64) int32 { return x.find(hash).row - 1 }

// find returns the slot of a hash, an empty one when it has none.
func (x *index) find(hash uint64) *slot {
	for i := hash; ; i++ {
		s := &x.slots[i&uint64(len(x.slots)-1)]
		if s.row == 0 || s.hash == hash {
			return s
		}
	}
}

// margins sets one margin per class; the room behind them is for what packed
// adds up there. An unseen feature has no weight, but its place in the length: a
// text that is mostly unknown stays near the bias. It reports whether anything
// is known at all.
func (l *linear) margins(r *reading, margins []float32) (known bool) {
	n := l.lookup(r)
	scales := n.scales()
	copy(margins, l.bias)
	for in := range blocks {
		l.weights.addTo(margins, r.knownIn(in), scales[in])
	}
	if l.spellings != nil {
		l.spellings.weights.addTo(margins, r.wordRows, scales[blockLetter])
	}
	l.contradict(r, &scales, margins)
	return len(r.known) > 0
}

// lookup finds the features of r and their rows, and measures them.
func (l *linear) lookup(r *reading) (n norms) {
	r.features = r.appendFeatures(r.features[:0], l.views)
	r.rows = slices.Grow(r.rows[:0], len(r.features))[:len(r.features)]
	known := slices.Grow(r.known[:0], len(r.features))[:len(r.features)]
	kept, found, next := 0, 0, 0
	for in := range blocks {
		square := float32(0)
		for ; next < len(r.features) && r.features[next].block == in; next++ {
			f := &r.features[next]
			s := l.find(f.hash)
			value := l.unseen
			if s.row != 0 {
				value = s.value
				known[found] = s.row - 1
				found++
			} else if f.polar != anyhow {
				continue
			}
			square += value * value
			r.rows[kept] = s.row - 1
			if kept < next {
				r.features[kept] = *f
			}
			kept++
		}
		n[in], r.blockEnds[in] = square, found
	}
	r.known = known[:found]
	r.features, r.rows = r.features[:kept], r.rows[:kept]
	r.wordRows = r.wordRows[:0]
	for _, row := range r.spelled {
		if row >= 0 {
			n[blockLetter] += l.spellings.squares[row]
			r.wordRows = append(r.wordRows, row)
		}
	}
	return n
}

// knownIn returns the rows of a block that lookup found.
func (r *reading) knownIn(in block) []int32 {
	from := 0
	if in > 0 {
		from = r.blockEnds[in-1]
	}
	return r.known[from:r.blockEnds[in]]
}

// valueOf returns the value of a feature, which may have no row.
func (l *linear) valueOf(row int32) float32 {
	if row < 0 {
		return l.unseen
	}
	return l.value[row]
}

// addTo adds scale times the weights of the rows to the sums of the classes.
func (w *weights) addTo(sums []float32, rows []int32, scale float32) {
	if w.starts == nil {
		w.dense.addTo(sums, rows, scale)
		return
	}
	for _, row := range rows {
		from, to := w.starts[row], w.starts[row+1]
		values := w.value[from:to]
		for i, class := range w.class[from:to] {
			sums[class] += values[i] * scale
		}
	}
}

// of returns the weight of one class in a row.
func (w *weights) of(row int32, class int) float32 {
	if w.starts == nil {
		return w.dense.of(row, class)
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
	classes int
	dense   []float32
	rows    [][]classWeight
}

type classWeight struct {
	class int32
	value float32
}

func newWeightBuilder(rows, classes int) *weightBuilder {
	if classes <= denseClasses {
		return &weightBuilder{classes: classes, dense: make([]float32, rows*classes)}
	}
	return &weightBuilder{classes: classes, rows: make([][]classWeight, rows)}
}

func (b *weightBuilder) add(class, row int32, weight float32) {
	if b.rows == nil {
		b.dense[int(row)*b.classes+int(class)] = weight
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
		return weights{dense: pack(b.dense, b.classes)}
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
