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

// An example is one phrase of one class, or the class's name: how an author
// calls an intent says something of what callers will say.
type example struct {
	class  int
	name   string   // of the class: it orders equal phrases
	keys   []string // as the phrasebook knows the phrase
	seen   []sight  // its features, as they came
	vector []entry
	fold   int  // which fold of the calibration holds it out
	title  bool // the class's name
}

// A sight is one feature of an example before the features have rows.
type sight struct {
	number int32
	stance stance
}

// An entry is one feature of an example: its row and its value.
type entry struct {
	row   int32
	value float32
}

// A vocabulary numbers the features of a corpus, ascending by hash, and gives
// each its value: the square root of ln((1+n)/(1+df))+1, the inverse document
// frequency over the n distinct phrases. The root, because a feature's value
// counts twice when a phrase meets an example, once in each.
type vocabulary struct {
	views
	hashes  []uint64
	value   []float32
	unseen  float32   // the value of a feature no example has
	stanced *idFilter // the tokens some example denies
}

func newCorpus(classes []Class) (*corpus, []Problem) {
	total := 0
	for _, class := range classes {
		total += len(class.Examples)
	}
	c := &corpus{vocabulary: vocabulary{views: views{letters: 4, sounds: readings()}}}
	if total < smallScript {
		c.letters = 3
	}
	census := census{views: c.views, number: map[uint64]int32{}, denied: map[uint64]bool{}, affirmed: map[int32]uint64{}}
	var titles []example
	var problems []Problem
	for i, class := range classes {
		before := len(c.examples)
		for j, text := range class.Examples {
			if e, ok := census.read(text); ok {
				e.class, e.name = i, class.Name
				c.examples = append(c.examples, e)
				continue
			}
			problems = append(problems, emptyExample(i, j, text))
		}
		if title, ok := census.read(class.Name); ok && len(c.examples) > before {
			title.class, title.name, title.title = i, class.Name, true
			titles = append(titles, title)
		}
	}
	c.sort()
	slices.SortStableFunc(titles, func(a, b example) int { return cmp.Compare(a.name, b.name) })
	c.examples = append(c.examples, titles...)
	for i := range c.examples {
		c.examples[i].seen = census.disputed(c.examples[i].seen)
	}
	c.weigh(&census)
	c.stanced = new(idFilter)
	for id := range census.denied {
		c.stanced.add(id)
	}
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
	views
	number   map[uint64]int32
	kinds    []feature        // by number, of the first time it came
	denied   map[uint64]bool  // tokens, by id
	affirmed map[int32]uint64 // their ids by the number of the feature
	reading  reading
	features []feature
}

// read makes an example of text, false when it holds no letter or digit.
func (c *census) read(text string) (example, bool) {
	r := &c.reading
	r.read(text)
	if len(r.tokens) == 0 {
		return example{}, false
	}
	c.features = r.appendFeatures(c.features[:0], c.views)
	e := example{keys: phraseKeys(r), seen: make([]sight, len(c.features))}
	for i := range c.features {
		f := &c.features[i]
		e.seen[i] = sight{c.numberOf(f), r.stance(f)}
		switch f.polar {
		case asDenied:
			c.denied[r.singleID(f)] = true
		case asAffirmed:
			c.affirmed[e.seen[i].number] = r.singleID(f)
		}
	}
	return e, true
}

// numberOf returns the number of a feature.
func (c *census) numberOf(f *feature) int32 {
	n, ok := c.number[f.hash]
	if !ok {
		n = int32(len(c.kinds))
		c.number[f.hash] = n
		c.kinds = append(c.kinds, *f)
	}
	return n
}

// disputed drops the stances of tokens that no example denies.
func (c *census) disputed(seen []sight) []sight {
	return slices.DeleteFunc(seen, func(s sight) bool { return !c.matters(s.number) })
}

// matters reports whether a feature is to have a row.
func (c *census) matters(number int32) bool {
	id, affirmed := c.affirmed[number]
	return !affirmed || c.denied[id]
}

// weigh counts the features of the sorted examples, gives each its row and
// makes the vectors.
func (c *corpus) weigh(census *census) {
	df, phrases := c.count(len(census.kinds))
	order := make([]int32, 0, len(census.kinds))
	for n := range census.kinds {
		if census.matters(int32(n)) {
			order = append(order, int32(n))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(census.kinds[a].hash, census.kinds[b].hash) })
	rows, in := make([]int32, len(census.kinds)), make([]block, len(order))
	c.hashes, c.value = make([]uint64, len(order)), make([]float32, len(order))
	for row, n := range order {
		f := &census.kinds[n]
		rows[n], in[row] = int32(row), f.block
		c.hashes[row] = f.hash
		c.value[row] = f.value(rarity(phrases, df[n]))
	}
	c.unseen = rarity(phrases, 0)
	for i := range c.examples {
		e := &c.examples[i]
		for j := range e.seen {
			e.seen[j].number = rows[e.seen[j].number]
		}
		e.vector = c.vector(e.seen, in)
	}
}

// count returns in how many of the distinct phrases each feature occurs.
func (c *corpus) count(features int) (df []int, phrases int) {
	df = make([]int, features)
	last := make([]int, features)
	for i := range c.examples {
		e := &c.examples[i]
		if e.title || (i > 0 && slices.Equal(c.examples[i-1].keys, e.keys)) {
			continue
		}
		phrases++
		for _, s := range e.seen {
			if last[s.number] != phrases {
				last[s.number] = phrases
				df[s.number]++
			}
		}
	}
	return df, phrases
}

// rarity is the root of the inverse document frequency.
func rarity(phrases, df int) float32 {
	return float32(math.Sqrt(math.Log(float64(1+phrases)/float64(1+df)) + 1))
}

// value returns what a feature of a rarity counts.
func (f *feature) value(rarity float32) float32 {
	if f.polar != anyhow {
		return polarValue * rarity
	}
	return rarity
}

// vector is the scaled form of one phrase, rows ascending and distinct.
func (c *corpus) vector(seen []sight, in []block) []entry {
	var n norms
	for _, s := range seen {
		n.add(in[s.number], c.value[s.number])
	}
	scales := n.scales()
	vector := make([]entry, len(seen))
	for i, s := range seen {
		vector[i] = entry{row: s.number, value: c.value[s.number] * scales[in[s.number]]}
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
