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
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/engine/metrics"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/fetch"
	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/gateway"
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
	// Transcripts is how long what was said in a call is kept, from the call's
	// first turn; 0: 90 days, negative: for ever.
	Transcripts time.Duration

	// Files is where files are kept: a folder, or the URL of a bucket on
	// S3-compatible storage, s3://name?region=…; "" is the folder files in Data.
	// Without either, and without PublicURL, the actions that need files answer
	// ServiceUnavailable.
	Files string
	// PublicURL is where clients reach this server, https://bot.example.com. The
	// URLs of files begin with it.
	PublicURL string

	// ImportHosts are the hosts that ImportScript may fetch bundles from, beside
	// this server, at public addresses only.
	ImportHosts []string

	// ESpeak is the program that speaks samples; "" is espeak-ng, wherever the
	// environment has it.
	ESpeak string

	// ManualReview lets a script that was submitted wait until somebody approves
	// of it; otherwise it is published when it compiles.
	ManualReview bool

	// GatewayURL is where a telephony system takes webhooks that ask it to place
	// the calls of campaigns, signed with GatewaySecret; "": nobody calls, and
	// jobs wait.
	GatewayURL    string
	GatewaySecret string
	// LegacySubmitted lets Submitted of the batch actions mean the opposite of its
	// name, as the reference has it.
	LegacySubmitted bool
	// Zone is what the days and hours of campaigns are counted in; nil: that of
	// Shanghai.
	Zone *time.Location

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
// "/" and the files below "/files/", safe for concurrent use. Make one with
// [Open].
type Server struct {
	handler http.Handler
	store   *store.Store
	files   *files.Files // nil: none are kept.
	service *service
	keys    *keyring
	calls   *engine.Engine
	log     *slog.Logger
}

