package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"
)

// Dispatch is what a scheduler sees of one instance, and what it may do there.
// All of it is one transaction, and no other server dispatches the instance
// meanwhile, so a limit that was read holds until the task is written.
type Dispatch struct {
	s  *Store
	tx bun.Tx

	Instance string
	MaxCalls int // The cap on concurrent calls.
	Open     int // Tasks that have not ended.

	touched []string          // Groups to look at when all is planned.
	stopped map[string]string // Groups that end for good, and why.
}

// Dispatch lets plan dispatch an instance. Where another server is at it, plan
// is not called; where something came in the way, it is called again.
func (s *Store) Dispatch(ctx context.Context, instance string, plan func(ctx context.Context, d *Dispatch) error) error {
	return s.dispatch(ctx, instance, toChange+" SKIP LOCKED", plan)
}

// DispatchInTurn is Dispatch that waits for a server that is at it.
func (s *Store) DispatchInTurn(ctx context.Context, instance string, plan func(ctx context.Context, d *Dispatch) error) error {
	return s.dispatch(ctx, instance, toChange, plan)
}

func (s *Store) dispatch(ctx context.Context, instance, lock string, plan func(ctx context.Context, d *Dispatch) error) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		d := &Dispatch{s: s, tx: tx, Instance: instance, stopped: map[string]string{}}
		q := tx.NewSelect().Table("instances").Column("max_calls").Where("id = ?", instance)
		if s.postgres {
			q.For(lock)
		}
		err := q.Scan(ctx, &d.MaxCalls)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := d.countOpen(ctx); err != nil {
			return err
		}
		if err := plan(ctx, d); err != nil {
			return err
		}
		return d.settle(ctx)
	})
}

// Survey lets f look at an instance as a dispatch would, without changing it or
// keeping others from doing so.
func (s *Store) Survey(ctx context.Context, instance string, f func(ctx context.Context, d *Dispatch) error) error {
	return s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		d := &Dispatch{s: s, tx: tx, Instance: instance}
		err := tx.NewSelect().Table("instances").Column("max_calls").Where("id = ?", instance).Scan(ctx, &d.MaxCalls)
		if err != nil {
			return found("Instance", err)
		}
		if err := d.countOpen(ctx); err != nil {
			return err
		}
		return f(ctx, d)
	})
}

func (d *Dispatch) countOpen(ctx context.Context) (err error) {
	d.Open, err = d.tx.NewSelect().Table("tasks").Where("instance_id = ? AND ended_at = 0", d.Instance).Count(ctx)
	return err
}

// Waiting is what of a group is to be called yet.
type Waiting struct {
	Due    int   // Jobs whose time has come.
	Later  int   // Jobs that wait for theirs.
	Paused int   // Jobs that are suspended.
	Next   int64 // When the next of those that wait is due; 0: none.
}

// Waiting counts what of a group is to be called yet.
func (d *Dispatch) Waiting(ctx context.Context, group string) (*Waiting, error) {
	w := new(Waiting)
	now := d.s.now()
	err := d.tx.NewSelect().Table("jobs").
		ColumnExpr("COUNT(CASE WHEN next_at <= ? THEN 1 END) AS due, COUNT(CASE WHEN next_at > ? THEN 1 END) AS later", now, now).
		ColumnExpr("COALESCE(MIN(CASE WHEN next_at > ? THEN next_at END), 0) AS next", now).
		Where("group_id = ? AND status = ?", group, JobScheduling).Scan(ctx, &w.Due, &w.Later, &w.Next)
	if err != nil {
		return nil, err
	}
	w.Paused, err = d.tx.NewSelect().Table("jobs").Where("group_id = ? AND status = ?", group, JobPaused).Count(ctx)
	return w, err
}

// Roster is who is to be called for a group.
type Roster struct {
	Jobs     int // To be called yet.
	Contacts int // Of these jobs.
	Blocked  int // Contacts that are on the block list.
	Lost     int // Jobs of which every contact is.
}

// Roster counts who is to be called for a group.
func (d *Dispatch) Roster(ctx context.Context, group string) (*Roster, error) {
	r := new(Roster)
	perJob := d.tx.NewSelect().Table("jobs").
		Join("JOIN contacts ON contacts.job_id = jobs.id").
		Join("LEFT JOIN blocked_numbers AS b ON b.instance_id = contacts.instance_id AND b.number = contacts.phone_number").
		ColumnExpr("jobs.id, COUNT(*) AS contacts, COUNT(b.id) AS blocked").
		Where("jobs.group_id = ? AND jobs.status IN (?)", group, bun.List([]string{JobDrafted, JobScheduling, JobPaused})).
		Group("jobs.id")
	err := d.tx.NewSelect().TableExpr("(?) AS per_job", perJob).
		ColumnExpr("COUNT(*), COALESCE(SUM(contacts), 0), COALESCE(SUM(blocked), 0)").
		ColumnExpr("COUNT(CASE WHEN blocked = contacts THEN 1 END)").
		Scan(ctx, &r.Jobs, &r.Contacts, &r.Blocked, &r.Lost)
	return r, err
}

