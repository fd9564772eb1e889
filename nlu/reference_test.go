package nlu

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// reference scores an utterance the slow and obvious way, from the weights the
// trainer found: features are strings, weights a map, arithmetic float64,
// without hashing, tables, blocks of memory or scratch space.
type reference struct {
	weights   []map[string]float64 // by class
	idf       map[string]float64
	known     map[string]bool // single tokens of the examples, of either polarity
	unseen    float64
	letters   int
	threshold float64
}

// newReference repeats the training by name: it solves each class on vectors
// whose rows are feature names.
func newReference(classes []Class) *reference {
	c, _ := newCorpus(classes)
	ref := &reference{idf: map[string]float64{}, known: map[string]bool{}, letters: c.letters}
	names := map[uint64]string{}
	phrases := map[string]bool{}
	df := map[string]int{}
	for _, class := range classes {
		for _, text := range class.Examples {
			var r reading
			r.read(text)
			key := string(r.appendKey(nil))
			seen := map[string]bool{}
			for i := range r.tokens {
				for range 2 {
					hash, _ := r.single(i)
					names[hash] = namedSingle(&r, i)
					ref.known[names[hash]] = true
					r.tokens[i].negated = !r.tokens[i].negated
				}
			}
			features := r.appendFeatures(nil, c.letters)
			for i, name := range namedFeatures(&r, c.letters) {
				names[features[i].hash] = name.text
				seen[name.text] = true
			}
			if phrases[key] {
				continue
			}
			phrases[key] = true
			for name := range seen {
				df[name]++
			}
		}
	}
	n := float64(len(phrases))
	ref.unseen = math.Log(1+n) + 1
	for name, count := range df {
		ref.idf[name] = math.Log((1+n)/(1+float64(count))) + 1
	}
	ref.solve(c, len(classes), names)
	return ref
}

func (ref *reference) solve(c *corpus, classes int, names map[uint64]string) {
	p := newPlan(c, classes)
	s := newSolver(p.problem(maxPasses))
	for class := range classes {
		byName := map[string]float64{}
		if s.train(class, p.members(class, noFold)) {
			s.drain(func(row int32, weight float64) { byName[names[c.hashes[row]]] = weight })
		}
		ref.weights = append(ref.weights, byName)
	}
}

// namedSingle names the feature of one token alone.
func namedSingle(r *reading, i int) string {
	t := r.tokens[i]
	word := r.text[t.start:t.end]
	if !t.han {
		word = word[:stemLength(word)]
	}
	return fmt.Sprintf("%s/%v", word, t.negated)
}

type namedFeature struct {
	text  string
	block string
}

// namedFeatures writes features as design says them, in words.
func namedFeatures(r *reading, letters int) []namedFeature {
	said := func(i int) string { return namedSingle(r, i) }
	isHan := func(i int) bool { return i >= 0 && i < len(r.tokens) && r.tokens[i].han }
	var list []namedFeature
	for i, t := range r.tokens {
		if t.han {
			list = append(list, namedFeature{said(i), "han"})
			if !isHan(i - 1) {
				list = append(list, namedFeature{"^" + said(i), "han"})
			}
			if isHan(i + 1) {
				list = append(list, namedFeature{said(i) + said(i+1), "han"})
			} else {
				list = append(list, namedFeature{said(i) + "$", "han"})
			}
			continue
		}
		list = append(list, namedFeature{said(i), "word"})
		if i+1 < len(r.tokens) && !isHan(i+1) {
			list = append(list, namedFeature{said(i) + " " + said(i+1), "word"})
		}
		marked := "\x01" + string(r.text[t.start:t.end]) + "\x01"
		for from := range marked {
			for to := from + 2; to <= len(marked) && to-from <= letters; to++ {
				list = append(list, namedFeature{fmt.Sprintf("%q/%v", marked[from:to], t.negated), "letter"})
			}
		}
	}
	return list
}

func (ref *reference) margins(text string) []float64 {
	var r reading
	r.read(text)
	squares := map[string]float64{}
	features := namedFeatures(&r, ref.letters)
	for _, f := range features {
		squares[f.block] += ref.weigh(f.text) * ref.weigh(f.text)
	}
	scale := func(f namedFeature) float64 {
		return ref.weigh(f.text) / math.Sqrt(squares[f.block]*float64(len(squares)))
	}
	margins := make([]float64, len(ref.weights))
	for class := range margins {
		margins[class] = bias
		for _, f := range features {
			margins[class] += ref.weights[class][f.text] * scale(f)
		}
		if ref.contradicted(class, features, scale, margins[class]) {
			margins[class] = min(margins[class], ref.threshold-contradicted)
		}
	}
	return margins
}

// contradicted weighs what is said against its mirror.
func (ref *reference) contradicted(class int, features []namedFeature, scale func(namedFeature) float64, margin float64) bool {
	denies := false
	for _, f := range features {
		denies = denies || strings.Contains(f.text, "/true")
	}
	said, against := 0.0, 0.0
	for _, f := range features {
		if denies && !strings.Contains(f.text, "/true") {
			continue
		}
		weights := ref.weights[class]
		said += max(0, weights[f.text]) * scale(f)
		if _, known := ref.known[f.text]; known {
			against += max(0, weights[mirrorName(f.text)]) * scale(f)
		}
	}
	if !denies {
		said = margin - bias
	}
	return against > said
}

// mirrorName is the name of a single token with the other polarity.
func mirrorName(name string) string {
	word, affirmed := strings.CutSuffix(name, "/false")
	if affirmed {
		return word + "/true"
	}
	return strings.TrimSuffix(name, "/true") + "/false"
}

func (ref *reference) weigh(feature string) float64 {
	if idf, ok := ref.idf[feature]; ok {
		return idf
	}
	return ref.unseen
}

func TestModelAgreesWithReference(t *testing.T) {
	english := []Class{
		{Name: "yes", Examples: []string{"yes that is me", "speaking", "that's right"}},
		{Name: "no", Examples: []string{"no it isn't", "wrong number", "I don't know them"}},
		{Name: "mixed", Examples: []string{"我要办vip卡", "open a VIP card"}},
	}
	texts := []string{
		"是我", "不是我本人", "我还不了钱", "嗯嗯", "没听过的词", "我在开会等会再打给你",
		"that's not me", "wrong numbers", "vip卡", "unknown words only", "3.5 不是vip", "哈哈哈哈",
	}
	for _, classes := range [][]Class{debtor, english, invented(30, 10)} {
		m, _ := Train(classes, Config{})
		ref := newReference(classes)
		ref.threshold = float64(m.linear.scale.threshold)
		var r reading
		got := make([]float32, len(classes))
		for _, text := range texts {
			r.read(text)
			r.match.reset(len(classes))
			m.linear.margins(&r, got)
			for class, want := range ref.margins(text) {
				if math.Abs(float64(got[class])-want) > 1e-4 {
					t.Errorf("%s: margin of %s is %v, reference %v", text, classes[class].Name, got[class], want)
				}
			}
		}
	}
}
