package rpc

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// only is a policy that allows one action.
type only string

func (o only) Allows(action string) bool { return action == string(o) }

type keysFunc func(id string) *Key

func (f keysFunc) Key(_ context.Context, id []byte, _ time.Time) (*Key, error) {
	return f(string(id)), nil
}

func under(p Policy) Keys {
	return keysFunc(func(id string) *Key { return &Key{ID: id, Secret: "secret", Policy: p} })
}

func TestPolicy(t *testing.T) {
	for policy, want := range map[Policy]int{nil: 200, only("Echo"): 200, only("Other"): 403} {
		f := newFixture(t, func(o *Options) { o.Keys = under(policy) })
		w := f.get(f.signed(t, "GET", nil))
		if w.Code != want || (want == 403) != strings.Contains(w.Body.String(), `"Code":"Forbidden.RAM"`) {
			t.Errorf("%v: %d %s, want %d", policy, w.Code, w.Body, want)
		}
	}
}

// An action knows its caller; what has none has the zero Caller.
func TestCallerOf(t *testing.T) {
	var got Caller
	var value any
	type mine struct{}
	f := newFixture(t, func(o *Options) {
		o.Actions = []Action{Handle("Echo", func(ctx context.Context, _ *echoRequest) (*echoResponse, error) {
			got, value = CallerOf(context.WithValue(ctx, mine{}, 1)), ctx.Value(mine{})
			return &echoResponse{}, nil
		})}
	})
	r := httptest.NewRequest("GET", "http://bot.example/?"+f.signed(t, "GET", nil), nil)
	f.send(r.WithContext(context.WithValue(r.Context(), mine{}, "theirs")))
	if want := (Caller{"id", "REQUEST-1", "Echo", r.RemoteAddr}); got != want || value != "theirs" {
		t.Errorf("got %+v and %v, want %+v", got, value, want)
	}
	if got := CallerOf(context.Background()); got != (Caller{}) {
		t.Errorf("without a request: %+v", got)
	}
}

// A key may send as many requests at once as in a second, and no stranger can
// use up what is its.
func TestRateLimit(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.RateLimit = 2 })
	status := func(id, secret string) int {
		f.nonces++
		query, err := SignQuery("GET", map[string]string{"Action": "Echo", "Version": "2019-12-26"},
			Credentials{id, secret, fmt.Sprint("n-", f.nonces), f.now})
		if err != nil {
			t.Fatal(err)
		}
		w := f.get(query)
		if (w.Code == 429) != (w.Header().Get("Retry-After") == "1") {
			t.Errorf("%d with Retry-After %q", w.Code, w.Header().Get("Retry-After"))
		}
		return w.Code
	}
	for i, step := range []struct {
		after      time.Duration
		id, secret string
		want       int
	}{
		{0, "id", "wrong", 400}, {0, "id", "wrong", 400}, {0, "id", "wrong", 400},
		{0, "id", "secret", 200}, {0, "id", "secret", 200}, {0, "id", "secret", 429}, {0, "other", "secret2", 200},
		{400 * time.Millisecond, "id", "secret", 429},
		{100 * time.Millisecond, "id", "secret", 200}, {0, "id", "secret", 429},
		{time.Hour, "id", "secret", 200}, {0, "id", "secret", 200}, {0, "id", "secret", 429},
	} {
		f.now = f.now.Add(step.after)
		if got := status(step.id, step.secret); got != step.want {
			t.Errorf("request %d of %s: %d, want %d", i, step.id, got, step.want)
		}
	}
}

type makeRequest struct {
	InstanceID string   `rpc:"InstanceId,max=10"`
	Fail       bool     `rpc:"Fail"`
	ThingID    string   `rpc:"ThingId,max=100"`
	ScriptID   string   `rpc:"ScriptId,max=100"`
	JobID      []string `rpc:"JobId,max=100"`
}

type makeResponse struct {
	ThingID string  `rpc:"ThingId"`
	Text    string  `rpc:"Text"`
	Part    madeOne `rpc:"Part"`
}

type madeOne struct {
	PartID     string `rpc:"PartId"`
	InstanceID string `rpc:"InstanceId"`
}