// BusyInstances returns the instances that have a group to dial for.
func (s *Store) BusyInstances(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Table("job_groups").ColumnExpr("DISTINCT instance_id").
		Where("status IN (?, ?)", GroupScheduling, GroupExecuting).OrderExpr("instance_id").Scan(ctx, &ids)
	return ids, err
}

// NextDue returns when the next job of an open group is due, or the next task
// is to be taken over or given up; 0 when there is none.
func (s *Store) NextDue(ctx context.Context) (int64, error) {
	var next sql.NullInt64
	err := s.read.NewRaw(`SELECT MIN(at) FROM (
		SELECT MIN(next_at) AS at FROM jobs WHERE status = ? AND group_id IN (SELECT id FROM job_groups WHERE status IN (?, ?))
		UNION ALL SELECT MIN(leased_until) FROM tasks WHERE status = ? AND ended_at = 0
		UNION ALL SELECT MIN(deadline) FROM tasks WHERE ended_at = 0) AS due`,
		JobScheduling, GroupScheduling, GroupExecuting, TaskScheduled).Scan(ctx, &next)
	return next.Int64, err
}

// Groups returns the groups that may dial, the most urgent first.
func (d *Dispatch) Groups(ctx context.Context) ([]JobGroup, error) {
	var rows []JobGroup
	err := groups(d.tx, &rows).
		Where("job_group.instance_id = ? AND job_group.status IN (?, ?)", d.Instance, GroupScheduling, GroupExecuting).
		OrderExpr("job_group.priority DESC, job_group.created_at, job_group.id").Scan(ctx)
	return rows, err
}

// Due returns jobs of a group whose time has come, the longest waiting first,
// with their contacts and the document of their strategy. What somebody else is
// about to suspend or cancel is left out.
func (d *Dispatch) Due(ctx context.Context, group string, limit int) ([]DueJob, error) {
	var rows []DueJob
	q := d.tx.NewSelect().Model(&rows).
		ColumnExpr("job.*, strategy.document AS strategy").
		Join("JOIN strategies AS strategy ON strategy.id = job.strategy_id").
		Relation("Contacts", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("position") }).
		Where("job.group_id = ? AND job.status = ? AND job.next_at <= ?", group, JobScheduling, d.s.now()).
		OrderExpr("job.next_at, job.id").Limit(limit)
	if d.s.postgres {
		q.For("UPDATE OF job SKIP LOCKED")
	}
	return rows, q.Scan(ctx)
}

// DueJob is a job whose time has come.
type DueJob struct {
	bun.BaseModel `bun:"table:jobs,alias:job"`
	Job           `bun:",extend"`

	Strategy string `bun:",scanonly"`
}

// Numbers returns the numbers of the instance, the oldest first.
func (d *Dispatch) Numbers(ctx context.Context) ([]OutboundNumber, error) {
	var rows []OutboundNumber
	err := d.tx.NewSelect().Model(&rows).Where("instance_id = ?", d.Instance).Order("created_at", "id").Scan(ctx)
	return rows, err
}

// Dialled returns when a calling number made its last calls, the latest first:
// those after since, at most limit, without some tasks.
func (d *Dispatch) Dialled(ctx context.Context, number string, since int64, limit int, without []string) ([]int64, error) {
	var at []int64
	q := d.tx.NewSelect().Table("tasks").Column("planned_at").
		Where("instance_id = ? AND calling_number = ? AND planned_at > ?", d.Instance, number, since).
		OrderExpr("planned_at DESC").Limit(limit)
	if len(without) > 0 {
		q.Where("id NOT IN (?)", bun.List(without))
	}
	return at, q.Scan(ctx, &at)
}

// LastCalls is what was last heard of a called number, whoever called it.
type LastCalls struct {
	CalledNumber string
	Open         int   // Calls that have not ended.
	EndedAt      int64 // When the last one did; 0: none has.
}

// LastCalls returns what was last heard of each of the numbers; those that were
// never called are left out.
func (d *Dispatch) LastCalls(ctx context.Context, called []string) (map[string]LastCalls, error) {
	var rows []LastCalls
	err := d.tx.NewSelect().Table("tasks").
		ColumnExpr("called_number, COUNT(CASE WHEN ended_at = 0 THEN 1 END) AS open, MAX(ended_at) AS ended_at").
		Where("instance_id = ? AND called_number IN (?)", d.Instance, bun.List(called)).Group("called_number").Scan(ctx, &rows)
	byNumber := make(map[string]LastCalls, len(rows))
	for _, row := range rows {
		byNumber[row.CalledNumber] = row
	}
	return byNumber, err
}

// Strategies returns the documents of the strategies that jobs are under, by job.
func (d *Dispatch) Strategies(ctx context.Context, jobs []string) (map[string]string, error) {
	var rows []struct{ ID, Document string }
	err := d.tx.NewSelect().Table("jobs").ColumnExpr("jobs.id, strategies.document").
		Join("JOIN strategies ON strategies.id = jobs.strategy_id").Where("jobs.id IN (?)", bun.List(jobs)).Scan(ctx, &rows)
	documents := make(map[string]string, len(rows))
	for _, row := range rows {
		documents[row.ID] = row.Document
	}
	return documents, err
}

