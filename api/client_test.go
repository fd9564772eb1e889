package api_test

import (
	"context"
	"flag"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/session"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

var testTime = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

func clock() time.Time { return testTime }

// client sends signed requests to an API over a real connection.
type client struct {
	t      testing.TB
	url    string
	nonces int
}

// newClient serves an API on the loopback interface; zero options are filled in.
func newClient(t testing.TB, o api.Options) *client {
	o.Keys = map[string]string{"id": "secret"}
	o.Now = clock
	if o.NewRequestID == nil {
		o.NewRequestID = func() string { return "REQUEST-1" }
	}
	handler, err := api.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &client{t: t, url: server.URL}
}

// turn is a Dialogue request: what every one of a call carries, and what this one does.
func turn(parameters map[string]string) map[string]string {
	all := map[string]string{
		"Action": "Dialogue", "Version": api.Version,
		"InstanceId": "inst-1", "CallId": "call-1", "CallType": "Outbound",
		"CalledNumber": "13800000000", "CallingNumber": "95187",
	}
	maps.Copy(all, parameters)
	for name, value := range all {
		if value == "-" { // Left out.
			delete(all, name)
		}
	}
	return all
}

// send sends a request and returns the status and the body.
func (c *client) send(parameters map[string]string) (int, string) {
	c.t.Helper()
	c.nonces++
	query, err := rpc.SignQuery("GET", parameters, rpc.Credentials{
		AccessKeyID: "id", AccessKeySecret: "secret", Nonce: strconv.Itoa(c.nonces), Time: testTime,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodGet, c.url+"/?"+query, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Host = "bot.example"
	r, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// realEngine returns an engine that runs a bundle of the repository, and a
// resolver for it.
func realEngine(t testing.TB, bundles ...string) (*engine.Engine, api.Static) {
	e, err := engine.New(engine.Options{Now: clock, MaxCalls: 3})
	if err != nil {
		t.Fatal(err)
	}
	resolver := api.Static{Instance: "inst-1"}
	for _, bundle := range bundles {
		v, err := engine.Compile(os.DirFS(filepath.Join("..", "testdata", "scripts", bundle)))
		if err != nil {
			t.Fatal(err)
		}
		e.Publish(v)
		resolver.Scripts = append(resolver.Scripts, v.ScriptID())
	}
	return e, resolver
}

// stub is an engine that answers every turn alike and keeps what it was asked.
type stub struct {
	begun   bool // Whether calls are known.
	reply   engine.Reply
	err     error
	opening engine.Opening
	in      session.Input
}

func (s *stub) Begin(_ context.Context, _ session.Key, o engine.Opening, in session.Input) (engine.Reply, error) {
	s.opening, s.in = o, in
	return s.reply, s.err
}

func (s *stub) Turn(_ context.Context, _ session.Key, in session.Input) (engine.Reply, error) {
	if !s.begun {
		return engine.Reply{}, engine.ErrUnknownCall
	}
	s.in = in
	return s.reply, s.err
}
