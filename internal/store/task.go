package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// Task is one call that is attempted.
type Task struct {
	bun.BaseModel `bun:"table:tasks"`

	ID              string `bun:",pk"`
	InstanceID      string
	GroupID         string
	JobID           string
	Contact         int64 // Who of the job's contacts is called, by position.
	CallingNumber   string
	CalledNumber    string
	Status          string
	FailureReason   string
	EndReason       string // How the conversation ended, as the API spells it.
	HangUpDirection string // client or server.
	CallID          string
	PlannedAt       int64 // When the attempt was decided.
	LeasedUntil     int64 // Until then one server sees to it that it is dialled.
	Deadline        int64 // When it is given up if nothing is heard.
	ActualAt        int64 // When the gateway took it; 0: not yet.
	AnsweredAt      int64 // 0: not answered.
	EndedAt         int64 // 0: open.
	Recording       string
	RecordingSource string
}

// The states of a task.
const (
	TaskScheduled = "Scheduled" // Written down, not yet with the gateway.
	TaskRinging   = "Ringing"   // The gateway took it.
	TaskExecuting = "Executing" // Somebody answered.
	TaskSucceeded = "Succeeded"
	TaskFailed    = "Failed"
	TaskCancelled = "Cancelled"
)

// Task returns a task of an instance.
func (s *Store) Task(ctx context.Context, instance, id string) (*Task, error) {
	t := new(Task)
	err := s.read.NewSelect().Model(t).Where("id = ? AND instance_id = ?", id, instance).Scan(ctx)
	if err = within(ctx, s.read, instance, found("Task", err)); err != nil {
		return nil, err
	}
	return t, nil
}

// TasksRinging notes that the gateway took tasks: the deadline of each, by id.
// A task that has moved on meanwhile stays as it is.
func (s *Store) TasksRinging(ctx context.Context, deadlines map[string]int64) error {
	if len(deadlines) == 0 {
		return nil
	}
	byDeadline := make(map[int64][]string)
	for id, deadline := range deadlines {
		byDeadline[deadline] = append(byDeadline[deadline], id)
	}
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		for deadline, ids := range byDeadline {
			slices.Sort(ids)
			_, err := tx.NewUpdate().Table("tasks").
				Set("status = ?, actual_at = ?, deadline = ?", TaskRinging, s.now(), deadline).
				Where("id IN (?) AND status = ?", bun.List(ids), TaskScheduled).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// TaskAnswered notes that a call is the one of a task, and returns the task. The
// first turn must follow soon; TaskTalks gives the conversation its time then.
// Noting it again changes nothing.
func (s *Store) TaskAnswered(ctx context.Context, instance, id, call string) (*Task, error) {
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		now := s.now()
		result, err := tx.NewUpdate().Table("tasks").
			Set("status = ?, call_id = ?", TaskExecuting, call).
			Set("answered_at = CASE WHEN answered_at = 0 THEN ? ELSE answered_at END", now).
			Set("deadline = CASE WHEN answered_at = 0 THEN ? ELSE deadline END", now+firstWords).
			Set("actual_at = CASE WHEN actual_at = 0 THEN ? ELSE actual_at END", now).
			Where("id = ? AND instance_id = ? AND ended_at = 0 AND call_id IN ('', ?)", id, instance, call).Exec(ctx)
		return changed("Task", result, taken("TaskId", err))
	})
	if err != nil {
		return nil, err
	}
	return s.Task(ctx, instance, id)
}

// LeaseTasks takes over up to limit tasks that no server sees to any more: they
// were written down, but not taken by the gateway. The caller has them until
// the time given.
func (s *Store) LeaseTasks(ctx context.Context, until int64, limit int) ([]Task, error) {
	var rows []Task
	free := s.write.NewSelect().Table("tasks").Column("id").
		Where("status = ? AND leased_until < ? AND ended_at = 0", TaskScheduled, s.now()).
		OrderExpr("leased_until, id").Limit(limit)
	if s.postgres {
		free.For("UPDATE SKIP LOCKED")
	}
	err := s.write.NewUpdate().Model(&rows).Set("leased_until = ?", until).
		Where("id IN (?)", free).Returning("*").Scan(ctx)
	return rows, err
}

// LateTasks returns up to limit open tasks whose deadline has passed.
func (s *Store) LateTasks(ctx context.Context, limit int) ([]Task, error) {
	var rows []Task
	err := s.read.NewSelect().Model(&rows).Where("ended_at = 0 AND deadline < ?", s.now()).
		OrderExpr("deadline, id").Limit(limit).Scan(ctx)
	return rows, err
}

// GroupCall is what a group says of its calls.
type GroupCall struct {
	ScriptID       string
	RingingSeconds int64
}

// GroupCalls returns what the groups of tasks say of their calls. A group that
// was deleted, and its tasks with it, is left out.
func (s *Store) GroupCalls(ctx context.Context, tasks []Task) (map[string]GroupCall, error) {
	calls := make(map[string]GroupCall)
	ids := make([]string, len(tasks))
	for i := range tasks {
		ids[i] = tasks[i].GroupID
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var rows []struct {
		ID             string
		ScriptID       string
		RingingSeconds int64
	}
	err := s.read.NewSelect().Table("job_groups").Column("id", "script_id", "ringing_seconds").
		Where("id IN (?)", bun.List(ids)).Scan(ctx, &rows)
	for _, row := range rows {
		calls[row.ID] = GroupCall{row.ScriptID, row.RingingSeconds}
	}
	return calls, err
}

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
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error { return s.finishTask(ctx, tx, c) })
}

