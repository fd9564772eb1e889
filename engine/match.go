package engine

import (
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// Match fills in.Match with what the version makes of in.Text where the call
// rests: a score for each intent of the node, the best global question, and the
// best of the script's other intents. Keys match an intent that has them as an
// utterance or keyword; anything but Speech and Digits matches nothing.
//
// It reuses in.Match.Intents. The state must be one of this version.
func (v *Version) Match(s *session.State, in *session.Input) {
	in.Match = session.Match{Intents: in.Match.Intents[:0]}
	n := v.at(session.Frame{Flow: s.Flow, Node: s.Node})
	if n == nil || s.Ended != session.Live {
		return
	}
	switch in.Kind {
	case session.Speech:
		v.matchWords(n, in)
	case session.Digits:
		for _, intent := range n.Intents {
			in.Match.Intents = append(in.Match.Intents, v.matchKeys(intent, in.Text))
		}
	}
}

func (v *Version) matchWords(n *flow.Node, in *session.Input) {
	buf := v.scores.Get().(*[]float64)
	defer v.scores.Put(buf)
	scores := *buf
	v.model.Score(in.Text, scores)

	for _, intent := range n.Intents {
		in.Match.Intents = append(in.Match.Intents, scores[intent])
	}
	for _, intent := range n.Intents {
		scores[intent] = 0
	}
	others := len(v.program.Intents)
	in.Match.Background = best(scores[:others])
	if q := best(scores[others:]); q.Score > 0 {
		in.Match.Question = session.Scored{Index: v.asked[q.Index], Score: q.Score}
	}
}

func (v *Version) matchKeys(intent int32, keys string) float64 {
	for _, k := range v.keyed[intent] {
		if k == keys {
			return 1
		}
	}
	return 0
}

// best returns the highest score, the first of equals.
func best(scores []float64) (b session.Scored) {
	for i, score := range scores {
		if score > b.Score {
			b = session.Scored{Index: int32(i), Score: score}
		}
	}
	return b
}

// keyed finds the utterances and keywords of each intent that are keys.
func keyed(intents []flow.Intent) [][]string {
	keyed := make([][]string, len(intents))
	for i := range intents {
		for _, phrases := range [][]string{intents[i].Utterances, intents[i].Keywords} {
			for _, phrase := range phrases {
				if isKeys(phrase) {
					keyed[i] = append(keyed[i], phrase)
				}
			}
		}
	}
	return keyed
}

// isKeys reports whether a phrase is what a caller may press.
func isKeys(phrase string) bool {
	keys := session.Keys(phrase)
	return keys.Kind == session.Digits && keys.Text == phrase
}
