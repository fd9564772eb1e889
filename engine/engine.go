package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/talkgraph/talkgraph/session"
)

// Options are what an Engine is made of. Only Now is required.
type Options struct {
	Now       func() time.Time // The clock, e.g. time.Now. Asked once a turn, twice with observers.
	Store     session.Store    // Where calls are kept between turns; nil: in memory.
	Observers []Observer       // Told of each turn after it is committed.

	// MaxCalls caps the calls that live at once in this engine; 0 is no cap.
	// Where several engines share a Store, each counts what began and what
	// ended in it, and knows nothing of the others.
	MaxCalls int
	// IdleTimeout is how long a call may go without a turn before Sweep ends
	// it; 0 is 10 minutes.
	IdleTimeout time.Duration
	// Retention is how long a call that ended still answers retries; 0 is 30 minutes.
	Retention time.Duration

	// Load fetches a version that this engine does not have and that a stored
	// call is pinned to, as after a restart, or an Opening names; nil: such a
	// call is an error. Calls that need the same version wait for one Load,
	// whose context outlives the turn it was made for, so bound its time. A
	// Store that several engines share needs Load.
	Load func(ctx context.Context, hash session.Hash) (*Version, error)
}

// Observer is told of every committed turn, on the goroutine that took it: it
// must be quick, safe for concurrent use, and must keep nothing of the turn.
type Observer interface {
	// Observe sees the version the call runs on, the turn, and how long it
	// took from its arrival to its commit.
	Observe(v *Version, t *session.Turn, took time.Duration)
}

// Engine runs calls. Make one with [New]; it is safe for concurrent use.
type Engine struct {
	o        Options
	store    session.Store
	versions *registry
	lanes    *lanes
	live     atomic.Int64
	desks    sync.Pool // Of *desk.
}

// desk is where one turn is taken: all its buffers, used again by the next.
type desk struct {
	version *Version
	state   session.State
	in      session.Input
	out     Output
	turn    session.Turn
}

// New makes an engine. It returns an error when Options.Now is nil.
func New(o Options) (*Engine, error) {
	if o.Now == nil {
		return nil, errors.New("engine: Options.Now is nil: give the engine a clock, such as time.Now")
	}
	if o.Store == nil {
		o.Store = session.NewMemory()
	}
	if o.IdleTimeout == 0 {
		o.IdleTimeout = 10 * time.Minute
	}
	if o.Retention == 0 {
		o.Retention = 30 * time.Minute
	}
	e := &Engine{o: o, store: o.Store, versions: newRegistry(o.Load), lanes: newLanes()}
	e.desks.New = func() any { return new(desk) }
	return e, nil
}

// Publish makes v the version that new calls of its script run on. Calls in
// flight stay on theirs. Publishing an older version again is a rollback.
func (e *Engine) Publish(v *Version) { e.versions.publish(scriptName{id: v.ScriptID()}, v) }

// PublishDebug makes v the version that new debug calls of its script run on.
func (e *Engine) PublishDebug(v *Version) {
	e.versions.publish(scriptName{id: v.ScriptID(), debug: true}, v)
}

// Delete takes the script away: no new call can begin on it, calls in flight
// go on.
func (e *Engine) Delete(script string) {
	e.versions.publish(scriptName{id: script}, nil)
	e.versions.publish(scriptName{id: script, debug: true}, nil)
}

// Versions returns how many versions the engine holds: those that are
// published, and those that a call still runs on.
func (e *Engine) Versions() int { return len(*e.versions.versions.Load()) }

// Live returns how many calls that began in this engine have not ended.
func (e *Engine) Live() int { return int(e.live.Load()) }

// Opening says how a call begins.
type Opening struct {
	Script string // The id of the script.
	Debug  bool   // Run the script's debug version instead of the published one.

	// Version, unless it is zero, is the hash of the version to run on; Script
	// and Debug are then not looked at. It need not be published: what this
	// engine does not have, Options.Load fetches.
	Version session.Hash

	Variables map[string]string // The call's variables, @name by name. Not kept.
}

// Reply is the answer to one input.
type Reply struct {
	session.Feedback
	Version     *Version          // The version that the call runs on; nil when the call had ended before.
	Input       session.InputKind // What the input was taken for: Start on a call's first.
	Events      []session.Event   // What the turn did; only with Input.Trace.
	Explanation *Explanation      // How the words were understood; only with Input.Trace, on Speech.
	nodeName    string
}

// Begin starts a call with its first input. When the call has begun already,
// Begin is [Engine.Turn].
//
// It returns ErrUnknownScript, ErrVersionMissing, ErrTooManyCalls, an error of
// the store, or ctx's.
func (e *Engine) Begin(ctx context.Context, key session.Key, o Opening, in session.Input) (Reply, error) {
	return e.take(ctx, key, &o, in)
}

// Turn takes a call one turn on. The zero in.At is replaced by the clock.
//
// It returns ErrUnknownCall for a call that has not begun, ErrVersionMissing,
// ErrTooManyHops, ErrTooDeep, session.ErrCorrupt, an error of the store, or ctx's.
func (e *Engine) Turn(ctx context.Context, key session.Key, in session.Input) (Reply, error) {
	return e.take(ctx, key, nil, in)
}

// conflictRetries is how often a turn is taken again when another process committed
// a turn of the same call first.
const conflictRetries = 3

// take takes one turn: no other of the same call meanwhile, and again on a
// conflict. A nil opening begins nothing.
func (e *Engine) take(ctx context.Context, key session.Key, o *Opening, in session.Input) (Reply, error) {
	arrived := e.o.Now()
	if in.At.IsZero() {
		in.At = arrived
	}
	lane, err := e.lanes.enter(ctx, key)
	if err != nil {
		return Reply{}, err
	}
	defer lane.leave()
	d := e.desks.Get().(*desk)
	defer e.desks.Put(d)

	err = e.attempt(ctx, key, o, &in, d)
	for retry := 0; retry < conflictRetries && errors.Is(err, session.ErrConflict); retry++ {
		err = e.attempt(ctx, key, o, &in, d)
	}
	if err != nil {
		return Reply{}, fmt.Errorf("engine: call %q of instance %q: %w", key.Call, key.Instance, err)
	}
	if d.out.Advanced && len(e.o.Observers) > 0 {
		took := e.o.Now().Sub(arrived)
		for _, o := range e.o.Observers {
			o.Observe(d.version, &d.turn, took)
		}
	}
	if in.Trace {
		return d.traced(), nil
	}
	return d.reply(), nil
}
