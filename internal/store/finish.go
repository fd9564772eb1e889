package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// A Conversation is a call that was answered and is over.
type Conversation struct {
	Instance        string
	Call            string
	EndReason       string
	HangUpDirection string
	Tags            []session.Tag
}

// FinishTask ends the task of a call that was answered, and with it the job:
// somebody was reached. A call without a task, or with one that has ended,
// changes nothing.
func (s *Store) FinishTask(ctx context.Context, c Conversation) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error { return s.finish(ctx, tx, []Conversation{c}) })
}

// finishTasks ends the tasks of calls that end with one of the turns, in the
// transaction that writes them.
func (s *Store) finishTasks(ctx context.Context, tx bun.Tx, turns []*pending) error {
	var over []Conversation
	for _, turn := range turns {
		if turn.err != nil || turn.ended == session.Live {
			continue
		}
		c := Conversation{
			Instance: turn.key.Instance, Call: turn.key.Call, EndReason: turn.ended.String(), HangUpDirection: "server", Tags: turn.hits,
		}
		if turn.row.Input == session.Hangup.String() {
			c.HangUpDirection = "client"
		}
		over = append(over, c)
	}
	return s.finish(ctx, tx, over)
}

// finish ends the open tasks of conversations, no two of one call. Most calls
// have no task, so it looks for all at once.
func (s *Store) finish(ctx context.Context, tx bun.Tx, over []Conversation) error {
	if len(over) == 0 {
		return nil
	}
	keys := make([][]string, len(over))
	of := make(map[session.Key]*Conversation, len(over))
	for i := range over {
		c := &over[i]
		keys[i] = []string{c.Instance, c.Call}
		of[session.Key{Instance: c.Instance, Call: c.Call}] = c
	}
	var found []struct{ ID, GroupID string }
	err := tx.NewSelect().Table("tasks").Column("id", "group_id").
		Where("call_id <> '' AND ended_at = 0 AND (instance_id, call_id) IN ?", bun.Tuple(keys)).Scan(ctx, &found)
	if err != nil || len(found) == 0 {
		return err
	}
	groups, tasks := make([]string, len(found)), make([]string, len(found))
	for i := range found {
		groups[i], tasks[i] = found[i].GroupID, found[i].ID
	}
	groups = unique(groups)
	if err := s.lock(ctx, tx, "job_groups", toChange, groups...); err != nil {
		return err
	}
	open, err := s.openTasks(ctx, tx, tasks)
	if err != nil {
		return err
	}
	for i := range open {
		t := &open[i]
		if err := s.finishTask(ctx, tx, t, of[session.Key{Instance: t.InstanceID, Call: t.CallID}]); err != nil {
			return err
		}
	}
	return s.follow(ctx, tx, groups)
}

// openTasks locks those of the tasks that are open, and returns them.
func (s *Store) openTasks(ctx context.Context, tx bun.Tx, ids []string) ([]Task, error) {
	var open []Task
	q := tx.NewSelect().Model(&open).Where("id IN (?) AND ended_at = 0", bun.List(ids)).Order("id")
	if s.postgres {
		q.For(toChange)
	}
	return open, q.Scan(ctx)
}

// finishTask ends one task, its job, and counts the tags of its call.
func (s *Store) finishTask(ctx context.Context, tx bun.Tx, t *Task, c *Conversation) error {
	now := s.now()
	_, err := tx.NewUpdate().Table("tasks").
		Set("status = ?, end_reason = ?, hang_up_direction = ?, ended_at = ?", TaskSucceeded, c.EndReason, c.HangUpDirection, now).
		Where("id = ?", t.ID).Exec(ctx)
	if err != nil {
		return err
	}
	_, err = tx.NewUpdate().Table("jobs").Set("status = ?, failure_reason = '', held = '', ended_at = ?", JobSucceeded, now).
		Where("id = ? AND status = ?", t.JobID, JobExecuting).Exec(ctx)
	if err != nil {
		return err
	}
	for _, hit := range c.Tags {
		_, err := tx.NewRaw(`INSERT INTO tag_hits (task_id, group_id, tag_group, tag_name) VALUES (?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, t.ID, t.GroupID, hit.Group, hit.Name).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
