package benchmarks

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/engine/metrics"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

const (
	connections = 64
	perRound    = 64 // Requests a connection sends in one round.
)

// answerBody is the answer to a Dialogue, as a program that only wants to
// answer JSON would write it down.
type answerBody struct {
	Code           string
	Feedback       answerFeedback
	HttpStatusCode int
	Message        string
	RequestId      string
	Success        bool
}

type answerFeedback struct {
	Action, ActionParams string
	CollectDigits        bool
	Content, FlowId      string
	Interruptible        bool
	NodeId               string
	SilenceTimeout       int
	TurnId               string
}

// side is one of the two servers compared: its client, and what it measured.
type side struct {
	*client
	seconds []float64 // Of each round.
	mallocs uint64
}

// BenchmarkDialogueHTTP sends signed Dialogue requests over 64 connections of
// the loopback, and the same bytes to a bare net/http handler that marshals
// the same answer. A round of the one follows a round of the other; an
// operation is a round of each. Client and servers share the machine, and
// requests are signed outside of the rounds. To reach: the median round of
// Dialogue at 0.6 of the bare one's requests per second.
func BenchmarkDialogueHTTP(b *testing.B) {
	signer := &signer{}
	handler := newDialogue(b)
	dialogue := &side{client: dial(b, listen(b, handler), connections)}
	answer := firstAnswer(b, signer, dialogue)
	bare := &side{client: dial(b, listen(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeBare(w, &answer)
	})), connections)}
	sameBody(b, dialogue, bare, signer)

	for b.Loop() {
		b.StopTimer()
		requests := signer.requests(b, perRound)
		b.StartTimer()
		bare.measure(b, requests)
		dialogue.measure(b, requests)
	}
	b.StopTimer()
	b.ReportMetric(0, "ns/op") // Of a round of each; it says nothing.
	report(b, "dialogue", dialogue)
	report(b, "bare", bare)
	b.ReportMetric(median(bare.seconds)/median(dialogue.seconds), "ratio")
}

func (s *side) measure(b *testing.B, requests [][][]byte) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s.seconds = append(s.seconds, s.round(b, requests).Seconds())
	runtime.ReadMemStats(&after)
	s.mallocs += after.Mallocs - before.Mallocs
}

func report(b *testing.B, name string, s *side) {
	var latencies []time.Duration
	for _, c := range s.connections {
		latencies = append(latencies, c.latencies...)
	}
	b.ReportMetric(connections*perRound/median(s.seconds), name+"-req/s")
	b.ReportMetric(float64(quantile(latencies, 0.5)), name+"-p50-ns")
	b.ReportMetric(float64(quantile(latencies, 0.99)), name+"-p99-ns")
	b.ReportMetric(float64(s.mallocs)/float64(len(latencies)), name+"-allocs/req")
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// newDialogue returns the API as `talkgraph serve` wires it, metrics included.
func newDialogue(b *testing.B) http.Handler {
	b.Helper()
	registry := prometheus.NewRegistry()
	observer, err := metrics.New(registry)
	if err != nil {
		b.Fatal(err)
	}
	handler, err := api.New(api.Options{
		Engine: newEngine(b, observer), Resolver: api.Static{Instance: instanceID, Scripts: []string{"renewal"}},
		Keys: map[string]string{keyID: keySecret}, Now: time.Now, Registerer: registry,
	})
	if err != nil {
		b.Fatal(err)
	}
	return handler
}

// listen serves the handler on a port of the loopback and returns its address.
func listen(b *testing.B, handler http.Handler) string {
	b.Helper()
	mux := http.NewServeMux()
	mux.Handle("/{$}", handler)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: time.Minute, IdleTimeout: time.Minute,
	}
	go func() { _ = server.Serve(listener) }() // Ends when the server is closed.
	b.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

func writeBare(w http.ResponseWriter, answer *answerBody) {
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.Write(body)
}

// firstAnswer begins the same calls on every side and returns an answer to the
// last of their first turns.
func firstAnswer(b *testing.B, s *signer, sides ...*side) (answer answerBody) {
	b.Helper()
	for range 2 { // The Start, and a turn.
		for i, request := range s.requests(b, 1) {
			for _, side := range sides {
				body, err := side.connections[i].body(request[0])
				if err != nil {
					b.Fatal(err)
				}
				if err := json.Unmarshal(body, &answer); err != nil {
					b.Fatalf("%v: %s", err, body)
				}
			}
		}
	}
	return answer
}

// sameBody makes sure that both servers answer alike, the names of request and
// turn aside, and with as many bytes.
func sameBody(b *testing.B, dialogue, bare *side, s *signer) {
	b.Helper()
	request := s.requests(b, 1)[0][0]
	var answers [2]answerBody
	var lengths [2]int
	for i, from := range []*side{dialogue, bare} {
		body, err := from.connections[0].body(request)
		if err != nil {
			b.Fatal(err)
		}
		if err := json.Unmarshal(body, &answers[i]); err != nil {
			b.Fatalf("%v: %s", err, body)
		}
		answers[i].RequestId, answers[i].Feedback.TurnId, lengths[i] = "", "", len(body)
	}
	if answers[0] != answers[1] || lengths[0] != lengths[1] || answers[0].Feedback.NodeId != "ask" {
		b.Fatalf("the servers answer %d bytes %+v and %d bytes %+v", lengths[0], answers[0], lengths[1], answers[1])
	}
}

const keyID, keySecret = "benchmark", "not a secret"

// signer makes requests as official clients send them: POST, every parameter in
// the query. Each has a nonce and a TurnId of its own; a call's first one brings
// its variables.
type signer struct{ made int }

// requests returns n requests for each connection, every connection a call.
func (s *signer) requests(b *testing.B, n int) [][][]byte {
	b.Helper()
	all := make([][][]byte, connections)
	for i := range all {
		for range n {
			all[i] = append(all[i], s.request(b, callID(i)))
		}
	}
	return all
}

func (s *signer) request(b *testing.B, call string) []byte {
	s.made++
	parameters := map[string]string{
		"Action": "Dialogue", "Version": api.Version, "RegionId": "cn-shanghai", "SignatureType": "",
		"InstanceId": instanceID, "CallId": call, "CallType": "Outbound",
		"CalledNumber": "13800001234", "CallingNumber": "02100000000", "ScriptId": "renewal",
		"Utterance": withoutKeyword, "ActionKey": "broadcast", "TurnId": callID(s.made),
	}
	if s.made <= connections {
		parameters["Variables"] = `{"name":"王芳","honorific":"女士","plan":"三百兆"}`
	}
	return signedRequest(b, parameters, s.made)
}

// signedRequest returns a request as official clients send it: POST, every
// parameter in the query.
func signedRequest(b *testing.B, parameters map[string]string, nonce int) []byte {
	b.Helper()
	query, err := rpc.SignQuery(http.MethodPost, parameters, rpc.Credentials{
		AccessKeyID: keyID, AccessKeySecret: keySecret, Nonce: fmt.Sprintf("%032x", nonce), Time: time.Now(),
	})
	if err != nil {
		b.Fatal(err)
	}
	return fmt.Appendf(nil, "POST /?%s HTTP/1.1\r\nHost: bot.example\r\nUser-Agent: benchmark\r\nContent-Length: 0\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nAccept-Encoding: identity\r\n\r\n", query)
}
