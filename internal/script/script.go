// Package script is about scripts as people edit them: drafts, review,
// versions, import and export. What a script means is for flow and engine to
// say; this package puts together the bundle they read.
package script

import "github.com/talkgraph/talkgraph/internal/store"

// Scripts is safe for concurrent use. Make one with [New].
type Scripts struct {
	store *store.Store
}

// New returns the scripts of a store.
func New(s *store.Store) *Scripts { return &Scripts{store: s} }
