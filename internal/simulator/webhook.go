package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/gateway"
)

// Webhook returns an exchange as telephony systems are reached: signed webhooks
// at "/", and what happened so far at /rings. now is the time that signatures
// are held against, which is not that of the exchange where calls go faster.
func Webhook(x *Exchange, secret string, now func() time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) { x.webhook(w, r, secret, now()) })
	mux.HandleFunc("GET /rings", func(w http.ResponseWriter, _ *http.Request) { answer(w, x.Rings()) })
	return mux
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (x *Exchange) webhook(w http.ResponseWriter, r *http.Request, secret string, now time.Time) {
	const most = 1 << 20
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	if !gateway.Verify(secret, r.Header.Get(gateway.TimestampHeader), r.Header.Get(gateway.SignatureHeader), body, now) {
		http.Error(w, "the signature does not hold", http.StatusUnauthorized)
		return
	}
	var m gateway.Message
	if err := json.Unmarshal(body, &m); err != nil {
		http.Error(w, "the body is no message", http.StatusBadRequest)
		return
	}
	switch {
	case m.Type == gateway.Capacity:
		capacity, _ := x.Capacity(r.Context()) // It never fails.
		answer(w, gateway.CapacityAnswer{Capacity: capacity})
	case m.TaskID == "":
		http.Error(w, "taskId is missing", http.StatusBadRequest)
	case m.Type == gateway.HangUp:
		_ = x.HangUp(r.Context(), m.TaskID) // It never fails.
	case m.Type == gateway.Dial:
		if err := x.Dial(r.Context(), callOf(&m)); errors.Is(err, ErrFull) {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	default:
		http.Error(w, "there is no such type", http.StatusBadRequest)
	}
}

func callOf(m *gateway.Message) campaign.Call {
	return campaign.Call{
		TaskID: m.TaskID, InstanceID: m.InstanceID, JobID: m.JobID, JobGroupID: m.JobGroupID, ScriptID: m.ScriptID,
		CallingNumber: m.CallingNumber, CalledNumber: m.CalledNumber,
		Ringing: time.Duration(m.RingingSeconds) * time.Second, Deadline: time.UnixMilli(m.Deadline),
	}
}