// Redial notes that tasks are dialled now, which counts for the limit of their
// calling numbers.
func (d *Dispatch) Redial(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := d.s.lock(ctx, d.tx, "tasks", toChange, ids...); err != nil {
		return err
	}
	_, err := d.tx.NewUpdate().Table("tasks").Set("planned_at = ?", d.s.now()).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// Attempts returns how often each of the numbers was called on a day; those
// that were not are left out.
func (d *Dispatch) Attempts(ctx context.Context, called []string, day string) (map[string]int, error) {
	return attempts(ctx, d.tx, d.Instance, called, day)
}

func attempts(ctx context.Context, tx bun.Tx, instance string, called []string, day string) (map[string]int, error) {
	var rows []struct {
		CalledNumber string
		Attempts     int
	}
	err := tx.NewSelect().Table("dial_days").Column("called_number", "attempts").
		Where("instance_id = ? AND day = ? AND called_number IN (?)", instance, day, bun.List(called)).Scan(ctx, &rows)
	byNumber := make(map[string]int, len(rows))
	for _, row := range rows {
		byNumber[row.CalledNumber] = row.Attempts
	}
	return byNumber, err
}

// Blocked returns which of the numbers must not be called.
func (d *Dispatch) Blocked(ctx context.Context, called []string) (map[string]bool, error) {
	var numbers []string
	err := d.tx.NewSelect().Table("blocked_numbers").Column("number").
		Where("instance_id = ? AND number IN (?)", d.Instance, bun.List(called)).Scan(ctx, &numbers)
	blocked := make(map[string]bool, len(numbers))
	for _, n := range numbers {
		blocked[n] = true
	}
	return blocked, err
}

// Start writes down which jobs of a group are called: the tasks, and the
// attempts of the day of each. Ids and times of the tasks are given here.
func (d *Dispatch) Start(ctx context.Context, group string, tasks []Task, days []DialDay) error {
	if len(tasks) == 0 {
		return nil
	}
	now := d.s.now()
	jobs := make([]startedJob, len(tasks))
	for i := range tasks {
		t := &tasks[i]
		t.ID, t.InstanceID, t.GroupID, t.PlannedAt, t.Status = d.s.o.NewID(), d.Instance, group, now, TaskScheduled
		jobs[i] = startedJob{ID: t.JobID, Contact: t.Contact, CallingNumber: t.CallingNumber}
		days[i].InstanceID, days[i].Attempts = d.Instance, 1
	}
	if err := insert(ctx, d.tx, tasks); err != nil {
		return err
	}
	_, err := d.tx.NewUpdate().With("started", d.tx.NewValues(&jobs)).Table("jobs").TableExpr("started").
		Set("status = ?, actual_at = ?", JobExecuting, now).
		Set("contact = started.contact, calling_number = started.calling_number").
		Where("jobs.id = started.id").Exec(ctx)
	if err != nil {
		return err
	}
	for i := range days { // One statement may not touch a row twice, and two jobs may share a number.
		_, err := d.tx.NewInsert().Model(&days[i]).
			On("CONFLICT (instance_id, called_number, day) DO UPDATE").Set("attempts = dial_day.attempts + 1").Exec(ctx)
		if err != nil {
			return err
		}
	}
	d.Open += len(tasks)
	d.Settle(group)
	return nil
}

// startedJob is what a start changes of a job.
type startedJob struct {
	ID            string
	Contact       int64
	CallingNumber string
}

// DialDay counts how often a number was called on a day.
type DialDay struct {
	bun.BaseModel `bun:"table:dial_days,alias:dial_day"`

	InstanceID   string
	CalledNumber string
	Day          string // As in 2026-05-01, in the time zone of the instance.
	Attempts     int64
}

// Postpone puts off every due job of a group that is under a strategy, but not
// past its deadline.
func (d *Dispatch) Postpone(ctx context.Context, group, strategy string, next int64) error {
	_, err := d.tx.NewUpdate().Table("jobs").
		Set("next_at = CASE WHEN deadline < ? THEN deadline ELSE ? END", next, next).
		Where("group_id = ? AND strategy_id = ? AND status = ? AND next_at <= ? AND deadline > ?", group, strategy, JobScheduling, d.s.now(), d.s.now()).
		Exec(ctx)
	return err
}

// AddJobs adds jobs that are called at once to a group, under its strategy. A
// group that takes no more jobs is an InvalidError.
func (d *Dispatch) AddJobs(ctx context.Context, group string, jobs []Job) error {
	g, err := d.s.holdGroup(ctx, d.tx, toKeep, d.Instance, group)
	if err != nil {
		return err
	}
	if _, err := incoming(g.Status); err != nil {
		return err
	}
	return d.s.addJobs(ctx, d.tx, g, g.StrategyID, "", jobs)
}

// Keep writes back what a plan decided of a job.
func (d *Dispatch) Keep(ctx context.Context, j *Job) error {
	jobs := []Job{*j}
	err := d.s.keepJobs(ctx, d.tx, jobs)
	j.EndedAt = jobs[0].EndedAt
	return err
}
