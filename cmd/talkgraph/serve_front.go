package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/talkgraph/talkgraph/api"
)

// drainLimit bounds how long requests in flight may take when the server ends.
const drainLimit = 20 * time.Second

// sweepEvery is how often calls that fell asleep are ended.
const sweepEvery = 15 * time.Second

// front is the HTTP server: the API at "/", and beside it what operators look
// at, which answers before the API does.
type front struct {
	server   http.Server
	listener net.Listener
	api      atomic.Pointer[api.Server] // nil until it is open.
	draining atomic.Bool
	log      *slog.Logger
}

func newFront(registry *prometheus.Registry, log *slog.Logger) *front {
	f := &front{log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("/", f.serveAPI)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", f.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	f.server = http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // Long enough for 16 MiB from afar.
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    api.MaxRequestLine + 64<<10, // The headers beside the request line.
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	return f
}

func (f *front) serveAPI(w http.ResponseWriter, r *http.Request) {
	if s := f.api.Load(); s != nil {
		s.ServeHTTP(w, r)
		return
	}
	http.Error(w, "starting", http.StatusServiceUnavailable)
}

// readyz says whether a load balancer may send requests here.
func (f *front) readyz(w http.ResponseWriter, r *http.Request) {
	s := f.api.Load()
	switch {
	case f.draining.Load():
		http.Error(w, "draining", http.StatusServiceUnavailable)
	case s == nil:
		http.Error(w, "starting", http.StatusServiceUnavailable)
	default:
		if err := s.Ready(r.Context()); err != nil {
			f.log.Error("the storage does not answer", "error", err)
			http.Error(w, "the storage does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	}
}

// listen takes the address and returns the one it got.
func (f *front) listen(ctx context.Context, address string) (net.Addr, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", address, err)
	}
	f.listener = listener
	return listener.Addr(), nil
}

// serve opens the API and answers requests until ctx ends, then drains: it says
// that it is not ready, waits for load balancers to notice, takes no more
// connections, and finishes the requests in flight. It calls announce when the
// API is open.
func (f *front) serve(ctx context.Context, delay time.Duration, open func(context.Context) (*api.Server, error), announce func()) error {
	failed := make(chan error, 1)
	go func() { failed <- f.server.Serve(f.listener) }()
	opened, err := open(ctx)
	if err != nil {
		return errors.Join(err, f.server.Close())
	}
	f.api.Store(opened)
	announce()
	var sweeping sync.WaitGroup
	sweepCtx, stop := context.WithCancel(ctx)
	sweeping.Go(func() { f.sweep(sweepCtx, opened) })
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = f.drain(ctx, delay, failed)
	}
	stop()
	sweeping.Wait()
	return errors.Join(err, opened.Close())
}

func (f *front) drain(ctx context.Context, delay time.Duration, failed <-chan error) error {
	f.draining.Store(true)
	f.log.Info("draining")
	select {
	case err := <-failed:
		return err
	case <-time.After(delay):
	}
	// ctx has ended, so the bound needs a context that has not.
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainLimit)
	defer cancel()
	if err := f.server.Shutdown(limit); err != nil {
		return fmt.Errorf("requests were still in flight after %s: %w", drainLimit, errors.Join(err, f.server.Close()))
	}
	f.log.Info("drained")
	return nil
}

// sweep ends the calls that fell asleep, now and then until ctx ends.
func (f *front) sweep(ctx context.Context, server *api.Server) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			ended, err := server.Sweep(ctx)
			if err != nil && ctx.Err() == nil {
				f.log.Error("sweeping idle calls failed", "error", err)
			}
			if ended > 0 {
				f.log.Info("idle calls ended", "calls", ended)
			}
		}
	}
}
