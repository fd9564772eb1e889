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
	d.lay(in)
	found, err := e.store.Load(ctx, key, &d.state)
	switch {
	case err != nil:
		return err
	case found && d.state.Ended != session.Live:
		d.out.Feedback = afterEnd(&d.state, in)
		return nil
	case found:
		d.version, err = e.versions.get(ctx, d.state.Version, in.At)
	case o == nil:
		return ErrUnknownCall
	default:
		d.begin(o)
		d.version, err = e.open(ctx, o, in.At)
	}
	if err != nil {
		return err
	}
	lives := found // A new call lives once its Start is committed.
	defer func() {
		if !lives {
			e.close(d.version)
		}
	}()
	if err = e.answer(ctx, key, d); err == nil {
		lives = !d.out.Advanced || d.out.State.Ended == session.Live
	}
	return err
}

// lay puts an input on the desk and clears away what the turn before left.
func (d *desk) lay(in *session.Input) {
	scores := d.in.Match.Intents[:0]
	d.in = *in
	d.in.Match = session.Match{Intents: scores}
	d.out.Advanced, d.version = false, nil
}

// begin puts the state of a call that is about to begin on the desk.
func (d *desk) begin(o *Opening) {
	d.state.Reset()
	for name, value := range o.Variables {
		d.state.Vars = append(d.state.Vars, session.Var{Name: name, Value: value})
	}
	slices.SortFunc(d.state.Vars, func(a, b session.Var) int { return cmp.Compare(a.Name, b.Name) })
}

// open counts one more call, on the version that its opening names or its
// script stands for.
func (e *Engine) open(ctx context.Context, o *Opening, now time.Time) (v *Version, err error) {
	if n := e.live.Add(1); e.o.MaxCalls > 0 && n > int64(e.o.MaxCalls) {
		e.live.Add(-1)
		return nil, ErrTooManyCalls
	}
	if o.Version != (session.Hash{}) {
		v, err = e.versions.hold(ctx, o.Version, now)
	} else {
		v, err = e.versions.acquire(scriptName{id: o.Script, debug: o.Debug}, now)
	}
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

// answer steps the call on the desk and commits what came of it.
func (e *Engine) answer(ctx context.Context, key session.Key, d *desk) error {
	d.in.Kind = classify(&d.state, &d.in)
	if d.in.Kind == session.Expire && d.in.At.UnixMilli()-d.state.Touched <= e.o.IdleTimeout.Milliseconds() {
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
	if d.out.State.Ended != session.Live {
		d.turn.Hits = d.version.hits(&d.out.State)
	}
	return e.store.Commit(ctx, &d.turn)
}

// classify makes the first input of a call its Start, and no other; a kind that
// is none is Silence.
func classify(s *session.State, in *session.Input) session.InputKind {
	switch {
	case !s.HasBegun() && in.Kind != session.Hangup:
		return session.Start
	case in.Kind == session.Start && s.HasBegun():
		return session.Utterance(in.Text).Kind
	case in.Kind > session.Expire:
		return session.Silence
	}
	return in.Kind
}

// reply is what the turn on the desk answers.
func (d *desk) reply() Reply {
	return Reply{Feedback: d.out.Feedback, Version: d.version, Input: d.in.Kind}
}

// traced is reply with all that Input.Trace asks for.
func (d *desk) traced() Reply {
	reply, v := d.reply(), d.version
	if v == nil {
		return reply // The call had ended before.
	}
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
