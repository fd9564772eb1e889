// Package api is the OutboundBot API over HTTP: each of its actions is a request
// struct, a response struct and a function between them, and one line in the
// list of [New]. What all actions have in common on the wire is in
// internal/rpc.
//
// What the API needs to know about instances and scripts it asks a [Resolver];
// what decides a call is the engine.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/session"
)

// Version is the version of the API that every request must name.
const Version = "2019-12-26"

// MaxRequestLine is how long a request line may be, in bytes; an http.Server in
// front of the handler must let headers of that size through.
const MaxRequestLine = rpc.MaxRequestLine

// Engine runs calls. [engine.Engine] is one; its documentation says what the
// methods promise.
type Engine interface {
	// Begin starts a call; for one that has begun it is Turn.
	Begin(ctx context.Context, key session.Key, o engine.Opening, in session.Input) (engine.Reply, error)
	// Turn takes a call one turn on; engine.ErrUnknownCall says that it has not begun.
	Turn(ctx context.Context, key session.Key, in session.Input) (engine.Reply, error)
}

// Options are what the API is made of. Engine, Resolver, Keys and Now are
// required.
type Options struct {
	Engine   Engine
	Resolver Resolver
	Keys     map[string]string // The secrets of the access keys, by id. Not changed later.
	Now      func() time.Time  // The clock that Timestamps are judged by, e.g. time.Now.

	Registerer   prometheus.Registerer // Where metrics are registered; nil: nowhere.
	Logger       *slog.Logger          // Told of failures of the server, without phone numbers; nil: nobody is.
	NewRequestID func() string         // Names a request; nil: random UUIDs.

	// MaxNonces is about how many SignatureNonces are remembered at most;
	// beyond, requests are throttled. 0 is 16 million, 350 MB at worst.
	MaxNonces int
}

// New returns the API as a handler for the path "/". It is safe for concurrent
// use. New returns an error when a required option is missing or the metrics
// cannot be registered.
func New(o Options) (http.Handler, error) {
	if o.Engine == nil || o.Resolver == nil || o.Keys == nil {
		return nil, errors.New("api: Options need Engine, Resolver, Keys and Now")
	}
	conversation := &conversation{engine: o.Engine, resolver: o.Resolver}
	return rpc.New(rpc.Options{
		Version: Version,
		Actions: []rpc.Action{
			rpc.Handle("Dialogue", conversation.dialogue),
		},
		Keys:         rpc.StaticKeys(o.Keys),
		Now:          o.Now,
		NewRequestID: o.NewRequestID,
		MaxNonces:    o.MaxNonces,
		Registerer:   o.Registerer,
		Logger:       o.Logger,
	})
}
