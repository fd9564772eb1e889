package eval

import (
	"fmt"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/nlu"
)

// A Training is what a matcher is trained on, and how its scores are read.
type Training struct {
	Classes []nlu.Class
	Config  nlu.Config
	// Threshold is the score from which an utterance means an intent, Margin
	// how far one must be ahead of another to be clearly the better.
	Threshold, Margin float64

	outOfScope []Row        // Given with the examples; never trained on.
	meetings   [][]int32    // The intents of each node; nil: any two may meet.
	questions  map[int]bool // Classes that compete at every node.
}

// defaultMargin is the margin of a script that sets none.
const defaultMargin = 0.1

// FromRows makes each intent of the rows a class, its texts the examples. Rows
// out of scope are kept apart: they teach nothing, and only a cross-validation
// judges them.
func FromRows(rows []Row) (*Training, error) {
	t := &Training{Threshold: nlu.Threshold, Margin: defaultMargin}
	index := make(map[string]int)
	for _, row := range rows {
		if row.Intent == OutOfScope {
			t.outOfScope = append(t.outOfScope, row)
			continue
		}
		i, ok := index[row.Intent]
		if !ok {
			i = len(t.Classes)
			index[row.Intent] = i
			t.Classes = append(t.Classes, nlu.Class{Name: row.Intent})
		}
		t.Classes[i].Examples = append(t.Classes[i].Examples, row.Text)
	}
	return t, t.check()
}

// FromProgram trains as the engine does: a class for each intent, with its
// keywords, and one for each global question that callers can ask.
func FromProgram(p *flow.Program) (*Training, error) {
	t := &Training{
		Config:    nlu.Config{FalseReject: p.Matching.FalseReject},
		Threshold: p.Matching.Threshold,
		Margin:    p.Matching.Margin,
		meetings:  [][]int32{},
		questions: make(map[int]bool),
	}
	for i := range p.Intents {
		intent := &p.Intents[i]
		t.Classes = append(t.Classes, nlu.Class{Name: intent.Name, Examples: intent.Utterances, Keywords: intent.Keywords})
	}
	for i := range p.Questions {
		if q := &p.Questions[i]; q.Triggers() {
			t.questions[len(t.Classes)] = true
			t.Classes = append(t.Classes, nlu.Class{Name: q.Name, Examples: q.Questions})
		}
	}
	for f := range p.Flows {
		for n := range p.Flows[f].Nodes {
			if intents := p.Flows[f].Nodes[n].Intents; len(intents) > 0 {
				t.meetings = append(t.meetings, intents)
			}
		}
	}
	return t, t.check()
}

func (t *Training) check() error {
	if t.Examples() == 0 {
		return fmt.Errorf("there is nothing to learn: no intent has an example")
	}
	return nil
}

// Examples returns how many examples there are.
func (t *Training) Examples() int {
	n := 0
	for i := range t.Classes {
		n += len(t.Classes[i].Examples)
	}
	return n
}

// class returns the index of the first class of a name, -1 for none.
func (t *Training) class(name string) int {
	for i := range t.Classes {
		if t.Classes[i].Name == name {
			return i
		}
	}
	return -1
}

// meet reports whether an utterance can be meant for either of two classes at
// one place of the script.
func (t *Training) meet(a, b int) bool {
	if t.meetings == nil || t.questions[a] || t.questions[b] {
		return true
	}
	for _, intents := range t.meetings {
		holdsA, holdsB := false, false
		for _, intent := range intents {
			holdsA = holdsA || int(intent) == a
			holdsB = holdsB || int(intent) == b
		}
		if holdsA && holdsB {
			return true
		}
	}
	return false
}
