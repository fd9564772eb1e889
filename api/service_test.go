package api

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/files"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/internal/voice"
)

// served is the actions on stored things behind a real connection, and a client
// that signs.
type served struct {
	t       testing.TB
	url     string
	clock   *storetest.Clock
	store   *store.Store
	scripts *script.Scripts
	files   *fakeFiles   // Bundles.
	home    *files.Files // All else.

	campaigns *campaign.Campaigns
	gateway   *fakeGateway

	nonces int
}

// eachEngine runs a test on an empty store of each engine.
func eachEngine(t *testing.T, test func(t *testing.T, c *served)) {
	eachEngineWith(t, script.Options{}, test)
}

// eachEngineWith is eachEngine for scripts with options of their own, but for
// the files.
func eachEngineWith(t *testing.T, o script.Options, test func(t *testing.T, c *served)) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		clock := storetest.NewClock()
		place.Now = clock.Now
		s := storetest.Open(t, place)
		fake := newFakeFiles()
		o.Files = fake
		server := httptest.NewUnstartedServer(nil)
		url := "http://" + server.Listener.Addr().String()
		home := openFiles(t, s, files.Options{Bucket: t.TempDir(), URL: url, Now: clock.Now})
		service := &service{
			accounts: account.New(s, account.Options{MaxCalls: 500}),
			scripts:  script.New(s, o),
			drafts:   s,
			voices:   voice.New(s, voice.Options{Speech: voice.NewESpeak(fakeESpeak(t))}),
			files:    home,
		}
		gateway := &fakeGateway{}
		var err error
		service.campaigns, err = campaign.New(campaign.Options{Store: s, Gateway: gateway, Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		handler, err := rpc.New(rpc.Options{
			Version: Version, Actions: service.actions(), Keys: rpc.StaticKeys(map[string]string{"id": "secret"}),
			Now: clock.Now, NewRequestID: func() string { return "REQUEST-1" },
			Audited: audited, Audit: inTime(t, s, auditor(service.accounts, slog.New(slog.NewTextHandler(t.Output(), nil)))),
		})
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		mux.Handle("/", handler)
		mux.Handle(files.Path, home)
		server.Config.Handler = mux
		server.Config.MaxHeaderBytes = MaxRequestLine // As talkgraph serve has it.
		server.Start()
		t.Cleanup(server.Close)
		test(t, &served{t: t, url: url, clock: clock, store: s, scripts: service.scripts, files: fake, home: home, campaigns: service.campaigns, gateway: gateway})
	})
}

func openFiles(t *testing.T, s *store.Store, o files.Options) *files.Files {
	t.Helper()
	f, err := files.Open(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// answer is the body of an answer, decoded.
type answer map[string]any

// send sends a signed request and returns the status and the answer. Parameters
// are names and values by turns.
func (c *served) send(action string, parameters ...string) (int, answer) {
	c.t.Helper()
	all := map[string]string{"Action": action, "Version": Version}
	for i := 0; i+1 < len(parameters); i += 2 {
		all[parameters[i]] = parameters[i+1]
	}
	status, body := c.sendRaw(all)
	var decoded answer
	if err := json.Unmarshal([]byte(body), &decoded); err != nil {
		c.t.Fatalf("%s answered %q: %v", action, body, err)
	}
	return status, decoded
}

// must is send for a request that has to succeed.
func (c *served) must(action string, parameters ...string) answer {
	c.t.Helper()
	status, got := c.send(action, parameters...)
	if status != http.StatusOK {
		c.t.Fatalf("%s %q: %d %v", action, parameters, status, got)
	}
	return got
}

// refused is send for a request that has to fail with a code.
func (c *served) refused(code, action string, parameters ...string) {
	c.t.Helper()
	if status, got := c.send(action, parameters...); got["Code"] != code || got["Success"] != false || status < 400 {
		c.t.Errorf("%s %q: %d %v, want %s", action, parameters, status, got, code)
	}
}

func (c *served) sendRaw(parameters map[string]string) (int, string) {
	c.t.Helper()
	c.nonces++
	query, err := rpc.SignQuery(http.MethodPost, maps.Clone(parameters), rpc.Credentials{
		AccessKeyID: "id", AccessKeySecret: "secret", Nonce: strconv.Itoa(c.nonces), Time: c.clock.Now(),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := http.Post(c.url+"/?"+query, "application/x-www-form-urlencoded", nil)
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

// at walks into an answer by member names and list indexes.
func (a answer) at(t testing.TB, path ...any) any {
	t.Helper()
	var v any = map[string]any(a)
	for _, step := range path {
		switch key := step.(type) {
		case string:
			object, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("%v: no object at %v of %v", a, key, path)
			}
			v = object[key]
		case int:
			items, ok := v.([]any)
			if !ok || key >= len(items) {
				t.Fatalf("%v: no element %d at %v", a, key, path)
			}
			v = items[key]
		}
	}
	return v
}
