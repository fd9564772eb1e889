package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/sethvargo/go-retry"

	"github.com/talkgraph/talkgraph/internal/campaign"
)

// Options are what a Webhook is made of. URL, Secret and Now are required.
type Options struct {
	URL    string // Where the telephony system listens, http or https.
	Secret string // What requests are signed with.
	Now    func() time.Time
	Client *http.Client // nil: one that gives a request 5 seconds.

	// Backoff is how long to wait before a request that failed is sent again,
	// doubled each time; 0 is 200 ms.
	Backoff time.Duration
}

// retries is how often a request is sent again. What then still fails is tried
// by the next server that leases the task.
const retries = 3

// unlimited stands for a telephony system that does not say what it can take;
// the cap on concurrent conversations holds all the same.
const unlimited = 1 << 20

// Webhook is a [campaign.Gateway] that asks a telephony system by signed POST
// requests. It is safe for concurrent use.
type Webhook struct{ o Options }

var _ campaign.Gateway = (*Webhook)(nil)

// NewWebhook returns a webhook gateway, or an error when an option is missing or
// the URL is none.
func NewWebhook(o Options) (*Webhook, error) {
	if o.Secret == "" || o.Now == nil {
		return nil, errors.New("gateway: a webhook needs a secret to sign with, and a clock")
	}
	if u, err := url.Parse(o.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("gateway: the URL of a webhook must be like http://host:port/path")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 5 * time.Second}
	}
	if o.Backoff == 0 {
		o.Backoff = 200 * time.Millisecond
	}
	return &Webhook{o: o}, nil
}

// Dial implements [campaign.Gateway].
func (w *Webhook) Dial(ctx context.Context, c campaign.Call) error {
	_, err := w.post(ctx, Message{
		Type: Dial, TaskID: c.TaskID, InstanceID: c.InstanceID, JobID: c.JobID, JobGroupID: c.JobGroupID,
		ScriptID: c.ScriptID, CallingNumber: c.CallingNumber, CalledNumber: c.CalledNumber,
		RingingSeconds: int(c.Ringing / time.Second), Deadline: c.Deadline.UnixMilli(),
	})
	return err
}

// HangUp implements [campaign.Gateway].
func (w *Webhook) HangUp(ctx context.Context, taskID string) error {
	_, err := w.post(ctx, Message{Type: HangUp, TaskID: taskID})
	return err
}

// Capacity implements [campaign.Gateway]. A telephony system that knows no such
// request takes what comes.
func (w *Webhook) Capacity(ctx context.Context) (int, error) {
	body, err := w.post(ctx, Message{Type: Capacity})
	if errors.Is(err, campaign.ErrRefused) {
		return unlimited, nil
	}
	if err != nil {
		return 0, err
	}
	answer := CapacityAnswer{Capacity: unlimited}
	if len(bytes.TrimSpace(body)) > 0 {
		if err := json.Unmarshal(body, &answer); err != nil {
			return 0, fmt.Errorf("gateway: the telephony system answers no capacity: %w", err)
		}
	}
	return max(0, answer.Capacity), nil
}

// post sends a message, again where that may help, and returns the answer.
func (w *Webhook) post(ctx context.Context, m Message) (answer []byte, err error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	backoff := retry.WithMaxRetries(retries, retry.WithJitterPercent(20, retry.NewExponential(w.o.Backoff)))
	err = retry.Do(ctx, backoff, func(ctx context.Context) error {
		answer, err = w.once(ctx, body)
		return err
	})
	return answer, err
}

// once sends a message once. What may go better later is marked to be tried again.
func (w *Webhook) once(ctx context.Context, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.o.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	timestamp := strconv.FormatInt(w.o.Now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(TimestampHeader, timestamp)
	request.Header.Set(SignatureHeader, Sign(w.o.Secret, timestamp, body))
	response, err := w.o.Client.Do(request)
	if err != nil {
		return nil, retry.RetryableError(fmt.Errorf("gateway: %w", err))
	}
	defer response.Body.Close()
	const most = 64 << 10
	answer, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return nil, retry.RetryableError(fmt.Errorf("gateway: %w", err))
	}
	switch response.StatusCode {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity:
		return nil, fmt.Errorf("%w: it answered %s", campaign.ErrRefused, response.Status)
	case http.StatusConflict: // It has the call already.
		return answer, nil
	}
	if response.StatusCode/100 != 2 {
		return nil, retry.RetryableError(fmt.Errorf("gateway: the telephony system answered %s", response.Status))
	}
	return answer, nil
}
