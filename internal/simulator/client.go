package simulator

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-retry"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

// Client is a [Center] behind the API of a server. What a server does not
// answer is sent again, with the same TurnId, until Patience is over: a server
// may restart in the middle of a call.
type Client struct {
	URL         string // Of the API.
	KeyID       string
	KeySecret   string
	Version     string // Of the API.
	Now         func() time.Time
	HTTP        *http.Client
	Patience    time.Duration
	MaxInterval time.Duration // The longest pause between two attempts.
}

var _ Center = (*Client)(nil)

// Turn implements [Center].
func (c *Client) Turn(ctx context.Context, one Call, said Said) (Heard, error) {
	var answer struct {
		Feedback struct {
			Action         string
			Content        string
			NodeID         string `json:"NodeId"`
			SilenceTimeout int
		}
	}
	err := c.send(ctx, &answer, map[string]string{
		"Action": "Dialogue", "InstanceId": one.InstanceID, "TaskId": one.TaskID, "CallId": one.ID, "CallType": "Outbound",
		"CalledNumber": one.CalledNumber, "CallingNumber": one.CallingNumber,
		"Utterance": said.Utterance, "ActionKey": said.ActionKey, "TurnId": said.TurnID,
	})
	f := answer.Feedback
	return Heard{
		Content: f.Content, NodeID: f.NodeID, Over: f.Action != "Broadcast", Patience: time.Duration(f.SilenceTimeout) * time.Second,
	}, err
}

// Fail implements [Center].
func (c *Client) Fail(ctx context.Context, one Call, reason campaign.Reason, dialled time.Time) error {
	code := string(reason)
	if reason == campaign.NoAnswer {
		code = "NotAnswered"
	}
	return c.send(ctx, nil, map[string]string{
		"Action": "RecordFailure", "InstanceId": one.InstanceID, "TaskId": one.TaskID, "CallId": one.ID,
		"CalledNumber": one.CalledNumber, "CallingNumber": one.CallingNumber,
		"ActualTime": strconv.FormatInt(dialled.UnixMilli(), 10), "DispositionCode": code,
	})
}

// Recording implements [Center].
func (c *Client) Recording(ctx context.Context, one Call, url string) error {
	return c.send(ctx, nil, map[string]string{
		"Action": "SubmitRecording", "InstanceId": one.InstanceID, "TaskId": one.TaskID, "MergedRecording": url,
	})
}

// send sends a request until it is answered and decodes the answer.
func (c *Client) send(ctx context.Context, answer any, parameters map[string]string) error {
	parameters["Version"] = c.Version
	const first = 20 * time.Millisecond
	backoff := retry.WithMaxDuration(c.Patience, retry.WithCappedDuration(c.MaxInterval, retry.NewExponential(first)))
	return retry.Do(ctx, backoff, func(ctx context.Context) error { return c.once(ctx, answer, parameters) })
}

// once sends a request once, signed anew.
func (c *Client) once(ctx context.Context, answer any, parameters map[string]string) error {
	form, err := rpc.SignQuery(http.MethodPost, parameters, rpc.Credentials{
		AccessKeyID: c.KeyID, AccessKeySecret: c.KeySecret, Nonce: rand.Text(), Time: c.Now(),
	})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.URL, "/")+"/", strings.NewReader(form))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := c.HTTP.Do(request)
	if err != nil {
		return retry.RetryableError(err)
	}
	defer response.Body.Close()
	const most = 1 << 20
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return retry.RetryableError(err)
	}
	if response.StatusCode != http.StatusOK {
		err := fmt.Errorf("%s: the server answered %s: %s", parameters["Action"], response.Status, body)
		if response.StatusCode >= http.StatusInternalServerError || response.StatusCode == http.StatusTooManyRequests {
			return retry.RetryableError(err)
		}
		return err
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return errors.Join(fmt.Errorf("%s: the answer is not JSON", parameters["Action"]), err)
	}
	return nil
}
