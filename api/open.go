package api

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/engine/metrics"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/voice"
	"github.com/talkgraph/talkgraph/session"
)

// Config says what [Open] opens. Now is required, and one of Data and Database.
type Config struct {
	// Data is the folder of what is kept: the SQLite database talkgraph.db,
	// unless Database names another. It is made when missing.
	Data string
	// Database is the URL of a PostgreSQL database that several servers may
	// share, as in postgres://user@host:5432/name.
	Database string
	// Lax lets SQLite answer before a commit is on the disk: what was answered
	// survives the end of the process, but not a loss of power.
	Lax bool

	Keys map[string]string // Access keys that may do everything: secrets by id. Not changed later.

	// RateLimit is how many requests a second one access key may send, and how
	// many at once; beyond, they are throttled. 0 is no limit.
	RateLimit float64
	// MaxCalls caps the calls that live at once in this process, and what an
	// instance may be given as its own cap; 0 is no cap.
	MaxCalls int

	Now          func() time.Time // The clock, e.g. time.Now.
	NewID        func() string    // Names new things; nil: random, 26 letters and digits.
	NewRequestID func() string    // Names a request; nil: random UUIDs.

	Registerer prometheus.Registerer // Where metrics are registered; nil: nowhere.
	Logger     *slog.Logger          // Told of failures of the server, without phone numbers; nil: nobody is.
}

// Server is the whole API on a storage of its own. It is an http.Handler for
// "/", safe for concurrent use. Make one with [Open].
type Server struct {
	handler http.Handler
	store   *store.Store
	service *service
	keys    *keyring
	calls   *engine.Engine
	scripts *published
}

// Open opens the storage, brings its schema up to date, and returns the API on
// it. Nothing runs in the background: call [Server.Sweep] now and then, and
// [Server.Close] at the end.
func Open(ctx context.Context, c Config) (*Server, error) {
	if c.Data == "" && c.Database == "" || c.Now == nil {
		return nil, errors.New("api: Config needs Now, and Data or Database")
	}
	if c.Registerer == nil {
		c.Registerer = prometheus.NewRegistry()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	place := store.Options{Database: c.Database, Now: c.Now, NewID: c.NewID, Lax: c.Lax}
	if c.Database == "" {
		place.File = filepath.Join(c.Data, "talkgraph.db")
	}
	kept, err := store.Open(ctx, place)
	if err != nil {
		return nil, err
	}
	s := &Server{
		store: kept,
		service: &service{
			accounts: account.New(kept, account.Options{MaxCalls: c.MaxCalls}),
			scripts:  script.New(kept, script.Options{}),
			drafts:   kept,
			voices:   voice.New(kept),
		},
		scripts: &published{},
	}
	if err := s.wire(c); err != nil {
		return nil, errors.Join(err, kept.Close())
	}
	return s, nil
}

// wire puts the engine and the protocol on the storage.
func (s *Server) wire(c Config) error {
	observer, err := metrics.New(c.Registerer)
	if err != nil {
		return fmt.Errorf("api: registering metrics: %w", err)
	}
	s.calls, err = engine.New(engine.Options{Now: c.Now, Observers: []engine.Observer{observer}, MaxCalls: c.MaxCalls})
	if err != nil {
		return err
	}
	if err := metrics.RegisterLive(c.Registerer, s.calls); err != nil {
		return fmt.Errorf("api: registering metrics: %w", err)
	}
	s.keys = newKeyring(c.Keys, s.service.accounts.Keys)
	conversation := &conversation{engine: s.calls, resolver: s.scripts}
	s.handler, err = rpc.New(rpc.Options{
		Version:      Version,
		Actions:      append(s.service.actions(), rpc.Handle("Dialogue", conversation.dialogue)),
		Keys:         s.keys,
		RateLimit:    c.RateLimit,
		Audit:        auditor(s.service.accounts, c.Logger),
		Audited:      audited,
		Now:          c.Now,
		NewRequestID: c.NewRequestID,
		Registerer:   c.Registerer,
		Logger:       c.Logger,
	})
	return err
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	s.handler.ServeHTTP(w, r)
}

// Ready returns an error while the storage does not answer.
func (s *Server) Ready(ctx context.Context) error { return s.store.Ping(ctx) }

// Sweep ends the calls that fell asleep and forgets those that ended a while
// ago. It returns how many it ended. Call it several times a minute.
func (s *Server) Sweep(ctx context.Context) (int, error) { return s.calls.Sweep(ctx) }

// Close finishes what is being written and closes the storage. No request may
// be in flight.
func (s *Server) Close() error { return s.store.Close() }

// AddFirstKey makes an access key that may do everything, where the storage has
// none. Otherwise it returns an empty id. This is the only time that the secret
// is told.
func (s *Server) AddFirstKey(ctx context.Context) (id, secret string, err error) {
	key, err := s.service.accounts.AddFirstKey(ctx)
	if err != nil || key == nil {
		return "", "", err
	}
	s.keys.forget()
	return key.ID, key.Secret, nil
}

// Import publishes a bundle as a script of the instance, under the bundle's own
// id, and returns the version that new calls run on. The instance is made when
// it is missing. Errors in the bundle are a [flow.Errors].
func (s *Server) Import(_ context.Context, instance string, bundle fs.FS, o ...flow.Option) (session.Hash, error) {
	v, err := engine.Compile(bundle, o...)
	if err != nil {
		return session.Hash{}, err
	}
	s.calls.Publish(v)
	s.calls.PublishDebug(v)
	s.scripts.add(instance, v.ScriptID())
	return v.Hash(), nil
}

// AddInstance makes an instance of that id, and that name, unless there is one.
func (s *Server) AddInstance(ctx context.Context, instance string) error {
	s.scripts.add(instance, "")
	return s.service.accounts.EnsureInstance(ctx, instance)
}

// published is a Resolver for the scripts that were imported into the process.
type published struct {
	mu        sync.RWMutex
	instances map[string]Static
}

func (p *published) add(instance, script string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.instances == nil {
		p.instances = map[string]Static{}
	}
	one := p.instances[instance]
	one.Instance = instance
	if script != "" && !slices.Contains(one.Scripts, script) {
		one.Scripts = append(slices.Clone(one.Scripts), script)
	}
	p.instances[instance] = one
}

// Resolve implements [Resolver].
func (p *published) Resolve(ctx context.Context, c Call) (engine.Opening, error) {
	p.mu.RLock()
	one := p.instances[c.InstanceID]
	p.mu.RUnlock()
	return one.Resolve(ctx, c)
}
