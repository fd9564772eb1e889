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
	tx       bun.Tx
}

// Attempts returns how often the called number was called on a day.
func (e *Ending) Attempts(ctx context.Context, day string) (int, error) {
	n, err := attempts(ctx, e.tx, e.Task.InstanceID, []string{e.Task.CalledNumber}, day)
	return n[e.Task.CalledNumber], err
}

// EndTask ends an open task: decide changes Task and Job as they are to be
// from now on. A task that has ended is left alone, so telling twice is safe.
func (s *Store) EndTask(ctx context.Context, instance, id string, decide func(ctx context.Context, e *Ending) error) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		e := &Ending{tx: tx}
		q := tx.NewSelect().Model(&e.Task).Where("id = ? AND instance_id = ?", id, instance)
		if s.postgres {
			q.For("UPDATE")
		}
		if err := found("Task", q.Scan(ctx)); err != nil || e.Task.EndedAt > 0 {
			return within(ctx, tx, instance, err)
		}
		q = tx.NewSelect().Model(&e.Job).
			Relation("Contacts", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("position") }).
			Where("job.id = ?", e.Task.JobID)
		if s.postgres {
			q.For("UPDATE")
		}
		if err := q.Scan(ctx); err != nil {
			return err
		}
		if err := groups(tx, &e.Group).Where("job_group.id = ?", e.Task.GroupID).Scan(ctx); err != nil {
			return err
		}
		err := tx.NewSelect().Table("strategies").Column("document").Where("id = ?", e.Job.StrategyID).Scan(ctx, &e.Strategy)
		if err != nil {
			return err
		}
		if err := decide(ctx, e); err != nil {
			return err
		}
		e.Task.EndedAt = s.now()
		if _, err := tx.NewUpdate().Model(&e.Task).WherePK().Exec(ctx); err != nil {
			return err
		}
		if err := s.keepJob(ctx, tx, &e.Job); err != nil {
			return err
		}
		return s.followJob(ctx, tx, e)
	})
}

// followJob lets the group of a job follow what the end of its call made of it:
// paused or cancelled with the last of its jobs, or with something to call again.
func (s *Store) followJob(ctx context.Context, tx bun.Tx, e *Ending) error {
	switch {
	case e.Job.Status == JobPaused, e.Job.Status == JobCancelled, e.Job.Status == JobScheduling && e.Group.Status == GroupPaused:
		return s.moveGroups(ctx, tx, e.Task.InstanceID, e.Task.GroupID, e.Job.Status)
	}
	return nil
}
