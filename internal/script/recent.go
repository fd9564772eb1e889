package script

import (
	"slices"
	"sync"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

// maxRecent is how many versions wait for their first call.
const maxRecent = 16

// recent keeps versions that were compiled to be published until the first call
// asks for them, so that it need not wait until they are compiled again. The
// oldest go first. Safe for concurrent use.
type recent struct {
	mu       sync.Mutex
	versions []*engine.Version
}

func (r *recent) put(v *engine.Version) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.versions) == maxRecent {
		r.versions = slices.Delete(r.versions, 0, 1)
	}
	r.versions = append(r.versions, v)
}

// take returns the version with a hash and forgets it; nil for none.
func (r *recent) take(hash session.Hash) *engine.Version {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.versions, func(v *engine.Version) bool { return v.Hash() == hash })
	if i < 0 {
		return nil
	}
	v := r.versions[i]
	r.versions = slices.Delete(r.versions, i, i+1)
	return v
}
