package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// endless is a script on which a call can be taken on for ever. What it says
// next depends on all that was said before.
const endless = "testdata/endless.json"

// utterances are what callers say to it, as often as they stand here; the last
// one ends the call.
var utterances = []string{
	"好的", "可以", "行", "好的", "可以", "行", "你是谁", "你是哪位", "你是谁", "没头没脑", "", "不要了",
}

// gateway is a call centre whose calls are served by other processes. It takes
// each turn in an engine of its own first, so it knows what must be answered;
// it sends a turn, with the same TurnId, until there is an answer; and it keeps
// a log of what was answered.
type gateway struct {
	t       *testing.T
	servers []*server // A call goes from one to the next, turn by turn.
	engine  *engine.Engine
	memory  *session.Memory // The engine's.
	client  http.Client

	mu    sync.Mutex
	calls []*call // All there ever were.

	answered atomic.Int64 // Turns.
	unheard  atomic.Int64 // Requests without an answer.
	repeated atomic.Int64 // Turns sent again after they were answered.
	progress chan struct{}
	stopping atomic.Bool
}

// call is one call, in the hands of one goroutine.
type call struct {
	key    session.Key
	random *rand.Rand
	log    []line
	ended  bool
}

// line is a turn that was answered.
type line struct {
	request map[string]string
	answer  feedback
}

// feedback is what a server answers.
type feedback struct {
	Action, ActionParams, Content, FlowID, NodeID, TurnID string
	Interruptible, CollectDigits                          bool
	SilenceTimeout                                        int
}

func newGateway(t *testing.T, servers ...*server) *gateway {
	t.Helper()
	bundle, options, err := openBundle(endless)
	if err != nil {
		t.Fatal(err)
	}
	version, err := engine.Compile(bundle, options...)
	if err != nil {
		t.Fatal(err)
	}
	memory := session.NewMemory()
	e, err := engine.New(engine.Options{Now: time.Now, Store: memory})
	if err != nil {
		t.Fatal(err)
	}
	e.Publish(version)
	return &gateway{
		t: t, servers: servers, engine: e, memory: memory, progress: make(chan struct{}, 1),
		client: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: time.Minute},
	}
}

// run holds so many calls at once, with so many turns on their way at once,
// until stop is called; stop returns when the last turn is answered.
func (g *gateway) run(calls, atOnce int, seed uint64) (stop func()) {
	var workers sync.WaitGroup
	for worker := range atOnce {
		workers.Go(func() {
			var mine []*call
			for n := worker; n < calls; n += atOnce {
				mine = append(mine, g.newCall(fmt.Sprintf("%d-0", n), rand.New(rand.NewPCG(seed, uint64(n)))))
			}
			for round := 1; !g.stopping.Load(); round++ {
				for i, c := range mine {
					if c.ended {
						mine[i] = g.newCall(fmt.Sprintf("%d-%d", worker+i*atOnce, round), c.random)
					}
					if !g.turn(mine[i]) || g.stopping.Load() {
						break
					}
				}
			}
		})
	}
	return func() {
		g.stopping.Store(true)
		workers.Wait()
		g.client.CloseIdleConnections()
	}
}

func (g *gateway) newCall(id string, random *rand.Rand) *call {
	c := &call{key: session.Key{Instance: "demo", Call: id}, random: random}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls = append(g.calls, c)
	return c
}

// turn takes a call one turn on and reports whether it was answered as it must
// be. Now and then it sends the last turn once more before.
func (g *gateway) turn(c *call) bool {
	if len(c.log) > 0 && c.random.IntN(8) == 0 {
		last := c.log[len(c.log)-1]
		if again := g.ask(c, last.request); again != last.answer {
			g.t.Errorf("call %s: %s was answered %+v, and then %+v", c.key.Call, last.answer.TurnID, last.answer, again)
			return false
		}
		g.repeated.Add(1)
	}
	utterance := utterances[c.random.IntN(len(utterances))]
	request := map[string]string{
		"Action": "Dialogue", "Version": api.Version, "InstanceId": c.key.Instance, "CallId": c.key.Call, "CallType": "Outbound",
		"CalledNumber": "13800000000", "CallingNumber": "95187", "ScriptId": "endless", "Utterance": utterance,
		"TurnId": fmt.Sprintf("%s/%d", c.key.Call, len(c.log)+1), "Variables": fmt.Sprintf(`{"number":%q}`, c.key.Call),
	}
	want := g.expect(c, utterance, request["TurnId"])
	got := g.ask(c, request)
	c.log = append(c.log, line{request, got})
	c.ended = got.Action == session.ActionHangup
	g.answered.Add(1)
	select {
	case g.progress <- struct{}{}:
	default:
	}
	if got != want {
		g.t.Errorf("call %s, turn %d, %q: answered %+v, want %+v", c.key.Call, len(c.log), utterance, got, want)
		c.ended = true
	}
	return got == want
}

