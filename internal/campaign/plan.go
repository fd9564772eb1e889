package campaign

import (
	"context"
	"encoding/json"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Timing of an attempt.
const (
	// dialPatience is how long a task may wait for the gateway to take it. A dial
	// that could not be over by then is not begun.
	dialPatience = 2 * time.Minute
	// longestDial is how long a gateway is given to answer, however often the
	// request is sent.
	longestDial = 25 * time.Second
	// lease is how long one server has to get a task dialled before another
	// takes it over. It is longer than longestDial.
	lease = 30 * time.Second
	// defaultRinging is how long a call rings where the group does not say.
	defaultRinging = 45 * time.Second
	// ringingGrace is how much later than the end of the ringing the report of
	// a gateway may come.
	ringingGrace = 30 * time.Second
)

// plan decides, in one transaction, which due jobs of an instance are called
// now. The limits it reads cannot change meanwhile.
type plan struct {
	d        *store.Dispatch
	zone     *time.Location
	now      time.Time
	room     int // How many calls may still begin.
	numbers  []*calling
	begun    []store.Task // What it decided, over all groups.
	attempts map[string]int
	blocked  map[string]bool
	last     map[string]store.LastCalls
	putOffs  int      // Jobs it put off or gave up.
	retaken  []string // Tasks that are dialled again; what they counted for before does not count.
}

// jobState is a due job with what its strategy makes of it.
type jobState struct {
	*store.DueJob
	strategy Strategy
	calendar Calendar
}

// run plans the whole instance, the most urgent group first.
func (p *plan) run(ctx context.Context) error {
	if err := p.readNumbers(ctx); err != nil {
		return err
	}
	groups, err := p.d.Groups(ctx)
	if err != nil {
		return err
	}
	for i := range groups {
		if err := p.group(ctx, &groups[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *plan) readNumbers(ctx context.Context) error {
	numbers, err := p.d.Numbers(ctx)
	for i := range numbers {
		p.numbers = append(p.numbers, &calling{OutboundNumber: numbers[i]})
	}
	return err
}

// group plans one group: its due jobs, a batch at a time, until there is no
// room or nothing more is due.
func (p *plan) group(ctx context.Context, g *store.JobGroup) error {
	if g.ScriptName == "" {
		return p.d.Stop(ctx, g.ID, string(ScriptDeleted))
	}
	for {
		due, err := p.d.Due(ctx, g.ID, max(p.room, 1))
		if err != nil {
			return err
		}
		if len(due) == 0 {
			p.d.Settle(g.ID)
			return nil
		}
		before := len(p.begun)
		again, err := p.batch(ctx, g, due)
		if err != nil || !again || p.room <= 0 && len(p.begun) > before || p.putOffs >= maxPlan {
			return err
		}
	}
}

// batch plans jobs of one group. It reports whether it is worth asking for more.
func (p *plan) batch(ctx context.Context, g *store.JobGroup, due []store.DueJob) (again bool, err error) {
	states, closed, err := p.read(due)
	if err != nil {
		return false, err
	}
	for id, next := range closed {
		if err := p.d.Postpone(ctx, g.ID, id, next.UnixMilli()); err != nil {
			return false, err
		}
	}
	if err := p.look(ctx, states); err != nil {
		return false, err
	}
	var tasks []store.Task
	var days []store.DialDay
	stuck := false
	for i := range states {
		task, waits, err := p.job(ctx, g, &states[i])
		if err != nil {
			return false, err
		}
		stuck = stuck || waits
		if task != nil {
			tasks = append(tasks, *task)
			days = append(days, store.DialDay{CalledNumber: task.CalledNumber, Day: states[i].calendar.Date(p.now)})
		}
	}
	if err := p.d.Start(ctx, g.ID, tasks, days); err != nil {
		return false, err
	}
	p.begun = append(p.begun, tasks...)
	return !stuck, nil
}

// read reads the strategies of due jobs, and sorts out those that are closed
// now: for each such strategy, when it opens.
func (p *plan) read(due []store.DueJob) (open []jobState, closed map[string]time.Time, err error) {
	closed = make(map[string]time.Time)
	parsed := make(map[string]Strategy)
	for i := range due {
		job := &due[i]
		s, ok := parsed[job.StrategyID]
		if !ok {
			if s, err = ParseStrategy(job.Strategy); err != nil {
				return nil, nil, err
			}
			parsed[job.StrategyID] = s
		}
		state := jobState{DueJob: job, strategy: s}
		state.calendar = NewCalendar(&state.strategy, p.zone)
		if !state.calendar.Open(p.now) && p.now.UnixMilli() < job.Deadline {
			next, ok := state.calendar.Next(p.now)
			if !ok {
				next = time.UnixMilli(job.Deadline)
			}
			closed[job.StrategyID] = next
			continue
		}
		open = append(open, state)
	}
	return open, closed, nil
}

// look reads what is known of the numbers of jobs, all at once.
func (p *plan) look(ctx context.Context, states []jobState) error {
	var called []string
	for i := range states {
		for _, c := range states[i].Contacts {
			called = append(called, c.PhoneNumber)
		}
	}
	if len(called) == 0 {
		return nil
	}
	var err error
	if p.blocked, err = p.d.Blocked(ctx, called); err != nil {
		return err
	}
	if p.last, err = p.d.LastCalls(ctx, called); err != nil {
		return err
	}
	// All strategies of an instance count in the same time zone.
	p.attempts, err = p.d.Attempts(ctx, called, states[0].calendar.Date(p.now))
	return err
}

// job decides what is to be done about a due job: call it now, put it off, or
// give it up. It waits when only room is missing.
func (p *plan) job(ctx context.Context, g *store.JobGroup, j *jobState) (task *store.Task, waits bool, err error) {
	if p.now.UnixMilli() >= j.Deadline {
		j.fail(Expired)
		return nil, false, p.keep(ctx, j)
	}
	contact, rested := p.contact(j)
	switch {
	case contact == nil && rested.IsZero():
		j.fail(Blocked)
		return nil, false, p.keep(ctx, j)
	case contact == nil:
		j.putOff(j.calendar, rested)
		return nil, false, p.keep(ctx, j)
	}
	if p.room <= 0 {
		return nil, true, nil
	}
	from, next, err := p.from(ctx, g, j, contact.PhoneNumber)
	switch {
	case err != nil:
		return nil, false, err
	case from == nil && j.choosy() && next.After(p.now):
		j.putOff(j.calendar, next) // Others need not wait behind it.
		return nil, false, p.keep(ctx, j)
	case from == nil:
		return nil, true, nil
	}
	p.room--
	from.left--
	p.attempts[contact.PhoneNumber]++
	p.last[contact.PhoneNumber] = store.LastCalls{Open: 1}
	begun := p.task(g, j, contact, from.Number)
	return &begun, false, nil
}

// keep writes down that a job was put off or given up.
func (p *plan) keep(ctx context.Context, j *jobState) error {
	p.putOffs++
	return p.d.Keep(ctx, &j.Job)
}

// task is the attempt to call a contact. It is given up only when a call that
// was placed at the last moment can no longer ring: the gateway may have placed
// it although it never said so.
func (p *plan) task(g *store.JobGroup, j *jobState, contact *store.Contact, from string) store.Task {
	return store.Task{
		JobID: j.ID, Contact: contact.Position, CallingNumber: from, CalledNumber: contact.PhoneNumber,
		LeasedUntil: p.now.Add(lease).UnixMilli(),
		Deadline:    p.now.Add(dialPatience + heardWithin(ringingOf(g.RingingSeconds))).UnixMilli(),
	}
}

// contact returns the first contact, from the one whose turn it is on, that may
// be called now. Where none may, next is when the first of them may; zero:
// never.
func (p *plan) contact(j *jobState) (c *store.Contact, next time.Time) {
	j.block(p.blocked)
	for i := range j.Contacts {
		c := &j.Contacts[(int(j.Contact)+i)%len(j.Contacts)]
		if c.State != store.Available {
			continue
		}
		at := p.rested(j, c.PhoneNumber)
		if !at.After(p.now) {
			j.Contact = c.Position
			return c, at
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return nil, next
}

// rested returns when a job may call a number: an interval after the last call
// to it, and not more often than a day allows, whichever groups called.
func (p *plan) rested(j *jobState, called string) time.Time {
	at := p.now
	switch last := p.last[called]; {
	case last.Open > 0: // When that will end nobody knows.
		at = at.Add(max(j.strategy.MinAttemptInterval, time.Minute))
	case last.EndedAt > 0:
		at = time.UnixMilli(last.EndedAt).Add(j.strategy.MinAttemptInterval)
	}
	if midnight := j.calendar.Midnight(p.now); p.attempts[called] >= j.strategy.MaxAttemptsPerDay && at.Before(midnight) {
		at = midnight
	}
	return at
}

// choosy reports whether a job may be called from other numbers than those
// after it in its group: it has its own, or it is a retry, which shows the same
// number.
func (j *jobState) choosy() bool { return j.CallingNumber != "" || len(j.CallingNumbers.List()) > 0 }

// block marks the contacts that must not be called.
func (j *jobState) block(blocked map[string]bool) {
	for i := range j.Contacts {
		if c := &j.Contacts[i]; blocked[c.PhoneNumber] {
			c.State = string(Blocked)
		}
	}
}

// reachable returns the contact whose turn it is, passing over those that are no
// longer called; nil when none is left.
func (j *jobState) reachable() *store.Contact {
	for i := range j.Contacts {
		c := &j.Contacts[(int(j.Contact)+i)%len(j.Contacts)]
		if c.State == store.Available {
			j.Contact = c.Position
			return c
		}
	}
	return nil
}

// fail gives a job up. What it failed of before says more than that its time
// is over.
func (j *jobState) fail(reason Reason) {
	j.Status = store.JobFailed
	if reason != Expired || j.FailureReason == "" {
		j.FailureReason = string(reason)
	}
}

// putOff lets a job wait until its calendar is open at or after t, or gives it
// up when that is too late.
func (j *jobState) putOff(c Calendar, t time.Time) {
	next, ok := c.Next(t)
	if !ok || next.UnixMilli() >= j.Deadline {
		j.fail(Expired)
		return
	}
	j.NextAt = next.UnixMilli()
}

// RecallOf reads the recall rules of a group; a group without has none.
func RecallOf(g *store.JobGroup) Recall {
	var r Recall
	if json.Unmarshal([]byte(g.Recall), &r) != nil {
		return Recall{}
	}
	return r
}
