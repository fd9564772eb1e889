package nlu

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// reference scores an utterance the slow and obvious way, from the weights the
// trainer found: features are strings, weights a map, arithmetic float64,
// without hashing, tables, packing, blocks of memory or scratch space.
type reference struct {
	weights   []map[string]float64 // by class
	bias      []float64
	value     map[string]float64
	stances   []map[string][]string // by class and feature: how its examples hold it
	phrases   []int                 // by class
	unseen    float64
	views     views
	threshold float64
}

// newReference repeats the training by name.
func newReference(classes []Class, threshold float32) *reference {
	c, _ := newCorpus(classes)
	held := map[string]float64{} // Stances, of all texts.
	ref := &reference{value: map[string]float64{}, views: c.views, threshold: float64(threshold), phrases: make([]int, len(classes))}
	names := map[uint64]string{}
	phrases := map[string]bool{}
	df := map[string]int{}
	for i, class := range classes {
		ref.stances = append(ref.stances, map[string][]string{})
		said := map[string]bool{}
		for _, text := range append([]string{class.Name}, class.Examples...) {
			var r reading
			r.read(text)
			var fillers reading
			fillers.fold(text)
			key := string(r.appendKey(nil)) + "|" + string(fillers.text)
			features := r.appendFeatures(nil, c.views)
			named := ref.features(&r)
			for i := range named {
				names[features[i].hash] = named[i].text
				held[named[i].text]++
			}
			if text == class.Name || said[key] {
				continue
			}
			said[key] = true
			ref.phrases[i]++
			seen := map[string]bool{}
			for _, f := range named {
				seen[f.text] = true
				if f.stance != "" {
					ref.stances[i][f.text] = append(ref.stances[i][f.text], f.stance)
				}
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
	ref.unseen = unseenValue * math.Sqrt(math.Log(1+n)+1)
	for _, name := range names {
		meant, isMeant := strings.CutPrefix(name, "meant ")
		denial, isDenial := strings.CutPrefix(name, "denied ")
		factor := 1.0
		switch {
		case isMeant && held["denied "+meant] == 0:
			continue
		case isMeant:
			factor = stanceFactor(held[name], held["denied "+meant])
		case isDenial:
			factor = stanceFactor(held[name], held["meant "+denial])
		}
		ref.value[name] = factor * math.Sqrt(math.Log((1+n)/(1+float64(df[name])))+1)
	}
	ref.solve(c, len(classes), names)
	return ref
}

// stanceFactor is what a stance counts beside the plain token, so and otherwise
// being how often the token is held in this way and in the other.
func stanceFactor(so, otherwise float64) float64 {
	return polarTop * math.Sqrt(min(1, (otherwise+0.5)/(so+otherwise+1)/polarShare))
}

func isStance(name string) bool {
	return strings.HasPrefix(name, "denied ") || strings.HasPrefix(name, "meant ")
}

func (ref *reference) solve(c *corpus, classes int, names map[uint64]string) {
	p := newPlan(c, classes)
	s := newSolver(newProblem(c))
	ref.bias = make([]float64, classes)
	ref.weights = make([]map[string]float64, classes)
	var all []int32
	for i := range c.examples {
		all = append(all, int32(i))
	}
	for _, class := range p.order {
		s.train(class, p.members(class))
		counts := counted(s.problem, all, class)
		ref.bias[class] = float64(s.bias)
		ref.weights[class] = map[string]float64{}
		for row, weight := range s.weights {
			ref.weights[class][names[c.hashes[row]]] = float64(weight) + counts[int32(row)]
		}
	}
}

type namedFeature struct {
	text, block string
	stance      string // how a word or pair is held; "" of all others
	single      bool
}

// features writes the features of r in words, in the order of the blocks.
func (ref *reference) features(r *reading) []namedFeature {
	isHan := func(i int) bool { return i >= 0 && i < len(r.tokens) && r.tokens[i].han }
	isWord := func(i int) bool { return i < len(r.tokens) && !r.tokens[i].han }
	var list, sounds, words, letters []namedFeature
	for i, t := range r.tokens {
		text := string(r.text[t.start:t.end])
		if t.han {
			list = append(list, ref.single(r, i, "han", text)...)
			if !isHan(i - 1) {
				list = append(list, namedFeature{"^" + text, "han", held(r, i, i), true})
			}
			if isHan(i + 1) {
				list = append(list, namedFeature{text + string(rune(r.tokens[i+1].id)), "han", held(r, i, i+1), false})
			} else {
				list = append(list, namedFeature{text + "$", "han", held(r, i, i), true})
			}
			sounds = append(sounds, ref.syllables(r, i)...)
			continue
		}
		stem := text[:stemLength([]byte(text))]
		words = append(words, ref.single(r, i, "word", stem)...)
		if isWord(i + 1) {
			next := r.text[r.tokens[i+1].start:r.tokens[i+1].end]
			words = append(words, namedFeature{stem + " " + string(next[:stemLength(next)]), "word", held(r, i, i+1), false})
		}
		if isWord(i+1) && isWord(i+2) {
			third := r.text[r.tokens[i+2].start:r.tokens[i+2].end]
			words = append(words, namedFeature{text: stem + " … " + string(third[:stemLength(third)]), block: "word"})
		}
		marked := "\x01" + text[:min(len(text), longestWord)] + "\x01"
		for from := range max(len(marked)-piece+1, 0) {
			letters = append(letters, namedFeature{text: fmt.Sprintf("%q", marked[from:from+piece]), block: "letter"})
		}
	}
	for _, t := range r.fillers {
		filler := namedFeature{text: string(r.aside[t.start:t.end]), block: "word"}
		if t.han {
			filler.block = "han"
			list = append(list, filler)
		} else {
			words = append(words, filler)
		}
	}
	return append(append(append(list, sounds...), words...), letters...)
}

func (ref *reference) single(r *reading, i int, block, text string) []namedFeature {
	stance := "meant "
	if r.tokens[i].negated {
		stance = "denied "
	}
	return []namedFeature{{text, block, held(r, i, i), true}, {text: stance + text, block: block}}
}

// syllables are the runs of up to three sounds at i, a run's end counting as one.
func (ref *reference) syllables(r *reading, i int) (list []namedFeature) {
	sound := func(i int) string {
		if i < 0 || i >= len(r.tokens) || !r.tokens[i].han {
			return "|"
		}
		return fmt.Sprintf("~%x", ref.views.sounds.of(r.tokens[i].id))
	}
	add := func(text string) { list = append(list, namedFeature{text: text, block: "sound"}) }
	first, last := sound(i-1) == "|", sound(i+1) == "|"
	add(sound(i))
	if first {
		add("|" + sound(i))
	}
	add(sound(i) + sound(i+1))
	if last {
		return list
	}
	if first {
		add("|" + sound(i) + sound(i+1))
	}
	add(sound(i) + sound(i+1) + sound(i+2))
	return list
}

// held writes which ends of a feature are denied.
func held(r *reading, from, last int) string {
	return fmt.Sprint(r.tokens[from].negated, r.tokens[last].negated)
}

func (ref *reference) valueOf(feature string) float64 {
	if value, ok := ref.value[feature]; ok {
		return value
	}
	return ref.unseen
}

func (ref *reference) margins(text string) []float64 {
	var r reading
	r.read(text)
	features := slices.DeleteFunc(ref.features(&r), func(f namedFeature) bool {
		_, known := ref.value[f.text]
		return !known && isStance(f.text)
	})
	squares := map[string]float64{}
	for _, f := range features {
		squares[f.block] += ref.valueOf(f.text) * ref.valueOf(f.text)
	}
	shares := map[string]float64{"han": 1, "sound": 0.7, "word": 1, "letter": 1}
	present := 0.0
	for block := range squares {
		present += shares[block]
	}
	scaled := func(f namedFeature) float64 {
		return ref.valueOf(f.text) * math.Sqrt(shares[f.block]/present/squares[f.block])
	}
	margins, denied := make([]float64, len(ref.weights)), make([]bool, len(ref.weights))
	best := map[bool]float64{true: ref.threshold - contradicted, false: ref.threshold - contradicted}
	for class := range margins {
		margins[class] = ref.bias[class]
		for _, f := range features {
			margins[class] += ref.weights[class][f.text] * scaled(f)
		}
		denied[class] = ref.contradicts(class, features, scaled)
		best[denied[class]] = max(best[denied[class]], margins[class])
	}
	for class := range margins {
		over := margins[class] - (ref.threshold - contradicted)
		if over > 0 && (denied[class] || best[true] > best[false]+farAhead) {
			margins[class] = ref.threshold - contradicted + over*contradicted*contradicted
		}
	}
	return margins
}

// contradicts weighs what is said otherwise than in the examples of class.
func (ref *reference) contradicts(class int, features []namedFeature, scaled func(namedFeature) float64) bool {
	denies := false
	for _, f := range features {
		denies = denies || strings.Contains(f.stance, "true")
	}
	agreed, opposed, common := 0.0, 0.0, 0.0
	for _, f := range features {
		if f.stance == "" {
			continue
		}
		weight := max(0, ref.weights[class][f.text]) * scaled(f)
		common += weight
		if denies && !strings.Contains(f.stance, "true") {
			continue
		}
		share, says := ref.agreement(class, f)
		if !says {
			continue
		}
		agreed += weight * share
		if f.single {
			opposed += weight * (1 - share)
		}
	}
	trust := min(1, ledgerExamples/float64(ref.phrases[class]))
	if denies {
		return opposed >= common*detail && opposed*trust*hardly > agreed
	}
	return opposed*trust*half > agreed
}

// agreement is the share of the class's examples that hold f as it is held.
func (ref *reference) agreement(class int, f namedFeature) (share float64, says bool) {
	disputed := false
	for _, stances := range ref.stances {
		for _, s := range stances[f.text] {
			disputed = disputed || strings.Contains(s, "true")
		}
	}
	same := 0.0
	for _, s := range ref.stances[class][f.text] {
		if s == f.stance {
			same++
		}
	}
	switch total := len(ref.stances[class][f.text]); {
	case !disputed && strings.Contains(f.stance, "true"):
		return 0, true
	case !disputed:
		return 1, true
	case total > 0:
		return same / float64(total), true
	}
	return 0, false
}

// packing is how far the rounding of weights may move a margin.
const packing = 3e-3

func TestModelAgreesWithReference(t *testing.T) {
	english := []Class{
		{Name: "yes", Examples: []string{"yes that is me", "speaking", "that's right"}},
		{Name: "no", Examples: []string{"no it isn't", "wrong number", "I don't know them"}},
		{Name: "mixed", Examples: []string{"我要办vip卡", "open a VIP card"}},
	}
	texts := []string{
		"是我", "不是我本人", "我还不了钱", "嗯嗯", "没听过的词", "我在开会等会再打给你",
		"that's not me", "wrong numbers", "vip卡", "unknown words only", "3.5 不是vip", "哈哈哈哈", "没签环款",
	}
	for _, classes := range [][]Class{debtor, english, invented(30, 10)} {
		m, _ := Train(classes, Config{})
		ref := newReference(classes, m.linear.scale.threshold)
		var r reading
		got := make([]float32, len(classes), len(classes)+width)
		for _, text := range texts {
			r.read(text)
			r.match.reset(len(classes))
			m.linear.margins(&r, got)
			for class, want := range ref.margins(text) {
				if math.Abs(float64(got[class])-want) > packing {
					t.Errorf("%s: margin of %s is %v, reference %v", text, classes[class].Name, got[class], want)
				}
			}
		}
	}
}
