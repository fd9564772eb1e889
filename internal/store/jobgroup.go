package store

import (
	"context"

	"github.com/uptrace/bun"
)

// JobGroup is a campaign: jobs under one script and one strategy.
type JobGroup struct {
	bun.BaseModel `bun:"table:job_groups"`

	ID             string `bun:",pk"`
	InstanceID     string
	ScriptID       string
	StrategyID     string
	Name           string
	Description    string
	ScenarioID     string
	Status         string
	FailureReason  string
	CallingNumbers Texts
	Recall         string // JSON: which failed numbers are left alone.
	RingingSeconds int64
	Priority       int64 // The higher, the earlier its jobs are dialled.
	MinConcurrency int64
	JobFile        string
	ParsingTaskID  string
	StartedAt      int64 // 0: it has not dialled yet.
	CreatedAt      int64
	UpdatedAt      int64

	Strategy      string `bun:",scanonly"` // The document of its strategy.
	ScriptName    string `bun:",scanonly"` // Empty once the script is deleted.
	ScriptVersion int64  `bun:",scanonly"` // What its calls run on now; 0: nothing.
}

// The states of a group that others ask about.
const (
	GroupDraft      = "Draft"
	GroupScheduling = "Scheduling"
	GroupExecuting  = "Executing"
	GroupPaused     = "Paused"
	GroupCompleted  = "Completed"
	GroupFailed     = "Failed"
	GroupCancelled  = "Cancelled"
)

// strategy is a row of strategies.
type strategy struct {
	bun.BaseModel `bun:"table:strategies"`

	ID         string `bun:",pk"`
	InstanceID string
	Document   string
	CreatedAt  int64
}

// addStrategy writes a strategy down and returns its id.
func (s *Store) addStrategy(ctx context.Context, tx bun.Tx, instance, document string) (string, error) {
	row := &strategy{ID: s.o.NewID(), InstanceID: instance, Document: document, CreatedAt: s.now()}
	_, err := tx.NewInsert().Model(row).Exec(ctx)
	return row.ID, err
}

// AddJobGroup makes a group; its id, strategy id and times are given here.
func (s *Store) AddJobGroup(ctx context.Context, g *JobGroup) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.keepInstance(ctx, tx, g.InstanceID); err != nil {
			return err
		}
		return s.addGroup(ctx, tx, g)
	})
}

func (s *Store) addGroup(ctx context.Context, tx bun.Tx, g *JobGroup) error {
	var err error
	if g.StrategyID, err = s.addStrategy(ctx, tx, g.InstanceID, g.Strategy); err != nil {
		return err
	}
	g.ID, g.CreatedAt = s.o.NewID(), s.now()
	g.UpdatedAt = g.CreatedAt
	_, err = tx.NewInsert().Model(g).Exec(ctx)
	return err
}

// groups selects groups with what they show of other tables.
func groups(db bun.IDB, rows any) *bun.SelectQuery {
	return db.NewSelect().Model(rows).
		ColumnExpr("job_group.*, strategy.document AS strategy, COALESCE(script.name, '') AS script_name, " +
			"COALESCE(script.applied_version, 0) AS script_version").
		Join("JOIN strategies AS strategy ON strategy.id = job_group.strategy_id").
		Join("LEFT JOIN scripts AS script ON script.id = job_group.script_id")
}

// JobGroup returns a group of an instance.
func (s *Store) JobGroup(ctx context.Context, instance, id string) (*JobGroup, error) {
	return jobGroup(ctx, s.read, instance, id)
}

func jobGroup(ctx context.Context, db bun.IDB, instance, id string) (*JobGroup, error) {
	g := new(JobGroup)
	err := groups(db, g).Where("job_group.id = ? AND job_group.instance_id = ?", id, instance).Scan(ctx)
	if err = within(ctx, db, instance, found("JobGroup", err)); err != nil {
		return nil, err
	}
	return g, nil
}

// GroupFilter chooses groups; zero values choose all.
type GroupFilter struct {
	From, To int64 // Bounds of when they were made, Unix milliseconds, included.
	Status   string
	Search   string // Part of the name.
}

// JobGroups returns a page of the groups of an instance.
func (s *Store) JobGroups(ctx context.Context, instance string, f GroupFilter, p Page) ([]JobGroup, int, error) {
	if err := inInstance(ctx, s.read, instance); err != nil {
		return nil, 0, err
	}
	var rows []JobGroup
	q := groups(s.read, &rows).Where("job_group.instance_id = ?", instance).
		OrderExpr("job_group.created_at DESC, job_group.id")
	if f.From > 0 {
		q.Where("job_group.created_at >= ?", f.From)
	}
	if f.To > 0 {
		q.Where("job_group.created_at <= ?", f.To)
	}
	if f.Status != "" {
		q.Where("job_group.status = ?", f.Status)
	}
	if f.Search != "" {
		q.Where("job_group.name LIKE ? ESCAPE '!'", containing(f.Search))
	}
	total, err := list(ctx, q, p, &rows)
	return rows, total, err
}

// Times says when jobs under a strategy, given as its document, may first be
// called from now on, and when they are given up.
type Times func(document string) (next, deadline int64, err error)

