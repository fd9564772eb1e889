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
	if err := s.finishOpen(ctx, tx, open, of); err != nil {
		return err
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

// finishOpen ends tasks by the conversations of their calls, and their jobs, and
// counts the tags.
func (s *Store) finishOpen(ctx context.Context, tx bun.Tx, open []Task, of map[session.Key]*Conversation) error {
	if len(open) == 0 {
		return nil
	}
	now := s.now()
	ended, jobs, hits := make([]finishedTask, len(open)), make([]string, len(open)), []tagHit{}
	for i := range open {
		t := &open[i]
		c := of[session.Key{Instance: t.InstanceID, Call: t.CallID}]
		ended[i], jobs[i] = finishedTask{t.ID, c.EndReason, c.HangUpDirection}, t.JobID
		for _, hit := range c.Tags {
			hits = append(hits, tagHit{TaskID: t.ID, GroupID: t.GroupID, TagGroup: hit.Group, TagName: hit.Name})
		}
	}
	_, err := tx.NewUpdate().With("ended", tx.NewValues(&ended)).Table("tasks").TableExpr("ended").
		Set("status = ?, end_reason = ended.end_reason, hang_up_direction = ended.hang_up_direction, ended_at = ?", TaskSucceeded, now).
		Where("tasks.id = ended.id").Exec(ctx)
	if err != nil {
		return err
	}
	_, err = tx.NewUpdate().Table("jobs").Set("status = ?, failure_reason = '', held = '', ended_at = ?", JobSucceeded, now).
		Where("id IN (?) AND status = ?", bun.List(jobs), JobExecuting).Exec(ctx)
	if err != nil || len(hits) == 0 {
		return err
	}
	_, err = tx.NewInsert().Model(&hits).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// finishedTask is what a conversation changes of its task.
type finishedTask struct {
	ID              string
	EndReason       string
	HangUpDirection string
}

// tagHit is a tag that the call of a task hit.
type tagHit struct {
	bun.BaseModel `bun:"table:tag_hits"`

	TaskID   string
	GroupID  string
	TagGroup string
	TagName  string
}
