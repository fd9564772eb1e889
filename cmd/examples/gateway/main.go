// Command gateway is the smallest telephony system that Talkgraph can place
// calls with: it takes the webhook, answers, talks, and reports. Everybody it
// calls says 好的. Put your telephony in place of ring and listen; docs/gateways.md
// says what the rest must do. Keys and the secret are in the environment.
package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// dial is the webhook; of the other types only Type and TaskID are filled.
type dial struct{ Type, TaskID, InstanceID, CallingNumber, CalledNumber string }

type gateway struct {
	server, keyID, keySecret, secret string
	taken                            sync.Map // The tasks that were dialled: keep them on a disk.
}

// ServeHTTP takes a webhook: it checks who sends it, and dials each task once.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	timestamp := r.Header.Get("X-Talkgraph-Timestamp")
	mac := hmac.New(sha256.New, []byte(g.secret))
	fmt.Fprintf(mac, "%s.%s", timestamp, body)
	seconds, _ := strconv.ParseInt(timestamp, 10, 64) // What is no number is long ago.
	late := time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute
	if err != nil || late || !hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(r.Header.Get("X-Talkgraph-Signature"))) {
		http.Error(w, "the signature does not hold", http.StatusUnauthorized)
		return
	}
	var d dial
	if json.Unmarshal(body, &d) != nil || d.Type == "capacity" {
		http.Error(w, "no limit is known here", http.StatusNotFound)
		return
	}
	if _, twice := g.taken.LoadOrStore(d.TaskID, true); d.Type == "dial" && !twice {
		go g.place(d)
	}
}

// place makes one call: it rings, then speaks and listens by turns.
func (g *gateway) place(d dial) {
	call := map[string]string{"InstanceId": d.InstanceID, "TaskId": d.TaskID, "CallId": "call-" + d.TaskID,
		"CallType": "Outbound", "CalledNumber": d.CalledNumber, "CallingNumber": d.CallingNumber}
	if !ring(d.CalledNumber) {
		call["DispositionCode"], call["ActualTime"] = "NotAnswered", strconv.FormatInt(time.Now().UnixMilli(), 10)
		if _, err := g.tell("RecordFailure", call); err != nil {
			log.Print(err)
		}
		return
	}
	for turn := 1; ; turn++ {
		call["TurnId"] = strconv.Itoa(turn) // A turn that is sent again is the same turn.
		feedback, err := g.tell("Dialogue", call)
		if err != nil || feedback.Action != "Broadcast" {
			return // Hang up, or hand over.
		}
		call["Utterance"] = listen(feedback.Content)
	}
}

func ring(string) bool     { return true } // Call somebody: whether they answer.
func listen(string) string { return "好的" } // Speak, and return what they say to it.

type feedback struct{ Action, Content string }

// tell sends an action until it is answered, for up to two minutes.
func (g *gateway) tell(action string, parameters map[string]string) (f feedback, err error) {
	for limit := time.Now().Add(2 * time.Minute); time.Now().Before(limit); <-time.After(time.Second) {
		response, err := http.Get(g.server + "/?" + g.sign(action, parameters))
		if err != nil {
			continue
		}
		var answer struct{ Feedback feedback }
		err = json.NewDecoder(response.Body).Decode(&answer)
		_ = response.Body.Close()
		if status := response.StatusCode; status != http.StatusTooManyRequests && status < 500 {
			if status != http.StatusOK {
				err = errors.New(action + ": " + response.Status)
			}
			return answer.Feedback, err
		}
	}
	return f, errors.New(action + ": the server does not answer")
}

// sign returns the query of a request, signed with the access key.
func (g *gateway) sign(action string, parameters map[string]string) string {
	q := url.Values{"Action": {action}, "Version": {"2019-12-26"}, "AccessKeyId": {g.keyID}, "Format": {"JSON"},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureVersion": {"1.0"}, "SignatureNonce": {rand.Text()},
		"Timestamp": {time.Now().UTC().Format(time.RFC3339)}}
	for name, value := range parameters {
		q.Set(name, value)
	}
	canonical := strings.ReplaceAll(q.Encode(), "+", "%20") // Sorted by name.
	mac := hmac.New(sha1.New, []byte(g.keySecret+"&"))
	fmt.Fprint(mac, "GET&%2F&", strings.ReplaceAll(url.QueryEscape(canonical), "+", "%20"))
	q.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return q.Encode()
}

func main() {
	g := &gateway{server: "http://127.0.0.1:8080", secret: os.Getenv("TALKGRAPH_GATEWAY_SECRET"),
		keyID: os.Getenv("TALKGRAPH_ACCESS_KEY_ID"), keySecret: os.Getenv("TALKGRAPH_ACCESS_KEY_SECRET")}
	log.Fatal(http.ListenAndServe("127.0.0.1:8090", g))
}
