package api

import (
	"context"
	"errors"
	"maps"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/session"
)

// conversation holds the actions by which a call centre carries on its calls.
type conversation struct {
	engine   Engine
	resolver Resolver
}

// dialogueRequest is one thing that came from the caller's side. Lengths are in
// characters.
//
// Utterance and ScenarioId are optional whatever the reference says: official
// clients cannot send an empty Utterance, which silence is, and the reference's
// own examples leave ScenarioId out. Variables, TurnId and Debug are extensions.
type dialogueRequest struct {
	InstanceID      string            `rpc:"InstanceId,required,max=128"`
	InstanceOwnerID int64             `rpc:"InstanceOwnerId"` // Sent by official clients; without meaning here.
	CallID          string            `rpc:"CallId,required,max=128"`
	CallType        string            `rpc:"CallType,required,max=64"`
	CalledNumber    string            `rpc:"CalledNumber,required,max=64"`
	CallingNumber   string            `rpc:"CallingNumber,required,max=64"`
	Utterance       string            `rpc:"Utterance,max=1024"`
	ActionKey       string            `rpc:"ActionKey,max=64"`
	ActionParams    string            `rpc:"ActionParams,max=1024"`
	ScriptID        string            `rpc:"ScriptId,max=128"`
	ScenarioID      string            `rpc:"ScenarioId,max=128"`
	TaskID          string            `rpc:"TaskId,max=128"`
	Variables       map[string]string `rpc:"Variables,max=128,each=512"` // Values of @names, on a call's first request.
	TurnID          string            `rpc:"TurnId,max=128"`             // Names the turn, so that a retry is safe.
	Debug           bool              `rpc:"Debug"`                      // Asks for Explain.
}

type dialogueResponse struct {
	Feedback feedback `rpc:"Feedback"`
}

// feedback is what the call centre is to do. The first four fields are the
// reference's, the others extensions, which official clients ignore.
type feedback struct {
	Action        string `rpc:"Action"`        // Broadcast, Hangup, or the name of a hand-over.
	ActionParams  string `rpc:"ActionParams"`  // Of the node that ended or handed over the call.
	Content       string `rpc:"Content"`       // What to speak; parts are separate lines.
	Interruptible bool   `rpc:"Interruptible"` // Whether the caller may talk over Content.

	FlowID         string   `rpc:"FlowId"` // Where the call rests; after the end, where it ended.
	NodeID         string   `rpc:"NodeId"`
	SilenceTimeout int      `rpc:"SilenceTimeout"` // Seconds after which to report silence; 0 after the end.
	CollectDigits  bool     `rpc:"CollectDigits"`  // Whether to collect keys here.
	Digits         *digits  `rpc:"Digits"`         // How, where the script says so.
	TurnID         string   `rpc:"TurnId"`         // That of the request.
	Explain        *explain `rpc:"Explain"`        // How the words were understood, with Debug.
}

// digits says how keys are collected; 0 and "" leave it to the call centre.
type digits struct {
	Min        int    `rpc:"Min"`
	Max        int    `rpc:"Max"`
	Terminator string `rpc:"Terminator"` // The key that ends the input.
	Timeout    int    `rpc:"Timeout"`    // Seconds between two keys.
}

// dialogue takes a call one turn on; a call that is not known begins.
func (c *conversation) dialogue(ctx context.Context, req *dialogueRequest) (*dialogueResponse, error) {
	key := session.Key{Instance: req.InstanceID, Call: req.CallID}
	in := session.Action(req.ActionKey, req.ActionParams, req.Utterance)
	in.TurnID, in.Trace = req.TurnID, req.Debug

	reply, err := c.engine.Turn(ctx, key, in)
	if errors.Is(err, engine.ErrUnknownCall) {
		reply, err = c.begin(ctx, key, in, req)
	}
	if err != nil {
		return nil, dialogueError(err)
	}
	return &dialogueResponse{Feedback: feedbackOf(&reply)}, nil
}

func (c *conversation) begin(ctx context.Context, key session.Key, in session.Input, req *dialogueRequest) (engine.Reply, error) {
	opening, err := c.resolver.Resolve(ctx, Call{
		InstanceID: req.InstanceID, CallID: req.CallID, CallType: req.CallType,
		CalledNumber: req.CalledNumber, CallingNumber: req.CallingNumber,
		ScriptID: req.ScriptID, ScenarioID: req.ScenarioID, TaskID: req.TaskID,
		Variables: req.Variables,
	})
	if err != nil {
		return engine.Reply{}, err
	}
	// The number called is the contact's, unless somebody knows better.
	variables := map[string]string{"phonenumber": req.CalledNumber}
	maps.Copy(variables, opening.Variables)
	opening.Variables = variables
	return c.engine.Begin(ctx, key, opening, in)
}

// dialogueError gives an error of the engine its answer. A call that outlived
// its version, and one that others are moving on all the time, may succeed on
// another node or a moment later; what is not known here is our own failure.
func dialogueError(err error) error {
	switch {
	case errors.Is(err, engine.ErrUnknownScript):
		return ErrUnknownScript
	case errors.Is(err, engine.ErrTooManyCalls):
		return rpc.TooManyConversations()
	case errors.Is(err, engine.ErrVersionMissing):
		return rpc.ServiceUnavailable("The version of the script that this call began on is not loaded. Try again later.", err)
	case errors.Is(err, session.ErrConflict):
		return rpc.ServiceUnavailable("Other turns of the same call came in between. Try again.", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return rpc.ServiceUnavailable("The turn took too long. Try again, with the same TurnId.", err)
	}
	return err
}

func feedbackOf(r *engine.Reply) feedback {
	f := feedback{
		Action:         r.Action,
		ActionParams:   r.ActionParams,
		Content:        r.Content,
		Interruptible:  r.Interruptible,
		FlowID:         r.FlowID,
		NodeID:         r.NodeID,
		SilenceTimeout: r.SilenceTimeout,
		CollectDigits:  r.Collect.Enabled,
		TurnID:         r.TurnID,
		Explain:        explainOf(r.Explanation),
	}
	if how := r.Collect; how != (session.Collect{Enabled: how.Enabled}) {
		f.Digits = &digits{Min: how.Min, Max: how.Max, Terminator: how.Terminator, Timeout: how.Timeout}
	}
	return f
}
