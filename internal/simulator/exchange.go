package simulator

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/internal/campaign"
)

// Options are what an Exchange is made of. Center, Now and After are required.
type Options struct {
	Profile Profile
	Seed    uint64
	Center  Center
	Now     func() time.Time
	// After has something done later, on any goroutine. What it is given bounds
	// how long that may take.
	After    func(d time.Duration, do func(ctx context.Context))
	Capacity int          // How many calls at once; 0: as many as are asked for.
	Logger   *slog.Logger // Told of what could not be told to the center; nil: nobody is.

	Registerer prometheus.Registerer // Where metrics are registered; nil: nowhere.
}

// Exchange is a telephony system that is simulated. It is a [campaign.Gateway],
// safe for concurrent use. It remembers every call as long as it lives.
type Exchange struct {
	o     Options
	meter *meter

	mu    sync.Mutex
	calls map[string]*call // By task.
	order []*call          // As they came.
	open  int
	asked int
}

var _ campaign.Gateway = (*Exchange)(nil)

// New returns an exchange without calls. It returns an error when an option is
// missing, the profile is wrong, or the metrics cannot be registered.
func New(o Options) (*Exchange, error) {
	if o.Center == nil || o.Now == nil || o.After == nil {
		return nil, errors.New("simulator: Options need Center, Now and After")
	}
	if err := o.Profile.check(); err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	meter, err := newMeter(o.Registerer)
	if err != nil {
		return nil, err
	}
	return &Exchange{o: o, meter: meter, calls: make(map[string]*call)}, nil
}

// call is one call and how far it is.
type call struct {
	Call
	callee  *callee
	dialled time.Time
	asked   int    // How often the exchange was asked for it.
	end     string // How it ended; empty: it goes on.
	talking bool
	step    int // Counts what happened; what was planned before is void.
	turns   int
}

// The ends of a call beside the reasons of a [campaign.Reason].
const (
	endRobot  = "RobotHungUp"
	endCallee = "CalleeHungUp"
	endCut    = "HungUpByServer"
	endLost   = "ServerRefused" // The server did not want to hear of it any more.
)

// ErrFull says that an exchange has all the calls it can take.
var ErrFull = errors.New("simulator: all lines are taken")

// Dial implements [campaign.Gateway]: it rings, once for each task.
func (x *Exchange) Dial(_ context.Context, c campaign.Call) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asked++
	known, full := x.calls[c.TaskID], x.o.Capacity > 0 && x.open >= x.o.Capacity
	x.meter.dialled(known == nil && !full)
	switch {
	case known != nil:
		known.asked++
		return nil
	case full:
		return ErrFull
	}
	one := &call{
		Call: Call{Call: c, ID: "sim-" + c.TaskID}, asked: 1, dialled: x.o.Now(),
		callee: x.o.Profile.callee(x.o.Seed, c.TaskID, c.CalledNumber),
	}
	x.calls[c.TaskID], x.order = one, append(x.order, one)
	x.open++
	after, failure := one.callee.ring(c.Ringing)
	if failure != "" {
		x.plan(one, after, func(ctx context.Context) { x.fail(ctx, one, failure) })
		return nil
	}
	x.plan(one, after, func(ctx context.Context) { x.turn(ctx, one, Said{}) })
	return nil
}

// HangUp implements [campaign.Gateway].
func (x *Exchange) HangUp(_ context.Context, taskID string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	one := x.calls[taskID]
	if one == nil || one.end != "" {
		return nil
	}
	if one.talking {
		x.plan(one, 0, func(ctx context.Context) { x.turn(ctx, one, Said{ActionKey: "Hangup"}) })
		x.end(one, endCut)
		return nil
	}
	x.plan(one, 0, func(ctx context.Context) { x.fail(ctx, one, campaign.NoAnswer) })
	return nil
}

// Capacity implements [campaign.Gateway].
func (x *Exchange) Capacity(context.Context) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.o.Capacity == 0 {
		const plenty = 1 << 20
		return plenty, nil
	}
	return x.o.Capacity - x.open, nil
}

// plan has the next thing of a call happen later, instead of what was planned
// before. The lock is held.
func (x *Exchange) plan(one *call, after time.Duration, do func(ctx context.Context)) {
	one.step++
	step := one.step
	x.o.After(after, func(ctx context.Context) {
		x.mu.Lock()
		void := one.step != step
		x.mu.Unlock()
		if !void {
			do(ctx)
		}
	})
}

// fail tells the center that a call did not come about.
func (x *Exchange) fail(ctx context.Context, one *call, reason campaign.Reason) {
	x.finish(one, string(reason))
	if err := x.o.Center.Fail(ctx, one.Call, reason, one.dialled); err != nil {
		x.o.Logger.Warn("the failure of a call could not be told", "task", one.TaskID, "error", err)
	}
}

// turn tells the center what a callee did, and plans what the callee does next.
func (x *Exchange) turn(ctx context.Context, one *call, said Said) {
	x.mu.Lock()
	one.talking = true
	one.turns++
	turn, step := one.turns, one.step
	x.mu.Unlock()
	said.TurnID = strconv.Itoa(turn)
	begun := x.o.Now()
	heard, err := x.o.Center.Turn(ctx, one.Call, said)
	if err != nil {
		x.o.Logger.Warn("a turn of a call could not be told", "task", one.TaskID, "turn", said.TurnID, "error", err)
		x.finish(one, endLost)
		return
	}
	x.meter.turned(turn, x.o.Now().Sub(begun))
	if said.ActionKey == "Hangup" || heard.Over {
		end := endRobot
		if said.ActionKey == "Hangup" {
			end = endCallee
		}
		x.finish(one, end)
		x.record(ctx, one)
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if one.step != step { // Hung up meanwhile.
		return
	}
	after, next := one.callee.hear(heard.NodeID, spoken(heard.Content), heard.Patience)
	x.plan(one, after, func(ctx context.Context) { x.turn(ctx, one, next) })
}

func (x *Exchange) record(ctx context.Context, one *call) {
	if x.o.Profile.Recordings == "" {
		return
	}
	if err := x.o.Center.Recording(ctx, one.Call, x.o.Profile.Recordings+one.TaskID+".wav"); err != nil {
		x.o.Logger.Warn("a recording could not be told", "task", one.TaskID, "error", err)
	}
}

// finish notes how a call ended; the first end counts.
func (x *Exchange) finish(one *call, end string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.end(one, end)
}

// end is finish with the lock held.
func (x *Exchange) end(one *call, end string) {
	if one.end == "" {
		one.end = end
		x.open--
		x.meter.ended(end)
	}
}

// spoken returns how long it takes to speak a text.
func spoken(text string) time.Duration {
	const each = 180 * time.Millisecond // About 330 characters a minute.
	return time.Duration(utf8.RuneCountInString(text)) * each
}
