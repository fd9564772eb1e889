package engine

import (
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/nlu"
	"github.com/talkgraph/talkgraph/session"
)

// Version is a script compiled: immutable, named by the hash of its content,
// shared by every call that runs on it. Safe for concurrent use.
type Version struct {
	program *flow.Program
	model   *nlu.Model
	asked   []int32    // The question behind each class of the model that follows the intents.
	keyed   [][]string // What each intent is when keys are pressed.
	scores  sync.Pool  // Of *[]float64, one score a class.
}

// Compile compiles the bundle at the root of fsys with the default segmenter.
// See [Compiler.Compile].
func Compile(fsys fs.FS, opts ...flow.Option) (*Version, error) {
	return Compiler{}.Compile(fsys, opts...)
}

// Compiler compiles bundles. The zero value is ready to use.
type Compiler struct {
	Segmenter nlu.Segmenter // Where keywords ask for word boundaries; nil: the shared default.
}

// Compile compiles the bundle at the root of fsys: its flows, then the matcher
// from the author's own examples. A script that is refused gives [flow.Errors],
// which hold every diagnostic, of flows and of matching alike; otherwise the
// warnings are in [Version.Diagnostics].
func (c Compiler) Compile(fsys fs.FS, opts ...flow.Option) (*Version, error) {
	v := new(Version)
	p, err := flow.Compile(fsys, append(slices.Clone(opts), flow.WithCheck(func(p *flow.Program) flow.Errors {
		v.program = p
		problems := v.train(c.Segmenter)
		return append(problems, conflicts(p)...)
	}))...)
	if err != nil {
		return nil, err
	}
	v.program, v.keyed = p, keyed(p.Intents)
	return v, nil
}

// train makes the matcher from the program's own examples and returns what is
// wrong with them.
func (v *Version) train(segmenter nlu.Segmenter) flow.Errors {
	classes := v.classes()
	model, problems := nlu.Train(classes, nlu.Config{FalseReject: v.program.Matching.FalseReject, Segmenter: segmenter})
	v.model = model
	v.scores.New = func() any { s := make([]float64, len(classes)); return &s }
	return v.problems(problems)
}

// Program returns the compiled flows.
func (v *Version) Program() *flow.Program { return v.program }

// Hash names the version.
func (v *Version) Hash() session.Hash { return v.program.Hash }

// ScriptID returns the id of the script.
func (v *Version) ScriptID() string { return v.program.ID }

// Diagnostics returns the warnings of the compilation, sorted.
func (v *Version) Diagnostics() flow.Errors { return v.program.Diagnostics }

// classes are what the matcher tells apart: the intents, then the questions
// that callers can ask.
func (v *Version) classes() []nlu.Class {
	var classes []nlu.Class
	for _, intent := range v.program.Intents {
		classes = append(classes, nlu.Class{
			Name: intent.Name, Examples: intent.Utterances, Keywords: intent.Keywords,
		})
	}
	for i := range v.program.Questions {
		if q := &v.program.Questions[i]; q.Triggers() {
			classes = append(classes, nlu.Class{Name: q.Name, Examples: q.Questions})
			v.asked = append(v.asked, int32(i))
		}
	}
	return classes
}

// feedback puts together what a turn tells the gateway from where the call
// rests and what was said last.
func (v *Version) feedback(s *session.State) session.Feedback {
	f := s.Last.Feedback()
	f.Ended = s.Ended
	if n := v.at(session.Frame{Flow: s.Flow, Node: s.Node}); n != nil {
		f.FlowID, f.NodeID = v.program.Flows[s.Flow].ID, n.ID
		if s.Ended == session.Live {
			f.SilenceTimeout, f.Collect = n.SilenceTimeout, n.Collect
		}
	}
	return f
}

// hits names the tags that a call hit.
func (v *Version) hits(s *session.State) []session.Tag {
	var tags []session.Tag
	for _, i := range s.Tags {
		t := &v.program.Tags[i]
		tags = append(tags, session.Tag{Group: t.Group, Name: t.Name})
	}
	return tags
}

// check refuses the state of a live call whose indexes the version does not
// have, so that no step runs out of a slice.
func (v *Version) check(s *session.State) error {
	if s.Version != v.Hash() {
		return fmt.Errorf("%w: the call is pinned to %s, this is %s", ErrVersionMissing, s.Version, v.Hash())
	}
	n := v.at(session.Frame{Flow: s.Flow, Node: s.Node})
	ok := n != nil && n.Kind == flow.Switch && len(s.Callers) <= MaxDepth
	for _, caller := range s.Callers {
		n := v.at(caller)
		ok = ok && n != nil && n.Kind == flow.Transfer && n.Action == flow.GotoFlow
	}
	for _, tag := range s.Tags {
		ok = ok && int(tag) < len(v.program.Tags)
	}
	if !ok {
		return fmt.Errorf("%w: it points outside of version %s", session.ErrCorrupt, v.Hash())
	}
	return nil
}

// at returns the node at a place, nil for none.
func (v *Version) at(f session.Frame) *flow.Node {
	if int(f.Flow) >= len(v.program.Flows) || int(f.Node) >= len(v.program.Flows[f.Flow].Nodes) {
		return nil
	}
	return &v.program.Flows[f.Flow].Nodes[f.Node]
}
