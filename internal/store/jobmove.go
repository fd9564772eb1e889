package store

import (
	"context"

	"github.com/uptrace/bun"
)

// JobChoice chooses the jobs of a suspend, resume or cancel. What is empty
// chooses nothing by itself; All chooses every job.
type JobChoice struct {
	All        bool
	Group      string
	Scenario   string
	IDs        []string
	References []string
}

// on puts the choice on an update of jobs of some groups.
func (c *JobChoice) on(q *bun.UpdateQuery, instance string, groups []string) *bun.UpdateQuery {
	q.Where("instance_id = ? AND group_id IN (?)", instance, bun.List(groups))
	if len(c.IDs) > 0 {
		q.Where("id IN (?)", bun.List(c.IDs))
	}
	if len(c.References) > 0 {
		q.Where("reference_id IN (?)", bun.List(c.References))
	}
	return q
}

// groups returns the groups that chosen jobs may be in, but those that are over
// for good.
func (c *JobChoice) groups(ctx context.Context, tx bun.Tx, instance string) (ids []string, err error) {
	q := tx.NewSelect().Table("job_groups").Column("id").
		Where("instance_id = ? AND status NOT IN (?)", instance, bun.List([]string{GroupCompleted, GroupFailed, GroupCancelled}))
	if c.Group != "" {
		q.Where("id = ?", c.Group)
	}
	if c.Scenario != "" {
		q.Where("scenario_id = ?", c.Scenario)
	}
	for _, named := range []struct {
		column string
		values []string
	}{{"id", c.IDs}, {"reference_id", c.References}} {
		if len(named.values) > 0 {
			q.Where("id IN (SELECT group_id FROM jobs WHERE instance_id = ? AND ? IN (?))", instance, bun.Ident(named.column), bun.List(named.values))
		}
	}
	return ids, q.Order("id").Scan(ctx, &ids)
}

// MoveJobs takes the chosen jobs that are in one of the states from to another
// and returns how many there were. A job that is being called stays as it is
// until its call has failed, and then is what it was last to be.
func (s *Store) MoveJobs(ctx context.Context, instance string, c JobChoice, from []string, to string) (int, error) {
	var moved int64
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		moved = 0
		if err := s.holdInstance(ctx, tx, instance); err != nil {
			return err
		}
		if c.Group != "" {
			if _, err := jobGroup(ctx, tx, instance, c.Group); err != nil {
				return err
			}
		}
		groups, err := c.groups(ctx, tx, instance)
		if err != nil || len(groups) == 0 {
			return err
		}
		if err := s.lock(ctx, tx, "job_groups", toChange, groups...); err != nil {
			return err
		}
		q := c.on(tx.NewUpdate().Table("jobs").Set("status = ?", to).Where("status IN (?)", bun.List(from)), instance, groups)
		if to == JobCancelled {
			q.Set("ended_at = ?", s.now())
		}
		result, err := q.Exec(ctx)
		if err != nil {
			return err
		}
		if moved, err = result.RowsAffected(); err != nil {
			return err
		}
		if err := c.hold(ctx, tx, instance, groups, to); err != nil {
			return err
		}
		return s.follow(ctx, tx, groups)
	})
	return int(moved), err
}

// hold notes of the chosen jobs that are being called what they are to be if
// the call fails. Those that were cancelled are not resumed.
func (c *JobChoice) hold(ctx context.Context, tx bun.Tx, instance string, groups []string, to string) error {
	q := tx.NewUpdate().Table("jobs").Where("status = ?", JobExecuting)
	switch to {
	case JobScheduling:
		q.Set("held = ''").Where("held = ?", JobPaused)
	case JobPaused:
		q.Set("held = ?", to).Where("held = ''")
	default:
		q.Set("held = ?", to)
	}
	_, err := c.on(q, instance, groups).Exec(ctx)
	return err
}
