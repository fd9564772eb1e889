package store

import (
	"context"
	"maps"
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
		if err := s.lock(ctx, tx, "tasks", toChange, slices.Collect(maps.Keys(deadlines))...); err != nil {
			return err
		}
		for deadline, ids := range byDeadline {
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
