package engine

import (
	"fmt"
	"math/bits"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/nlu"
	"github.com/talkgraph/talkgraph/session"
)

// The codes of matching diagnostics. They continue those of package flow.
const (
	CodeSharedPhrase = "TG101" // Warning: the same utterance or keyword in two intents that meet at one node.
	CodeBadKeyword   = "TG102" // Error: a keyword that cannot be compiled.
	CodeEmptyPhrase  = "TG103" // Warning: a phrase or keyword with nothing left once it is normalised.
	CodeWeakKeyword  = "TG104" // Warning: a keyword of a single character, which has other uses too.
)

// phrase is one utterance or keyword of one intent.
type phrase struct {
	list          string // utterances or keywords.
	intent, index int
}

// of returns the phrase as its author wrote it.
func (ph phrase) of(intents []flow.Intent) string {
	if ph.list == "keywords" {
		return intents[ph.intent].Keywords[ph.index]
	}
	return intents[ph.intent].Utterances[ph.index]
}

// conflicts warns of each utterance, and each keyword, that two intents share
// where both can be meant: the one in the earlier branch would win, or chance.
func conflicts(p *flow.Program) flow.Errors {
	shared := sharedPhrases(p.Intents)
	if len(shared) == 0 {
		return nil
	}
	var found flow.Errors
	where := whereMeant(p)
	for _, holders := range shared {
		if a, b, at, ok := where.meeting(holders); ok {
			found = append(found, conflict(p, a, b, at))
		}
	}
	return found
}

func conflict(p *flow.Program, a, b phrase, at session.Frame) flow.Diagnostic {
	g := &p.Flows[at.Flow]
	n := &g.Nodes[at.Node]
	return flow.Diagnostic{
		Code: CodeSharedPhrase, Severity: flow.Warning, File: flow.ScriptFile,
		Pointer: fmt.Sprintf("/intents/%d/%s/%d", b.intent, b.list, b.index),
		Flow:    g.Name, NodeID: n.ID, NodeName: n.Name,
		Message: fmt.Sprintf("%q in the %s of intent %q is the same as %q of intent %q, and both meet at node %q: keep it in one of them",
			b.of(p.Intents), b.list, p.Intents[b.intent].Name, a.of(p.Intents), p.Intents[a.intent].Name, n.Name),
	}
}

// maxHolders bounds the work for one phrase: pairs among its first intents are
// enough to show an author that it is in too many.
const maxHolders = 32

// sharedPhrases returns, in order of first appearance, the places of each
// normalised phrase that several intents have.
func sharedPhrases(intents []flow.Intent) [][]phrase {
	type words struct{ list, normalized string }
	places := make(map[words][]phrase)
	var order []words
	hold := func(ph phrase) {
		key := words{ph.list, nlu.Normalize(ph.of(intents))}
		held := places[key]
		if key.normalized == "" || len(held) == maxHolders || len(held) > 0 && held[len(held)-1].intent == ph.intent {
			return
		}
		if len(held) == 1 {
			order = append(order, key)
		}
		places[key] = append(held, ph)
	}
	for i := range intents {
		for u := range intents[i].Utterances {
			hold(phrase{"utterances", i, u})
		}
		for k := range intents[i].Keywords {
			hold(phrase{"keywords", i, k})
		}
	}
	shared := make([][]phrase, 0, len(order))
	for _, key := range order {
		shared = append(shared, places[key])
	}
	return shared
}

// nodeSet is a set of nodes of all flows, one bit each.
type nodeSet []uint64

// meant says where each intent can be meant.
type meant struct {
	places []session.Frame // Of each node of all flows, by its number.
	nodes  []nodeSet       // The nodes whose branches name the intent.
}

func whereMeant(p *flow.Program) (w meant) {
	for f := range p.Flows {
		for n := range p.Flows[f].Nodes {
			w.places = append(w.places, session.Frame{Flow: uint16(f), Node: uint16(n)})
		}
	}
	w.nodes = make([]nodeSet, len(p.Intents))
	for i := range w.nodes {
		w.nodes[i] = make(nodeSet, (len(w.places)+63)/64)
	}
	for number, at := range w.places {
		for _, intent := range p.Flows[at.Flow].Nodes[at.Node].Intents {
			w.nodes[intent][number/64] |= 1 << (number % 64)
		}
	}
	return w
}

// meeting returns the first two of a phrase's holders that meet at a node, and
// the first node where they do.
func (w *meant) meeting(holders []phrase) (a, b phrase, at session.Frame, ok bool) {
	for i, b := range holders {
		for _, a := range holders[:i] {
			for word, set := range w.nodes[a.intent] {
				if both := set & w.nodes[b.intent][word]; both != 0 {
					return a, b, w.places[word*64+bits.TrailingZeros64(both)], true
				}
			}
		}
	}
	return a, b, at, false
}

// problems places what the matcher found wrong in the bundle.
func (v *Version) problems(found []nlu.Problem) flow.Errors {
	var all flow.Errors
	for _, problem := range found {
		d := flow.Diagnostic{Code: CodeEmptyPhrase, Severity: flow.Warning, File: flow.ScriptFile, Message: problem.Message}
		switch {
		case problem.Field == "keywords" && problem.Err:
			d.Code, d.Severity = CodeBadKeyword, flow.Error
		case problem.Field == "keywords":
			d.Code = CodeWeakKeyword
		}
		if intents := v.program.Intents; problem.Class >= len(intents) {
			question := v.asked[problem.Class-len(intents)]
			d.Pointer = fmt.Sprintf("/globalQuestions/%d/questions/%d", question, problem.Index)
		} else {
			field, phrases := "utterances", intents[problem.Class].Utterances
			if problem.Field == "keywords" {
				field, phrases = "keywords", intents[problem.Class].Keywords
			}
			if isKeys(phrases[problem.Index]) {
				continue // Nothing to hear, but something to press.
			}
			d.Pointer = fmt.Sprintf("/intents/%d/%s/%d", problem.Class, field, problem.Index)
		}
		all = append(all, d)
	}
	return all
}
