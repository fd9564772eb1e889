package rpc

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Options are what a Server is made of. Version, Keys and Now are required.
type Options struct {
	Version string   // The Version every request must name.
	Actions []Action // What the server can do.
	Keys    Keys     // Whose signatures are accepted, and for what.

	// Now is the clock: it judges Timestamps and measures latencies. It is
	// asked twice a request.
	Now func() time.Time
	// NewRequestID names a request; nil is [NewRequestID].
	NewRequestID func() string
	// MaxNonces is about how many nonces are remembered at most, at 11 to 21
	// bytes each; when they are used up, requests are throttled. 0 is 16
	// million, enough for 4,600 requests a second and 350 MB at worst.
	MaxNonces int
	// RateLimit is how many requests a second one key may send, and how many
	// at once; beyond, they are throttled. 0 is no limit.
	RateLimit float64

	// Audit is told of every use of an action that Audited names, when the key
	// proved right and before anything is done, and returns the context for it.
	// The function that it returns is told again what came of the use, before
	// the answer is sent. nil: nobody is told.
	Audit   func(ctx context.Context, u Use) (context.Context, func(Use))
	Audited func(action string) bool

	Registerer prometheus.Registerer // Where the metrics are registered; nil: nowhere.
	// Logger is told of every failure of the server, and at the level Debug of
	// every request, without what is in it; nil: nobody is.
	Logger *slog.Logger
}

// Server answers requests. It is an http.Handler, safe for concurrent use. Make
// one with [New].
type Server struct {
	o         Options
	actions   map[string]*entry
	unknown   *entry // Stands for what names no known action.
	guard     guard
	metrics   *metrics
	errors    *Encoder
	exchanges sync.Pool
}

// contentTypes are the headers by Format, shared by all answers. Read only.
var contentTypes = [2][]string{JSON: {"application/json;charset=utf-8"}, XML: {"text/xml;charset=utf-8"}}

// entry is an action with what the server keeps for it.
type entry struct {
	Action
	meter   *meter
	audited bool
}

// New makes a server. It returns an error when a required option is missing,
// two actions have one name, the types of an action cannot be used, or the
// metrics cannot be registered.
func New(o Options) (*Server, error) {
	if o.Version == "" || o.Keys == nil || o.Now == nil {
		return nil, errors.New("rpc: Options need Version, Keys and Now")
	}
	if o.NewRequestID == nil {
		o.NewRequestID = NewRequestID
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxNonces == 0 {
		o.MaxNonces = 16 << 20
	}
	m, err := newMetrics(o.Registerer)
	if err != nil {
		return nil, fmt.Errorf("rpc: registering metrics: %w", err)
	}
	s := &Server{
		o:         o,
		actions:   make(map[string]*entry, len(o.Actions)),
		unknown:   &entry{Action: Action{name: "unknown"}, meter: m.of("unknown")},
		guard:     guard{keys: o.Keys, limits: newLimits(o.RateLimit), nonces: newNonces(o.MaxNonces)},
		metrics:   m,
		exchanges: sync.Pool{New: func() any { return new(exchange) }},
	}
	for _, a := range o.Actions {
		if a.err != nil {
			return nil, fmt.Errorf("rpc: action %s: %w", a.name, a.err)
		}
		if s.actions[a.name] != nil {
			return nil, fmt.Errorf("rpc: action %s is there twice", a.name)
		}
		s.actions[a.name] = &entry{a, m.of(a.name), o.Audit != nil && o.Audited(a.name)}
	}
	s.errors, err = newEncoder("Error", reflect.TypeFor[struct{}]())
	return s, err
}

// selfCounted is up to how many bytes of an answer net/http says the length
// itself. A longer one would go out in chunks.
const selfCounted = 2048

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := s.o.Now()
	x := s.exchanges.Get().(*exchange)
	x.begin(s.o.NewRequestID(), r)

	action, err := s.handle(r, x, began)
	if err != nil {
		s.refuse(w.Header(), x, action, err)
	}
	if x.record != nil {
		x.record(x.use(&action.Action, x.answer, began))
	}
	w.Header()["Content-Type"] = contentTypes[x.format]
	if len(x.out) > selfCounted {
		w.Header().Set("Content-Length", strconv.Itoa(len(x.out)))
	}
	w.WriteHeader(x.status)
	// An error here is a client that went away: nobody is left to be told.
	_, _ = w.Write(x.out)

	took := s.o.Now().Sub(began)
	action.meter.observe(x.status, took)
	if s.o.Logger.Enabled(r.Context(), slog.LevelDebug) {
		s.o.Logger.LogAttrs(r.Context(), slog.LevelDebug, "request",
			slog.String("requestId", x.caller.RequestID), slog.String("action", action.name), slog.String("code", x.code),
			slog.Duration("took", took), slog.String("key", x.caller.KeyID), slog.String("remote", x.caller.Remote))
	}
	if x.answer, x.record = nil, nil; x.reusable() {
		s.exchanges.Put(x)
	}
}

