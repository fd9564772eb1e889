package script

import (
	"context"
	"errors"
	"fmt"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// NotCompiledError says that a draft cannot be published. It holds every
// diagnostic, warnings too, and at least one error.
type NotCompiledError struct{ Diagnostics flow.Errors }

func (e *NotCompiledError) Error() string {
	return "the script does not compile: " + e.Diagnostics.Error()
}

// build is a draft that compiles, kept as a bundle.
type build struct {
	hash     session.Hash
	revision int64 // Of the draft.
}

// build makes a bundle of the draft of a script, compiles it and keeps it. It
// takes as long as compiling takes, so it is done outside of every transaction.
func (s *Scripts) build(ctx context.Context, instance, script string) (*build, error) {
	draft, err := s.store.Draft(ctx, instance, script)
	if err != nil {
		return nil, err
	}
	return s.keep(ctx, draft)
}

// keep is build for a draft that may not be stored yet.
func (s *Scripts) keep(ctx context.Context, draft *store.Draft) (*build, error) {
	script := draft.Script.ID
	archive, err := pack(draft)
	if err != nil {
		return nil, fmt.Errorf("script %q: %w", script, err)
	}
	v, err := s.open(archive)
	var refused flow.Errors
	if errors.As(err, &refused) {
		return nil, &NotCompiledError{refused}
	}
	if err != nil {
		return nil, fmt.Errorf("script %q: %w", script, err)
	}
	if err := s.store.KeepBundle(ctx, v.Hash(), archive); err != nil {
		return nil, err
	}
	s.recent.put(v)
	return &build{v.Hash(), draft.Script.Revision}, nil
}

// Load returns the version with a hash, compiled again from the bundle that
// was kept when it was published, unless that was here and just now. It is what
// [engine.Options] call Load.
func (s *Scripts) Load(ctx context.Context, hash session.Hash) (*engine.Version, error) {
	if v := s.recent.take(hash); v != nil {
		return v, nil
	}
	archive, err := s.store.Bundle(ctx, hash)
	if err != nil {
		return nil, err
	}
	return s.open(archive)
}

// open compiles the bundle in an archive.
func (s *Scripts) open(archive []byte) (*engine.Version, error) {
	files, err := openArchive(archive)
	if err != nil {
		return nil, err
	}
	return s.o.Compile(files)
}
