package campaign

import (
	"context"
	"strings"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// Report is what became of jobs, beside what the jobs say themselves.
type Report struct {
	Groups map[string]*store.JobGroup // By id.
	Hits   map[string][]session.Tag   // By task.
	Turns  map[string][]store.Turn    // By task; only where it was asked for.
}

// Tags says in one line which tags the calls of a job hit.
func (r *Report) Tags(j *store.Job) string {
	var names []string
	for i := range j.Tasks {
		for _, hit := range r.Hits[j.Tasks[i].ID] {
			name := hit.Name
			if hit.Group != "" {
				name = hit.Group + "/" + hit.Name
			}
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Report tells what became of jobs of an instance, with the conversations if
// asked for.
func (c *Campaigns) Report(ctx context.Context, instance string, jobs []store.Job, conversations bool) (*Report, error) {
	r := &Report{Groups: map[string]*store.JobGroup{}, Turns: map[string][]store.Turn{}}
	var tasks []string
	for i := range jobs {
		if r.Groups[jobs[i].GroupID] == nil {
			g, err := c.o.Store.JobGroup(ctx, instance, jobs[i].GroupID)
			if err != nil {
				return nil, err
			}
			r.Groups[jobs[i].GroupID] = g
		}
		for n := range jobs[i].Tasks {
			t := &jobs[i].Tasks[n]
			tasks = append(tasks, t.ID)
			if !conversations || t.CallID == "" {
				continue
			}
			turns, err := c.o.Store.Turns(ctx, instance, t.CallID)
			if err != nil {
				return nil, err
			}
			r.Turns[t.ID] = turns
		}
	}
	var err error
	r.Hits, err = c.o.Store.TagHits(ctx, tasks)
	return r, err
}

// Job returns a job with all that became of it.
func (c *Campaigns) Job(ctx context.Context, instance, id string) (*store.Job, *Report, error) {
	j, err := c.o.Store.Job(ctx, instance, id)
	if err != nil {
		return nil, nil, err
	}
	r, err := c.Report(ctx, instance, []store.Job{*j}, true)
	return j, r, err
}

// JobsByID returns those of the jobs that there are, with all that became of them.
func (c *Campaigns) JobsByID(ctx context.Context, instance string, ids []string) ([]store.Job, *Report, error) {
	jobs, err := c.o.Store.JobsByID(ctx, instance, ids)
	if err != nil {
		return nil, nil, err
	}
	r, err := c.Report(ctx, instance, jobs, true)
	return jobs, r, err
}

// Jobs returns a page of jobs, without their conversations.
func (c *Campaigns) Jobs(ctx context.Context, instance string, f store.JobFilter, p store.Page) ([]store.Job, *Report, int, error) {
	jobs, total, err := c.o.Store.Jobs(ctx, instance, f, p)
	if err != nil {
		return nil, nil, 0, err
	}
	r, err := c.Report(ctx, instance, jobs, false)
	return jobs, r, total, err
}
