package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/talkgraph/talkgraph/api"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	listen          string
	tlsCert, tlsKey string
	place           place
	lax             bool
	transcripts     time.Duration
	files           string
	publicURL       string
	importHosts     []string
	scripts         []string
	instance        string
	review          string
	outbound        outbound
	maxCalls        int
	rateLimit       float64
	drainDelay      time.Duration
	logFormat       string
	logLevel        string
}

func newServeCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the OutboundBot API over HTTP",
		Long: `Serve answers signed requests of the OutboundBot API at the path "/". It also
has /healthz (the process runs), /readyz (it takes requests), /metrics, and files
below /files/.

What is edited and said is kept in a SQLite database below --data, or in the
PostgreSQL database that --database names. With neither nothing is kept: there
is one instance, and everything is gone when the process ends.

Requests are signed with an access key: one that 'talkgraph keys add' made, or
the one in TALKGRAPH_ACCESS_KEY_ID and TALKGRAPH_ACCESS_KEY_SECRET, which may do
everything and is not stored. Where there is neither, a random one is made,
stored and printed once.

Each flag can be given by the variable beside it, too; the flag counts first.

With --gateway the server runs campaigns: it asks the telephony system there to
place calls, by requests signed with the secret in TALKGRAPH_GATEWAY_SECRET.

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
			if err := o.check(); err != nil {
				return err
			}
			return serve(cmd, o)
		},
	}
	o.register(cmd.Flags())
	return cmd
}

func (o *serveOptions) register(flags *pflag.FlagSet) {
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	flags.StringVar(&o.tlsCert, "tls-cert", "", "file of the certificate, PEM; with --tls-key connections are TLS")
	flags.StringVar(&o.tlsKey, "tls-key", "", "file of the certificate's key, PEM")
	o.place.register(flags)
	flags.BoolVar(&o.lax, "lax", false, "answer before SQLite has it on the disk: a loss of power may cost the last turns")
	flags.DurationVar(&o.transcripts, "transcripts", 90*24*time.Hour, "how long what was said in a call is kept; 0 is for ever")
	flags.StringVar(&o.files, "files", "", "where files are kept: a folder or s3://bucket?region=…; else the folder files in --data")
	flags.StringVar(&o.publicURL, "public-url", "", "where clients reach this server, for the URLs of files; else the address it listens on")
	flags.StringSliceVar(&o.importHosts, "import-host", nil, "host that ImportScript may fetch bundles from; may be given more than once")
	flags.StringArrayVar(&o.scripts, "script", nil, "bundle to publish at the start; may be given more than once")
	flags.StringVar(&o.instance, "instance", "", "id of the instance that --script goes to, made when missing; else where it went before, or a random one")
	flags.StringVar(&o.review, "review", "auto", "what becomes of a script that is submitted: auto publishes it, manual waits for somebody to approve")
	o.outbound.register(flags)
	flags.IntVar(&o.maxCalls, "max-calls", 0, "most calls that may live at once, and that an instance may be given; 0 is no limit")
	flags.Float64Var(&o.rateLimit, "rate-limit", 0, "most requests a second of one access key; 0 is no limit")
	flags.DurationVar(&o.drainDelay, "drain-delay", 0, "how long /readyz says 503 before connections are refused")
	flags.StringVar(&o.logFormat, "log-format", "text", "how to log to standard error: text or json")
	flags.StringVar(&o.logLevel, "log-level", "info", "what to log: error, warn, info, or debug for every request")
	nameVariables(flags)
}

// check refuses what no single flag is wrong with by its form.
func (o *serveOptions) check() error {
	switch {
	case o.maxCalls < 0:
		return usageError{fmt.Errorf("--max-calls is %d: it must be at least 0", o.maxCalls)}
	case !(o.rateLimit >= 0) || math.IsInf(o.rateLimit, 1):
		return usageError{fmt.Errorf("--rate-limit is %v: it must be at least 0", o.rateLimit)}
	case o.transcripts < 0:
		return usageError{fmt.Errorf("--transcripts is %v: it must be at least 0", o.transcripts)}
	case o.drainDelay < 0:
		return usageError{fmt.Errorf("--drain-delay is %v: it must be at least 0", o.drainDelay)}
	case o.review != "auto" && o.review != "manual":
		return usageError{fmt.Errorf("--review is %q: it must be auto or manual", o.review)}
	case (o.tlsCert == "") != (o.tlsKey == ""):
		return usageError{errors.New("give both --tls-cert and --tls-key, or neither")}
	case o.publicURL != "" && !isBase(o.publicURL):
		return usageError{fmt.Errorf("--public-url is %q: it must be where clients reach the server, such as https://bot.example.com", o.publicURL)}
	}
	for _, host := range o.importHosts {
		if !isHost(host) {
			return usageError{fmt.Errorf("--import-host is %q: it must be the name of a host alone, such as files.example.com", host)}
		}
	}
	return o.outbound.check()
}

// isBase reports whether paths can be appended to a URL.
func isBase(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && !strings.ContainsAny(address, "?#")
}

// isHost reports whether a text is the name or the address of a host, without a
// port or anything else of a URL.
func isHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	u, err := url.Parse("http://" + host)
	return err == nil && host != "" && u.Hostname() == host && !strings.Contains(host, "*")
}

// config returns what the API is opened with.
func (o *serveOptions) config(key accessKey, registry prometheus.Registerer, log *slog.Logger) api.Config {
	c := api.Config{
		Data: o.place.data, Database: o.place.database, Lax: o.lax, Transcripts: o.transcripts, Files: o.files, PublicURL: o.publicURL, ImportHosts: o.importHosts,
		ManualReview: o.review == "manual", MaxCalls: o.maxCalls, RateLimit: o.rateLimit,
		Now: now, Registerer: registry, Logger: log,
	}
	if o.transcripts == 0 {
		c.Transcripts = -1
	}
	o.outbound.configure(&c)
	if key.id != "" {
		c.Keys = map[string]string{key.id: key.secret}
	}
	return c
}

// serve runs the server until a signal ends it.
func serve(cmd *cobra.Command, o serveOptions) (err error) {
	log, err := newLogger(cmd, o.logFormat, o.logLevel)
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
	config := o.config(key, registry, log)
	kept := !o.place.none()
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
	address, err := front.listen(ctx, o)
	if err != nil {
		return err
	}
	if config.PublicURL == "" {
		config.PublicURL = address
	}
	start := &start{address: address, kept: kept, instance: o.instance, bundles: bundles}
	opening := func(ctx context.Context) (*api.Server, error) { return start.open(ctx, config) }
	return front.serve(ctx, o.drainDelay, opening, func() { start.announce(cmd.OutOrStdout()) })
}

func newLogger(cmd *cobra.Command, format, level string) (*slog.Logger, error) {
	options := &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: withUnit}
	switch level {
	case "debug":
		options.Level = slog.LevelDebug
	case "info":
	case "warn":
		options.Level = slog.LevelWarn
	case "error":
		options.Level = slog.LevelError
	default:
		return nil, usageError{fmt.Errorf("--log-level is %q: it must be error, warn, info or debug", level)}
	}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), options)), nil
	}
	return nil, usageError{fmt.Errorf("--log-format is %q: it must be text or json", format)}
}

// withUnit writes a duration with its unit, which JSON would have as nanoseconds.
func withUnit(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
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