// ChangeJobGroup reads a group, lets change alter it, and writes it back with
// the strategy that it then holds, which its jobs are under from then on unless
// they have their own. change may be called again with the group read anew.
func (s *Store) ChangeJobGroup(ctx context.Context, instance, id string, times Times, change func(g *JobGroup) error) (*JobGroup, error) {
	var g *JobGroup
	err := s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := s.holdInstance(ctx, tx, instance)
		if err != nil {
			return err
		}
		if g, err = s.holdGroup(ctx, tx, toChange, instance, id); err != nil {
			return err
		}
		before, beforeID := g.Strategy, g.StrategyID
		if err := change(g); err != nil {
			return err
		}
		if g.Strategy != before {
			if g.StrategyID, err = s.addStrategy(ctx, tx, instance, g.Strategy); err != nil {
				return err
			}
			if err := restrategize(ctx, tx, g, beforeID, times); err != nil {
				return err
			}
		}
		g.UpdatedAt = s.now()
		// What the scheduler says of the group is not ours to write back.
		_, err = tx.NewUpdate().Model(g).
			ExcludeColumn("id", "instance_id", "created_at", "status", "failure_reason", "started_at", "parsing_task_id").
			WherePK().Exec(ctx)
		return err
	})
	return g, err
}

// restrategize puts the jobs of a group that are under its old strategy, and
// are not done, under its new one.
func restrategize(ctx context.Context, tx bun.Tx, g *JobGroup, old string, times Times) error {
	next, deadline, err := times(g.Strategy)
	if err != nil {
		return err
	}
	open := []string{JobDrafted, JobScheduling, JobExecuting, JobPaused}
	_, err = tx.NewUpdate().Table("jobs").Set("strategy_id = ?, deadline = ?", g.StrategyID, deadline).
		Set("next_at = CASE WHEN actual_at = 0 THEN ? ELSE next_at END", next). // A retry keeps its interval.
		Where("group_id = ? AND strategy_id = ? AND status IN (?)", g.ID, old, bun.List(open)).Exec(ctx)
	return err
}

// DeleteJobGroup deletes a group with its jobs and tasks. Calls in flight go on
// without it.
func (s *Store) DeleteJobGroup(ctx context.Context, instance, id string) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.holdInstance(ctx, tx, instance); err != nil {
			return err
		}
		if _, err := s.holdGroup(ctx, tx, "UPDATE", instance, id); err != nil {
			return err
		}
		return s.deleteGroups(ctx, tx, id)
	})
}

// deleteGroups deletes groups with their jobs and tasks.
func (s *Store) deleteGroups(ctx context.Context, tx bun.Tx, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := s.lock(ctx, tx, "job_groups", "UPDATE", ids...); err != nil {
		return err
	}
	// Those that are rung or leased now must be locked in order; the deletion
	// itself knows none.
	var open []string
	err := tx.NewSelect().Table("tasks").Column("id").Where("group_id IN (?) AND ended_at = 0", bun.List(ids)).Scan(ctx, &open)
	if err != nil {
		return err
	}
	if err := s.lock(ctx, tx, "tasks", "UPDATE", open...); err != nil {
		return err
	}
	_, err = tx.NewDelete().Table("job_groups").Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// SubmitJobGroup lets a draft and its jobs be dialled, at the times that their
// strategies give them now. A group that is no draft stays as it is.
func (s *Store) SubmitJobGroup(ctx context.Context, instance, id string, times Times) error {
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.holdInstance(ctx, tx, instance); err != nil {
			return err
		}
		g, err := s.holdGroup(ctx, tx, toChange, instance, id)
		if err != nil || g.Status != GroupDraft {
			return err
		}
		if waits, err := submitLater(ctx, tx, id); err != nil || waits {
			return err
		}
		if err := s.setStatus(ctx, tx, id, GroupScheduling); err != nil {
			return err
		}
		var strategies []strategy
		used := tx.NewSelect().Table("jobs").Column("strategy_id").Where("group_id = ? AND status = ?", id, JobDrafted)
		if err := tx.NewSelect().Model(&strategies).Where("id IN (?)", used).Order("id").Scan(ctx); err != nil {
			return err
		}
		for i := range strategies {
			next, deadline, err := times(strategies[i].Document)
			if err != nil {
				return err
			}
			_, err = tx.NewUpdate().Table("jobs").Set("status = ?, next_at = ?, deadline = ?", JobScheduling, next, deadline).
				Where("group_id = ? AND status = ? AND strategy_id = ?", id, JobDrafted, strategies[i].ID).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// GroupCounts is how far a group has come.
type GroupCounts struct {
	Jobs        map[string]int // By status.
	EndReasons  map[string]int // Conversations, by how they ended.
	Calls       int            // Attempts.
	NotAnswered int            // Attempts that ended without an answer.
	LastCall    int64          // When something was last heard of a call.
}

// CountGroup counts the jobs and tasks of a group.
func (s *Store) CountGroup(ctx context.Context, group string) (*GroupCounts, error) {
	c := &GroupCounts{Jobs: map[string]int{}, EndReasons: map[string]int{}}
	var jobs, tasks []struct {
		Key  string
		N    int
		Last int64
	}
	err := s.read.NewSelect().Table("jobs").ColumnExpr("status AS key, COUNT(*) AS n").
		Where("group_id = ?", group).Group("status").Scan(ctx, &jobs)
	if err != nil {
		return nil, err
	}
	for _, row := range jobs {
		c.Jobs[row.Key] = row.N
	}
	err = s.read.NewSelect().Table("tasks").
		ColumnExpr("CASE WHEN status = ? THEN '-' ELSE end_reason END AS key, COUNT(*) AS n, MAX(ended_at) AS last", TaskFailed).
		Where("group_id = ?", group).GroupExpr("1").Scan(ctx, &tasks)
	for _, row := range tasks {
		c.Calls += row.N
		c.LastCall = max(c.LastCall, row.Last)
		if row.Key == "-" {
			c.NotAnswered = row.N
		} else if row.Key != "" {
			c.EndReasons[row.Key] = row.N
		}
	}
	return c, err
}
