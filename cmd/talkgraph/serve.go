package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/api"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen     string
	data       string
	database   string
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
		Short: "Serve the OutboundBot API over HTTP",
		Long: `Serve answers signed requests of the OutboundBot API at the path "/". It also
has /healthz (the process runs), /readyz (it takes requests) and /metrics.

What is edited and said is kept in a SQLite database below --data, or in the
PostgreSQL database that --database names. With neither nothing is kept: there
is one instance, and everything is gone when the process ends.

Requests are signed with an access key, taken from TALKGRAPH_ACCESS_KEY_ID and
TALKGRAPH_ACCESS_KEY_SECRET; without them a random one is made and printed.

Each flag can be given by the variable beside it, too; the flag counts first.

SIGTERM and SIGINT drain: /readyz turns 503, after --drain-delay no connection is
taken any more, requests in flight are answered, then the process ends.`,
		Example: `  talkgraph serve --data /var/lib/talkgraph
  talkgraph serve --script testdata/scripts/hello
  talkgraph serve --listen :8080 --script debt --script course.json --instance demo --log-format json

  With the access key in the environment of both, a call is begun by

  curl "$(talkgraph sign Action=Dialogue InstanceId=demo ScriptId=hello CallId=c1 \
    CallType=Outbound CalledNumber=13800000000 CallingNumber=95187)"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := readVariables(cmd.Flags()); err != nil {
				return err
			}
			return serve(cmd, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	flags.StringVar(&o.data, "data", "", "folder of what is kept; made when missing")
	flags.StringVar(&o.database, "database", "", "URL of a PostgreSQL database, postgres://user@host/name")
	flags.StringArrayVar(&o.scripts, "script", nil, "bundle to publish at the start; may be given more than once")
	flags.StringVar(&o.instance, "instance", "", "id of the instance that --script goes to; made when missing, random when not given")
	flags.IntVar(&o.maxCalls, "max-calls", 0, "most calls that may live at once; 0 is no limit")
	flags.DurationVar(&o.drainDelay, "drain-delay", 0, "how long /readyz says 503 before connections are refused")
	flags.StringVar(&o.logFormat, "log-format", "text", "how to log to standard error: text or json")
	nameVariables(flags)
	return cmd
}

// serve runs the server until a signal ends it.
func serve(cmd *cobra.Command, o serveOptions) (err error) {
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
	bundles, err := checkBundles(cmd, o.scripts)
	if err != nil {
		return err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	config := api.Config{
		Data: o.data, Database: o.database, Keys: map[string]string{key.id: key.secret},
		MaxCalls: o.maxCalls, Now: time.Now, Registerer: registry, Logger: log,
	}
	kept := o.data != "" || o.database != ""
	if !kept {
		forget, err := keepNothing(&config)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, forget()) }()
	}

	ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	front := newFront(registry, log)
	address, err := front.listen(ctx, o.listen)
	if err != nil {
		return err
	}
	if config.PublicURL == "" {
		config.PublicURL = "http://" + address.String()
	}
	start := &start{address: address, kept: kept, instance: o.instance, key: key, bundles: bundles}
	opening := func(ctx context.Context) (*api.Server, error) { return start.open(ctx, config) }
	return front.serve(ctx, o.drainDelay, opening, func() { start.announce(cmd.OutOrStdout()) })
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

// keepNothing lets the server keep its things in a folder that is gone when
// forget was called.
func keepNothing(config *api.Config) (forget func() error, err error) {
	folder, err := os.MkdirTemp("", "talkgraph-")
	if err != nil {
		return nil, err
	}
	config.Data, config.Lax = folder, true
	return func() error { return os.RemoveAll(folder) }, nil
}