// expect is what a turn must be answered.
func (g *gateway) expect(c *call, utterance, turn string) feedback {
	in := session.Utterance(utterance)
	in.TurnID = turn
	opening := engine.Opening{Script: "endless", Variables: map[string]string{"number": c.key.Call, "phonenumber": "13800000000"}}
	r, err := g.engine.Begin(context.Background(), c.key, opening, in)
	if err != nil {
		g.t.Error(err)
	}
	return feedback{
		Action: r.Action, ActionParams: r.ActionParams, Content: r.Content, FlowID: r.FlowID, NodeID: r.NodeID, TurnID: r.TurnID,
		Interruptible: r.Interruptible, CollectDigits: r.Collect.Enabled, SilenceTimeout: r.SilenceTimeout,
	}
}

// ask sends a request until it is answered.
func (g *gateway) ask(c *call, request map[string]string) feedback {
	const tries = 1000 // A server that is up answers sooner.
	for try := range tries {
		server := g.servers[(len(c.log)+try)%len(g.servers)]
		server.await()
		answer, status, err := g.send(server, request)
		switch {
		case err == nil && status == http.StatusOK:
			return answer.Feedback
		case err == nil && status != http.StatusServiceUnavailable:
			g.t.Errorf("call %s: status %d: %s %s", c.key.Call, status, answer.Code, answer.Message)
			return feedback{}
		}
		g.unheard.Add(1)
	}
	g.t.Errorf("call %s: no answer to %v", c.key.Call, request)
	return feedback{}
}

type answer struct {
	Code, Message string
	Feedback      feedback
}

func (g *gateway) send(s *server, request map[string]string) (answer answer, status int, err error) {
	query, err := rpc.SignQuery(http.MethodPost, request, rpc.Credentials{
		AccessKeyID: "testid", AccessKeySecret: "testsecret", Nonce: nonce(), Time: time.Now(),
	})
	if err != nil {
		g.t.Error(err)
	}
	response, err := g.client.Post(s.url()+"/?"+query, "application/x-www-form-urlencoded", nil)
	if err != nil {
		return answer, 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(body, &answer)
	}
	return answer, response.StatusCode, err
}

func nonce() string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) }

// await returns once so many more turns are answered.
func (g *gateway) await(turns int64) {
	for goal := g.answered.Load() + turns; g.answered.Load() < goal && !g.t.Failed(); {
		<-g.progress
	}
}

// audit compares what the servers kept with what they answered: every turn that
// was answered is in its call's transcript, once and in its place, and each call
// is where it was left. It returns how many turns are lost, and how many are
// there that should not be.
func (g *gateway) audit(kept *store.Store) (lost, extra int) {
	for _, c := range g.calls {
		turns, err := kept.Turns(context.Background(), c.key.Instance, c.key.Call)
		if err != nil {
			g.t.Fatal(err)
		}
		extra += max(0, len(turns)-len(c.log))
		for i, line := range c.log {
			if i >= len(turns) || turns[i].TurnID != line.answer.TurnID || turns[i].Content != line.answer.Content ||
				turns[i].Revision != int64(i+1) || turns[i].Utterance != line.request["Utterance"] {
				lost++
				g.t.Errorf("call %s: turn %d was answered %+v and is not in the transcript", c.key.Call, i+1, line.answer)
			}
		}
		var got, want session.State
		_, err = kept.Sessions().Load(context.Background(), c.key, &got)
		if _, failed := g.memory.Load(context.Background(), c.key, &want); err != nil || failed != nil {
			g.t.Fatal(err, failed)
		}
		ignored := cmpopts.IgnoreFields(session.State{}, "Begun", "Touched", "Version")
		if diff := cmp.Diff(want, got, ignored, cmpopts.EquateEmpty()); diff != "" {
			g.t.Errorf("call %s (-where it was left +where it is):\n%s", c.key.Call, diff)
		}
	}
	return lost, extra
}
