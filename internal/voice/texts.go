package voice

import (
	"encoding/json"
	"strings"

	"github.com/talkgraph/talkgraph/internal/store"
)

// spoken returns the texts that a draft says, each once: what its nodes say and
// how they ask again, then the answers to its global questions. A draft may be
// unfinished; what is no text in it is passed over.
func spoken(flows []store.Flow, questions []store.Question) []store.SpokenText {
	var texts []store.SpokenText
	seen := map[string]bool{}
	add := func(source string, contents ...string) {
		for _, content := range contents {
			if !seen[content] && strings.TrimSpace(content) != "" {
				seen[content] = true
				texts = append(texts, store.SpokenText{Content: content, Source: source})
			}
		}
	}
	for i := range flows {
		add(store.VoiceOfFlow, spokenIn(flows[i].Definition)...)
	}
	for i := range questions {
		add(store.VoiceOfQuestion, questions[i].Answers.List()...)
	}
	return texts
}

// spokenIn returns the texts of a flow's nodes. encoding/json has a bound on
// nesting of its own.
func spokenIn(definition string) []string {
	var flow struct {
		Nodes []json.RawMessage `json:"nodes"`
	}
	// A member of the wrong kind is left out; the rest is read all the same.
	_ = json.Unmarshal([]byte(definition), &flow)
	var texts []string
	for _, raw := range flow.Nodes {
		var node struct {
			Type           string   `json:"type"`
			Script         string   `json:"script"`
			SimilarScripts []string `json:"similarScripts"`
		}
		_ = json.Unmarshal(raw, &node)
		if strings.EqualFold(node.Type, "Start") {
			continue // Says nothing, whatever it holds.
		}
		texts = append(append(texts, node.Script), node.SimilarScripts...)
	}
	return texts
}
