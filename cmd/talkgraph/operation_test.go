package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

// clockVariable has the clock of processes that are to share one: when it was
// wound up, in Unix milliseconds, and how many times as fast as others it goes.
const clockVariable = "TALKGRAPH_TEST_CLOCK"

// opening is what such a clock shows when it is wound up: a Friday, nine o'clock
// in Shanghai.
var opening = time.Date(2026, 5, 1, 1, 0, 0, 0, time.UTC)

// clockOf reads a clock; that of everybody, where there is none.
func clockOf(text string) func() time.Time {
	wound, times, shared := strings.Cut(text, " ")
	if !shared {
		return time.Now
	}
	began, err := strconv.ParseInt(wound, 10, 64)
	faster, failed := strconv.ParseFloat(times, 64)
	if err != nil || failed != nil {
		panic(clockVariable + " is no clock: " + text)
	}
	return func() time.Time {
		passed := time.Since(time.UnixMilli(began))
		return opening.Add(time.Duration(float64(passed) * faster))
	}
}

// operation is a campaign with the processes it takes: servers on one place, a
// telephony system, and between the two a relay.
type operation struct {
	t        *testing.T
	now      func() time.Time
	place    store.Options
	servers  []*server
	exchange *exchangeProcess
	group    string

	relay     *httptest.Server
	telephony string // Where the telephony system is.
	mu        sync.Mutex
	addresses []string // Where the servers are.
	told      atomic.Int64
	progress  chan struct{} // Somebody told something.
}

// operationOptions say what an operation is like.
type operationOptions struct {
	servers int
	faster  float64 // How many times as fast as in life clocks and calls go.
	script  string
	profile string // Of the callees, JSON.
	flags   []string
}

const operationSecret = "operation-secret"

// newOperation starts the processes.
func newOperation(t *testing.T, place store.Options, o operationOptions) *operation {
	t.Helper()
	clock := fmt.Sprintf("%d %v", time.Now().UnixMilli(), o.faster)
	op := &operation{t: t, now: clockOf(clock), place: place, telephony: freeAddress(t), progress: make(chan struct{}, 1)}
	op.relay = httptest.NewServer(op.handler())
	t.Cleanup(op.relay.Close)
	env := []string{clockVariable + "=" + clock, secretVariable + "=" + operationSecret, keyIDVariable + "=testid", keySecretVariable + "=testsecret"}
	for range o.servers {
		flags := append([]string{"--script", o.script, "--instance", "demo", "--gateway", op.relay.URL + "/webhook"}, o.flags...)
		s := newServerWith(t, place, env, flags...)
		op.servers, op.addresses = append(op.servers, s), append(op.addresses, s.address)
	}
	profile := filepath.Join(t.TempDir(), "callees.json")
	if err := os.WriteFile(profile, []byte(o.profile), 0o600); err != nil {
		t.Fatal(err)
	}
	op.exchange = startExchange(t, env, "--listen", op.telephony, "--server", op.relay.URL, "--profile", profile,
		"--seed", strconv.FormatUint(*seed, 10), "--speed", strconv.FormatFloat(o.faster, 'f', -1, 64))
	return op
}

// handler is the relay, as a load balancer would be: webhooks go to the
// telephony system, all else to one server after the other. It counts what it is
// told, before it passes it on.
func (op *operation) handler() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			n := op.told.Add(1)
			select {
			case op.progress <- struct{}{}:
			default:
			}
			to := op.telephony
			if r.In.URL.Path == "/webhook" {
				r.Out.URL.Path = "/"
			} else {
				op.mu.Lock()
				to = op.addresses[int(n)%len(op.addresses)]
				op.mu.Unlock()
			}
			r.Out.URL.Scheme, r.Out.URL.Host = "http", to
		},
		Transport:    &http.Transport{MaxIdleConnsPerHost: 256},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
}

// bury kills the first server for good; the relay knows.
func (op *operation) bury() {
	op.t.Helper()
	op.servers[0].kill()
	op.mu.Lock()
	defer op.mu.Unlock()
	op.servers, op.addresses = op.servers[1:], op.addresses[1:]
}