// Open opens the storage, brings its schema up to date, and returns the API on
// it. A schema that is newer than this program is refused, and so is a folder
// that another server, in this process or another, is open on. Nothing runs in the
// background: call [Server.Sweep] now and then, and [Server.Close] at the end.
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
	place := store.Options{Database: c.Database, Now: c.Now, NewID: c.NewID, Lax: c.Lax, Transcripts: c.Transcripts, Serve: true}
	if c.Database == "" {
		place.File = filepath.Join(c.Data, store.FileName)
	}
	kept, err := store.Open(ctx, place)
	if err != nil {
		return nil, err
	}
	s := &Server{store: kept, log: c.Logger}
	if err := errors.Join(s.openFiles(ctx, c), s.wire(c)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openFiles opens the place of files, if there is one.
func (s *Server) openFiles(ctx context.Context, c Config) (err error) {
	if c.Files == "" && c.Data != "" {
		c.Files = filepath.Join(c.Data, "files")
	}
	if c.Files == "" || c.PublicURL == "" {
		return nil
	}
	s.files, err = files.Open(ctx, s.store, files.Options{Bucket: c.Files, URL: c.PublicURL, Now: c.Now, Logger: c.Logger})
	return err
}

// wire puts the services, the engine and the protocol on the storage.
func (s *Server) wire(c Config) error {
	ofScripts := script.Options{ManualReview: c.ManualReview, Fetch: logged(fetch.New(c.ImportHosts...), c.Logger)}
	if s.files != nil {
		ofScripts.Files = bundleFiles{s.files}
	}
	s.service = &service{
		accounts: account.New(s.store, account.Options{MaxCalls: c.MaxCalls}),
		scripts:  script.New(s.store, ofScripts),
		drafts:   s.store,
		voices:   voice.New(s.store, voice.Options{Speech: voice.NewESpeak(c.ESpeak)}),
		files:    s.files,

		legacySubmitted: c.LegacySubmitted,
	}
	if err := errors.Join(s.startCampaigns(c), s.startEngine(c)); err != nil {
		return err
	}
	s.keys = newKeyring(c.Keys, s.service.accounts.Keys)
	conversation := &conversation{engine: s.calls, resolver: stored{s.service.scripts, s.service.campaigns}}
	var err error
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

// startCampaigns puts campaigns on the storage and the gateway.
func (s *Server) startCampaigns(c Config) error {
	o := campaign.Options{Store: s.store, Gateway: campaign.NoGateway{}, Now: c.Now, Zone: c.Zone, Registerer: c.Registerer, Logger: c.Logger}
	if c.GatewayURL != "" {
		webhook, err := gateway.NewWebhook(gateway.Options{URL: c.GatewayURL, Secret: c.GatewaySecret, Now: c.Now})
		if err != nil {
			return err
		}
		o.Gateway = webhook
	}
	if s.files != nil {
		o.Files = recordings{s.files}
	}
	o.Program = func(ctx context.Context, hash session.Hash) (*flow.Program, error) {
		v, err := s.service.scripts.Load(ctx, hash)
		if err != nil {
			return nil, err
		}
		return v.Program(), nil
	}
	var err error
	s.service.campaigns, err = campaign.New(o)
	return err
}

// loadLimit bounds how long the calls that need a version wait for it.
const loadLimit = 30 * time.Second

// startEngine makes the engine, which keeps its calls in the storage and gets
// from it the versions they run on.
func (s *Server) startEngine(c Config) error {
	observer, err := metrics.New(c.Registerer)
	if err != nil {
		return fmt.Errorf("api: registering metrics: %w", err)
	}
	s.calls, err = engine.New(engine.Options{
		Now: c.Now, Store: s.store.Sessions(), Observers: []engine.Observer{observer}, MaxCalls: c.MaxCalls,
		Load: func(ctx context.Context, hash session.Hash) (*engine.Version, error) {
			ctx, cancel := context.WithTimeout(ctx, loadLimit)
			defer cancel()
			return s.service.scripts.Load(ctx, hash)
		},
	})
	if err != nil {
		return err
	}
	if err := metrics.RegisterLive(c.Registerer, s.calls); err != nil {
		return fmt.Errorf("api: registering metrics: %w", err)
	}
	return nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/":
		s.handler.ServeHTTP(w, r)
	case s.files != nil && strings.HasPrefix(r.URL.Path, files.Path):
		s.files.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Ready returns an error while the storage does not answer.
func (s *Server) Ready(ctx context.Context) error { return s.store.Ping(ctx) }

// Sweep ends the calls that fell asleep, forgets those that ended a while ago,
// and deletes what nobody can reach any more: files, and what was published of
// scripts that are gone. It returns how many calls it ended. Call it several times a minute.
func (s *Server) Sweep(ctx context.Context) (int, error) {
	ended, err := s.calls.Sweep(ctx)
	_, failed := s.store.SweepBundles(ctx)
	err = errors.Join(err, failed)
	if s.files != nil {
		_, failed = s.files.Sweep(ctx)
		err = errors.Join(err, failed)
	}
	return ended, err
}

// Campaign calls whom it is time to call, and gives up calls that nothing is
// heard of. It returns how many calls were placed. Call it every second or so.
func (s *Server) Campaign(ctx context.Context) (int, error) { return s.service.campaigns.Tick(ctx) }

// Transfer sees one file through that is on its way into a job group or out of
// it, and reports whether there was one. Call it every second or so, apart from
// Campaign: a big file takes minutes.
func (s *Server) Transfer(ctx context.Context) (bool, error) {
	return s.service.campaigns.Transfer(ctx)
}

// Close finishes what is being written and closes the storage. No request may
// be in flight.
func (s *Server) Close() error {
	if s.files == nil {
		return s.store.Close()
	}
	return errors.Join(s.files.Close(), s.store.Close())
}

// AddFirstKey makes an access key that may do everything, where the storage has
// none. Otherwise it returns an empty id. This is the only time that the secret
// is told.
func (s *Server) AddFirstKey(ctx context.Context) (id, secret string, err error) {
	key, err := s.service.accounts.AddFirstKey(ctx)
	if err != nil {
		return "", "", err
	}
	if key == nil {
		return "", "", s.warnOfNoKey(ctx)
	}
	s.keys.forget()
	return key.ID, key.Secret, nil
}

// warnOfNoKey warns where there are keys, but none that may be used.
func (s *Server) warnOfNoKey(ctx context.Context) error {
	keys, err := s.service.accounts.AllKeys(ctx)
	if err == nil && !slices.ContainsFunc(keys, func(k store.AccessKey) bool { return k.Enabled }) {
		s.log.Warn("every access key is disabled, so every request is refused: add one", "keys", len(keys))
	}
	return err
}

// Import publishes a bundle as a script of the instance, which must be there,
// under the bundle's own id, and returns the version that new calls run on. A
// bundle that was imported before is left alone: what was published since
// stays. So is a script that is in review, or whose draft was never published,
// and the log says so. Errors in the bundle are a [flow.Errors].
func (s *Server) Import(ctx context.Context, instance string, bundle fs.FS, o ...flow.Option) (session.Hash, error) {
	v, err := engine.Compile(bundle, o...)
	if err != nil {
		return session.Hash{}, err
	}
	running, left, err := s.service.scripts.Adopt(ctx, instance, bundle, v)
	if left != nil {
		s.log.Warn("a bundle was not published, calls go on as before", "instance", instance, "script", v.ScriptID(),
			"bundle", v.Hash().String(), "because", left)
	}
	return running, err
}

// AddInstance makes an instance of that id, and that name, unless there is one.
func (s *Server) AddInstance(ctx context.Context, instance string) error {
	return s.service.accounts.EnsureInstance(ctx, instance)
}

// InstanceOf returns the instance that has a script; "" for none.
func (s *Server) InstanceOf(ctx context.Context, script string) (instance string, err error) {
	instance, err = s.store.InstanceOf(ctx, script)
	var missing *store.NotFoundError
	if errors.As(err, &missing) {
		return "", nil
	}
	return instance, err
}

// Alone calls f while no other server of the database is in here. It is for what
// servers that start together make where it is missing: instances, and scripts of
// bundles.
func (s *Server) Alone(ctx context.Context, f func() error) error { return s.store.Alone(ctx, f) }
