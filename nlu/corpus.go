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
	words    []word
	vocabulary
}

// An example is one phrase of one class, or the class's name: how an author
// calls an intent says something of what callers will say.
type example struct {
	class  int
	name   string   // of the class: it orders equal phrases
	keys   []string // as the phrasebook knows the phrase
	said   string   // as said, with its fillers
	seen   []sight  // its features, as they came
	vector []entry
	fold   int  // which fold of the calibration holds it out
	title  bool // the class's name
}

// same reports whether two examples say the same, their fillers too.
func (e *example) same(other *example) bool {
	return e.said == other.said && slices.Equal(e.keys, other.keys)
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
	c := &corpus{vocabulary: vocabulary{views: views{sounds: readings()}}}
	census := census{views: c.views, number: map[uint64]int32{}, held: map[uint64]*tally{}, holds: map[int32]*tally{}, words: map[uint64]*word{}}
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
		if len(c.examples) == before {
			continue
		}
		if title, ok := census.read(class.Name); ok {
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
	for id, t := range census.held {
		if t.denied > 0 {
			c.stanced.add(id)
		}
	}
	return c, problems
}

// sort orders the examples by their words and drops what a class says twice.
func (c *corpus) sort() {
	slices.SortFunc(c.examples, func(a, b example) int {
		return cmp.Or(slices.Compare(a.keys, b.keys), cmp.Compare(a.said, b.said), cmp.Compare(a.name, b.name), cmp.Compare(a.class, b.class))
	})
	c.examples = slices.CompactFunc(c.examples, func(a, b example) bool { return a.class == b.class && a.same(&b) })
	c.deal()
}

// deal cuts each class's sorted examples into folds, neighbours together: what
// begins alike is often one thought in two wordings, and a caller's words are
// further from the author's than these are from each other.
func (c *corpus) deal() {
	seen := map[int]int{}
	for i := range c.examples {
		e := &c.examples[i]
		e.fold = seen[e.class]
		seen[e.class]++
	}
	for i := range c.examples {
		e := &c.examples[i]
		e.fold = e.fold * min(folds, seen[e.class]) / seen[e.class]
	}
}

// A census numbers features in the order they come. The numbers do not outlive
// it: they depend on the order of the classes.
type census struct {
	views
	number   map[uint64]int32
	kinds    []feature         // by number, of the first time it came
	held     map[uint64]*tally // how tokens are held, by id
	holds    map[int32]*tally  // the same by the number of the stance
	words    map[uint64]*word
	reads    uint64
	reading  reading
	features []feature
}

// read makes an example of text, false when it holds no letter or digit.
func (c *census) read(text string) (example, bool) {
	r := &c.reading
	r.fold(text)
	said := string(r.text)
	r.read(text)
	if len(r.tokens) == 0 {
		return example{}, false
	}
	c.features = r.appendFeatures(c.features[:0], c.views)
	e := example{keys: phraseKeys(r), said: said, seen: make([]sight, len(c.features))}
	for i := range c.features {
		f := &c.features[i]
		e.seen[i] = sight{c.numberOf(f), r.stance(f)}
		if f.polar != anyhow {
			c.hold(e.seen[i].number, r.singleID(f), f.polar)
		}
	}
	c.reads++
	c.note(r, e.seen)
	return e, true
}

// hold counts one stance of a token.
func (c *census) hold(number int32, id uint64, held polar) {
	t := c.held[id]
	if t == nil {
		t = new(tally)
		c.held[id] = t
	}
	c.holds[number] = t
	if held == asDenied {
		t.denied++
	} else {
		t.affirmed++
	}
}

// A tally counts how often examples mean a token and how often they deny it.
type tally struct{ affirmed, denied float64 }

// of returns how often the token is held in a way, and how often otherwise.
func (t *tally) of(held polar) (so, otherwise float64) {
	if held == asDenied {
		return t.denied, t.affirmed
	}
	return t.affirmed, t.denied
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
	t := c.holds[number]
	return t == nil || t.denied > 0
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
		c.value[row] = rarity(phrases, df[n])
		if f.polar != anyhow {
			c.value[row] *= polarValue(census.holds[n].of(f.polar))
		}
	}
	c.unseen = unseenValue * rarity(phrases, 0)
	c.words = census.sortedWords(rows)
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
		if e.title || (i > 0 && c.examples[i-1].same(e)) {
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

const (
	// unseenValue is what a feature that no example has counts beside the rarest
	// that some example has: a word that nobody wrote is rarer than one written
	// once. At 1.2 strangers are told a little better, and nothing is worse.
	unseenValue = 1.2
	// polarTop is the most that the stance of a token counts beside the token
	// itself. From 1 to 2 polarity gains half a point on the scripts of testdata and
	// everything else loses as much.
	polarTop = 1.3
	// polarShare is the share of examples that hold the token otherwise from
	// which its stance counts in full.
	polarShare = 1.0 / 3
)

// polarValue returns what a stance counts beside its token: the less, the more
// seldom anybody holds the token otherwise. Where one example in a hundred
// denies 还款, its being meant says next to nothing, and saying it twice only
// drowns the rest; its being denied says much. Half an example is added to
// either side, for what was not said yet.
func polarValue(so, otherwise float64) float32 {
	share := (otherwise + 0.5) / (so + otherwise + 1)
	return polarTop * float32(math.Sqrt(min(1, share/polarShare)))
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
