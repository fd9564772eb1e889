package simulator

import (
	"context"
	"errors"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/session"
)

// Center is what an exchange tells of its calls. It is safe for concurrent use,
// and sees to it itself that what is told arrives.
type Center interface {
	// Turn tells of something from the callee's side, the first being that
	// somebody answered, and returns what to say.
	Turn(ctx context.Context, c Call, said Said) (Heard, error)
	// Fail tells that a call did not come about.
	Fail(ctx context.Context, c Call, reason campaign.Reason, dialled time.Time) error
	// Recording tells where the recording of a call is.
	Recording(ctx context.Context, c Call, url string) error
}

// Call is a call that an exchange has.
type Call struct {
	campaign.Call
	ID string // As the exchange names it.
}

// Said is one thing from the callee's side; the zero one is that somebody
// answered.
type Said struct {
	TurnID    string
	ActionKey string // Hangup, Silence, or empty with an Utterance.
	Utterance string
}

// Heard is what a callee hears.
type Heard struct {
	Content  string
	NodeID   string
	Patience time.Duration // How long to wait for an answer.
	Over     bool          // The call ends when this was said.
}

// Local is a [Center] in this process: an engine on the store of campaigns.
type Local struct {
	Campaigns *campaign.Campaigns
	Engine    *engine.Engine
	Version   session.Hash // What calls run on.
}

var _ Center = Local{}

// Turn implements [Center].
func (l Local) Turn(ctx context.Context, c Call, said Said) (Heard, error) {
	key := session.Key{Instance: c.InstanceID, Call: c.ID}
	in := session.Action(said.ActionKey, "", said.Utterance)
	in.TurnID = said.TurnID
	reply, err := l.Engine.Turn(ctx, key, in)
	if errors.Is(err, engine.ErrUnknownCall) {
		var variables map[string]string
		if _, variables, err = l.Campaigns.Answered(ctx, c.InstanceID, c.TaskID, c.ID); err != nil {
			return Heard{}, err
		}
		reply, err = l.Engine.Begin(ctx, key, engine.Opening{Version: l.Version, Variables: variables}, in)
	}
	return Heard{
		Content: reply.Content, NodeID: reply.NodeID, Over: reply.Ended != session.Live,
		Patience: time.Duration(reply.SilenceTimeout) * time.Second,
	}, err
}

// Fail implements [Center].
func (l Local) Fail(ctx context.Context, c Call, reason campaign.Reason, dialled time.Time) error {
	return l.Campaigns.Failed(ctx, c.InstanceID, c.TaskID, campaign.Failure{Reason: reason, CallID: c.ID, Dialed: dialled})
}

// Recording implements [Center].
func (l Local) Recording(ctx context.Context, c Call, url string) error {
	return l.Campaigns.Recorded(ctx, c.InstanceID, c.TaskID, url, "")
}
