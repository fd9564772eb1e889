package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Ending is a task that ends without a conversation, with all that is needed
// to say what is next for its job.
type Ending struct {
	Task     Task
	Job      Job // With its contacts.
	Group    JobGroup
	Strategy string // The document of the job's strategy.

	attempts func(ctx context.Context, instance, day string) (map[string]int, error)
}

// Attempts returns how often the called number was called on a day.
func (e *Ending) Attempts(ctx context.Context, day string) (int, error) {
	n, err := e.attempts(ctx, e.Task.InstanceID, day)
	return n[e.Task.CalledNumber], err
}

// ending is the end of a task on its way to the disk.
type ending struct {
	instance, task string
	decide         func(ctx context.Context, e *Ending) error
	use            *use // What it is done for; nil: nobody records it.

	e     *Ending // Once it is read; nil: there is nothing to end.
	ended bool
	entry
}

// EndTask ends an open task, and reports whether it did: decide changes Task and
// Job as they are to be from now on. decide may be called more than once, and
// where it returns an error all stays as it is. A call that it names and that is
// another task's already stays unnamed. A task that has ended is left
// alone, so telling twice is safe. Ends that come together share a transaction.
func (s *Store) EndTask(ctx context.Context, instance, id string, decide func(ctx context.Context, e *Ending) error) (bool, error) {
	e := &ending{instance: instance, task: id, decide: decide, use: useOf(ctx), entry: newEntry()}
	if err := s.ends.commit(ctx, e); err != nil {
		return false, err
	}
	if e.use != nil {
		e.use.written.Store(true)
	}
	return e.ended, nil
}

// writeEnds ends a batch of tasks in one transaction and leaves with each what
// came of it. An error is of the batch: nothing was written.
func (s *Store) writeEnds(batch []*ending) error {
	ctx, cancel := s.batchContext()
	defer cancel()
	return s.once(ctx, func(ctx context.Context, tx bun.Tx) error {
		r := &endReader{s: s, tx: tx, batch: batch}
		if err := r.read(ctx); err != nil {
			return err
		}
		var tasks []Task
		var jobs []Job
		for _, of := range batch {
			if of.e == nil {
				continue
			}
			if of.err = of.decide(ctx, of.e); of.err != nil {
				continue
			}
			of.e.Task.EndedAt, of.ended = s.now(), true
			tasks, jobs = append(tasks, of.e.Task), append(jobs, of.e.Job)
		}
		if err := keepUses(ctx, tx, batch); err != nil || len(tasks) == 0 {
			return err
		}
		if err := r.nameCalls(ctx, tasks); err != nil {
			return err
		}
		if err := keepTasks(ctx, tx, tasks); err != nil {
			return err
		}
		if err := s.keepJobs(ctx, tx, jobs); err != nil {
			return err
		}
		return s.follow(ctx, tx, r.groups)
	})
}

// keepUses writes the records of what ends were written for, with them.
func keepUses(ctx context.Context, tx bun.Tx, batch []*ending) error {
	for _, of := range batch {
		if of.err != nil || of.use == nil || of.use.written.Load() {
			continue
		}
		if err := keepAudit(ctx, tx, of.use.record); err != nil {
			return err
		}
	}
	return nil
}

// keepTasks writes back what the ends of tasks changed of them. It returns
// errMoved where another task got the name of a call at the same time.
func keepTasks(ctx context.Context, tx bun.Tx, tasks []Task) error {
	rows := make([]endedTask, len(tasks))
	for i := range tasks {
		t := &tasks[i]
		rows[i] = endedTask{t.ID, t.Status, t.FailureReason, t.CallID, t.ActualAt, t.EndedAt}
	}
	_, err := tx.NewUpdate().With("ended", tx.NewValues(&rows)).Table("tasks").TableExpr("ended").
		Set("status = ended.status, failure_reason = ended.failure_reason, call_id = ended.call_id").
		Set("actual_at = ended.actual_at, ended_at = ended.ended_at").
		Where("tasks.id = ended.id").Exec(ctx)
	if isUnique(err) {
		return errMoved
	}
	return err
}

// endedTask is what an end changes of a task.
type endedTask struct {
	ID            string
	Status        string
	FailureReason string
	CallID        string
	ActualAt      int64
	EndedAt       int64
}

// keepJobs writes back what a plan, or the ends of tasks, decided of jobs.
func (s *Store) keepJobs(ctx context.Context, tx bun.Tx, jobs []Job) error {
	rows := make([]keptJob, len(jobs))
	for i := range jobs {
		j := &jobs[i]
		if j.Status == JobFailed || j.Status == JobCancelled {
			j.EndedAt = s.now()
		}
		rows[i] = keptJob{j.ID, j.Status, j.FailureReason, j.Contact, j.NextAt, j.Held, j.EndedAt}
	}
	_, err := tx.NewUpdate().With("kept", tx.NewValues(&rows)).Table("jobs").TableExpr("kept").
		Set("status = kept.status, failure_reason = kept.failure_reason, contact = kept.contact").
		Set("next_at = kept.next_at, held = kept.held, ended_at = kept.ended_at").
		Where("jobs.id = kept.id").Exec(ctx)
	if err != nil {
		return err
	}
	for i := range jobs {
		for n := range jobs[i].Contacts {
			c := &jobs[i].Contacts[n]
			if c.State == Available {
				continue
			}
			if _, err := tx.NewUpdate().Model(c).Column("state").WherePK().Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// keptJob is what a plan or an end changes of a job.
type keptJob struct {
	ID            string
	Status        string
	FailureReason string
	Contact       int64
	NextAt        int64
	Held          string
	EndedAt       int64
}
