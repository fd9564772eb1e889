package campaign

import (
	"context"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/store"
)

// Assignment is jobs to be added to a group.
type Assignment struct {
	Group          string
	Jobs           []store.Job
	Strategy       string   // JSON; empty: the group's. It beats the group's.
	CallingNumbers []string // Empty: the group's.
}

// MaxAssigned is how many jobs one call may assign; a file may have more.
const MaxAssigned = 50000

// Assign adds jobs to a group, all or none, and returns their ids in order.
// Those of a group that dials are called when it is time.
func (c *Campaigns) Assign(ctx context.Context, instance string, a Assignment) ([]string, error) {
	numbers, err := callingNumbers(a.CallingNumbers)
	if err != nil {
		return nil, err
	}
	g, err := c.o.Store.JobGroup(ctx, instance, a.Group)
	if err != nil {
		return nil, err
	}
	if err := c.published(ctx, instance, g.ScriptID); err != nil {
		return nil, err
	}
	document := a.Strategy
	if document == "" {
		document = g.Strategy
	}
	if err := c.schedule(document, numbers, a.Jobs); err != nil {
		return nil, err
	}
	if err := c.o.Store.AddJobs(ctx, instance, a.Group, a.Strategy, a.Jobs); err != nil {
		return nil, err
	}
	ids := make([]string, len(a.Jobs))
	for i := range a.Jobs {
		ids[i] = a.Jobs[i].ID
	}
	return ids, nil
}

// schedule says of each job when it may first be called and when it is given
// up. One whose time is over already has failed.
func (c *Campaigns) schedule(document string, numbers []string, jobs []store.Job) error {
	s, err := ParseStrategy(document)
	if err != nil {
		return strategyRefused(err)
	}
	now := c.o.Now()
	first, deadline, ok := NewCalendar(&s, c.o.Zone).First(now)
	for i := range jobs {
		j := &jobs[i]
		j.Status, j.CallingNumbers = store.JobScheduling, store.NewTexts(numbers)
		j.NextAt, j.Deadline = first.UnixMilli(), deadline.UnixMilli()
		if !ok {
			j.Status, j.FailureReason = store.JobFailed, string(Expired)
			j.NextAt, j.Deadline, j.EndedAt = now.UnixMilli(), now.UnixMilli(), now.UnixMilli()
		}
	}
	return nil
}

// times says when jobs under a strategy may first be called from now on, and
// when they are given up: at once, where its time is over.
func (c *Campaigns) times(document string) (next, deadline int64, err error) {
	s, err := ParseStrategy(document)
	if err != nil {
		return 0, 0, err
	}
	now := c.o.Now()
	first, end, ok := NewCalendar(&s, c.o.Zone).First(now)
	if !ok {
		first, end = now, now
	}
	return first.UnixMilli(), end.UnixMilli(), nil
}

// Start calls people at once, whatever the hour and the limits of a strategy: it
// is for those who wait for the call. The cap on concurrent calls holds, and a
// blocked number is not called. The jobs go to the group, which is made where
// none is named. It returns the jobs with the task of each.
func (c *Campaigns) Start(ctx context.Context, instance, script string, a Assignment) ([]store.Job, error) {
	numbers, err := callingNumbers(a.CallingNumbers)
	if err != nil {
		return nil, err
	}
	if a.Group == "" {
		g, err := c.CreateGroup(ctx, instance, GroupDraft{Name: "StartJob", ScriptID: script, CallingNumbers: numbers}, true)
		if err != nil {
			return nil, err
		}
		a.Group = g.ID
	}
	g, err := c.o.Store.JobGroup(ctx, instance, a.Group)
	if err != nil {
		return nil, err
	}
	if err := c.published(ctx, instance, g.ScriptID); err != nil {
		return nil, err
	}
	var begun []store.Task
	err = c.o.Store.DispatchInTurn(ctx, instance, func(ctx context.Context, d *store.Dispatch) error {
		p := &plan{d: d, zone: c.o.Zone, now: c.o.Now(), room: d.MaxCalls - d.Open}
		if err := c.schedule(g.Strategy, numbers, a.Jobs); err != nil {
			return err
		}
		err := p.startNow(ctx, g, a.Jobs)
		begun = p.begun
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, err := c.dialAll(ctx, begun); err != nil {
		return nil, err
	}
	for i := range begun {
		for n := range a.Jobs {
			if a.Jobs[n].ID == begun[i].JobID {
				a.Jobs[n].Tasks = begun[i : i+1]
			}
		}
	}
	return a.Jobs, nil
}

// startNow adds jobs and begins a task for the first number of each.
func (p *plan) startNow(ctx context.Context, g *store.JobGroup, jobs []store.Job) error {
	if len(jobs) > p.room {
		return engine.ErrTooManyCalls
	}
	if err := p.readNumbers(ctx); err != nil {
		return err
	}
	states := make([]jobState, len(jobs))
	for i := range jobs {
		states[i].DueJob = &store.DueJob{Job: jobs[i]}
		states[i].calendar = NewCalendar(&states[i].strategy, p.zone)
	}
	if err := p.look(ctx, states); err != nil {
		return err
	}
	var tasks []store.Task
	var days []store.DialDay
	for i := range states {
		j := &states[i]
		j.block(p.blocked)
		contact := j.reachable()
		candidates := p.candidates(g, j)
		switch {
		case contact == nil:
			return &store.InvalidError{Parameter: "JobJson", Allowed: "Its numbers are on the block list."}
		case len(candidates) == 0:
			return &store.InvalidError{Parameter: "CallingNumber", Allowed: "The instance has no number to call from; name one, or add one with CreateOutboundCallNumber."}
		}
		jobs[i].Status, jobs[i].FailureReason, jobs[i].EndedAt = store.JobExecuting, "", 0
		tasks = append(tasks, p.task(g, j, contact, candidates[0].Number))
		days = append(days, store.DialDay{CalledNumber: contact.PhoneNumber, Day: j.calendar.Date(p.now)})
	}
	if err := p.d.AddJobs(ctx, g.ID, jobs); err != nil {
		return err
	}
	for i := range tasks {
		tasks[i].JobID = jobs[i].ID
	}
	p.begun = tasks
	return p.d.Start(ctx, g.ID, tasks, days)
}
