// Package voice is about how scripts are spoken: the voice of a script, and the
// recordings of its texts.
package voice

import "github.com/talkgraph/talkgraph/internal/store"

// Voices is safe for concurrent use. Make one with [New].
type Voices struct {
	store *store.Store
}

// New returns the voices of a store.
func New(s *store.Store) *Voices { return &Voices{store: s} }
