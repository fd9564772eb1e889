package nlu

import (
	"cmp"
	"math"
	"slices"
)

// A corpus is the examples of all classes, read, in an order that does not
// depend on the order they were given in.
type corpus struct {
	examples []example
	vocabulary
}

// An example is one phrase of one class.
type example struct {
	class  int
	name   string   // of the class: it orders equal phrases
	keys   []string // as the phrasebook knows the phrase
	seen   []int32  // its features, numbered as they came
	vector []entry
	fold   int // which fold of the calibration holds it out
}

// An entry is one feature of an example: its row and its value.
type entry struct {
	row   int32
	value float32
}

// A vocabulary numbers the features of a corpus, ascending by hash, and weighs
// them: idf is ln((1+n)/(1+df))+1 over the n distinct phrases, so that what
// every phrase has weighs 1 and what one phrase has weighs most.
type vocabulary struct {
	letters int // the longest letter piece
	hashes  []uint64
	idf     []float32
	unseen  float32 // the weight of a feature no example has
	seen    []bool  // by row; a mirror may be in no example
	mirrors []mirror
}

func newCorpus(classes []Class) (*corpus, []Problem) {
	total := 0
	for _, class := range classes {
		total += len(class.Examples)
	}
	c := &corpus{vocabulary: vocabulary{letters: 4}}
	if total < smallScript {
		c.letters = 3
	}
	census := census{number: map[uint64]int32{}, mirrors: map[mirror]bool{}}
	var problems []Problem
	for i, class := range classes {
		for j, text := range class.Examples {
			if e, ok := census.read(text, c.letters); ok {
				e.class, e.name = i, class.Name
				c.examples = append(c.examples, e)
				continue
			}
			problems = append(problems, emptyExample(i, j, text))
		}
	}
	c.sort()
	c.weigh(&census)
	return c, problems
}

// sort orders the examples by their words and drops what a class says twice.
func (c *corpus) sort() {
	slices.SortFunc(c.examples, func(a, b example) int {
		return cmp.Or(slices.Compare(a.keys, b.keys), cmp.Compare(a.name, b.name), cmp.Compare(a.class, b.class))
	})
	c.examples = slices.CompactFunc(c.examples, func(a, b example) bool {
		return a.class == b.class && slices.Equal(a.keys, b.keys)
	})
	seen := map[int]int{}
	for i := range c.examples {
		e := &c.examples[i]
		e.fold = seen[e.class] % folds
		seen[e.class]++
	}
}

// A census numbers features in the order they come. The numbers do not outlive
// it: they depend on the order of the classes.
type census struct {
	number   map[uint64]int32
	hashes   []uint64
	blocks   []block
	mirrors  map[mirror]bool // by number
	reading  reading
	features []feature
}

// read makes an example of text, false when it holds no letter or digit.
func (c *census) read(text string, letters int) (example, bool) {
	r := &c.reading
	r.read(text)
	if len(r.tokens) == 0 {
		return example{}, false
	}
	c.features = r.appendFeatures(c.features[:0], letters)
	e := example{keys: phraseKeys(r), seen: make([]int32, len(c.features))}
	for i, f := range c.features {
		e.seen[i] = c.numberOf(f.hash, f.block)
	}
	for i := range r.tokens {
		c.mirrors[c.mirror(r, i)] = true
	}
	return e, true
}

// numberOf returns the number of a feature.
func (c *census) numberOf(hash uint64, in block) int32 {
	n, ok := c.number[hash]
	if !ok {
		n = int32(len(c.hashes))
		c.number[hash] = n
		c.hashes = append(c.hashes, hash)
		c.blocks = append(c.blocks, in)
	}
	return n
}

// weigh counts the features of the sorted examples, gives each its row and
// makes the vectors.
func (c *corpus) weigh(census *census) {
	df, phrases := c.count(len(census.hashes))
	order := make([]int32, len(census.hashes))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(census.hashes[a], census.hashes[b]) })
	rows := make([]int32, len(order))
	c.hashes, c.idf, c.seen = make([]uint64, len(order)), make([]float32, len(order)), make([]bool, len(order))
	for row, n := range order {
		rows[n] = int32(row)
		c.hashes[row] = census.hashes[n]
		c.idf[row], c.seen[row] = idf(phrases, df[n]), df[n] > 0
	}
	c.unseen = idf(phrases, 0)
	c.mirrors = settleMirrors(census.mirrors, rows)
	for i := range c.examples {
		e := &c.examples[i]
		e.vector = c.vector(e.seen, rows, census.blocks)
		e.seen = nil
	}
}

// count returns in how many of the distinct phrases each feature occurs.
func (c *corpus) count(features int) (df []int, phrases int) {
	df = make([]int, features)
	last := make([]int, features)
	for i := range c.examples {
		if i > 0 && slices.Equal(c.examples[i-1].keys, c.examples[i].keys) {
			continue
		}
		phrases++
		for _, n := range c.examples[i].seen {
			if last[n] != phrases {
				last[n] = phrases
				df[n]++
			}
		}
	}
	return df, phrases
}

func idf(phrases, df int) float32 {
	return float32(math.Log(float64(1+phrases)/float64(1+df)) + 1)
}

// vector is the scaled form of one phrase, rows ascending and distinct.
func (c *corpus) vector(seen, rows []int32, in []block) []entry {
	var n norms
	for _, f := range seen {
		n.add(in[f], c.idf[rows[f]])
	}
	scales := n.scales()
	vector := make([]entry, len(seen))
	for i, f := range seen {
		vector[i] = entry{row: rows[f], value: c.idf[rows[f]] * scales[in[f]]}
	}
	slices.SortFunc(vector, func(a, b entry) int { return cmp.Compare(a.row, b.row) })
	merged := vector[:0]
	for _, e := range vector {
		if n := len(merged); n > 0 && merged[n-1].row == e.row {
			merged[n-1].value += e.value
			continue
		}
		merged = append(merged, e)
	}
	return merged
}