// await returns once so much was told, or nothing has been for a while.
func (op *operation) await(told int64) {
	for op.told.Load() < told {
		select {
		case <-op.progress:
		case <-time.After(5 * time.Second):
			return
		}
	}
}

// ask asks the servers, again while none answers, and decodes the answer.
func (op *operation) ask(answer any, parameters map[string]string) {
	op.t.Helper()
	const tries = 10_000
	parameters["Version"], parameters["InstanceId"] = api.Version, "demo"
	var problem string
	for range tries {
		form, err := rpc.SignQuery(http.MethodPost, parameters, rpc.Credentials{
			AccessKeyID: "testid", AccessKeySecret: "testsecret", Nonce: nonce(), Time: op.now(),
		})
		if err != nil {
			op.t.Fatal(err)
		}
		response, err := http.Post(op.relay.URL, "application/x-www-form-urlencoded", strings.NewReader(form))
		if err != nil {
			op.t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close() // It was read.
		switch {
		case err != nil || response.StatusCode >= http.StatusInternalServerError:
			problem = fmt.Sprint(response.Status, " ", err)
			continue
		case response.StatusCode != http.StatusOK:
			op.t.Fatalf("%s: %s %s", parameters["Action"], response.Status, body)
		}
		if err := json.Unmarshal(body, answer); err != nil {
			op.t.Fatal(err)
		}
		return
	}
	op.t.Fatalf("%s: no answer: %s", parameters["Action"], problem)
}

// begin sets the limits and assigns the contacts, whose numbers end in 0 to
// contacts-1.
func (op *operation) begin(contacts, atOnce, rate, period int, strategy string) {
	op.t.Helper()
	var ignored struct{}
	op.ask(&ignored, map[string]string{"Action": "ModifyInstance", "InstanceName": "demo", "MaxConcurrentConversation": strconv.Itoa(atOnce)})
	for _, number := range []string{"95187", "95188"} {
		op.ask(&ignored, map[string]string{
			"Action": "CreateOutboundCallNumber", "Number": number, "RateLimitCount": strconv.Itoa(rate), "RateLimitPeriod": strconv.Itoa(period),
		})
	}
	var made struct {
		JobGroup struct{ JobGroupId, ScriptId string }
	}
	var scripts struct {
		Scripts struct{ List []struct{ ScriptId string } }
	}
	op.ask(&scripts, map[string]string{"Action": "ListScripts", "PageNumber": "1", "PageSize": "1"})
	op.ask(&made, map[string]string{
		"Action": "CreateJobGroup", "ScriptId": scripts.Scripts.List[0].ScriptId, "JobGroupName": "五月回访", "JobGroupDescription": "停水",
		"StrategyJson": strategy, "RingingDuration": "40",
	})
	op.group = made.JobGroup.JobGroupId
	const chunk = 1000
	for from := 0; from < contacts; from += chunk {
		jobs := make([]string, 0, chunk)
		for n := from; n < min(from+chunk, contacts); n++ {
			jobs = append(jobs, fmt.Sprintf(`{"contacts":[{"phonenumber":"138%08d","name":"王芳"}]}`, n))
		}
		op.ask(&ignored, map[string]string{"Action": "AssignJobs", "JobGroupId": op.group, "JobsJson.1": "[" + strings.Join(jobs, ",") + "]"})
	}
}

// awaitEnd returns once every job of the group is over.
func (op *operation) awaitEnd(jobs int, limit time.Duration) {
	op.t.Helper()
	var shown struct {
		JobGroup struct {
			Status   string
			Progress struct{ TotalCompleted, Executing, Scheduling int }
		}
	}
	end := time.Now().Add(limit)
	for range time.Tick(50 * time.Millisecond) {
		op.ask(&shown, map[string]string{"Action": "DescribeJobGroup", "JobGroupId": op.group})
		if shown.JobGroup.Status == store.GroupCompleted && shown.JobGroup.Progress.TotalCompleted == jobs {
			return
		}
		if time.Now().After(end) {
			op.t.Fatalf("after %v the campaign is not over: %+v", limit, shown.JobGroup)
		}
	}
}

// stop ends the servers that are left, and opens what they kept.
func (op *operation) stop() *store.Store {
	op.t.Helper()
	for _, s := range op.servers {
		s.end()
	}
	return reopen(op.t, op.place)
}
