package store

import (
	"context"

	"github.com/uptrace/bun"
)

// Job is somebody to be reached: the contacts are tried in turn.
type Job struct {
	bun.BaseModel `bun:"table:jobs"`

	ID             string `bun:",pk"`
	InstanceID     string
	GroupID        string
	StrategyID     string
	ReferenceID    string
	Status         string
	FailureReason  string
	CallingNumbers Texts  // Empty: the group's.
	Extras         string // A JSON array of {key, value}.
	Contact        int64  // Whose turn it is, by position in Contacts.
	NextAt         int64  // When it may be dialled.
	Deadline       int64  // When it is given up.
	CallingNumber  string // Of the last attempt; a retry shows the same.
	Held           string // While it is called: JobPaused or JobCancelled, which it will be if the call fails.
	CreatedAt      int64
	ActualAt       int64 // When it was last dialled; 0: never.
	EndedAt        int64 // 0: not yet.

	Contacts []Contact `bun:"rel:has-many,join:id=job_id"`
	Tasks    []Task    `bun:"rel:has-many,join:id=job_id"`
}

// The states of a job.
const (
	JobDrafted    = "Drafted"
	JobScheduling = "Scheduling" // It waits for its time.
	JobExecuting  = "Executing"  // It is being called.
	JobPaused     = "Paused"
	JobSucceeded  = "Succeeded"
	JobFailed     = "Failed"
	JobCancelled  = "Cancelled"
)

// Contact is one way to reach somebody.
type Contact struct {
	bun.BaseModel `bun:"table:contacts"`

	JobID       string `bun:",pk"`
	Position    int64  `bun:",pk"`
	ID          string
	InstanceID  string
	Name        string
	Honorific   string
	PhoneNumber string
	ReferenceID string
	State       string // Available, or why the number is no longer called.
}

// Available is the state of a contact that may be called.
const Available = "Available"

// AddJobs adds jobs to a group, all or none. What is in a job's id, group,
// strategy and time is given here; an empty strategy is the group's. Those that
// may be called wait where the group is a draft or paused. A group that takes no
// more jobs is an InvalidError.
func (s *Store) AddJobs(ctx context.Context, instance, group, strategy string, jobs []Job) error {
	how := toKeep
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.keepInstance(ctx, tx, instance); err != nil {
			return err
		}
		g, err := s.holdGroup(ctx, tx, how, instance, group)
		if err != nil {
			return err
		}
		how = toChange // If the group moves all the same, it does not a second time.
		id := g.StrategyID
		if strategy != "" {
			if id, err = s.addStrategy(ctx, tx, instance, strategy); err != nil {
				return err
			}
		}
		state, err := incoming(g.Status)
		if err != nil {
			return err
		}
		if err := s.addJobs(ctx, tx, g, id, state, jobs); err != nil {
			return err
		}
		if err := s.unmoved(ctx, tx, g); err != nil {
			return err
		}
		return s.follow(ctx, tx, []string{g.ID})
	})
}

// unmoved locks a group that was only kept so far. It returns errMoved where it
// was suspended, resumed, submitted or ended meanwhile, so that jobs are now to
// come into it in another state.
func (s *Store) unmoved(ctx context.Context, tx bun.Tx, g *JobGroup) error {
	now, err := s.holdGroup(ctx, tx, toChange, g.InstanceID, g.ID)
	if err != nil {
		return err
	}
	was, _ := incoming(g.Status)
	if is, refused := incoming(now.Status); refused != nil || is != was {
		return errMoved
	}
	return nil
}

// addJobs adds jobs to a group; what may be called comes in the state given.
func (s *Store) addJobs(ctx context.Context, tx bun.Tx, g *JobGroup, strategyID, state string, jobs []Job) error {
	var contacts []Contact
	for i := range jobs {
		j := &jobs[i]
		j.ID, j.InstanceID, j.GroupID, j.StrategyID, j.CreatedAt = s.o.NewID(), g.InstanceID, g.ID, strategyID, s.now()
		if j.waits() {
			j.Status = state
		}
		for position := range j.Contacts {
			c := &j.Contacts[position]
			c.JobID, c.Position, c.ID, c.InstanceID = j.ID, int64(position), s.o.NewID(), g.InstanceID
			contacts = append(contacts, *c)
		}
	}
	if err := insert(ctx, tx, jobs); err != nil {
		return err
	}
	return insert(ctx, tx, contacts)
}

// waits reports whether a job is to be called once it and its group may.
func (j *Job) waits() bool {
	return j.Status == JobScheduling || j.Status == JobDrafted || j.Status == JobPaused
}

// whole loads what belongs to jobs.
func whole(q *bun.SelectQuery) *bun.SelectQuery {
	return q.
		Relation("Contacts", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("position") }).
		Relation("Tasks", func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("planned_at", "id") })
}

// Job returns a job with its contacts and tasks.
func (s *Store) Job(ctx context.Context, instance, id string) (*Job, error) {
	j := new(Job)
	err := whole(s.read.NewSelect().Model(j)).Where("job.id = ? AND job.instance_id = ?", id, instance).Scan(ctx)
	if err = within(ctx, s.read, instance, found("Job", err)); err != nil {
		return nil, err
	}
	return j, nil
}

// CountJobs returns how many jobs a group has.
func (s *Store) CountJobs(ctx context.Context, group string) (int, error) {
	return s.read.NewSelect().Table("jobs").Where("group_id = ?", group).Count(ctx)
}

// JobsAfter returns the jobs of a group that follow one of them, the newest
// first, at most limit; nil is before the first.
func (s *Store) JobsAfter(ctx context.Context, group string, last *Job, limit int) ([]Job, error) {
	var rows []Job
	q := whole(s.read.NewSelect().Model(&rows)).Where("job.group_id = ?", group).
		OrderExpr("job.created_at DESC, job.id").Limit(limit)
	if last != nil {
		q.Where("job.created_at <= ? AND (job.created_at < ? OR job.id > ?)", last.CreatedAt, last.CreatedAt, last.ID)
	}
	return rows, q.Scan(ctx)
}

// JobsByID returns those of the jobs that there are, in the order of the ids.
func (s *Store) JobsByID(ctx context.Context, instance string, ids []string) ([]Job, error) {
	if err := inInstance(ctx, s.read, instance); err != nil {
		return nil, err
	}
	return s.jobsByID(ctx, instance, ids)
}

func (s *Store) jobsByID(ctx context.Context, instance string, ids []string) ([]Job, error) {
	if len(ids) == 0 {
		return []Job{}, nil
	}
	var rows []Job
	// That an index by instance is of no use here SQLite does not know.
	err := whole(s.read.NewSelect().Model(&rows)).
		Where("job.instance_id || '' = ? AND job.id IN (?)", instance, bun.List(ids)).Scan(ctx)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(rows))
	for i := range rows {
		at[rows[i].ID] = i
	}
	ordered := make([]Job, 0, len(rows))
	for _, id := range ids {
		if i, ok := at[id]; ok {
			ordered = append(ordered, rows[i])
			delete(at, id)
		}
	}
	return ordered, nil
}