// handle does what the request asks for and leaves the answer in x. It returns
// the action that the request named, s.unknown when it named none.
func (s *Server) handle(r *http.Request, x *exchange, now time.Time) (action *entry, err error) {
	action = s.unknown
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("rpc: panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := x.read(r); err != nil {
		return action, err
	}
	name := x.params.get("Action")
	switch known := s.actions[string(name)]; {
	case len(name) == 0:
		return action, MissingParameter("Action")
	case len(x.params.get("Version")) == 0:
		return action, MissingParameter("Version")
	case string(x.params.get("Version")) != s.o.Version:
		return action, invalidVersion(s.o.Version)
	case known == nil:
		return action, actionNotFound(string(name))
	default:
		action = known
	}
	key, err := s.guard.check(r.Context(), r.Method, x, now)
	if err != nil {
		return action, err
	}
	x.caller.KeyID, x.caller.Action = key.ID, action.name
	ctx := context.Context(&callerContext{r.Context(), x.caller})
	if action.audited {
		ctx, x.record = s.o.Audit(ctx, x.use(&action.Action, nil, now))
	}
	if key.Policy != nil && !key.Policy.Allows(action.name) {
		return action, Forbidden(action.name)
	}
	return action, action.run(ctx, x)
}

// refuse leaves the answer for an error in x. What the server is to blame for
// is logged under the id that the client is told.
func (s *Server) refuse(header http.Header, x *exchange, action *entry, err error) {
	var e *Error
	if !errors.As(err, &e) || e.Status < 400 || e.Status > 599 {
		e = InternalError(err)
	}
	if e.Status >= http.StatusInternalServerError {
		s.o.Logger.Error("request failed", "requestId", x.caller.RequestID, "action", action.name, "code", e.Code, "error", e.Cause)
	}
	if e.RetryAfter > 0 {
		header.Set("Retry-After", strconv.FormatInt(int64((e.RetryAfter+time.Second-1)/time.Second), 10))
	}
	s.metrics.failed(action.name, e.Code)
	x.status, x.code, x.answer = e.Status, e.Code, nil
	around := envelope{Code: e.Code, HostID: x.host, HTTPStatusCode: e.Status, Message: e.Message, RequestID: x.caller.RequestID}
	encoder, details := s.errors, reflect.ValueOf(struct{}{})
	if e.Details != nil {
		details = reflect.ValueOf(e.Details)
		if encoder, err = newEncoder("Error", details.Type()); err != nil {
			panic(err) // A mistake in the program, as every test of the error shows.
		}
	}
	x.out = encoder.append(x.out[:0], x.format, &around, details)
}

// NewRequestID returns a random UUID in upper case, as request ids are written.
func NewRequestID() string {
	var id [16]byte
	rand.Read(id[:]) // Never fails: see crypto/rand.
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	text := make([]byte, 0, 36)
	for i, b := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text = append(text, '-')
		}
		text = append(text, upperHex[b>>4], upperHex[b&15])
	}
	return string(text)
}
