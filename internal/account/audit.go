package account

import (
	"context"
	"strings"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Writes reports whether an action changes things, by its name: what the
// read-only policy allows does not.
func Writes(action string) bool {
	for _, reads := range []string{"Get", "List", "Describe", "Query", "Download", "Export"} {
		if strings.HasPrefix(action, reads) {
			return false
		}
	}
	return true
}

// Record keeps the record of a use of an action that has ended. What it has
// changed is on record already when ctx is from [store.Audited].
func (a *Accounts) Record(ctx context.Context, use store.Audit) error {
	return a.store.AddAudit(ctx, use)
}

// Records returns the newest records, newest first.
func (a *Accounts) Records(ctx context.Context, limit int) ([]store.Audit, error) {
	return a.store.Audits(ctx, limit)
}
