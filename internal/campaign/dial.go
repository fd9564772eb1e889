package campaign

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/talkgraph/talkgraph/internal/store"
)

// ringingOf is how long the calls of a group ring.
func ringingOf(seconds int64) time.Duration {
	if seconds <= 0 {
		return defaultRinging
	}
	return time.Duration(seconds) * time.Second
}

// heardWithin is how long after a call was placed something is heard of it at
// the latest.
func heardWithin(ringing time.Duration) time.Duration { return ringing + ringingGrace }

// dialBy is when the gateway must have taken a task that has not rung yet: a
// call that was placed then has rung when the task is given up.
func dialBy(t *store.Task, ringing time.Duration) time.Time {
	return time.UnixMilli(t.Deadline).Add(-heardWithin(ringing))
}

// inTime reports whether a dial that is begun now is over in time.
func (c *Campaigns) inTime(t *store.Task, g store.GroupCall) bool {
	return !c.o.Now().Add(longestDial).After(dialBy(t, ringingOf(g.RingingSeconds)))
}

// redial takes over the tasks that a server, this one or another, left before
// the gateway had them: it died, or the gateway failed. The gateway may have a
// task for all that, so it is asked for under the same id. One that must not be
// dialled now, or no more, is left to be given up at its deadline.
func (c *Campaigns) redial(ctx context.Context) (dialled int, err error) {
	left, err := c.o.Store.LeaseTasks(ctx, c.o.Now().Add(lease).UnixMilli(), maxPlan)
	if err != nil || len(left) == 0 {
		return 0, err
	}
	groups, err := c.o.Store.GroupCalls(ctx, left)
	if err != nil {
		return 0, err
	}
	byInstance := make(map[string][]store.Task)
	for i := range left {
		if t := &left[i]; c.inTime(t, groups[t.GroupID]) {
			byInstance[t.InstanceID] = append(byInstance[t.InstanceID], *t)
		}
	}
	for _, instance := range slices.Sorted(maps.Keys(byInstance)) {
		var allowed []store.Task
		err := c.o.Store.Dispatch(ctx, instance, func(ctx context.Context, d *store.Dispatch) error {
			p := &plan{d: d, zone: c.o.Zone, now: c.o.Now()}
			var err error
			allowed, err = p.redial(ctx, byInstance[instance])
			return err
		})
		if err != nil {
			return dialled, err
		}
		n, err := c.dialAll(ctx, allowed)
		if dialled += n; err != nil {
			return dialled, err
		}
	}
	return dialled, nil
}

// redial chooses the tasks that may be dialled now, under the rules that held
// when they were planned.
func (p *plan) redial(ctx context.Context, tasks []store.Task) (allowed []store.Task, err error) {
	var jobs, called []string
	for i := range tasks {
		jobs, called = append(jobs, tasks[i].JobID), append(called, tasks[i].CalledNumber)
		p.retaken = append(p.retaken, tasks[i].ID)
	}
	if err := p.readNumbers(ctx); err != nil {
		return nil, err
	}
	documents, err := p.d.Strategies(ctx, jobs)
	if err != nil {
		return nil, err
	}
	if p.blocked, err = p.d.Blocked(ctx, called); err != nil {
		return nil, err
	}
	var ids []string
	for i := range tasks {
		t := &tasks[i]
		s, err := ParseStrategy(documents[t.JobID])
		if err != nil {
			return nil, err
		}
		if p.blocked[t.CalledNumber] || !NewCalendar(&s, p.zone).Open(p.now) {
			continue
		}
		from := p.number(t.CallingNumber)
		if _, err := p.free(ctx, from); err != nil {
			return nil, err
		}
		if from.left <= 0 {
			continue
		}
		from.left--
		ids, allowed = append(ids, t.ID), append(allowed, *t)
	}
	return allowed, p.d.Redial(ctx, ids)
}

// dialAll has the gateway place calls, several at a time.
func (c *Campaigns) dialAll(ctx context.Context, tasks []store.Task) (dialled int, err error) {
	if len(tasks) == 0 {
		return 0, nil
	}
	groups, err := c.o.Store.GroupCalls(ctx, tasks)
	if err != nil {
		return 0, err
	}
	var took taken
	var g errgroup.Group
	g.SetLimit(c.o.MaxDials)
	for i := range tasks {
		if call, there := groups[tasks[i].GroupID]; there { // Else the task was deleted with its group.
			g.Go(func() error { return c.dial(ctx, &tasks[i], call, &took) })
		}
	}
	err = g.Wait()
	return took.n, err
}

// dial has the gateway place one call. Where it fails for now, the lease runs
// out and the same task is tried again, while there is time. A task that waited
// here for so long that its lease ran out is another's.
func (c *Campaigns) dial(ctx context.Context, t *store.Task, g store.GroupCall, took *taken) error {
	if c.o.Now().UnixMilli() >= t.LeasedUntil || !c.inTime(t, g) {
		return nil
	}
	ringing := ringingOf(g.RingingSeconds)
	err := c.ask(ctx, Call{
		TaskID: t.ID, InstanceID: t.InstanceID, JobID: t.JobID, JobGroupID: t.GroupID, ScriptID: g.ScriptID,
		CallingNumber: t.CallingNumber, CalledNumber: t.CalledNumber, Ringing: ringing, Deadline: dialBy(t, ringing),
	})
	c.meter.dialled(err)
	switch {
	case errors.Is(err, ErrRefused):
		c.o.Logger.Warn("the gateway refuses a call", "task", t.ID, "error", err)
		return c.Failed(ctx, t.InstanceID, t.ID, Failure{Reason: Rejected})
	case err != nil:
		c.o.Logger.Warn("the gateway did not take a call", "task", t.ID, "error", err)
		return nil
	}
	return took.add(ctx, c.o.Store, t.ID, c.o.Now().Add(heardWithin(ringing)).UnixMilli())
}

// ask asks the gateway for a call, but waits for its answer no longer than it
// may take.
func (c *Campaigns) ask(ctx context.Context, call Call) error {
	ctx, cancel := context.WithTimeout(ctx, longestDial)
	defer cancel()
	return c.o.Gateway.Dial(ctx, call)
}

// taken collects the tasks that the gateway took, and writes them down: who
// comes while nobody writes writes for all that come meanwhile.
type taken struct {
	mu        sync.Mutex
	n         int              // How many there were.
	deadlines map[string]int64 // Of those not yet written, by task.
	writing   bool
}

func (t *taken) add(ctx context.Context, s *store.Store, task string, deadline int64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.deadlines == nil {
		t.deadlines = make(map[string]int64)
	}
	t.deadlines[task] = deadline
	t.n++
	if t.writing {
		return nil
	}
	t.writing = true
	defer func() { t.writing = false }()
	for len(t.deadlines) > 0 {
		batch := t.deadlines
		t.deadlines = nil
		t.mu.Unlock()
		err := s.TasksRinging(ctx, batch)
		t.mu.Lock()
		if err != nil {
			return err
		}
	}
	return nil
}
