package api

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// whole is the whole API behind a real connection, with Dialogue and all that
// Open puts together.
type whole struct {
	served
	place   store.Options
	handler http.Handler
	worlds  int
}

// eachWhole runs a test on the whole API on each engine.
func eachWhole(t *testing.T, test func(t *testing.T, w *whole)) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) { test(t, openWhole(t, place)) })
}

func openWhole(t testing.TB, place store.Options) *whole {
	t.Helper()
	clock := storetest.NewClock()
	var ids atomic.Int64
	config := Config{
		Data: t.TempDir(), Database: place.Database, Lax: true, PublicURL: "https://bot.example.com",
		ESpeak: fakeESpeak(t),
		Keys:   map[string]string{"id": "secret"}, MaxCalls: mostCalls, ManualReview: true, Now: clock.Now,
		NewID:        func() string { return fmt.Sprintf("id-%06d", ids.Add(1)) },
		NewRequestID: func() string { return "REQUEST-1" },
	}
	place.File = filepath.Join(config.Data, "talkgraph.db")
	server, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server)
	t.Cleanup(func() {
		front.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &whole{served: served{t: t, url: front.URL, clock: clock, store: server.store}, place: place, handler: server}
}

// mostCalls caps the calls of the server, and so what an instance may be given.
const mostCalls = 1000

// world is an instance with one of everything in it. Its texts hold a mark that
// no other world has.
type world struct {
	*whole
	mark  string
	names map[string]string // What stands for the words that begin with $ in samples.
}

// newWorld makes everything that samples names, through the API.
func (w *whole) newWorld() *world {
	w.t.Helper()
	w.worlds++
	mark := fmt.Sprintf("mark-%03d", w.worlds)
	x := &world{whole: w, mark: mark, names: map[string]string{"$definition": definition(mark)}}
	for _, step := range worldSteps {
		got := w.must(step.action, x.fill(step.parameters)...)
		for name, path := range step.keep {
			x.names[name] = fmt.Sprint(got.at(w.t, path...))
		}
		if step.action == "GenerateUploadUrl" {
			x.upload(x.names["$upload"])
		}
	}
	return x
}

// upload puts a recording where a URL says.
func (x *world) upload(url string) {
	x.t.Helper()
	r := httptest.NewRequest(http.MethodPut, url, strings.NewReader("RIFF0000WAVEfmt "))
	answer := httptest.NewRecorder()
	if x.handler.ServeHTTP(answer, r); answer.Code != http.StatusNoContent {
		x.t.Fatalf("the upload answered %d %s", answer.Code, answer.Body)
	}
}

// fill replaces the words that stand for something in this world.
func (x *world) fill(parameters []string) []string {
	x.t.Helper()
	filled := slices.Clone(parameters)
	for i := 1; i < len(filled); i += 2 {
		for name, value := range x.names {
			if filled[i] == name {
				filled[i] = value
			}
		}
		filled[i] = strings.ReplaceAll(filled[i], "$mark", x.mark)
		if strings.HasPrefix(filled[i], "$") && !slices.Contains(hostile, filled[i]) {
			x.t.Fatalf("%s %s: nothing in this world is called so", filled[i-1], filled[i])
		}
	}
	return filled
}

// sample returns a request of the action that succeeds.
func (x *world) sample(action string) map[string]string {
	x.t.Helper()
	parameters, there := samples[action]
	if !there {
		x.t.Fatalf("samples has no %s", action)
	}
	filled := x.fill(parameters)
	all := map[string]string{"Action": action, "Version": Version}
	for i := 0; i < len(filled); i += 2 {
		all[filled[i]] = filled[i+1]
	}
	return all
}

// definition is that of a flow which asks, hears and hangs up.
func definition(mark string) string {
	return `{"nodes":[
{"id":"start","type":"Start","content":{"branches":[{"branchId":"s1","branchName":"开始"}]}},
{"id":"ask","type":"Switch","name":"问","script":"` + mark + `，听明白了吗？","content":{"branches":[
{"branchId":"b1","branchName":"知道了","intents":[{"id":"by-name","name":"知道了"}]}]}},
{"id":"end","type":"Transfer","name":"结束","script":"再见。","content":{"action":"Hangup","actionParams":""}}],
"transitions":[{"id":"t1","source":"start","target":"ask"},{"id":"t2","source":"b1","sourceBranchNode":"ask","target":"end"}]}`
}

// way is how a request travels.
type way struct {
	method string
	form   bool // The parameters are in the body, not in the query.
}

var ways = []way{{http.MethodGet, false}, {http.MethodPost, false}, {http.MethodPost, true}}

// sendBy sends a signed request in a way. change, unless nil, has the last word
// on the encoded parameters.
func (w *whole) sendBy(by way, parameters map[string]string, change func(encoded string) string) (int, string) {
	w.t.Helper()
	w.nonces++
	encoded, err := rpc.SignQuery(by.method, maps.Clone(parameters), rpc.Credentials{
		AccessKeyID: "id", AccessKeySecret: "secret", Nonce: strconv.Itoa(w.nonces), Time: w.clock.Now(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if change != nil {
		encoded = change(encoded)
	}
	url, body := w.url+"/?"+encoded, ""
	if by.form {
		url, body = w.url+"/", encoded
	}
	request, err := http.NewRequestWithContext(w.t.Context(), by.method, url, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, string(data)
}
