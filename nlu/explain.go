package nlu

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Kind is how a class won its score.
type Kind uint8

// The kinds, weakest first.
const (
	None    Kind = iota // nothing of the class is in the utterance, or more against it
	Similar             // the words are like the examples
	Keyword             // a keyword is meant
	Exact               // the utterance is an example, word for word
)

// String returns the kind's name on the wire.
func (k Kind) String() string {
	switch k {
	case Similar:
		return "similar"
	case Keyword:
		return "keyword"
	case Exact:
		return "exact"
	}
	return "none"
}

// MarshalJSON writes the kind's name.
func (k Kind) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }

// An Explanation says how an utterance was read and why its best classes
// scored as they did.
type Explanation struct {
	Normalized string             `json:"normalized"`
	Tokens     []string           `json:"tokens"`    // words by the segmenter; what is denied is marked " (negated)"
	Threshold  float64            `json:"threshold"` // on the scale of scores
	Classes    []ClassExplanation `json:"classes"`   // best first: five, and all others above 0.2
}

// A ClassExplanation is one class's score and what made it.
type ClassExplanation struct {
	Class int     `json:"class"` // index into the classes of Train
	Name  string  `json:"name"`
	Score float64 `json:"score"`
	Kind  Kind    `json:"kind"`
	// Contradicted says that the utterance denies what the examples affirm, or
	// the other way round, so that similarity stays under the threshold.
	Contradicted bool      `json:"contradicted,omitempty"`
	Keywords     []string  `json:"keywords,omitempty"` // found, with the reason when one did not count
	Features     []Feature `json:"features,omitempty"` // the strongest for and against, widest first
}

// A Feature is a piece of the utterance and what it added to the margin.
type Feature struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

const (
	explainedClasses  = 5
	explainedScore    = 0.2
	explainedFeatures = 6
)

// Explain scores text as Score does and says why. It allocates freely and is
// safe for concurrent use.
func (m *Model) Explain(text string) Explanation {
	r := m.pool.Get().(*reading)
	defer m.pool.Put(r)
	m.score(r, text)
	e := Explanation{Normalized: string(r.text), Threshold: Threshold, Tokens: r.words(m.segmenter), Classes: []ClassExplanation{}}
	if len(r.tokens) == 0 {
		return e
	}
	m.linear.spellOut(r)
	order := make([]int, len(m.names))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.match.scores[b], r.match.scores[a]) })
	for rank, class := range order {
		score := r.match.scores[class]
		if rank >= explainedClasses && score <= explainedScore {
			break
		}
		e.Classes = append(e.Classes, ClassExplanation{
			Class: class, Name: m.names[class], Score: score, Kind: r.match.kinds[class],
			Contradicted: r.match.denied[class],
			Keywords:     m.keywords.explain(r, int32(class)),
			Features:     m.linear.explain(r, class),
		})
	}
	return e
}

// words returns the words of the utterance, what is denied marked.
func (r *reading) words(s Segmenter) []string {
	words := []string{}
	next := 0
	for _, end := range s.Cut(r.text, nil) {
		first := next
		for next < len(r.tokens) && int(r.tokens[next].end) <= end {
			next++
		}
		if first < next {
			words = append(words, r.span(int32(first), int32(next)))
		}
	}
	return words
}

// span is the text of some tokens, marked when the last of them is denied.
func (r *reading) span(from, to int32) string {
	text := string(r.text[r.tokens[from].start:r.tokens[to-1].end])
	return text + negatedMark(r.tokens[to-1].negated)
}

func negatedMark(negated bool) string {
	if negated {
		return " (negated)"
	}
	return ""
}

// explain lists the keywords of class in the utterance.
func (k *keywords) explain(r *reading, class int32) []string {
	var found []string
	for _, h := range r.hits {
		p := &k.phrases[h.phrase]
		if !p.serves(k, class) {
			continue
		}
		switch h.verdict {
		case hitStands:
			found = append(found, p.text)
		case hitDenied:
			found = append(found, fmt.Sprintf("%s: negated otherwise than the keyword", p.text))
		case hitSplit:
			found = append(found, fmt.Sprintf("%s: part of another word", p.text))
		}
	}
	for i := range k.patterns {
		if p := &k.patterns[i]; p.class == class && p.stands(r) {
			found = append(found, patternMark+p.source)
		}
	}
	return found
}

// serves reports whether the phrase is a keyword, or part of one, of class.
func (p *phrase) serves(k *keywords, class int32) bool {
	return slices.Contains(p.classes, class) ||
		slices.ContainsFunc(p.groups, func(part part) bool { return k.groups[part.group].class == class })
}

// explain returns what weighed most in the margin of class.
func (l *linear) explain(r *reading, class int) []Feature {
	var n norms
	for i, row := range r.rows {
		n.add(r.features[i].block, l.valueOf(row))
	}
	scales := n.scales()
	sums := map[string]float64{}
	for i, row := range r.rows {
		if row >= 0 {
			f := &r.features[i]
			sums[r.describe(f)] += float64(l.weights.of(row, class) * scales[f.block])
		}
	}
	features := make([]Feature, 0, len(sums))
	for text, weight := range sums {
		if weight != 0 {
			features = append(features, Feature{text, weight})
		}
	}
	slices.SortFunc(features, func(a, b Feature) int {
		return cmp.Or(cmp.Compare(b.Weight*b.Weight, a.Weight*a.Weight), cmp.Compare(a.Text, b.Text))
	})
	return features[:min(len(features), explainedFeatures)]
}

// describe names a feature by the part of the utterance it is made of.
func (r *reading) describe(f *feature) string {
	if f.filler {
		t := &r.fillers[f.from]
		return string(r.aside[t.start:t.end])
	}
	t := &r.tokens[f.from]
	if f.block == blockWord && f.tokens == 3 {
		return string(r.text[t.start:t.end]) + " … " + r.span(int32(f.from)+2, int32(f.from)+3)
	}
	if f.block == blockLetter {
		return string(r.text[t.start+int32(f.cut):t.start+int32(f.end)]) + "…" + negatedMark(t.negated)
	}
	return r.span(int32(f.from), int32(f.from)+int32(f.tokens))
}
