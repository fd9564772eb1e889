package simulator

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/gateway"
)

// The webhook that a server sends is the one an exchange takes.
func TestWebhook(t *testing.T) {
	x, _, _ := lab(t, willing, 1)
	server := httptest.NewServer(Webhook(x, "secret", time.Now))
	t.Cleanup(server.Close)
	w, err := gateway.NewWebhook(gateway.Options{URL: server.URL, Secret: "secret", Now: time.Now, Backoff: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Dial(t.Context(), dial(1)); err != nil {
			t.Error(err)
		}
	}
	if err := w.Dial(t.Context(), dial(2)); err == nil {
		t.Error("a call was taken that there is no line for")
	}
	if free, err := w.Capacity(t.Context()); free != 0 || err != nil {
		t.Errorf("%d lines are free: %v", free, err)
	}
	if err := w.HangUp(t.Context(), "t001"); err != nil {
		t.Error(err)
	}
	if r := x.Rings(); r.Rings != 1 || r.Calls[0].Asked != 2 || r.Calls[0].Called != dial(1).CalledNumber {
		t.Errorf("%+v", r)
	}
}

func TestWebhookRefuses(t *testing.T) {
	x, _, _ := lab(t, willing, 1)
	handler := Webhook(x, "secret", time.Now)
	now := strconv.FormatInt(time.Now().Unix(), 10)
	for name, test := range map[string]struct {
		body, secret string
		status       int
	}{
		"another secret": {`{"type":"capacity"}`, "other", http.StatusUnauthorized},
		"no message":     {`{"type":`, "secret", http.StatusBadRequest},
		"no task":        {`{"type":"dial"}`, "secret", http.StatusBadRequest},
		"unknown type":   {`{"type":"sing","taskId":"t"}`, "secret", http.StatusBadRequest},
		"good":           {`{"type":"capacity"}`, "secret", http.StatusOK},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
		r.Header.Set(gateway.TimestampHeader, now)
		r.Header.Set(gateway.SignatureHeader, gateway.Sign(test.secret, now, []byte(test.body)))
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if answer.Code != test.status {
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		}
	}
}

// A server that is away for a while hears of it all later, in the same words.
func TestClientTriesAgain(t *testing.T) {
	var got []string
	statuses := []int{503, 429, 200, 500, 200, 404}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.PostFormValue("Action")+" "+r.PostFormValue("TurnId")+r.PostFormValue("DispositionCode"))
		w.WriteHeader(statuses[len(got)-1])
		_, _ = w.Write([]byte(`{"Feedback":{"Action":"Broadcast","Content":"您好","NodeId":"n","SilenceTimeout":7}}`))
	}))
	t.Cleanup(server.Close)
	c := &Client{
		URL: server.URL, KeyID: "id", KeySecret: "secret", Version: "2019-12-26", Now: time.Now,
		HTTP: server.Client(), Patience: time.Minute, MaxInterval: time.Millisecond,
	}
	call := Call{Call: campaign.Call{InstanceID: "i", TaskID: "t"}, ID: "c"}
	heard, err := c.Turn(t.Context(), call, Said{TurnID: "1"})
	if err != nil || heard != (Heard{Content: "您好", NodeID: "n", Patience: 7 * time.Second}) {
		t.Errorf("%+v, %v", heard, err)
	}
	if err := c.Fail(t.Context(), call, campaign.NoAnswer, start); err != nil {
		t.Error(err)
	}
	if err := c.Recording(t.Context(), call, "https://recordings.example.com/t.wav"); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a final answer: %v", err)
	}
	want := "Dialogue 1, Dialogue 1, Dialogue 1, RecordFailure NotAnswered, RecordFailure NotAnswered, SubmitRecording "
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("sent %q", text)
	}
}
