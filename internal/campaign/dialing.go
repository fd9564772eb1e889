package campaign

import (
	"context"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Limit names what keeps a group from dialling more than it does.
type Limit string

// The limits, in the order in which they are looked for.
const (
	NoLimit         Limit = ""                // It dials, or will at once.
	LimitPaused     Limit = "Paused"          // The group, or all that is left of it, is suspended.
	LimitNothing    Limit = "NothingDue"      // Nothing is left to call, or not yet submitted.
	LimitNoGateway  Limit = "NoGateway"       // Nobody places calls.
	LimitGateway    Limit = "GatewayFailing"  // The gateway does not answer, or takes no more.
	LimitHours      Limit = "OutsideHours"    // The strategy does not let it call now.
	LimitDailyCap   Limit = "DailyCap"        // Everybody left was called as often as a day allows.
	LimitInterval   Limit = "AttemptInterval" // Everybody left was called a moment ago.
	LimitConcurrent Limit = "Concurrency"     // As many calls as the instance may have.
	LimitRate       Limit = "NumberRateLimit" // The calling numbers made as many calls as they may.
)

// Dialing says why a group does not dial more than it does.
type Dialing struct {
	Limit Limit
	Until time.Time // When the limit ends; zero: that cannot be told.
	Due   int       // Jobs whose time has come.
	Later int       // Jobs that wait for theirs.
}

// Dialing finds what binds a group now.
func (c *Campaigns) Dialing(ctx context.Context, g *store.JobGroup) (Dialing, error) {
	var found Dialing
	err := c.o.Store.Survey(ctx, g.InstanceID, func(ctx context.Context, d *store.Dispatch) error {
		var err error
		found, err = c.bound(ctx, d, g)
		return err
	})
	return found, err
}

func (c *Campaigns) bound(ctx context.Context, d *store.Dispatch, g *store.JobGroup) (Dialing, error) {
	w, err := d.Waiting(ctx, g.ID)
	if err != nil {
		return Dialing{}, err
	}
	found := Dialing{Due: w.Due, Later: w.Later}
	switch {
	case g.Status == store.GroupPaused, w.Paused > 0 && w.Due+w.Later == 0:
		found.Limit = LimitPaused
		return found, nil
	case g.Status != store.GroupScheduling && g.Status != store.GroupExecuting, w.Due+w.Later == 0:
		found.Limit = LimitNothing
		return found, nil
	}
	if found.Limit = c.gatewayLimit(ctx); found.Limit != NoLimit {
		return found, nil
	}
	if w.Due == 0 {
		return c.boundByTime(g, found, time.UnixMilli(w.Next))
	}
	return c.boundByRoom(ctx, d, g, found)
}

// gatewayLimit asks the gateway whether it takes calls.
func (c *Campaigns) gatewayLimit(ctx context.Context) Limit {
	if _, none := c.o.Gateway.(NoGateway); none {
		return LimitNoGateway
	}
	if n, err := c.o.Gateway.Capacity(ctx); err != nil || n <= 0 {
		return LimitGateway
	}
	return NoLimit
}

// boundByTime says why nothing is due before next.
func (c *Campaigns) boundByTime(g *store.JobGroup, found Dialing, next time.Time) (Dialing, error) {
	s, err := ParseStrategy(g.Strategy)
	if err != nil {
		return found, err
	}
	now, calendar := c.o.Now(), NewCalendar(&s, c.o.Zone)
	found.Until = next
	switch {
	case !calendar.Open(now):
		found.Limit = LimitHours
	case !next.Before(calendar.Midnight(now)):
		found.Limit = LimitDailyCap
	default:
		found.Limit = LimitInterval
	}
	return found, nil
}

// boundByRoom says why jobs that are due are not called.
func (c *Campaigns) boundByRoom(ctx context.Context, d *store.Dispatch, g *store.JobGroup, found Dialing) (Dialing, error) {
	if d.Open >= d.MaxCalls {
		found.Limit = LimitConcurrent
		return found, nil
	}
	p := &plan{d: d, zone: c.o.Zone, now: c.o.Now()}
	if err := p.readNumbers(ctx); err != nil {
		return found, err
	}
	from, next, err := p.from(ctx, g, &jobState{DueJob: new(store.DueJob)}, "")
	if err == nil && from == nil {
		found.Limit, found.Until = LimitRate, next
	}
	return found, err
}

// Forecast is what is to be expected of a group before it starts.
type Forecast struct {
	Jobs     int       // Jobs that are to be called.
	Contacts int       // Numbers of theirs.
	Blocked  int       // Of them, those on the block list.
	Lost     int       // Jobs with no number left, which will fail at once.
	First    time.Time // The first call; zero: never.
	Finish   time.Time // When everybody has been called once; zero: not before the strategy ends.
	Rate     float64   // Calls a minute that the limits allow while it is open; 0: no limit.
}

// talkTime is how long a call is taken to last, ringing included, where nothing
// is known of it yet.
const talkTime = time.Minute

// Forecast says how many of a group's contacts are blocked, and when everybody
// would have been called once if each call took a minute.
func (c *Campaigns) Forecast(ctx context.Context, g *store.JobGroup) (Forecast, error) {
	var f Forecast
	s, err := ParseStrategy(g.Strategy)
	if err != nil {
		return f, err
	}
	err = c.o.Store.Survey(ctx, g.InstanceID, func(ctx context.Context, d *store.Dispatch) error {
		roster, err := d.Roster(ctx, g.ID)
		if err != nil {
			return err
		}
		f.Jobs, f.Contacts, f.Blocked, f.Lost = roster.Jobs, roster.Contacts, roster.Blocked, roster.Lost
		p := &plan{d: d, zone: c.o.Zone, now: c.o.Now()}
		if err := p.readNumbers(ctx); err != nil {
			return err
		}
		f.Rate = p.perMinute(g)
		return nil
	})
	calendar := NewCalendar(&s, c.o.Zone)
	if first, ok := calendar.Next(c.o.Now()); ok && f.Jobs > f.Lost {
		f.First = first
		f.Finish = calendar.after(first, f.span())
	}
	return f, err
}

// span is how long the calls take while the calendar is open.
func (f *Forecast) span() time.Duration {
	if f.Rate == 0 {
		return 0
	}
	return time.Duration(float64(f.Jobs-f.Lost) / f.Rate * float64(time.Minute))
}

// perMinute is how many calls a minute the numbers and the cap on concurrent
// calls allow.
func (p *plan) perMinute(g *store.JobGroup) float64 {
	byNumber := 0.0
	for _, n := range p.candidates(g, &jobState{DueJob: new(store.DueJob)}) {
		if n.RateLimitPeriod == 0 {
			byNumber = unlimited // Not a number of the instance.
			break
		}
		byNumber += float64(n.RateLimitCount) * float64(time.Minute/time.Second) / float64(n.RateLimitPeriod)
	}
	byCap := float64(p.d.MaxCalls) * float64(time.Minute) / float64(talkTime)
	return min(byNumber, byCap)
}

// after returns when so much open time has passed since t; zero when the
// calendar closes for good before.
func (c Calendar) after(t time.Time, open time.Duration) time.Time {
	const mostDays = 3660 // Ten years of the shortest hours are enough to look at.
	for range mostDays {
		next, ok := c.Next(t)
		if !ok {
			return time.Time{}
		}
		closes := c.closes(next)
		if span := closes.Sub(next); open <= span {
			return next.Add(open)
		} else {
			open -= span
		}
		t = closes
	}
	return time.Time{}
}

// closes returns when the window that is open at t closes, at the latest when
// the day ends.
func (c Calendar) closes(t time.Time) time.Time {
	at := c.Midnight(t)
	if !c.s.End.IsZero() {
		at = earlier(at, c.s.End)
	}
	local := t.In(c.zone)
	second := local.Hour()*3600 + local.Minute()*60 + local.Second()
	for _, w := range c.s.Working {
		if w.Begin <= second && second < w.End {
			at = earlier(at, c.clock(local, 0, w.End))
		}
	}
	return at
}
