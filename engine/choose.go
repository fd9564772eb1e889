package engine

import (
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// choice is what the rules made of the caller's words at a node.
type choice struct {
	kind   chosen
	rule   session.Rule
	branch int
	index  int // The intent or question.
	score  float64
}

type chosen uint8

const (
	chosenNothing chosen = iota
	chosenBranch
	chosenQuestion
)

// choose applies the rules in their order: the best branch intent, unless a
// global question or a background intent is ahead of it by the margin; the best
// question; a branch with only a condition; the default branch; nothing.
func (t *step) choose(n *flow.Node) choice {
	in, m := &t.in.Match, t.p.Matching
	if n.Conditional {
		t.prepareConditions(n)
	}
	best, background := t.bestBranch(n)
	question := choice{kind: chosenQuestion, index: int(in.Question.Index), score: in.Question.Score}
	if question.index < 0 || question.index >= len(t.p.Questions) {
		question.score = 0 // A match of another version.
	}
	background = max(background, in.Background.Score)

	blocked := m.Background && ahead(background, max(best.score, question.score), m.Margin)
	if !blocked {
		if best.score >= m.Threshold && !ahead(question.score, best.score, m.Margin) {
			return best
		}
		if question.score >= m.Threshold {
			return question
		}
	}
	return t.otherwise(n)
}

// bestBranch returns the open branch with the best intent, the earlier one of
// equals, and the best score of an intent whose branches are all shut: such an
// intent stands in the background at this node.
func (t *step) bestBranch(n *flow.Node) (best choice, shut float64) {
	open := t.out.open[:0]
	for range n.Intents {
		open = append(open, false)
	}
	t.out.open = open
	for i := range n.Branches {
		b := &n.Branches[i]
		if len(b.Intents) == 0 || b.Condition != nil && !t.holds(b, i) {
			continue
		}
		for _, place := range b.Intents {
			open[place] = true
			if score := t.score(place); score > best.score {
				best = choice{
					kind: chosenBranch, rule: session.ByIntent, branch: i, index: int(n.Intents[place]), score: score,
				}
			}
		}
	}
	for place := range open {
		if !open[place] {
			shut = max(shut, t.score(int32(place)))
		}
	}
	return best, shut
}

// otherwise takes the first branch that has only a condition which holds, then
// the default branch.
func (t *step) otherwise(n *flow.Node) choice {
	byDefault := -1
	for i := range n.Branches {
		b := &n.Branches[i]
		switch {
		case len(b.Intents) > 0:
		case b.Default():
			if byDefault < 0 {
				byDefault = i
			}
		case t.holds(b, i):
			return choice{kind: chosenBranch, rule: session.ByCondition, branch: i, index: -1}
		}
	}
	if byDefault >= 0 {
		return choice{kind: chosenBranch, rule: session.ByDefault, branch: byDefault, index: -1}
	}
	return choice{}
}

// prepareConditions fills in what the conditions of this turn can see.
func (t *step) prepareConditions(n *flow.Node) {
	env := &t.out.env
	vars := env.Vars
	if vars == nil {
		vars = make(map[string]string, len(t.s.Vars))
	}
	clear(vars)
	for _, v := range t.s.Vars {
		vars[v.Name] = v.Value
	}
	*env = flow.Env{
		Vars:     vars,
		Attempts: int(t.s.Visit.Unrecognized) + int(t.s.Visit.Silent),
		Turns:    int(t.s.Turns),
	}
	if t.in.Kind == session.Digits {
		env.Digits = t.in.Text
	} else {
		env.Utterance = t.in.Text
	}
	for place, intent := range n.Intents {
		if score := t.score(int32(place)); score > env.Score {
			env.Intent, env.Score = t.p.Intents[intent].Name, score
		}
	}
	if env.Score < t.p.Matching.Threshold {
		env.Intent, env.Score = "", 0
	}
}

// holds evaluates a branch's condition; one that fails is false, and noted.
func (t *step) holds(b *flow.Branch, branch int) bool {
	ok, err := b.Condition.Holds(&t.out.env)
	if err != nil {
		t.event(session.Event{Kind: session.ConditionFailed, Branch: uint16(branch)})
		return false
	}
	return ok
}

// score returns what the matcher said of the intent at a place; nothing said is 0.
func (t *step) score(place int32) float64 {
	if int(place) >= len(t.in.Match.Intents) {
		return 0
	}
	return t.in.Match.Intents[place]
}

// rounding absorbs what a difference of two scores loses in binary, so that
// 0.6 is ahead of 0.5 by a margin of 0.1.
const rounding = 1e-9

func ahead(a, b, margin float64) bool { return a-b >= margin-rounding && a > b }
