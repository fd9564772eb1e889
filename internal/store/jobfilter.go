package store

import (
	"context"

	"github.com/uptrace/bun"
)

// JobFilter chooses jobs; zero values choose all.
type JobFilter struct {
	Group         string
	Scenario      string
	Status        string
	FailureReason string
	ContactName   string
	PhoneNumber   string

	From, To int64  // Bounds, Unix milliseconds, included; 0: none.
	Aligned  string // What they bound: TimeCreated and the like.
}

// What the bounds of a JobFilter are about, by the column.
const (
	TimeCreated = "created_at"
	TimeStarted = "actual_at"
	TimeEnded   = "ended_at"
)

// Jobs returns a page of the jobs of an instance, newest first by the time that
// the filter is about. There may be a million: which they are, and how many, is
// found in an index, and only those of the page are read.
func (s *Store) Jobs(ctx context.Context, instance string, f JobFilter, p Page) ([]Job, int, error) {
	if f.Group != "" {
		if _, err := s.JobGroup(ctx, instance, f.Group); err != nil {
			return nil, 0, err
		}
	} else if err := inInstance(ctx, s.read, instance); err != nil {
		return nil, 0, err
	}
	if f.Aligned == "" {
		f.Aligned = TimeCreated
	}
	var page []jobID
	q := f.on(s.read.NewSelect().Model(&page), instance).
		OrderExpr("job.? DESC, job.id", bun.Ident(f.Aligned))
	total, err := list(ctx, q, p, &page)
	if err != nil {
		return nil, 0, err
	}
	ids := make([]string, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	jobs, err := s.jobsByID(ctx, instance, ids)
	return jobs, total, err
}

// jobID is a job of which no more is asked than which it is.
type jobID struct {
	bun.BaseModel `bun:"table:jobs,alias:job"`

	ID string
}

// on puts the filter on a query of jobs. SQLite takes the first index that might
// do, so it is kept from those that others are better than: a column in an
// expression is looked for in none.
func (f *JobFilter) on(q *bun.SelectQuery, instance string) *bun.SelectQuery {
	f.within(q, instance)
	if f.Status != "" {
		q.Where("job.status = ?", f.Status)
	}
	if f.FailureReason != "" {
		q.Where("job.failure_reason = ?", f.FailureReason)
		if f.Status == "" { // The index has the state before the reason.
			q.Where("job.status IN (?)", bun.List([]string{
				JobDrafted, JobScheduling, JobExecuting, JobPaused, JobSucceeded, JobFailed, JobCancelled,
			}))
		}
	}
	for _, equal := range []struct{ column, value string }{
		{"phone_number", f.PhoneNumber}, {"name", f.ContactName},
	} {
		if equal.value != "" {
			q.Where("job.id IN (SELECT job_id FROM contacts WHERE instance_id = ? AND ? = ?)", instance, bun.Ident(equal.column), equal.value)
		}
	}
	if f.From > 0 {
		q.Where("job.? >= ?", bun.Ident(f.Aligned), f.From)
	}
	if f.To > 0 {
		q.Where("job.? <= ?", bun.Ident(f.Aligned), f.To)
	}
	if f.Aligned != TimeCreated {
		q.Where("job.? > 0", bun.Ident(f.Aligned))
	}
	return q
}

// within bounds a query to the jobs of an instance, a group or a scenario: by
// the people it is about where it names some, else by the time, else by the
// group.
func (f *JobFilter) within(q *bun.SelectQuery, instance string) {
	const scenario = "IN (SELECT id FROM job_groups WHERE instance_id = ? AND scenario_id = ?)"
	people, timed := f.PhoneNumber+f.ContactName != "", f.Aligned != TimeCreated
	switch {
	case people:
		q.Where("job.instance_id || '' = ?", instance)
	case timed || f.Group+f.Scenario == "":
		q.Where("job.instance_id = ?", instance)
	}
	column := "job.group_id"
	if people || timed {
		column = "job.group_id || ''"
	}
	if f.Group != "" {
		q.Where("? = ?", bun.Safe(column), f.Group)
	}
	if f.Scenario != "" {
		q.Where("? "+scenario, bun.Safe(column), instance, f.Scenario)
	}
}
