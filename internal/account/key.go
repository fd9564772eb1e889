package account

import (
	"context"
	"fmt"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Key is an access key that may be used.
type Key struct {
	ID, Secret string
	Policy     *Policy
}

// AddKey makes a key under the policy of that name, which must be there.
func (a *Accounts) AddKey(ctx context.Context, policy, description string) (*store.AccessKey, error) {
	return a.store.AddKey(ctx, a.newKey(policy, description))
}

// AddFirstKey makes a key that may do everything, where there is no key yet,
// enabled or not; otherwise it returns nil.
func (a *Accounts) AddFirstKey(ctx context.Context) (*store.AccessKey, error) {
	return a.store.AddFirstKey(ctx, a.newKey(FullAccess, "made at the first start"))
}

func (a *Accounts) newKey(policy, description string) store.AccessKey {
	return store.AccessKey{Secret: a.o.NewSecret(), Policy: policy, Description: description}
}

// AddPolicy checks and keeps a policy, whose patterns must each fit an action. One of that name and another document is
// a [store.TakenError].
func (a *Accounts) AddPolicy(ctx context.Context, name string, document []byte) error {
	p, err := ParsePolicy(document)
	if err != nil {
		return err
	}
	if a.o.Actions != nil {
		if pattern := p.idle(a.o.Actions); pattern != "" {
			return fmt.Errorf("the Action %q fits none of the actions there are: check the spelling", service+pattern)
		}
	}
	return a.store.AddPolicy(ctx, name, string(document))
}

// DisableKey makes a key useless.
func (a *Accounts) DisableKey(ctx context.Context, id string) error {
	return a.store.DisableKey(ctx, id)
}

// AllKeys returns every key there is, newest first, without its secret.
func (a *Accounts) AllKeys(ctx context.Context) ([]store.AccessKey, error) {
	rows, err := a.store.Keys(ctx)
	for i := range rows {
		rows[i].Secret = ""
	}
	return rows, err
}

// Keys returns the keys that may be used.
func (a *Accounts) Keys(ctx context.Context) ([]Key, error) {
	rows, err := a.store.Keys(ctx)
	if err != nil {
		return nil, err
	}
	var keys []Key
	for _, row := range rows {
		if !row.Enabled {
			continue
		}
		policy, err := ParsePolicy([]byte(row.Document))
		if err != nil {
			return nil, fmt.Errorf("account: policy %s: %w", row.Policy, err)
		}
		keys = append(keys, Key{ID: row.ID, Secret: row.Secret, Policy: policy})
	}
	return keys, nil
}
