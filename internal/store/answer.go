package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/uptrace/bun"
)

const (
	// firstWords is how long after a call was announced its first turn may come,
	// in milliseconds. Where none does the call was refused, and its task need not
	// hold a place.
	firstWords = 60 * 1000
	// maxTalk is how long a conversation may last at most before its task is given
	// up, in milliseconds; a session that idles ends long before.
	maxTalk = 4 * 60 * 60 * 1000
)

// MayTalk reports whether a task that was answered has yet to be given the time
// of a conversation.
func (t *Task) MayTalk() bool { return t.Deadline < t.AnsweredAt+maxTalk }

// TaskTalks gives a task that was answered, and that has not ended, the time of
// a conversation.
func (s *Store) TaskTalks(ctx context.Context, id string) error {
	_, err := s.write.NewUpdate().Table("tasks").Set("deadline = answered_at + ?", maxTalk).
		Where("id = ? AND status = ? AND ended_at = 0", id, TaskExecuting).Exec(ctx)
	return err
}

// answer is a call on its way to be noted as the one of a task.
type answer struct {
	instance, task, call string
	entry
}

// TaskAnswered notes that a call is the one of a task, and returns the task. The
// first turn must follow soon; TaskTalks gives the conversation its time then.
// Noting it again changes nothing. Answers that come together share a
// transaction.
func (s *Store) TaskAnswered(ctx context.Context, instance, id, call string) (*Task, error) {
	err := s.answers.commit(ctx, &answer{instance, id, call, newEntry()})
	if err != nil {
		return nil, taken("TaskId", err)
	}
	return s.Task(ctx, instance, id)
}

// writeAnswers notes a batch of answers in one transaction and leaves with each
// what came of it. Of calls that claim one task, one has it.
func (s *Store) writeAnswers(batch []*answer) error {
	ctx, cancel := s.batchContext()
	defer cancel()
	rows, ids := make([]answeredTask, len(batch)), make([]string, len(batch))
	for i, a := range batch {
		rows[i], ids[i] = answeredTask{a.task, a.instance, a.call}, a.task
	}
	var noted []answeredTask
	err := s.once(ctx, func(ctx context.Context, tx bun.Tx) error {
		noted = nil
		if err := s.lock(ctx, tx, "tasks", toChange, ids...); err != nil {
			return err
		}
		now := s.now()
		return tx.NewUpdate().With("answered", tx.NewValues(&rows)).Table("tasks").TableExpr("answered").
			Set("status = ?, call_id = answered.call_id", TaskExecuting).
			Set("answered_at = CASE WHEN answered_at = 0 THEN ? ELSE answered_at END", now).
			Set("deadline = CASE WHEN answered_at = 0 THEN ? ELSE deadline END", now+firstWords).
			Set("actual_at = CASE WHEN actual_at = 0 THEN ? ELSE actual_at END", now).
			Where("tasks.id = answered.id AND tasks.instance_id = answered.instance_id AND tasks.ended_at = 0").
			Where("tasks.call_id IN ('', answered.call_id)").
			Returning("tasks.id, tasks.instance_id, tasks.call_id").Scan(ctx, &noted)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for i, a := range batch {
		if !slices.Contains(noted, rows[i]) {
			a.err = &NotFoundError{Thing: "Task"}
		}
	}
	return nil
}

// answeredTask is what an answer says of a task.
type answeredTask struct {
	ID         string
	InstanceID string
	CallID     string
}

// CalledJob is a job that is being called, as its conversation needs to know it.
type CalledJob struct {
	bun.BaseModel `bun:"table:jobs,alias:job"`
	Job           `bun:",extend"` // With its contacts.

	ScriptID string `bun:",scanonly"`
}

// CalledJob returns the job of a task.
func (s *Store) CalledJob(ctx context.Context, t *Task) (*CalledJob, error) {
	j := new(CalledJob)
	err := s.read.NewSelect().Model(j).ColumnExpr("job.*, job_group.script_id").
		Join("JOIN job_groups AS job_group ON job_group.id = job.group_id").
		Relation("Contacts", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("position") }).
		Where("job.id = ?", t.JobID).Scan(ctx)
	return j, found("Task", err)
}
