package simulator

import "github.com/talkgraph/talkgraph/flow"

// Learn takes words from a script: words that name an intent and have no texts
// get those of the author, and a profile without any words says at each node
// what its branches listen for, each equally often.
func (p *Profile) Learn(program *flow.Program) {
	examples := make(map[string][]string)
	for _, in := range program.Intents {
		examples[in.Name] = in.Utterances
	}
	known := p.Say
	p.Say = nil
	for _, w := range known {
		if len(w.Texts) == 0 {
			w.Texts = examples[w.Intent]
		}
		p.add(w)
	}
	if len(p.Say) > 0 {
		return
	}
	for f := range program.Flows {
		for n := range program.Flows[f].Nodes {
			node := &program.Flows[f].Nodes[n]
			for _, intent := range node.Intents {
				in := &program.Intents[intent]
				p.add(Words{Node: node.ID, Intent: in.Name, Weight: 1, Texts: in.Utterances})
			}
			if len(node.Intents) > 0 {
				p.learnQuestions(program, node.ID)
			}
		}
	}
}

// learnQuestions lets callees ask the script's questions at a node, each a tenth
// as often as they say something it listens for.
func (p *Profile) learnQuestions(program *flow.Program, node string) {
	for i := range program.Questions {
		if q := &program.Questions[i]; q.Triggers() {
			p.add(Words{Node: node, Intent: q.Name, Weight: 0.1, Texts: q.Questions})
		}
	}
}

// add adds words, if they are any.
func (p *Profile) add(w Words) {
	if len(w.Texts) > 0 {
		p.Say = append(p.Say, w)
	}
}
