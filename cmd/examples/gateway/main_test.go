package main

import (
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/campaign"
	webhook "github.com/talkgraph/talkgraph/internal/gateway"
)

// The example holds a call with a real API, asked by the webhook of one.
func TestExample(t *testing.T) {
	server, err := api.Open(t.Context(), api.Config{Data: t.TempDir(), Now: time.Now, Keys: map[string]string{"id": "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.AddInstance(t.Context(), "demo"); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Import(t.Context(), "demo", os.DirFS("../../../testdata/scripts/hello")); err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server)
	t.Cleanup(func() {
		front.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	g := &gateway{server: front.URL, keyID: "id", keySecret: "secret", secret: "shared"}
	back := httptest.NewServer(g)
	t.Cleanup(back.Close)
	w, err := webhook.NewWebhook(webhook.Options{URL: back.URL, Secret: "shared", Now: time.Now, Backoff: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Capacity(t.Context()); err != nil {
		t.Error(err)
	}
	for range 2 { // The webhook may come twice.
		if err := w.Dial(t.Context(), campaign.Call{TaskID: "task-1", InstanceID: "demo", CallingNumber: "95187", CalledNumber: "13800000000"}); err != nil {
			t.Error(err)
		}
	}
	other, err := webhook.NewWebhook(webhook.Options{URL: back.URL, Secret: "other", Now: time.Now, Backoff: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	if other.HangUp(t.Context(), "task-1") == nil {
		t.Error("a webhook that is signed with another secret is taken")
	}
	call := map[string]string{"InstanceId": "demo", "ScriptId": "hello", "CallId": "c", "CallType": "Outbound",
		"CalledNumber": "13800000000", "CallingNumber": "95187", "Utterance": "*~ 喂"}
	for turn, want := range []string{"Broadcast", "Hangup"} {
		got, err := g.tell("Dialogue", call)
		if err != nil || got.Action != want {
			t.Errorf("turn %d: %+v, %v", turn, got, err)
		}
		call["Utterance"] = listen(got.Content)
	}
	if _, err := g.tell("Dialogue", map[string]string{}); err == nil {
		t.Error("a refusal is no error")
	}
}
