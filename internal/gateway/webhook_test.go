package gateway

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/campaign"
)

var now = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// center is a telephony system that answers what it is told to, in turn.
type center struct {
	t       *testing.T
	mu      sync.Mutex
	answers []answer
	got     []Message
}

type answer struct {
	status int
	body   string
}

func (c *center) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	if !Verify("secret", r.Header.Get(TimestampHeader), r.Header.Get(SignatureHeader), body, now.Add(Window)) {
		c.t.Errorf("the signature of %s does not hold", body)
	}
	var m Message
	if err := json.Unmarshal(body, &m); err != nil {
		c.t.Error(err)
	}
	c.got = append(c.got, m)
	next := c.answers[0]
	c.answers = c.answers[1:]
	w.WriteHeader(next.status)
	_, _ = io.WriteString(w, next.body)
}

func webhook(t *testing.T, answers ...answer) (*Webhook, *center) {
	c := &center{t: t, answers: answers}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	w, err := NewWebhook(Options{URL: server.URL, Secret: "secret", Now: clock, Backoff: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	return w, c
}

func TestDial(t *testing.T) {
	call := campaign.Call{
		TaskID: "t", InstanceID: "i", JobID: "j", JobGroupID: "g", ScriptID: "s", CallingNumber: "95187",
		CalledNumber: "13800000000", Ringing: 30 * time.Second, Deadline: now,
	}
	want := Message{Type: "dial", TaskID: "t", InstanceID: "i", JobID: "j", JobGroupID: "g", ScriptID: "s",
		CallingNumber: "95187", CalledNumber: "13800000000", RingingSeconds: 30, Deadline: now.UnixMilli()}
	for name, test := range map[string]struct {
		answers []answer
		sent    int
		refused bool
		failed  bool
	}{
		"taken":                {[]answer{{200, ""}}, 1, false, false},
		"taken before":         {[]answer{{409, ""}}, 1, false, false},
		"taken at second try":  {[]answer{{503, ""}, {204, ""}}, 2, false, false},
		"too many, then taken": {[]answer{{429, ""}, {502, ""}, {500, ""}, {200, ""}}, 4, false, false},
		"never taken":          {[]answer{{500, ""}, {500, ""}, {500, ""}, {500, ""}}, 4, false, true},
		"refused":              {[]answer{{422, ""}}, 1, true, true},
	} {
		w, c := webhook(t, test.answers...)
		err := w.Dial(t.Context(), call)
		if (err != nil) != test.failed || errors.Is(err, campaign.ErrRefused) != test.refused || len(c.got) != test.sent {
			t.Errorf("%s: %v after %d requests", name, err, len(c.got))
		}
		for _, got := range c.got {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func TestCapacity(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		want   int
		failed bool
	}{
		"said":           {answer{200, `{"capacity":7}`}, 7, false},
		"not said":       {answer{204, ""}, unlimited, false},
		"no such thing":  {answer{404, ""}, unlimited, false},
		"less than none": {answer{200, `{"capacity":-1}`}, 0, false},
		"nonsense":       {answer{200, `7 or so`}, 0, true},
	} {
		w, c := webhook(t, test.answer)
		got, err := w.Capacity(t.Context())
		if got != test.want || (err != nil) != test.failed || c.got[0].Type != "capacity" {
			t.Errorf("%s: %d %v", name, got, err)
		}
	}
}

func TestHangUp(t *testing.T) {
	w, c := webhook(t, answer{200, ""})
	if err := w.HangUp(t.Context(), "t"); err != nil || cmp.Diff([]Message{{Type: "hangUp", TaskID: "t"}}, c.got) != "" {
		t.Errorf("%v, sent %v", err, c.got)
	}
}

func TestVerify(t *testing.T) {
	const timestamp = "1777622400" // Of now.
	body := []byte(`{"type":"dial"}`)
	good := Sign("secret", timestamp, body)
	for name, test := range map[string]struct {
		secret, timestamp, signature string
		at                           time.Time
		want                         bool
	}{
		"good":            {"secret", timestamp, good, now, true},
		"a little late":   {"secret", timestamp, good, now.Add(Window), true},
		"too late":        {"secret", timestamp, good, now.Add(Window + time.Second), false},
		"from the future": {"secret", timestamp, good, now.Add(-Window - time.Second), false},
		"another secret":  {"other", timestamp, good, now, false},
		"no time":         {"secret", "", good, now, false},
		"no signature":    {"secret", timestamp, "", now, false},
		"another time":    {"secret", "1777622401", good, now, false},
	} {
		if got := Verify(test.secret, test.timestamp, test.signature, body, test.at); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNewWebhookRefuses(t *testing.T) {
	for _, o := range []Options{
		{},
		{URL: "http://host/", Now: clock},
		{URL: "ftp://host/", Secret: "s", Now: clock},
		{URL: "http://", Secret: "s", Now: clock},
		{URL: "http://host/", Secret: "s"},
	} {
		if _, err := NewWebhook(o); err == nil {
			t.Errorf("%+v makes a webhook", o)
		}
	}
}

// The vector that the documentation gives to those who write the other end.
func TestDocumentedVector(t *testing.T) {
	page, err := os.ReadFile("../../docs/gateways.md")
	if err != nil {
		t.Fatal(err)
	}
	const timestamp, body = "1777622400", `{"type":"hangUp","taskId":"task-1"}`
	sent, err := json.Marshal(Message{Type: HangUp, TaskID: "task-1"})
	if err != nil || string(sent) != body {
		t.Errorf("the message is %s, %v", sent, err)
	}
	for _, text := range []string{timestamp, body, Sign("gateway-secret", timestamp, []byte(body)), TimestampHeader, SignatureHeader} {
		if !strings.Contains(string(page), text) {
			t.Errorf("docs/gateways.md lacks %s", text)
		}
	}
}
