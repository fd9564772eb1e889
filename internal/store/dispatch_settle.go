package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Settle has a group looked at when all is planned: whether it is done, say.
func (d *Dispatch) Settle(group string) { d.touched = append(d.touched, group) }

// settle lets the groups that a dispatch had to do with be what their jobs make
// of them. It comes last and locks only those that change, for calls that end
// wait for a group that is locked.
func (d *Dispatch) settle(ctx context.Context) error {
	rows, err := standings(ctx, d.tx, unique(d.touched))
	if err != nil {
		return err
	}
	var change, begun []string
	for i := range rows {
		g := &rows[i]
		_, stops := d.stopped[g.ID]
		begins := g.StartedAt == 0 && g.Executing
		if begins {
			begun = append(begun, g.ID)
		}
		if stops || begins || g.becomes() != g.Status {
			change = append(change, g.ID)
		}
	}
	if err := d.s.lock(ctx, d.tx, "job_groups", toChange, change...); err != nil {
		return err
	}
	now := d.s.now()
	for _, group := range change {
		if reason, stops := d.stopped[group]; stops {
			_, err := d.tx.NewUpdate().Table("job_groups").
				Set("status = ?, failure_reason = ?, updated_at = ?", GroupFailed, reason, now).Where("id = ?", group).Exec(ctx)
			if err != nil {
				return err
			}
		}
	}
	if len(begun) > 0 {
		_, err := d.tx.NewUpdate().Table("job_groups").Set("started_at = ?", now).
			Where("id IN (?) AND started_at = 0", bun.List(begun)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return d.s.follow(ctx, d.tx, change)
}

// Stop ends a group and every job of it that is not being called.
func (d *Dispatch) Stop(ctx context.Context, group, reason string) error {
	d.stopped[group] = reason
	d.Settle(group)
	_, err := d.tx.NewUpdate().Table("jobs").Set("status = ?, failure_reason = ?, ended_at = ?", JobFailed, reason, d.s.now()).
		Where("group_id = ? AND status IN (?)", group, bun.List([]string{JobDrafted, JobScheduling, JobPaused})).Exec(ctx)
	return err
}
