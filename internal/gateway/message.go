// Package gateway speaks to telephony systems over HTTP: a webhook that asks
// them to place calls, signed so that they know who asks. What comes back comes
// through the API, as RecordFailure, Dialogue and SubmitRecording.
//
// docs/gateways.md says it all for somebody who writes the other end.
package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// The headers of a webhook.
const (
	// TimestampHeader is when the request was made, in Unix seconds.
	TimestampHeader = "X-Talkgraph-Timestamp"
	// SignatureHeader is what Sign returned of the timestamp and the body.
	SignatureHeader = "X-Talkgraph-Signature"
)

// Window is how far the timestamp of a webhook may be from the receiver's time.
const Window = 5 * time.Minute

// The types of a Message.
const (
	Dial     = "dial"     // Place the call. Answer 2xx when it is taken; 400, 404, 410 or 422 when it never will be.
	HangUp   = "hangUp"   // End the call, whatever its state; of the fields only TaskID is set.
	Capacity = "capacity" // Answer a CapacityAnswer.
)

// Message is the body of a webhook. The same TaskID may come more than once and
// names the same call every time.
type Message struct {
	Type           string `json:"type"`
	TaskID         string `json:"taskId,omitempty"`
	InstanceID     string `json:"instanceId,omitempty"`
	JobID          string `json:"jobId,omitempty"`
	JobGroupID     string `json:"jobGroupId,omitempty"`
	ScriptID       string `json:"scriptId,omitempty"`
	CallingNumber  string `json:"callingNumber,omitempty"`
	CalledNumber   string `json:"calledNumber,omitempty"`
	RingingSeconds int    `json:"ringingSeconds,omitempty"`
	Deadline       int64  `json:"deadline,omitempty"` // Unix milliseconds; later the call is no longer worth a try.
}

// CapacityAnswer says how many more calls a telephony system can take now.
type CapacityAnswer struct {
	Capacity int `json:"capacity"`
}

// Sign returns the signature of a webhook: HMAC-SHA256 over the timestamp, a
// full stop and the body, in hexadecimal.
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp))
	mac.Write([]byte{'.'})
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Verify reports whether a webhook is signed with the secret and made in our
// time.
func Verify(secret, timestamp, signature string, body []byte, now time.Time) bool {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > Window {
		return false
	}
	return hmac.Equal([]byte(Sign(secret, timestamp, body)), []byte(signature))
}
