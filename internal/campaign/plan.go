package campaign

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Timing of an attempt.
const (
	// dialPatience is how long a task may wait for the gateway to take it.
	dialPatience = 2 * time.Minute
	// lease is how long one server has to get a task dialled before another
	// takes it over. It is longer than a gateway is given to answer.
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
}

// calling is a number that calls are shown to come from, and its limit.
type calling struct {
	store.OutboundNumber
	left int // Calls it may still make now; counted when it is first asked.
	read bool
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
			return p.d.Complete(ctx, g.ID)
		}
		before := len(p.begun)
		again, err := p.batch(ctx, g, due)
		if err != nil || !again || p.room <= 0 && len(p.begun) > before {
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
	// All strategies of an instance count in the same time zone.
	p.attempts, err = p.d.Attempts(ctx, called, states[0].calendar.Date(p.now))
	return err
}

// job decides what is to be done about a due job: call it now, put it off, or
// give it up. It waits when only room is missing.
func (p *plan) job(ctx context.Context, g *store.JobGroup, j *jobState) (task *store.Task, waits bool, err error) {
	if p.now.UnixMilli() >= j.Deadline {
		j.fail(Expired)
		return nil, false, p.d.Keep(ctx, &j.Job)
	}
	contact := j.reachable(p.blocked)
	if contact == nil {
		j.fail(Blocked)
		return nil, false, p.d.Keep(ctx, &j.Job)
	}
	if p.attempts[contact.PhoneNumber] >= j.strategy.MaxAttemptsPerDay {
		j.putOff(j.calendar, j.calendar.Midnight(p.now))
		return nil, false, p.d.Keep(ctx, &j.Job)
	}
	if p.room <= 0 {
		return nil, true, nil
	}
	from, next, err := p.from(ctx, g, j, contact.PhoneNumber)
	switch {
	case err != nil:
		return nil, false, err
	case from == nil && j.CallingNumber != "" && next.After(p.now):
		j.putOff(j.calendar, next) // A retry shows the same number, so it waits for that one.
		return nil, false, p.d.Keep(ctx, &j.Job)
	case from == nil:
		return nil, true, nil
	}
	p.room--
	from.left--
	p.attempts[contact.PhoneNumber]++
	begun := p.task(j, contact, from.Number)
	return &begun, false, nil
}

// task is the attempt to call a contact.
func (p *plan) task(j *jobState, contact *store.Contact, from string) store.Task {
	return store.Task{
		JobID: j.ID, Contact: contact.Position, CallingNumber: from, CalledNumber: contact.PhoneNumber,
		LeasedUntil: p.now.Add(lease).UnixMilli(),
		Deadline:    p.now.Add(dialPatience).UnixMilli(),
	}
}

// reachable returns the contact whose turn it is, passing over those that must
// not be called; nil when none is left.
func (j *jobState) reachable(blocked map[string]bool) *store.Contact {
	for i := range j.Contacts {
		c := &j.Contacts[(int(j.Contact)+i)%len(j.Contacts)]
		if blocked[c.PhoneNumber] {
			c.State = string(Blocked)
		}
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

// from chooses the number a call is shown to come from: the one of the last
// attempt on a retry, else the first that may still make a call. Where none
// may, next is when the first of them may again.
func (p *plan) from(ctx context.Context, g *store.JobGroup, j *jobState, called string) (chosen *calling, next time.Time, err error) {
	candidates := p.candidates(g, j)
	if j.strategy.Routing == LocalFirst {
		slices.SortStableFunc(candidates, func(a, b *calling) int {
			return cmp.Compare(sharedPrefix(b.Number, called), sharedPrefix(a.Number, called))
		})
	}
	for _, c := range candidates {
		free, err := p.free(ctx, c)
		if err != nil {
			return nil, next, err
		}
		if c.left > 0 {
			return c, next, nil
		}
		if next.IsZero() || free.Before(next) {
			next = free
		}
	}
	return nil, next, nil
}

// LocalFirst is the routing that prefers numbers of the callee's own area.
const LocalFirst = "LocalFirst"

// areaCode is how many digits two numbers of one area have in common at least.
const areaCode = 3

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n < areaCode {
		return 0
	}
	return n
}

// candidates returns the numbers a job may be called from: the job's own, else
// the group's, else all of the instance. Numbers that the instance does not
// have, have no limit.
func (p *plan) candidates(g *store.JobGroup, j *jobState) []*calling {
	names := j.CallingNumbers.List()
	if len(names) == 0 {
		names = g.CallingNumbers.List()
	}
	if j.CallingNumber != "" && (len(names) == 0 || slices.Contains(names, j.CallingNumber)) {
		names = []string{j.CallingNumber}
	}
	if len(names) == 0 {
		return slices.Clone(p.numbers)
	}
	candidates := make([]*calling, 0, len(names))
	for _, name := range names {
		i := slices.IndexFunc(p.numbers, func(c *calling) bool { return c.Number == name })
		if i < 0 {
			i = len(p.numbers)
			p.numbers = append(p.numbers, &calling{OutboundNumber: store.OutboundNumber{Number: name}, left: unlimited, read: true})
		}
		candidates = append(candidates, p.numbers[i])
	}
	return candidates
}

const unlimited = 1 << 30

// free counts what a number may still do now, once, and returns when it may
// make its next call if that is nothing.
func (p *plan) free(ctx context.Context, c *calling) (time.Time, error) {
	if c.read {
		return p.now, nil
	}
	c.read = true
	period := time.Duration(c.RateLimitPeriod) * time.Second
	made, err := p.d.Dialled(ctx, c.Number, p.now.Add(-period).UnixMilli(), c.RateLimitCount)
	if err != nil {
		return p.now, err
	}
	c.left = c.RateLimitCount - len(made)
	if c.left > 0 || len(made) == 0 {
		return p.now, nil
	}
	return time.UnixMilli(made[len(made)-1]).Add(period), nil
}

// RecallOf reads the recall rules of a group; a group without has none.
func RecallOf(g *store.JobGroup) Recall {
	var r Recall
	if json.Unmarshal([]byte(g.Recall), &r) != nil {
		return Recall{}
	}
	return r
}
