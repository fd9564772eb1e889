package campaign

import (
	"context"
	"errors"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Failure is why a call did not come about.
type Failure struct {
	Reason Reason
	CallID string    // As the gateway names the call; may be empty.
	Dialed time.Time // When it was dialled; zero: not known.
}

// Failed ends the task of a call that did not come about, and decides whether
// its job is tried again. Telling twice is safe: only the first counts; and of a
// call in which something was said it says nothing. It returns a
// store.NotFoundError for a task there is not.
func (c *Campaigns) Failed(ctx context.Context, instance, task string, f Failure) error {
	t, err := c.o.Store.Task(ctx, instance, task)
	if err != nil {
		return err
	}
	if talks, err := c.talks(ctx, t); err != nil || talks {
		return err
	}
	return c.failed(ctx, instance, task, f, anyway)
}

// talks reports whether a task has a call in which something was said.
func (c *Campaigns) talks(ctx context.Context, t *store.Task) (bool, error) {
	if t.Status != store.TaskExecuting || t.CallID == "" {
		return false, nil
	}
	turns, err := c.o.Store.Turns(ctx, t.InstanceID, t.CallID)
	return len(turns) > 0, err
}

// anyway lets a task end whatever is known of it; unheard only while nothing
// was heard of it before its deadline. It may have been answered after it was
// found to be late.
func anyway(*store.Task, time.Time) bool        { return true }
func unheard(t *store.Task, now time.Time) bool { return t.Deadline < now.UnixMilli() }

// errHeard leaves a task as it is.
var errHeard = errors.New("campaign: something was heard of the task")

func (c *Campaigns) failed(ctx context.Context, instance, task string, f Failure, ends func(*store.Task, time.Time) bool) error {
	ended, err := c.o.Store.EndTask(ctx, instance, task, func(ctx context.Context, e *store.Ending) error {
		if !ends(&e.Task, c.o.Now()) {
			return errHeard
		}
		e.Task.Status, e.Task.FailureReason = store.TaskFailed, string(f.Reason)
		if f.CallID != "" {
			e.Task.CallID = f.CallID
		}
		if !f.Dialed.IsZero() {
			e.Task.ActualAt = f.Dialed.UnixMilli()
		}
		if e.Job.Status != store.JobExecuting {
			return nil // Its script was deleted, say.
		}
		if err := c.again(ctx, e, f.Reason); err != nil {
			return err
		}
		if e.Job.Status == store.JobScheduling && e.Job.Held != "" {
			e.Job.Status = e.Job.Held // Suspended or cancelled during the call.
		}
		e.Job.Held = ""
		if over := e.Group.Status; e.Job.Status == store.JobScheduling && (over == store.GroupFailed || over == store.GroupCancelled) {
			e.Job.Status = store.JobFailed // Nobody looks at the jobs of such a group any more.
		}
		return nil
	})
	if errors.Is(err, errHeard) {
		return nil
	}
	if err == nil && ended {
		c.meter.attemptFailed(f.Reason)
	}
	return err
}

// again decides what is next for a job whose attempt failed: another of its
// numbers, the same number later, or nothing.
func (c *Campaigns) again(ctx context.Context, e *store.Ending, reason Reason) error {
	s, err := ParseStrategy(e.Strategy)
	if err != nil {
		return err
	}
	j := &jobState{DueJob: &store.DueJob{Job: e.Job}, strategy: s}
	defer func() { e.Job = j.Job }()
	j.calendar = NewCalendar(&j.strategy, c.o.Zone)
	j.FailureReason, j.Status = string(reason), store.JobScheduling

	if RecallOf(&e.Group).Final(reason) {
		if int(j.Contact) < len(j.Contacts) {
			j.Contacts[j.Contact].State = string(reason)
		}
		if j.reachable() == nil {
			j.fail(reason)
			return nil
		}
		j.putOff(j.calendar, c.o.Now())
		return nil
	}
	now := c.o.Now()
	attempts, err := e.Attempts(ctx, j.calendar.Date(now))
	if err != nil {
		return err
	}
	if len(j.Contacts) > 1 { // The next number, when the interval is over.
		j.Contact = (j.Contact + 1) % int64(len(j.Contacts))
		if j.reachable() == nil {
			j.fail(reason)
			return nil
		}
		attempts = 0 // Counted for that number when it is due.
	}
	next, ok := j.calendar.Again(now, time.UnixMilli(j.Deadline), attempts)
	if !ok {
		j.fail(reason)
		return nil
	}
	j.NextAt = next.UnixMilli()
	return nil
}
