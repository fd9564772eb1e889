package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/talkgraph/talkgraph/api"
)

// drainLimit bounds how long requests in flight may take when the server ends.
const drainLimit = 20 * time.Second

// front is the HTTP server: the API at "/", and beside it what operators look at.
type front struct {
	server   http.Server
	listener net.Listener
	ready    atomic.Bool
	log      *slog.Logger
}

func newFront(handler http.Handler, registry *prometheus.Registry, log *slog.Logger) *front {
	f := &front{log: log}
	mux := http.NewServeMux()
	mux.Handle("/{$}", handler)
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

func (f *front) readyz(w http.ResponseWriter, _ *http.Request) {
	if !f.ready.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
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

// serve answers requests until ctx ends, then drains: it says that it is not
// ready, waits for load balancers to notice, takes no more connections, and
// finishes the requests in flight.
func (f *front) serve(ctx context.Context, delay time.Duration) error {
	failed := make(chan error, 1)
	f.ready.Store(true)
	go func() { failed <- f.server.Serve(f.listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	f.ready.Store(false)
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
