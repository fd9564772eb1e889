package api

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// keyAge is how old what is known of the keys may be: so long after a key was
// disabled elsewhere it is still good here.
const keyAge = 2 * time.Second

// keyring knows the access keys: those that were given to the server, which may
// do everything, and those in the store. The store is asked for all of them at
// once, and rarely, so a key costs a request one look into a map, and an unknown
// one costs no more.
type keyring struct {
	fixed  map[string]*rpc.Key
	stored func(ctx context.Context) ([]account.Key, error)

	mu    sync.Mutex // Of the one who asks the store; others wait.
	known atomic.Pointer[knownKeys]
}

type knownKeys struct {
	at   time.Time
	keys map[string]*rpc.Key
}

func newKeyring(secrets map[string]string, stored func(ctx context.Context) ([]account.Key, error)) *keyring {
	r := &keyring{fixed: make(map[string]*rpc.Key, len(secrets)), stored: stored}
	for id, secret := range secrets {
		r.fixed[id] = &rpc.Key{ID: id, Secret: secret}
	}
	return r
}

// Key implements [rpc.Keys].
func (r *keyring) Key(ctx context.Context, id []byte, now time.Time) (*rpc.Key, error) {
	known := r.known.Load()
	if !known.fresh(now) {
		var err error
		if known, err = r.refresh(ctx, now); err != nil {
			return nil, err
		}
	}
	return known.keys[string(id)], nil
}

func (k *knownKeys) fresh(now time.Time) bool { return k != nil && now.Sub(k.at) < keyAge }

func (r *keyring) refresh(ctx context.Context, now time.Time) (*knownKeys, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.known.Load(); known.fresh(now) {
		return known, nil
	}
	// Others wait for it, so it must not end with the one request.
	stored, err := r.stored(context.WithoutCancel(ctx))
	if err != nil {
		return nil, rpc.ServiceUnavailable("The access keys cannot be read now. Try again later.", err)
	}
	known := &knownKeys{at: now, keys: make(map[string]*rpc.Key, len(stored)+len(r.fixed))}
	for _, k := range stored {
		known.keys[k.ID] = &rpc.Key{ID: k.ID, Secret: k.Secret, Policy: k.Policy}
	}
	maps.Copy(known.keys, r.fixed)
	r.known.Store(known)
	return known, nil
}

// forget has the store asked again.
func (r *keyring) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known.Store(nil)
}

// audited reports whether uses of an action are written down. What changes
// things is, but for Dialogue: what a call did is in its transcript.
func audited(action string) bool { return account.Writes(action) && action != "Dialogue" }

// auditor returns what writes uses down: a change with the first transaction of
// the action, and everything else, refusals above all, when the action has ended.
func auditor(accounts *account.Accounts, log *slog.Logger) func(context.Context, rpc.Use) (context.Context, func(rpc.Use)) {
	record := func(u rpc.Use) store.Audit {
		return store.Audit{
			RequestID: u.RequestID, At: u.At.UnixMilli(), KeyID: u.KeyID, Action: u.Action,
			InstanceID: u.InstanceID, Target: u.Target, Code: u.Code,
		}
	}
	return func(ctx context.Context, u rpc.Use) (context.Context, func(rpc.Use)) {
		ctx = store.Audited(ctx, record(u))
		return ctx, func(u rpc.Use) {
			// It is written down even when the client has gone.
			if err := accounts.Record(context.WithoutCancel(ctx), record(u)); err != nil {
				log.Error("a use was not written into the audit log", "requestId", u.RequestID, "action", u.Action, "error", err)
			}
		}
	}
}
