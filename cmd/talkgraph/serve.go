package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/engine/metrics"
	"github.com/talkgraph/talkgraph/flow"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen     string
	scripts    []string
	instance   string
	maxCalls   int
	drainDelay time.Duration
	logFormat  string
}

func newServeCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve scripts to telephony gateways over HTTP",
		Long: `Serve answers signed requests with Action=Dialogue at the path "/". It also has
/healthz (the process runs), /readyz (it takes requests) and /metrics.

Requests are signed with an access key, taken from TALKGRAPH_ACCESS_KEY_ID and
TALKGRAPH_ACCESS_KEY_SECRET; without them a random one is made and printed.

SIGTERM and SIGINT drain: /readyz turns 503, after --drain-delay no connection is
taken any more, requests in flight are answered, then the process ends.`,
		Example: `  talkgraph serve --script testdata/scripts/hello
  talkgraph serve --listen :8080 --script debt --script course.json --instance demo --log-format json

  With the access key in the environment of both, a call is begun by

  curl "$(talkgraph sign Action=Dialogue InstanceId=demo ScriptId=hello CallId=c1 \
    CallType=Outbound CalledNumber=13800000000 CallingNumber=95187)"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	flags.StringArrayVar(&o.scripts, "script", nil, "bundle to serve; may be given more than once")
	flags.StringVar(&o.instance, "instance", "", "id of the instance; random and printed when not given")
	flags.IntVar(&o.maxCalls, "max-calls", 0, "most calls that may live at once; 0 is no limit")
	flags.DurationVar(&o.drainDelay, "drain-delay", 0, "how long /readyz says 503 before connections are refused")
	flags.StringVar(&o.logFormat, "log-format", "text", "how to log to standard error: text or json")
	return cmd
}

// serve runs the server until a signal ends it.
func serve(cmd *cobra.Command, o serveOptions) error {
	if o.maxCalls < 0 {
		return usageError{fmt.Errorf("--max-calls is %d: it must be at least 0", o.maxCalls)}
	}
	log, err := newLogger(cmd, o.logFormat)
	if err != nil {
		return err
	}
	key, err := accessKeyFromEnvironment()
	if err != nil {
		return err
	}
	if o.instance == "" {
		o.instance = rand.Text()
	}
	versions, err := compileAll(cmd, o.scripts)
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	calls, err := newServedEngine(o, versions, registry)
	if err != nil {
		return err
	}
	resolver := api.Static{Instance: o.instance}
	for _, v := range versions {
		resolver.Scripts = append(resolver.Scripts, v.ScriptID())
	}
	handler, err := api.New(api.Options{
		Engine: calls, Resolver: resolver, Keys: map[string]string{key.id: key.secret}, Now: time.Now,
		Registerer: registry, Logger: log,
	})
	if err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go sweep(ctx, calls, log)
	front := newFront(handler, registry, log)
	address, err := front.listen(ctx, o.listen)
	if err != nil {
		return err
	}
	announce(cmd, address, o.instance, key, versions)
	return front.serve(ctx, o.drainDelay)
}

func newLogger(cmd *cobra.Command, format string) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), nil)), nil
	}
	return nil, usageError{fmt.Errorf("--log-format is %q: it must be text or json", format)}
}

// compileAll compiles every bundle and prints all diagnostics of all of them.
func compileAll(cmd *cobra.Command, paths []string) ([]*engine.Version, error) {
	var versions []*engine.Version
	from := make(map[string]string) // Paths by script id.
	failed := false
	for _, path := range paths {
		v, err := compile(path)
		var diagnostics flow.Errors
		switch {
		case errors.As(err, &diagnostics):
			failed = true
		case err != nil:
			return nil, err
		default:
			diagnostics = located(path, v.Diagnostics())
			versions = append(versions, v)
			if other, twice := from[v.ScriptID()]; twice {
				return nil, fmt.Errorf("%s and %s have the same script id %q: give one of them another id", other, path, v.ScriptID())
			}
			from[v.ScriptID()] = path
		}
		if err := printDiagnostics(cmd.ErrOrStderr(), diagnostics); err != nil {
			return nil, err
		}
	}
	if failed {
		return nil, errReported
	}
	return versions, nil
}

// newServedEngine returns an engine that runs the versions. There are no drafts
// here, so calls that ask for the debug version of a script get the same one.
func newServedEngine(o serveOptions, versions []*engine.Version, registry prometheus.Registerer) (*engine.Engine, error) {
	observer, err := metrics.New(registry)
	if err != nil {
		return nil, err
	}
	calls, err := engine.New(engine.Options{Now: time.Now, Observers: []engine.Observer{observer}, MaxCalls: o.maxCalls})
	if err != nil {
		return nil, err
	}
	if err := metrics.RegisterLive(registry, calls); err != nil {
		return nil, err
	}
	for _, v := range versions {
		calls.Publish(v)
		calls.PublishDebug(v)
	}
	return calls, nil
}

// sweep ends the calls that fell asleep, now and then until ctx ends.
func sweep(ctx context.Context, calls *engine.Engine, log *slog.Logger) {
	ticker := time.NewTicker(15 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			ended, err := calls.Sweep(ctx)
			if err != nil && ctx.Err() == nil {
				log.Error("sweeping idle calls failed", "error", err)
			}
			if ended > 0 {
				log.Info("idle calls ended", "calls", ended)
			}
		}
	}
}

// announce prints what a client needs to know.
func announce(cmd *cobra.Command, address net.Addr, instance string, key accessKey, versions []*engine.Version) {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "listening  http://%s\n", address)
	fmt.Fprintf(out, "instance   %s\n", instance)
	for _, v := range versions {
		fmt.Fprintf(out, "script     %s  %s\n", v.ScriptID(), v.Hash())
	}
	if len(versions) == 0 {
		fmt.Fprintln(out, "script     none: give bundles with --script")
	}
	if key.random {
		fmt.Fprintf(out, "key id     %s\n", key.id)
		fmt.Fprintf(out, "key secret %s\n", key.secret)
	}
}
