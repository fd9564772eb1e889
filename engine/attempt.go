package engine

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/talkgraph/talkgraph/session"
)

// attempt is the way of one turn: load, match, step, commit. What it made is
// left on the desk.
func (e *Engine) attempt(ctx context.Context, key session.Key, o *Opening, in *session.Input, d *desk) error {
	d.out.Advanced = false
	v, err := e.find(ctx, key, o, in.At, d)
	if err != nil {
		return err
	}
	d.version = v
	begins := !d.state.HasBegun()
	err = e.answer(ctx, key, in, d)
	ended := err == nil && d.out.Advanced && d.out.State.Ended != session.Live
	if begins && err != nil || ended {
		e.close(v)
	}
	return err
}

// find loads the call and its version, or opens a new call.
func (e *Engine) find(ctx context.Context, key session.Key, o *Opening, now time.Time, d *desk) (*Version, error) {
	found, err := e.store.Load(ctx, key, &d.state)
	if err != nil {
		return nil, err
	}
	if found {
		return e.versions.get(ctx, d.state.Version, now)
	}
	if o == nil {
		return nil, ErrUnknownCall
	}
	d.state.Reset()
	for name, value := range o.Variables {
		d.state.Vars = append(d.state.Vars, session.Var{Name: name, Value: value})
	}
	slices.SortFunc(d.state.Vars, func(a, b session.Var) int { return cmp.Compare(a.Name, b.Name) })
	return e.open(o)
}

// open counts one more call, on the version that its script stands for.
func (e *Engine) open(o *Opening) (*Version, error) {
	if n := e.live.Add(1); e.o.MaxCalls > 0 && n > int64(e.o.MaxCalls) {
		e.live.Add(-1)
		return nil, ErrTooManyCalls
	}
	v, err := e.versions.acquire(scriptName{id: o.Script, debug: o.Debug})
	if err != nil {
		e.live.Add(-1)
	}
	return v, err
}

// close counts one call less. One that began elsewhere was never counted.
func (e *Engine) close(v *Version) {
	for n := e.live.Load(); n > 0 && !e.live.CompareAndSwap(n, n-1); {
		n = e.live.Load()
	}
	e.versions.release(v.Hash())
}

// answer steps the loaded call and commits what came of it.
func (e *Engine) answer(ctx context.Context, key session.Key, in *session.Input, d *desk) error {
	scores := d.in.Match.Intents
	d.in = *in
	d.in.Match.Intents = scores
	e.classify(&d.state, &d.in)
	if d.in.Kind == session.Expire && in.At.UnixMilli()-d.state.Touched <= e.o.IdleTimeout.Milliseconds() {
		d.out.Feedback = session.Feedback{}
		return nil // A turn came in after the sweep listed the call.
	}
	if d.state.HasBegun() && !Repeats(&d.state, &d.in) {
		d.version.Match(&d.state, &d.in)
	}
	if err := Step(d.version, &d.state, &d.in, &d.out); err != nil || !d.out.Advanced {
		return err
	}
	d.turn = session.Turn{
		Key: key, State: &d.out.State, Input: &d.in, Feedback: &d.out.Feedback, Events: d.out.Events,
	}
	return e.store.Commit(ctx, &d.turn)
}

// classify makes the first input of a call its Start, and no other.
func (e *Engine) classify(s *session.State, in *session.Input) {
	switch {
	case !s.HasBegun():
		if in.Kind != session.Hangup {
			in.Kind = session.Start
		}
	case in.Kind == session.Start:
		in.Kind = session.Utterance(in.Text).Kind
	}
}

// reply is what the turn on the desk answers.
func (d *desk) reply() Reply {
	return Reply{Feedback: d.out.Feedback, Version: d.version, Input: d.in.Kind}
}

// traced is reply with all that Input.Trace asks for.
func (d *desk) traced() Reply {
	reply, v := d.reply(), d.version
	if n := v.at(session.Frame{Flow: d.out.State.Flow, Node: d.out.State.Node}); n != nil {
		reply.nodeName = n.Name
	}
	if !d.out.Advanced {
		return reply
	}
	reply.Events = slices.Clone(d.out.Events)
	if d.in.Kind == session.Speech {
		reply.Explanation = v.Explain(&d.state, &d.in, d.out.Events)
	}
	return reply
}
