package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/talkgraph/talkgraph/nlu"
	"github.com/talkgraph/talkgraph/session"
)

// Explanation says how an utterance was understood at its node.
type Explanation struct {
	Text       string      `json:"text"`
	Normalized string      `json:"normalized"`
	Tokens     []string    `json:"tokens"`
	Candidates []Candidate `json:"candidates"` // Best first.
	Threshold  float64     `json:"threshold"`
	Margin     float64     `json:"margin"`
	Winner     string      `json:"winner"`   // Name of the intent or question that won; "" for none.
	RunnerUp   string      `json:"runnerUp"` // Name of the best one that did not win.
	Why        string      `json:"why"`      // The rule that decided, as a sentence.
}

// Candidate is an intent or question that was considered.
type Candidate struct {
	Kind     string   `json:"kind"` // branch, global or background.
	Name     string   `json:"name"`
	Score    float64  `json:"score"`
	Evidence nlu.Kind `json:"evidence"` // exact, keyword, similar or none.
	Features []string `json:"features"` // The strongest, each with what it added.
}

// Explain says how the words of a Speech input were understood where the call
// rested, s being its state before the turn and events what the turn did. It
// runs the matcher once more and allocates freely.
func (v *Version) Explain(s *session.State, in *session.Input, events []session.Event) *Explanation {
	m := v.model.Explain(in.Text)
	e := &Explanation{
		Text: in.Text, Normalized: m.Normalized, Tokens: m.Tokens,
		Threshold: v.program.Matching.Threshold, Margin: v.program.Matching.Margin,
	}
	n := v.at(session.Frame{Flow: s.Flow, Node: s.Node})
	explained := make(map[int]bool)
	for _, class := range m.Classes {
		explained[class.Class] = true
		e.Candidates = append(e.Candidates, Candidate{
			Kind: v.candidateKind(class.Class, n.Intents), Name: class.Name, Score: class.Score,
			Evidence: class.Kind, Features: evidence(class),
		})
	}
	for place, intent := range n.Intents {
		if !explained[int(intent)] && place < len(in.Match.Intents) {
			e.Candidates = append(e.Candidates, Candidate{
				Kind: "branch", Name: v.program.Intents[intent].Name, Score: in.Match.Intents[place], Features: []string{},
			})
		}
	}
	slices.SortStableFunc(e.Candidates, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	e.Winner, e.Why = v.verdict(in, events, e)
	for _, c := range e.Candidates {
		if c.Name != e.Winner && c.Score > 0 {
			e.RunnerUp = c.Name
			break
		}
	}
	return e
}

func (v *Version) candidateKind(class int, intents []int32) string {
	switch {
	case class >= len(v.program.Intents):
		return "global"
	case slices.Contains(intents, int32(class)):
		return "branch"
	}
	return "background"
}

func evidence(c nlu.ClassExplanation) []string {
	features := slices.Clone(c.Keywords)
	for _, f := range c.Features {
		features = append(features, fmt.Sprintf("%s %+.2f", f.Text, f.Weight))
	}
	if features == nil {
		return []string{}
	}
	return features
}

// verdict names the winner and the rule that decided.
func (v *Version) verdict(in *session.Input, events []session.Event, e *Explanation) (winner, why string) {
	p := v.program
	for _, ev := range events {
		switch {
		case ev.Kind == session.Matched && ev.Rule == session.ByIntent:
			name := p.Intents[ev.Index].Name
			return name, fmt.Sprintf("Intent %q is the node's best, at or above the threshold of %.2f, and nothing else is ahead of it by %.2f.", name, e.Threshold, e.Margin)
		case ev.Kind == session.Matched && ev.Rule == session.ByCondition:
			return "", v.nobody(in) + " A branch whose condition holds was taken."
		case ev.Kind == session.Matched:
			return "", v.nobody(in) + " The default branch was taken."
		case ev.Kind == session.Answered:
			name := p.Questions[ev.Index].Name
			return name, fmt.Sprintf("Global question %q is at or above the threshold of %.2f, and no intent of the node that reached it is within %.2f of the question.", name, e.Threshold, e.Margin)
		}
	}
	return "", v.nobody(in) + " This is a no-match."
}

// nobody says why no intent and no question won.
func (v *Version) nobody(in *session.Input) string {
	m, constants := &in.Match, v.program.Matching
	own := best(m.Intents).Score
	switch {
	case constants.Background && m.Background.Score >= constants.Threshold && ahead(m.Background.Score, max(own, m.Question.Score), constants.Margin):
		return fmt.Sprintf("Intent %q, which this node does not ask for, is ahead of all it asks for.", v.program.Intents[m.Background.Index].Name)
	case own >= constants.Threshold:
		return "The best intent of the node stands in a branch whose condition does not hold."
	}
	return "Nothing that this node listens for reached the threshold."
}

// What String shows of the candidates: the first few, and the others that came
// anywhere near the threshold.
const (
	shownCandidates = 3
	shownScore      = 0.4
)

// String returns the explanation as text of several lines.
func (e *Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "heard      %s\nread as    %s\n", e.Text, strings.Join(e.Tokens, " | "))
	for i, c := range e.Candidates {
		if i >= shownCandidates && c.Score < shownScore {
			fmt.Fprintf(&b, "…     and %d with less\n", len(e.Candidates)-i)
			break
		}
		fmt.Fprintf(&b, "%.2f  %-10s %s (%s)", c.Score, c.Kind, c.Name, c.Evidence)
		if len(c.Features) > 0 {
			fmt.Fprintf(&b, ": %s", strings.Join(c.Features, ", "))
		}
		b.WriteByte('\n')
	}
	b.WriteString(e.Why)
	return b.String()
}
