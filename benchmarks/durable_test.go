package benchmarks

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// BenchmarkDialogueDurable is BenchmarkDialogueHTTP for calls that are kept: a
// turn is answered when it is on the disk, transcript and all. The same bytes go
// to a bare handler, to the API with calls in memory, to the API on SQLite and,
// where TALKGRAPH_TEST_POSTGRES names a server, on PostgreSQL. To reach on
// SQLite: 12,000 requests a second, or 0.3 of those in memory.
func BenchmarkDialogueDurable(b *testing.B) {
	signer := &signer{}
	memory := &side{client: dial(b, listen(b, newDialogue(b)), connections)}
	names, sides := []string{"memory", "sqlite"}, []*side{memory, newDurable(b, api.Config{Data: b.TempDir()})}
	if os.Getenv(storetest.Variable) != "" {
		names, sides = append(names, "postgres"), append(sides, newDurable(b, api.Config{Database: storetest.Postgres(b).Database}))
	}
	answer := firstAnswer(b, signer, sides...)
	bare := &side{client: dial(b, listen(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeBare(w, &answer)
	})), connections)}
	names, sides = append(names, "bare"), append(sides, bare)

	for b.Loop() {
		b.StopTimer()
		requests := signer.requests(b, perRound)
		b.StartTimer()
		for _, side := range sides {
			side.measure(b, requests)
		}
	}
	b.StopTimer()
	b.ReportMetric(0, "ns/op") // Of a round of each; it says nothing.
	for i, side := range sides {
		report(b, names[i], side)
		if side != memory {
			b.ReportMetric(median(memory.seconds)/median(side.seconds), names[i]+"/memory")
		}
		if side != bare {
			b.ReportMetric(median(bare.seconds)/median(side.seconds), names[i]+"/bare")
		}
	}
}

// newDurable returns a client of the API on its own storage, with the script
// published in it.
func newDurable(b *testing.B, c api.Config) *side {
	b.Helper()
	c.Keys, c.Now, c.Registerer = map[string]string{keyID: keySecret}, time.Now, prometheus.NewRegistry()
	server, err := api.Open(context.Background(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Close() })
	if err := server.AddInstance(context.Background(), instanceID); err != nil {
		b.Fatal(err)
	}
	if _, err := server.Import(context.Background(), instanceID, bundle(b, question)); err != nil {
		b.Fatal(err)
	}
	return &side{client: dial(b, listen(b, server), connections)}
}
