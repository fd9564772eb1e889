package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/simulator"
)

// exchangeOptions are the flags of simulate-gateway.
type exchangeOptions struct {
	listen   string
	server   string
	profile  string
	seed     uint64
	speed    float64
	capacity int
}

func newSimulateGatewayCommand() *cobra.Command {
	var o exchangeOptions
	cmd := &cobra.Command{
		Use:   "simulate-gateway",
		Short: "Be a telephony system whose callees are simulated",
		Long: `Simulate-gateway takes the webhooks of 'talkgraph serve --gateway', lets callees
answer, talk, fall silent and hang up as a profile says, and tells the server of
it as a telephony system would. What the server does not answer it sends again for
two minutes, so a server may be restarted in the middle of a call.

What a callee does depends on the seed, the task and the number alone. GET /rings
tells how often every task and every number rang, whatever became of the server
meanwhile, and GET /metrics how calls and turns go; a summary is printed at the
end, on SIGTERM or SIGINT.

Its callbacks are signed with the access key in TALKGRAPH_ACCESS_KEY_ID and
TALKGRAPH_ACCESS_KEY_SECRET; webhooks must be signed with the secret in
TALKGRAPH_GATEWAY_SECRET. Each flag can be given by the variable beside it, too.`,
		Example: `  talkgraph simulate-gateway --listen 127.0.0.1:8090 --server http://127.0.0.1:8080 \
    --profile callees.json --seed 1 --speed 20`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := readVariables(cmd.Flags()); err != nil {
				return err
			}
			if err := o.check(); err != nil {
				return err
			}
			return o.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8090", "address to listen on; port 0 takes a free one")
	flags.StringVar(&o.server, "server", "http://127.0.0.1:8080", "where the API is")
	flags.StringVar(&o.profile, "profile", "", "what callees are like, a JSON `file`; else seven in ten attempts are answered")
	flags.Uint64Var(&o.seed, "seed", 1, "a `number` that decides what callees do")
	flags.Float64Var(&o.speed, "speed", 1, "how many times as fast as in life calls go")
	flags.IntVar(&o.capacity, "capacity", 0, "most calls at once; 0 is no limit")
	nameVariables(flags)
	return cmd
}

func (o *exchangeOptions) check() error {
	const fastest = 10000
	u, err := url.Parse(o.server)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return usageError{fmt.Errorf("--server is %q: it must be a URL such as http://127.0.0.1:8080", o.server)}
	case !(o.speed > 0 && o.speed <= fastest):
		return usageError{fmt.Errorf("--speed is %v: it must be above 0, up to %d", o.speed, fastest)}
	case o.capacity < 0:
		return usageError{fmt.Errorf("--capacity is %d: it must be at least 0", o.capacity)}
	case os.Getenv(secretVariable) == "":
		return errors.New("no secret that webhooks are signed with: set " + secretVariable)
	}
	return nil
}

// run takes webhooks until a signal ends it.
func (o *exchangeOptions) run(cmd *cobra.Command) error {
	key, err := accessKeyFromEnvironment()
	if err != nil {
		return err
	}
	if key.id == "" {
		return fmt.Errorf("no access key: set %s and %s", keyIDVariable, keySecretVariable)
	}
	profile, err := readProfile(o.profile)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	later := &later{ctx: ctx, speed: o.speed}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	const lines = 256 // Connections to the server that are kept.
	exchange, err := simulator.New(simulator.Options{
		Profile: profile, Seed: o.seed, Capacity: o.capacity, Now: now, After: later.after,
		Logger: slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)), Registerer: registry,
		Center: &simulator.Client{
			URL: o.server, KeyID: key.id, KeySecret: key.secret, Version: api.Version, Now: now,
			HTTP:     &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConns: lines, MaxIdleConnsPerHost: lines}},
			Patience: 2 * time.Minute, MaxInterval: time.Second,
		},
	})
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", o.listen, err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", simulator.Webhook(exchange, os.Getenv(secretVariable), now))
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintf(cmd.OutOrStdout(), "listening  http://%s\n", listener.Addr())
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = server.Close()
	}
	stop()
	later.wait()
	summarise(cmd.OutOrStdout(), exchange.Rings())
	return err
}

// readProfile reads a profile; without a file it is the default one.
func readProfile(path string) (simulator.Profile, error) {
	if path == "" {
		return simulator.DefaultProfile(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return simulator.Profile{}, fmt.Errorf("--profile: %w", err)
	}
	defer f.Close() //nolint:errcheck // It was only read.
	p, err := simulator.ReadProfile(f)
	if err != nil {
		return p, fmt.Errorf("--profile %s: %w", path, err)
	}
	return p, nil
}

// summarise prints what an exchange did.
func summarise(out io.Writer, r simulator.Rings) {
	most := 0
	for _, n := range r.Tasks {
		most = max(most, n)
	}
	fmt.Fprintf(out, "rings      %d of %d tasks, asked for %d times; the most for one task %d\n", r.Rings, len(r.Tasks), r.Asked, most)
	fmt.Fprintf(out, "numbers    %d\n", len(r.Numbers))
	for _, end := range slices.Sorted(maps.Keys(r.Ends)) {
		fmt.Fprintf(out, "end        %-16s %d\n", end, r.Ends[end])
	}
	if r.Open > 0 {
		fmt.Fprintf(out, "unended    %d\n", r.Open)
	}
}

// later does things later, faster than in life, until ctx ends.
type later struct {
	ctx   context.Context // That of the process: what is later has no caller to take one from.
	speed float64

	mu    sync.Mutex
	doing sync.WaitGroup
	over  bool
}

func (l *later) after(d time.Duration, do func(ctx context.Context)) {
	time.AfterFunc(time.Duration(float64(d)/l.speed), func() {
		l.mu.Lock()
		over := l.over
		if !over {
			l.doing.Add(1)
		}
		l.mu.Unlock()
		if over {
			return
		}
		defer l.doing.Done()
		do(l.ctx)
	})
}

// wait lets nothing begin any more and waits for what has begun.
func (l *later) wait() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.doing.Wait()
}
