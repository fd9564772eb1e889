package benchmarks

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

// BenchmarkStartUp opens a server that has 200 published copies of the debt
// reminder, 17 nodes each, until it is ready, and begins a call on one of them:
// a version is compiled when a call first needs it. To reach: ready in 2 s.
func BenchmarkStartUp(b *testing.B) {
	config := api.Config{Data: b.TempDir(), Keys: map[string]string{keyID: keySecret}, Now: time.Now}
	publishCopies(b, api.Config{Data: config.Data, Lax: true, Keys: config.Keys, Now: time.Now}, 200)
	var ready, first time.Duration
	calls := 0
	for b.Loop() {
		began := time.Now()
		server, err := api.Open(context.Background(), config)
		if err != nil {
			b.Fatal(err)
		}
		if err := server.Ready(context.Background()); err != nil {
			b.Fatal(err)
		}
		ready += time.Since(began)
		calls++
		began = time.Now()
		beginOn(b, server, copyID(calls%200), callID(calls))
		first += time.Since(began)
		b.StopTimer()
		if err := server.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(ready)/float64(calls), "ready-ns")
	b.ReportMetric(float64(first)/float64(calls), "first-call-ns")
}

func copyID(n int) string { return fmt.Sprintf("debt-%03d", n) }

// publishCopies publishes the debt reminder so many times, under other ids.
func publishCopies(b *testing.B, config api.Config, copies int) {
	b.Helper()
	server, err := api.Open(context.Background(), config)
	if err != nil {
		b.Fatal(err)
	}
	if err := server.AddInstance(context.Background(), instanceID); err != nil {
		b.Fatal(err)
	}
	for n := range copies {
		if _, err := server.Import(context.Background(), instanceID, copyOf(b, os.DirFS("../testdata/scripts/debt-reminder"), copyID(n))); err != nil {
			b.Fatal(err)
		}
	}
	if err := server.Close(); err != nil {
		b.Fatal(err)
	}
}

// copyOf returns a bundle under another id and name.
func copyOf(b *testing.B, bundle fs.FS, id string) fs.FS {
	b.Helper()
	other := fstest.MapFS{}
	err := fs.WalkDir(bundle, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(bundle, path)
		other[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	var script map[string]any
	if err := json.Unmarshal(other["script.json"].Data, &script); err != nil {
		b.Fatal(err)
	}
	script["id"], script["name"] = id, id
	if other["script.json"].Data, err = json.Marshal(script); err != nil {
		b.Fatal(err)
	}
	return other
}

// beginOn begins a call on a script.
func beginOn(b *testing.B, server http.Handler, script, call string) {
	b.Helper()
	query, err := rpc.SignQuery(http.MethodGet, map[string]string{
		"Action": "Dialogue", "Version": api.Version, "InstanceId": instanceID, "ScriptId": script, "CallId": call,
		"CallType": "Outbound", "CalledNumber": "13800001234", "CallingNumber": "02100000000",
	}, rpc.Credentials{AccessKeyID: keyID, AccessKeySecret: keySecret, Nonce: call, Time: time.Now()})
	if err != nil {
		b.Fatal(err)
	}
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/?"+query, nil))
	if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), `"Action":"Broadcast"`) {
		b.Fatalf("%d %s", answer.Code, answer.Body)
	}
}
