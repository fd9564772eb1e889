package main

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// Without --instance, a bundle goes where it is since an earlier start, and no
// instance is made beside.
func TestServeFindsItsInstance(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	data := t.TempDir()
	var first string
	for range 2 {
		s := startServer(t, "script", "--data", data, "--script", hello)
		if first == "" {
			first = s.started["instance"]
		}
		if again := s.started["instance"]; again == "" || again != first {
			t.Errorf("the instance is %q, want %q: %s", again, first, &s.stderr)
		}
		if status, body := s.dialogue(); status != 200 || !strings.Contains(body, `"Code":"OK"`) {
			t.Errorf("%d %s", status, body)
		}
		s.stop()
	}
	other := execute(nil, "serve", "--listen", "127.0.0.1:0", "--data", data, "--script", hello, "--instance", "demo")
	if want := `the script "hello" is in the instance "` + first + `"`; other.code != exitFailed || !strings.Contains(other.stderr, want) {
		t.Errorf("in another instance: %+v", other)
	}
}

// Servers that start together on a new database publish a bundle once, in one
// instance, although nobody named it.
func TestServersStartTogether(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		starts := make([]start, 4)
		if place.Database == "" {
			starts = starts[:1] // A file has one server.
		}
		var all sync.WaitGroup
		for i := range starts {
			bundles, err := checkBundles(newServeCommand(), []string{hello})
			if err != nil {
				t.Fatal(err)
			}
			starts[i] = start{kept: true, bundles: bundles}
			all.Go(func() {
				config := api.Config{Database: place.Database, Data: filepath.Dir(place.File), Now: time.Now, Keys: map[string]string{"id": "secret"}}
				server, err := starts[i].open(t.Context(), config)
				if err != nil {
					t.Error(err)
					return
				}
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, s := range starts {
			if s.instance == "" || s.instance != starts[0].instance || s.bundles[0].hash != starts[0].bundles[0].hash {
				t.Errorf("one is in %q on %s, another in %q on %s", s.instance, s.bundles[0].hash, starts[0].instance, starts[0].bundles[0].hash)
			}
		}
	})
}

// A server that nobody has a key for says so.
func TestServeWarnsOfNoKey(t *testing.T) {
	t.Setenv(keyIDVariable, "")
	t.Setenv(keySecretVariable, "")
	data := t.TempDir()
	id, _ := added(t, "--data", data)
	for _, usable := range []bool{true, false} {
		s := startServer(t, "listening", "--data", data)
		s.stop()
		if log := s.stderr.String(); strings.Contains(log, "every access key is disabled") == usable {
			t.Errorf("with a key: %v; the log is %s", usable, log)
		}
		if got := execute(nil, "keys", "disable", "--data", data, id); got.code != exitOK {
			t.Fatalf("%+v", got)
		}
	}
}
