package nlu

import (
	"fmt"
	"sync"
)

// A Class is what an utterance can mean to a script: an intent or a global
// question, with what its author wrote for it.
type Class struct {
	Name     string
	Examples []string
	// Keywords are phrases that decide by themselves. A plain keyword must
	// stand on word boundaries; a+b wants both phrases, in any order; re:expr
	// is a regular expression (RE2) over the normalised utterance.
	Keywords []string
}

// Config says how a Model is trained. The zero value is usable.
type Config struct {
	// FalseReject is the share of the author's own examples that the threshold
	// may reject, in (0, 0.5]; 0 and anything outside mean 0.05. A higher share rejects strangers
	// more often, and callers who say it their own way too.
	FalseReject float64
	// Segmenter tells where words begin and end, for keywords; nil means
	// [DefaultSegmenter]. It must be safe for concurrent use.
	Segmenter Segmenter
}

// A Problem is something an author wrote that the model cannot use, or not as
// it stands. It never keeps the rest from being trained.
type Problem struct {
	Class   int    // index into the classes
	Field   string // "examples" or "keywords"
	Index   int    // index into the field
	Err     bool   // the entry is ignored; else it is used with a warning
	Message string // what is wrong and what to do
}

// The fields a Problem can be about.
const (
	fieldExamples = "examples"
	fieldKeywords = "keywords"
)

// Train builds the model of the classes. It never fails as a whole: what it
// cannot use is told as a Problem. The same classes in any order, with their
// examples in any order, give the same scores.
func Train(classes []Class, cfg Config) (*Model, []Problem) {
	if !(cfg.FalseReject > 0 && cfg.FalseReject <= 0.5) { // NaN too
		cfg.FalseReject = 0.05
	}
	if cfg.Segmenter == nil {
		cfg.Segmenter = DefaultSegmenter()
	}
	m := &Model{names: make([]string, len(classes)), segmenter: cfg.Segmenter}
	for i, c := range classes {
		m.names[i] = c.Name
	}
	corpus, problems := newCorpus(classes)
	m.exact = newPhrasebook(corpus)
	m.linear = trainLinear(corpus, len(classes), cfg.FalseReject)
	var bad []Problem
	m.keywords, bad = newKeywords(classes)
	if len(m.keywords.phrases) > 0 {
		// The dictionary is read now, not in the first call that says a keyword.
		cfg.Segmenter.Cut([]byte(m.keywords.phrases[0].text), nil)
	}
	m.pool = &sync.Pool{New: func() any { return new(reading) }}
	return m, append(problems, bad...)
}

// emptyExample is the Problem of an example without a letter or a digit.
func emptyExample(class, index int, text string) Problem {
	return Problem{
		Class: class, Field: fieldExamples, Index: index, Err: true,
		Message: fmt.Sprintf("the example %q holds no letter or digit; write the words a caller would say, or remove it", text),
	}
}
