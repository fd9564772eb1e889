package main

import (
	"context"
	"crypto/tls"
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
	"github.com/talkgraph/talkgraph/internal/rpc"
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
	waiting  http.Handler               // Answers until then.
	draining atomic.Bool
	log      *slog.Logger
}

func newFront(registry *prometheus.Registry, log *slog.Logger) *front {
	f := &front{log: log, waiting: rpc.Unavailable("The server is starting. Try again in a second.")}
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
	f.waiting.ServeHTTP(w, r)
}

// pingTime is how long the storage may take to say that it is there.
const pingTime = 2 * time.Second

// readyz says whether a load balancer may send requests here.
func (f *front) readyz(w http.ResponseWriter, r *http.Request) {
	s := f.api.Load()
	switch {
	case f.draining.Load():
		http.Error(w, "draining", http.StatusServiceUnavailable)
	case s == nil:
		http.Error(w, "starting", http.StatusServiceUnavailable)
	default:
		ctx, cancel := context.WithTimeout(r.Context(), pingTime)
		defer cancel()
		if err := s.Ready(ctx); err != nil {
			f.log.Error("the storage does not answer", "error", err)
			http.Error(w, "the storage does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	}
}

// listen takes the address and returns the URL of the one it got. Beside a
// certificate it wants its key.
func (f *front) listen(ctx context.Context, o serveOptions) (address string, err error) {
	scheme := "http"
	if o.tlsCert != "" {
		scheme = "https"
		certificate, err := tls.LoadX509KeyPair(o.tlsCert, o.tlsKey)
		if err != nil {
			return "", fmt.Errorf("--tls-cert %s, --tls-key %s: %w", o.tlsCert, o.tlsKey, err)
		}
		f.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	var config net.ListenConfig
	if f.listener, err = config.Listen(ctx, "tcp", o.listen); err != nil {
		return "", fmt.Errorf("--listen %s: %w", o.listen, err)
	}
	return scheme + "://" + f.listener.Addr().String(), nil
}

// answer answers requests until the server is shut down.
func (f *front) answer() error {
	if f.server.TLSConfig != nil {
		return f.server.ServeTLS(f.listener, "", "")
	}
	return f.server.Serve(f.listener)
}

// serve opens the API and answers requests until ctx ends, then drains: it says
// that it is not ready, waits for load balancers to notice, takes no more
// connections, and finishes the requests in flight. It calls announce when the
// API is open.
func (f *front) serve(ctx context.Context, delay time.Duration, open func(context.Context) (*api.Server, error), announce func()) error {
	failed := make(chan error, 1)
	go func() { failed <- f.answer() }()
	opened, err := open(ctx)
	if err != nil {
		return errors.Join(err, f.server.Close())
	}
	f.api.Store(opened)
	announce()
	var kept sync.WaitGroup
	choresCtx, stop := context.WithCancel(ctx)
	for _, c := range chores(opened) {
		kept.Go(func() { f.keepUp(choresCtx, c) })
	}
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = f.drain(ctx, delay, failed)
	}
	stop()
	kept.Wait()
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
