package benchmarks

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/store"
)

// BenchmarkListIntents asks for pages of a script of 2,000 intents with 20
// utterances each, as many as a script may have: signed requests over one
// connection of the loopback to the API on SQLite, from the first page to the
// last. An operation is one request; requests are signed outside of it.
func BenchmarkListIntents(b *testing.B) {
	folder := b.TempDir()
	instance, script := manyIntents(b, folder)
	server, err := api.Open(context.Background(), api.Config{Data: folder, Keys: map[string]string{keyID: keySecret}, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Close() })
	client := dial(b, listen(b, server), 1).connections[0]
	signed := 0
	for _, c := range []struct{ name, size, keyword string }{
		{"page-10", "10", ""},
		{"page-100", "100", ""},
		{"keyword-10", "10", "续费1"}, // A little more than half of the intents have it.
	} {
		b.Run(c.name, func(b *testing.B) {
			client.latencies = client.latencies[:0]
			size, err := strconv.Atoi(c.size)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				b.StopTimer()
				signed++
				parameters := map[string]string{
					"Action": "ListIntents", "Version": api.Version, "InstanceId": instance, "ScriptId": script,
					"PageNumber": strconv.Itoa(signed*7%(1000/size) + 1), "PageSize": c.size, "Keyword": c.keyword,
				}
				request := [][]byte{signedRequest(b, parameters, signed)}
				b.StartTimer()
				if err := client.send(request); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(quantile(client.latencies, 0.5)), "p50-ns")
			b.ReportMetric(float64(quantile(client.latencies, 0.99)), "p99-ns")
		})
	}
}

// manyIntents makes a script with many intents in a new database in folder.
func manyIntents(b *testing.B, folder string) (instance, script string) {
	b.Helper()
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{File: filepath.Join(folder, "talkgraph.db"), Now: time.Now, Lax: true})
	if err != nil {
		b.Fatal(err)
	}
	in, err := s.CreateInstance(ctx, store.Instance{Name: "benchmark", MaxCalls: 1})
	if err != nil {
		b.Fatal(err)
	}
	d := &store.Draft{Script: store.Script{InstanceID: in.ID, Name: "renewal"}}
	for i := range 2000 {
		utterances := make([]string, 20)
		for j := range utterances {
			utterances[j] = fmt.Sprintf("%s%d的第%d句", withoutKeyword, i, j)
		}
		d.Intents = append(d.Intents, store.Intent{
			ID: callID(i), Name: fmt.Sprint("意图", i), Utterances: store.NewTexts(utterances),
			Keywords: store.NewTexts([]string{fmt.Sprint("续费", i), "宽带"}),
		})
	}
	if err := s.CreateScript(ctx, d); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	return in.ID, d.Script.ID
}