func TestAudit(t *testing.T) {
	var begun, uses []Use
	f := newFixture(t, func(o *Options) {
		o.Actions = []Action{echo(nil), Handle("Make", func(ctx context.Context, r *makeRequest) (*makeResponse, error) {
			if ctx.Value(auditKey{}) != len(begun) || CallerOf(ctx).KeyID != "id" {
				t.Errorf("the context is not that of use %d", len(begun))
			}
			if r.Fail {
				return nil, NotExist("Instance")
			}
			return &makeResponse{"t-1", "not an id", madeOne{"p-1", "made"}}, nil
		})}
		o.Audited = func(action string) bool { return action == "Make" }
		o.Audit = func(ctx context.Context, u Use) (context.Context, func(Use)) {
			begun = append(begun, u)
			return context.WithValue(ctx, auditKey{}, len(begun)), func(u Use) { uses = append(uses, u) }
		}
	})
	for _, parameters := range []map[string]string{
		{"Action": "Echo"},
		{"Action": "Make"},
		{"Action": "Make", "InstanceId": "i-1", "Fail": "true", "ScriptId": strings.Repeat("s", 100), "JobId.1": "j-1", "RegionId": "here"},
		{"Action": "Make", "InstanceId": "i-1", "ThingId": "t-1", "Fail": "soon"},
		{"Action": "Make", "InstanceId": "i-1\t\nforged", "ThingId": strings.Repeat("t", 60_000), "OtherId": "13800001111"},
	} {
		f.send(httptest.NewRequest("GET", "http://bot.example/?"+f.signed(t, "GET", parameters), nil))
	}
	f.get("Action=Make&Version=2019-12-26&AccessKeyId=id") // Nobody proved to have sent it.
	by := Caller{"id", "REQUEST-1", "Make", "192.0.2.1:1234"}
	want := []Use{
		{by, testTime, "made", "ThingId=t-1 PartId=p-1", "OK"},
		{by, testTime, "i-1", "JobId.1=j-1 ScriptId=" + strings.Repeat("s", 64) + "…", "NotExist.Instance"},
		{by, testTime, "i-1", "ThingId=t-1", "InvalidParameter"},
		{by, testTime, "i-1\uFFFD\uFFFDforged", "ThingId=" + strings.Repeat("t", 64) + "…", "InvalidParameter"},
	}
	if diff := cmp.Diff(want, uses); diff != "" {
		t.Error(diff)
	}
	want[0].InstanceID, want[0].Target = "", "" // What is made is not known before.
	for i := range want {
		want[i].Code = "OK"
	}
	if diff := cmp.Diff(want, begun); diff != "" {
		t.Errorf("before: %s", diff)
	}
}

type auditKey struct{}

// What is forbidden is written down, too.
func TestAuditForbidden(t *testing.T) {
	var uses []Use
	f := newFixture(t, func(o *Options) {
		o.Keys = under(only("Other"))
		o.Actions = []Action{Handle("Make", func(context.Context, *makeRequest) (*makeResponse, error) { return nil, nil })}
		o.Audited = func(string) bool { return true }
		o.Audit = func(ctx context.Context, _ Use) (context.Context, func(Use)) {
			return ctx, func(u Use) { uses = append(uses, u) }
		}
	})
	parameters := map[string]string{"Action": "Make"}
	for i := range 100 {
		parameters[fmt.Sprintf("JobId.%d", i+1)] = strings.Repeat("j", 60)
	}
	f.get(f.signed(t, "GET", parameters))
	if len(uses) != 1 || uses[0].Code != "Forbidden.RAM" || len(uses[0].Target) > longestTarget || !strings.Contains(uses[0].Target, "JobId.1=j") {
		t.Errorf("%+v", uses)
	}
}

// Every request is in the log of level Debug, without what is in it.
func TestAccessLog(t *testing.T) {
	f := newFixture(t, nil)
	f.o.Logger = slog.New(slog.NewTextHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	f.get(f.signed(t, "GET", map[string]string{"Text": "13800000000"}))
	log := f.log.String()
	if !strings.Contains(log, "requestId=REQUEST-1 action=Echo code=OK") || strings.Contains(log, "13800000000") || strings.Contains(log, "secret") {
		t.Errorf("logged %s", log)
	}
}
