// Package account is about who may do what: instances, access keys, policies,
// the record of what was done, and the numbers that an instance calls from.
package account

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Options are what an account is told from outside. The zero value is one
// without bounds.
type Options struct {
	// NewSecret makes the secret of an access key; nil: random, 26 letters and
	// digits.
	NewSecret func() string

	// Actions are the names of the actions there are, for new policies to be held
	// to; nil: any names.
	Actions []string

	// MaxCalls is the most that an instance may be given as the cap on its
	// concurrent calls; 0 is no bound.
	MaxCalls int
}

// Accounts is safe for concurrent use. Make one with [New].
type Accounts struct {
	store *store.Store
	o     Options
}

// New returns the accounts of a store.
func New(s *store.Store, o Options) *Accounts {
	if o.NewSecret == nil {
		o.NewSecret = rand.Text
	}
	return &Accounts{store: s, o: o}
}

// ErrOverQuota says that an instance asks for more concurrent calls than the
// account has.
var ErrOverQuota = errors.New("account: the cap on concurrent calls is over the quota of the account")

// CreateInstance makes an instance.
func (a *Accounts) CreateInstance(ctx context.Context, name, description string, maxCalls int) (*store.Instance, error) {
	if a.overQuota(maxCalls) {
		return nil, ErrOverQuota
	}
	return a.store.CreateInstance(ctx, store.Instance{Name: name, Description: description, MaxCalls: maxCalls})
}

// usualCalls is the cap of an instance that was made without being asked for one.
const usualCalls = 10_000

// EnsureInstance makes an instance of that id, and that name, unless there is one.
func (a *Accounts) EnsureInstance(ctx context.Context, id string) error {
	if id == "" || len(id) > 128 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return &store.InvalidError{Parameter: "InstanceId", Allowed: "It must be 1 to 128 printable ASCII characters without a blank."}
	}
	var missing *store.NotFoundError
	if _, err := a.store.Instance(ctx, id); !errors.As(err, &missing) {
		return err
	}
	calls := a.o.MaxCalls
	if calls == 0 {
		calls = usualCalls
	}
	_, err := a.store.CreateInstance(ctx, store.Instance{ID: id, Name: id, MaxCalls: calls})
	return err
}

// ModifyInstance changes the cap of an instance, and its name and description
// where they are not empty.
func (a *Accounts) ModifyInstance(ctx context.Context, id, name, description string, maxCalls int) (*store.Instance, error) {
	if _, err := a.store.Instance(ctx, id); err != nil {
		return nil, err
	}
	if a.overQuota(maxCalls) {
		return nil, ErrOverQuota
	}
	return a.store.UpdateInstance(ctx, store.Instance{ID: id, Name: name, Description: description, MaxCalls: maxCalls})
}

func (a *Accounts) overQuota(calls int) bool { return a.o.MaxCalls > 0 && calls > a.o.MaxCalls }

// Instances returns every instance, newest first.
func (a *Accounts) Instances(ctx context.Context) ([]store.Instance, error) {
	return a.store.Instances(ctx)
}

// Instance returns one instance.
func (a *Accounts) Instance(ctx context.Context, id string) (*store.Instance, error) {
	return a.store.Instance(ctx, id)
}

// DeleteInstance deletes an instance and everything that is in it; calls in
// flight go on to their end.
func (a *Accounts) DeleteInstance(ctx context.Context, id string) error {
	return a.store.DeleteInstance(ctx, id)
}
