package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

const (
	benchConnections = 64
	benchCalls       = 3 // As many as realEngine lets live at once.
)

// BenchmarkDialogueHTTP measures signed Dialogue requests over loopback sockets
// against net/http handlers that do nothing but answer the same body: one that
// has it ready, one that marshals it.
func BenchmarkDialogueHTTP(b *testing.B) {
	e, resolver := realEngine(b, "debt-reminder")
	handler, err := api.New(api.Options{
		Engine: e, Resolver: resolver, Keys: map[string]string{"id": "secret"}, Now: clock,
	})
	if err != nil {
		b.Fatal(err)
	}
	nonce := 0
	requests := func(n int) [][]byte {
		list := make([][]byte, n)
		for i := range list {
			nonce++
			list[i] = benchRequest(b, nonce)
		}
		return list
	}
	for _, request := range requests(benchCalls) {
		benchAnswer(b, handler, request) // Begins a call.
	}
	body := benchAnswer(b, handler, requests(1)[0])
	var value dialogueAnswer
	if err := json.Unmarshal(body, &value); err != nil || !value.Success {
		b.Fatalf("%v: %s", err, body)
	}

	b.Run("bare", func(b *testing.B) { benchSockets(b, bareHandler(func() []byte { return body }), requests(b.N)) })
	b.Run("marshal", func(b *testing.B) {
		marshal := func() []byte {
			out, err := json.Marshal(&value)
			if err != nil {
				b.Error(err)
			}
			return out
		}
		benchSockets(b, bareHandler(marshal), requests(b.N))
	})
	b.Run("dialogue", func(b *testing.B) { benchSockets(b, handler, requests(b.N)) })
}

// benchAnswer returns the answer to a request, given in bytes.
func benchAnswer(b *testing.B, handler http.Handler, request []byte) []byte {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	if err != nil {
		b.Fatal(err)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Body.Bytes()
}

// dialogueAnswer is a Dialogue answer as encoding/json writes it.
type dialogueAnswer struct {
	Code     string
	Feedback struct {
		Action, ActionParams string
		CollectDigits        bool
		Content, FlowId      string
		Interruptible        bool
		NodeId               string
		SilenceTimeout       int
		TurnId               string
	}
	HttpStatusCode     int
	Message, RequestId string
	Success            bool
}

func bareHandler(body func() []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=utf-8")
		_, _ = w.Write(body())
	})
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
