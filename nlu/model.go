package nlu

import "sync"

// A Model scores utterances against the classes it was trained on. It is
// immutable and safe for concurrent use. Keep it by pointer; it owns a pool of
// scratch space.
type Model struct {
	names     []string
	exact     phrasebook
	keywords  *keywords
	linear    linear
	segmenter Segmenter
	pool      *sync.Pool
}

// Len returns the number of classes.
func (m *Model) Len() int { return len(m.names) }

// Score fills scores[i] with the score, in [0, 1], of class i; see score.go
// for the scale. It fills no more than there are classes or scores. A text
// without a letter or digit scores 0 for all. Only the first 4,096 bytes of
// text are read. Score is safe for concurrent use and, while no keyword's
// letters occur in the text, does not allocate.
func (m *Model) Score(text string, scores []float64) {
	r := m.pool.Get().(*reading)
	m.score(r, text)
	n := copy(scores, r.match.scores)
	clear(scores[n:])
	m.pool.Put(r)
}

// score leaves the scores of text, and how each was won, in r.match.
func (m *Model) score(r *reading, text string) {
	r.read(text)
	r.match.reset(len(m.names))
	if len(r.tokens) == 0 {
		return
	}
	if m.linear.margins(r, r.match.margins) {
		r.match.liken(&m.linear)
	}
	m.keywords.score(r, m.segmenter)
	m.scorePhrases(r, text)
}

// matching is the outcome of one utterance, by class.
type matching struct {
	margins []float32 // with room for packed.addTo
	denied  []bool    // the class is contradicted
	scores  []float64
	kinds   []Kind
}

func (o *matching) reset(classes int) {
	if len(o.scores) != classes {
		o.margins = make([]float32, classes, classes+width)
		o.denied, o.scores, o.kinds = make([]bool, classes), make([]float64, classes), make([]Kind, classes)
	}
	clear(o.denied)
	clear(o.scores)
	clear(o.kinds)
}

// liken scores the trained classes by their margins.
func (o *matching) liken(l *linear) {
	trained := l.trained[:len(o.margins)]
	scores, kinds := o.scores[:len(o.margins)], o.kinds[:len(o.margins)]
	for class, margin := range o.margins {
		if !trained[class] {
			continue
		}
		if margin > bias {
			kinds[class] = Similar
		}
		scores[class] = l.scale.similarity(margin)
	}
}

func (o *matching) win(class int, kind Kind, score float64) {
	o.scores[class], o.kinds[class] = score, kind
}
