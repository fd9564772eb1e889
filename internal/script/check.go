package script

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/store"
)

// CheckFlow returns what compiling the draft of a script says of one of its
// flows, errors and warnings. It trains no matcher and reads nothing that only
// a matcher needs, so that an editor may ask for it at every change.
func (s *Scripts) CheckFlow(ctx context.Context, instance, script, id string) (flow.Errors, error) {
	d, err := s.store.Outline(ctx, instance, script)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(d.Flows, func(f store.Flow) bool { return f.ID == id })
	if i < 0 {
		return nil, &store.NotFoundError{Thing: "DialogueFlow"}
	}
	// The compiler lists so many diagnostics and no more: those of this flow
	// come first, and no intent of the outline is to be told of as empty.
	d.Flows[0], d.Flows[i] = d.Flows[i], d.Flows[0]
	for i := range d.Intents {
		d.Intents[i].Utterances = store.NewTexts([]string{d.Intents[i].Name})
	}
	found, err := diagnose(d)
	if err != nil {
		return nil, fmt.Errorf("script %q: %w", script, err)
	}
	path := flowPaths(d.Flows)[0]
	return slices.DeleteFunc(found, func(d flow.Diagnostic) bool { return d.File != path && d.Flow != id }), nil
}

// diagnose returns what the compiler of flows says of a draft.
func diagnose(d *store.Draft) (flow.Errors, error) {
	bundle, err := Bundle(d)
	if err != nil {
		return nil, err
	}
	program, err := flow.Compile(bundle)
	var refused flow.Errors
	if errors.As(err, &refused) {
		return refused, nil
	}
	if err != nil {
		return nil, err
	}
	return program.Diagnostics, nil
}