// finishTasks ends the tasks of calls that end with one of the turns, in the
// transaction that writes them. Most calls have no task, so it looks for all at once.
func (s *Store) finishTasks(ctx context.Context, tx bun.Tx, turns []*pending) error {
	var keys [][]string
	ended := make(map[session.Key]*pending)
	for _, turn := range turns {
		if turn.err == nil && turn.ended != session.Live {
			keys = append(keys, []string{turn.key.Instance, turn.key.Call})
			ended[turn.key] = turn
		}
	}
	if len(keys) == 0 {
		return nil
	}
	var open []struct{ InstanceID, CallID string }
	err := tx.NewSelect().Table("tasks").Column("instance_id", "call_id").
		Where("ended_at = 0 AND (instance_id, call_id) IN ?", bun.Tuple(keys)).OrderExpr("instance_id, call_id").Scan(ctx, &open)
	if err != nil {
		return err
	}
	for _, of := range open {
		turn := ended[session.Key{Instance: of.InstanceID, Call: of.CallID}]
		c := Conversation{
			Instance: of.InstanceID, Call: of.CallID, EndReason: turn.ended.String(), HangUpDirection: "server", Tags: turn.hits,
		}
		if turn.row.Input == session.Hangup.String() {
			c.HangUpDirection = "client"
		}
		if err := s.finishTask(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// finishTask is FinishTask in the transaction that ends the call.
func (s *Store) finishTask(ctx context.Context, tx bun.Tx, c Conversation) error {
	var ended struct{ ID, GroupID, JobID string }
	now := s.now()
	err := tx.NewUpdate().Table("tasks").
		Set("status = ?, end_reason = ?, hang_up_direction = ?, ended_at = ?", TaskSucceeded, c.EndReason, c.HangUpDirection, now).
		Where("instance_id = ? AND call_id = ? AND ended_at = 0", c.Instance, c.Call).
		Returning("id, group_id, job_id").Scan(ctx, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.NewUpdate().Table("jobs").Set("status = ?, failure_reason = '', held = '', ended_at = ?", JobSucceeded, now).
		Where("id = ? AND status = ?", ended.JobID, JobExecuting).Exec(ctx)
	if err != nil {
		return err
	}
	for _, hit := range c.Tags {
		_, err := tx.NewRaw(`INSERT INTO tag_hits (task_id, group_id, tag_group, tag_name) VALUES (?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, ended.ID, ended.GroupID, hit.Group, hit.Name).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// TagHits returns the tags that the calls of tasks hit, by task.
func (s *Store) TagHits(ctx context.Context, tasks []string) (map[string][]session.Tag, error) {
	hits := make(map[string][]session.Tag)
	if len(tasks) == 0 {
		return hits, nil
	}
	var rows []struct{ TaskID, TagGroup, TagName string }
	err := s.read.NewSelect().Table("tag_hits").Column("task_id", "tag_group", "tag_name").
		Where("task_id IN (?)", bun.List(tasks)).OrderExpr("task_id, tag_group, tag_name").Scan(ctx, &rows)
	for _, row := range rows {
		hits[row.TaskID] = append(hits[row.TaskID], session.Tag{Group: row.TagGroup, Name: row.TagName})
	}
	return hits, err
}

// TagCount is how many calls of a group hit a tag.
type TagCount struct {
	TagGroup string
	TagName  string
	N        int
}

// CountTagHits counts the tags that the calls of a group hit.
func (s *Store) CountTagHits(ctx context.Context, group string) ([]TagCount, error) {
	rows := []TagCount{}
	err := s.read.NewSelect().Table("tag_hits").ColumnExpr("tag_group, tag_name, COUNT(*) AS n").
		Where("group_id = ?", group).Group("tag_group", "tag_name").OrderExpr("tag_group, tag_name").Scan(ctx, &rows)
	return rows, err
}

// TaskOfCall returns the task of a call.
func (s *Store) TaskOfCall(ctx context.Context, instance, call string) (*Task, error) {
	t := new(Task)
	err := s.read.NewSelect().Model(t).Where("instance_id = ? AND call_id = ? AND call_id <> ''", instance, call).Scan(ctx)
	if err = within(ctx, s.read, instance, found("Task", err)); err != nil {
		return nil, err
	}
	return t, nil
}

// SetRecording keeps where the recordings of a task are; an empty one leaves
// what is there.
func (s *Store) SetRecording(ctx context.Context, instance, id, merged, sources string) error {
	if _, err := s.Task(ctx, instance, id); err != nil {
		return err
	}
	_, err := s.write.NewUpdate().Table("tasks").
		Set("recording = CASE WHEN ? = '' THEN recording ELSE ? END", merged, merged).
		Set("recording_source = CASE WHEN ? = '' THEN recording_source ELSE ? END", sources, sources).
		Where("id = ? AND instance_id = ?", id, instance).Exec(ctx)
	return err
}
