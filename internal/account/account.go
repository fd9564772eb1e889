// Package account is about who may do what: instances, access keys, policies,
// the record of what was done, and the numbers that an instance calls from.
package account

import "github.com/talkgraph/talkgraph/internal/store"

// Accounts is safe for concurrent use. Make one with [New].
type Accounts struct {
	store *store.Store
}

// New returns the accounts of a store.
func New(s *store.Store) *Accounts { return &Accounts{store: s} }
