package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// endReader reads all that is needed to end a batch of tasks, each table once,
// and locks it in the order of order.go.
type endReader struct {
	s     *Store
	tx    bun.Tx
	batch []*ending

	groups   []string                  // Of tasks that end.
	bound    map[string]string         // The calls they had when they were read, by task.
	called   map[string][]string       // The numbers that were called, by instance.
	attempts map[string]map[string]int // By instance and day, then by number.
}

// read fills in each ending of a task that is open. Of a task that is named
// twice, the first ends it.
func (r *endReader) read(ctx context.Context) error {
	ids, err := r.look(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := r.s.lock(ctx, r.tx, "job_groups", toChange, r.groups...); err != nil {
		return err
	}
	var groups []JobGroup
	if err := r.tx.NewSelect().Model(&groups).Where("id IN (?)", bun.List(r.groups)).Scan(ctx); err != nil {
		return err
	}
	tasks, err := r.s.openTasks(ctx, r.tx, ids)
	if err != nil {
		return err
	}
	jobs, err := r.jobs(ctx, tasks)
	if err != nil {
		return err
	}
	r.called, r.bound = make(map[string][]string), make(map[string]string)
	groupOf, taskOf := byID(groups, func(g *JobGroup) string { return g.ID }), byID(tasks, func(t *Task) string { return t.ID })
	for _, of := range r.batch {
		t := taskOf[of.task]
		if t == nil || of.err != nil {
			continue
		}
		delete(taskOf, of.task)
		e := jobs[t.JobID]
		e.Task, e.Group, e.attempts = *t, *groupOf[t.GroupID], r.attemptsOn
		r.called[t.InstanceID] = append(r.called[t.InstanceID], t.CalledNumber)
		r.bound[t.ID] = t.CallID
		of.e = e
	}
	return nil
}

// look finds which of the tasks are open, and their groups.
func (r *endReader) look(ctx context.Context) (open []string, err error) {
	ids := make([]string, len(r.batch))
	for i, of := range r.batch {
		of.e, of.ended = nil, false
		ids[i] = of.task
	}
	var rows []Task
	err = r.tx.NewSelect().Model(&rows).Column("id", "instance_id", "group_id", "ended_at").Where("id IN (?)", bun.List(unique(ids))).Scan(ctx)
	if err != nil {
		return nil, err
	}
	known := byID(rows, func(t *Task) string { return t.ID })
	for _, of := range r.batch {
		switch t := known[of.task]; {
		case t == nil || t.InstanceID != of.instance:
			of.err = within(ctx, r.tx, of.instance, &NotFoundError{Thing: "Task"})
		case t.EndedAt == 0:
			open, r.groups = append(open, t.ID), append(r.groups, t.GroupID)
		}
	}
	r.groups = unique(r.groups)
	return unique(open), nil
}

// jobs reads the jobs of tasks, with the documents of their strategies. That
// they are being called keeps them whoever has the group.
func (r *endReader) jobs(ctx context.Context, tasks []Task) (map[string]*Ending, error) {
	if len(tasks) == 0 {
		return nil, nil
	}
	ids := make([]string, len(tasks))
	for i := range tasks {
		ids[i] = tasks[i].JobID
	}
	var jobs []Job
	err := r.tx.NewSelect().Model(&jobs).Where("job.id IN (?)", bun.List(ids)).
		Relation("Contacts", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("position") }).Scan(ctx)
	if err != nil {
		return nil, err
	}
	under := make([]string, len(jobs))
	for i := range jobs {
		under[i] = jobs[i].StrategyID
	}
	var strategies []strategy
	err = r.tx.NewSelect().Model(&strategies).Where("id IN (?)", bun.List(unique(under))).Scan(ctx)
	if err != nil {
		return nil, err
	}
	document := byID(strategies, func(s *strategy) string { return s.ID })
	endings := make(map[string]*Ending, len(jobs))
	for i := range jobs {
		endings[jobs[i].ID] = &Ending{Job: jobs[i], Strategy: document[jobs[i].StrategyID].Document}
	}
	return endings, nil
}

// attemptsOn reads how often the numbers of the batch were called on a day, once.
func (r *endReader) attemptsOn(ctx context.Context, instance, day string) (map[string]int, error) {
	key := instance + " " + day
	if n, read := r.attempts[key]; read {
		return n, nil
	}
	n, err := attempts(ctx, r.tx, instance, r.called[instance], day)
	if err != nil {
		return nil, err
	}
	if r.attempts == nil {
		r.attempts = make(map[string]map[string]int)
	}
	r.attempts[key] = n
	return n, nil
}

// nameCalls takes from tasks the names of calls that are another's: some call
// centres name all calls alike that did not come about.
func (r *endReader) nameCalls(ctx context.Context, tasks []Task) error {
	var keys [][]string
	for i := range tasks {
		if t := &tasks[i]; t.CallID != "" {
			keys = append(keys, []string{t.InstanceID, t.CallID})
		}
	}
	if len(keys) == 0 {
		return nil
	}
	var named []Task
	err := r.tx.NewSelect().Model(&named).Column("id", "instance_id", "call_id").
		Where("call_id <> '' AND (instance_id, call_id) IN ?", bun.Tuple(keys)).Scan(ctx)
	if err != nil {
		return err
	}
	owner := make(map[session.Key]string, len(named))
	for i := range named {
		owner[session.Key{Instance: named[i].InstanceID, Call: named[i].CallID}] = named[i].ID
	}
	for i := range tasks {
		t := &tasks[i]
		key := session.Key{Instance: t.InstanceID, Call: t.CallID}
		if of, taken := owner[key]; taken && of != t.ID {
			t.CallID = r.bound[t.ID]
			continue
		}
		owner[key] = t.ID
	}
	return nil
}

// byID returns rows by their ids.
func byID[Row any](rows []Row, id func(*Row) string) map[string]*Row {
	by := make(map[string]*Row, len(rows))
	for i := range rows {
		by[id(&rows[i])] = &rows[i]
	}
	return by
}
