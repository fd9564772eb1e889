package api

import "github.com/talkgraph/talkgraph/engine"

// explain says how an utterance was understood, as [engine.Explanation] does,
// in the spelling of the API.
type explain struct {
	Text       string      `rpc:"Text"`
	Normalized string      `rpc:"Normalized"`
	Tokens     []string    `rpc:"Tokens"`
	Candidates []candidate `rpc:"Candidates"`
	Threshold  float64     `rpc:"Threshold"`
	Margin     float64     `rpc:"Margin"`
	Winner     string      `rpc:"Winner"`
	RunnerUp   string      `rpc:"RunnerUp"`
	Why        string      `rpc:"Why"`
}

type candidate struct {
	Kind     string   `rpc:"Kind"`
	Name     string   `rpc:"Name"`
	Score    float64  `rpc:"Score"`
	Evidence string   `rpc:"Evidence"`
	Features []string `rpc:"Features"`
}

func explainOf(e *engine.Explanation) *explain {
	if e == nil {
		return nil
	}
	x := &explain{
		Text:       e.Text,
		Normalized: e.Normalized,
		Tokens:     e.Tokens,
		Threshold:  e.Threshold,
		Margin:     e.Margin,
		Winner:     e.Winner,
		RunnerUp:   e.RunnerUp,
		Why:        e.Why,
	}
	for _, c := range e.Candidates {
		x.Candidates = append(x.Candidates, candidate{
			Kind: c.Kind, Name: c.Name, Score: c.Score, Evidence: c.Evidence.String(), Features: c.Features,
		})
	}
	return x
}
