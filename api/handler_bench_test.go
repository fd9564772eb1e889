package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

// benchCalls is as many calls as realEngine lets live at once.
const benchCalls = 3

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// BenchmarkDialogueHandler measures the handler alone, without sockets and
// without net/http's reading of the request.
func BenchmarkDialogueHandler(b *testing.B) {
	e, resolver := realEngine(b, "debt-reminder")
	handler, err := api.New(api.Options{Engine: e, Resolver: resolver, Keys: map[string]string{"id": "secret"}, Now: clock})
	if err != nil {
		b.Fatal(err)
	}
	requests := make([]*http.Request, b.N)
	for i := range requests {
		if requests[i], err = http.ReadRequest(bufio.NewReader(bytes.NewReader(benchRequest(b, i)))); err != nil {
			b.Fatal(err)
		}
	}
	w := &discard{header: http.Header{}}
	b.ReportAllocs()
	b.ResetTimer()
	for _, r := range requests {
		if handler.ServeHTTP(w, r); w.status != http.StatusOK {
			b.Fatalf("status %d", w.status)
		}
	}
}

// benchRequest is a signed request of one of the calls, in bytes: a question
// that the script answers wherever it is asked.
func benchRequest(b *testing.B, nonce int) []byte {
	query, err := rpc.SignQuery("GET", turn(map[string]string{"CallId": "call-" + strconv.Itoa(nonce%benchCalls), "Utterance": "你是哪家公司的"}),
		rpc.Credentials{AccessKeyID: "id", AccessKeySecret: "secret", Nonce: fmt.Sprintf("%032d", nonce), Time: testTime})
	if err != nil {
		b.Fatal(err)
	}
	return []byte("GET /?" + query + " HTTP/1.1\r\nHost: bot.example\r\nUser-Agent: bench\r\n\r\n")
}
