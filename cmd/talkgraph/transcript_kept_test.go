package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// keepCall has a call on the course script that is handed over, a turn every ten
// seconds, and keeps it in a folder.
func keepCall(t *testing.T, data string) {
	t.Helper()
	ctx := t.Context()
	var clock atomic.Int64
	clock.Store(time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC).UnixMilli())
	now := func() time.Time { return time.UnixMilli(clock.Load()).UTC() }
	s, err := store.Open(ctx, store.Options{File: filepath.Join(data, store.FileName), Now: now, Lax: true})
	if err != nil {
		t.Fatal(err)
	}
	scripts := script.New(s, script.Options{})
	v, err := compile(course)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateInstance(ctx, store.Instance{ID: "demo", Name: "demo", MaxCalls: 1}); err != nil {
		t.Fatal(err)
	}
	running, _, err := scripts.Adopt(ctx, "demo", os.DirFS(course), v)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Options{Now: now, Store: s.Sessions(), Load: scripts.Load})
	if err != nil {
		t.Fatal(err)
	}
	key := session.Key{Instance: "demo", Call: "call-1"}
	variables := map[string]string{"name": "李敏", "course": "少儿编程", "level": "老学员", "campus": "13800000000", "child": "小宇"}
	_, err = e.Begin(ctx, key, engine.Opening{Version: running, Variables: variables}, session.Input{})
	for _, said := range []string{"方便", "一分", "\x1b[2J教室里太冷了"} {
		if err != nil {
			t.Fatal(err)
		}
		clock.Add(10_000)
		_, err = e.Turn(ctx, key, session.Utterance(said))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// What was said can be read afterwards; to whom a call was handed over is not
// told, for it may be a number.
func TestTranscript(t *testing.T) {
	data := t.TempDir()
	keepCall(t, data)
	t.Setenv("TALKGRAPH_DATA", data)
	for name, args := range map[string][]string{
		"transcript":      {"transcript", "demo", "call-1"},
		"transcript-json": {"transcript", "--json", "demo", "call-1"},
	} {
		got := execute(nil, args...)
		if got.code != exitOK || strings.Contains(got.stdout, "care-") || strings.Contains(got.stdout, "\x1b") {
			t.Errorf("%s: %+v", name, got)
		}
		golden(t, name, args, "", got)
	}
	for _, call := range [][]string{{"demo", "call-2"}, {"other", "call-1"}} {
		got := execute(nil, append([]string{"transcript"}, call...)...)
		if got.code != exitFailed || got.stdout != "" || !strings.Contains(got.stderr, "nothing is kept of a call "+call[1]+" in instance "+call[0]) {
			t.Errorf("%v: %+v", call, got)
		}
	}

	// Without the version that the call ran on there are no names, and what was said
	// all the same.
	turns, err := storetest.Open(t, store.Options{File: filepath.Join(data, store.FileName)}).Turns(t.Context(), "demo", "call-1")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := script.New(storetest.Open(t, storetest.SQLite(t)), script.Options{})
	kept := readTurns(t.Context(), elsewhere, turns)
	if last := kept[len(kept)-1]; len(kept) != 4 || last.EndReason != "FINISHED" || last.NodeID != "to-care" || last.NodeName != "" || last.Content == "" {
		t.Errorf("%+v", kept)
	}
}
