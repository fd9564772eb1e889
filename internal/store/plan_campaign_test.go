package store_test

import (
	"context"
	"errors"
	"regexp"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// jobLists are the pages of jobs, each with a filter of its own.
var jobLists = map[string]store.JobFilter{
	"of an instance":     {},
	"of a group":         {Group: "group"},
	"by status":          {Group: "group", Status: store.JobFailed, FailureReason: "NoAnswer"},
	"made in a time":     {From: 1, To: 2, Aligned: store.TimeCreated},
	"started in a time":  {From: 1, To: 2, Aligned: store.TimeStarted},
	"ended in a time":    {From: 1, To: 2, Aligned: store.TimeEnded},
	"of a group, in one": {Group: "group", From: 1, To: 2},
}

// fewJobs are the pages that an index narrows to a few jobs, which may be sorted.
var fewJobs = map[string]store.JobFilter{
	"by status alone":          {Group: "group", Status: store.JobFailed},
	"by reason alone":          {Group: "group", FailureReason: "Busy"},
	"of a scenario":            {Scenario: "scene"},
	"of a scenario, in a time": {Scenario: "scene", From: 1, To: 2},
}

// jobsOfPeople are the pages of somebody's jobs, and jobsInTime those called or
// done in a time. In SQLite, which does not know how many jobs a group has, they
// must not walk all jobs of a group or an instance.
var jobsOfPeople = map[string]store.JobFilter{
	"by number":                {PhoneNumber: "13800000000"},
	"by name":                  {ContactName: "王芳"},
	"by both":                  {PhoneNumber: "13800000000", ContactName: "王芳"},
	"of a group, by number":    {Group: "group", PhoneNumber: "13800000000"},
	"of a scenario, by number": {Scenario: "scene", PhoneNumber: "13800000000"},
	"by number, begun":         {PhoneNumber: "13800000000", From: 1, To: 2, Aligned: store.TimeStarted},
}

var jobsInTime = map[string]store.JobFilter{
	"of a group, begun":    {Group: "group", From: 1, To: 2, Aligned: store.TimeStarted},
	"of a group, done":     {Group: "group", From: 1, To: 2, Aligned: store.TimeEnded},
	"of a scenario, begun": {Scenario: "scene", From: 1, To: 2, Aligned: store.TimeStarted},
	"of a scenario, done":  {Scenario: "scene", From: 1, To: 2, Aligned: store.TimeEnded},
}

// everyJob is what the plan has of a query that walks all jobs of a group, or of
// an instance.
var (
	everyJob       = regexp.MustCompile(wholeTable.String() + `|jobs_by_(age|group_age|status|start|end)`)
	everyJobByTime = regexp.MustCompile(wholeTable.String() + `|jobs_by_(age|group_age|status)`)
)

// campaignLists is all else that campaigns read or change many rows by.
var campaignLists = map[string]func(ctx context.Context, s *store.Store, task *store.Task) error{
	"JobGroups": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, _, err := s.JobGroups(ctx, task.InstanceID, store.GroupFilter{}, page)
		return err
	},
	"BlockedNumbers": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, _, err := s.BlockedNumbers(ctx, task.InstanceID, page)
		return err
	},
	"CountGroup": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.CountGroup(ctx, task.GroupID)
		return err
	},
	"CountTagHits": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.CountTagHits(ctx, task.GroupID)
		return err
	},
	"TagHits": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.TagHits(ctx, []string{task.ID})
		return err
	},
	"GroupTurns": func(ctx context.Context, s *store.Store, task *store.Task) error {
		return s.GroupTurns(ctx, task.GroupID, func(*store.Turn) error { return nil })
	},
	"JobsByID": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.JobsByID(ctx, task.InstanceID, []string{task.JobID})
		return err
	},
	"LeaseTasks": func(ctx context.Context, s *store.Store, _ *store.Task) error {
		_, err := s.LeaseTasks(ctx, 1, 10)
		return err
	},
	"LateTasks": func(ctx context.Context, s *store.Store, _ *store.Task) error {
		_, err := s.LateTasks(ctx, 10)
		return err
	},
	"CountDue": func(ctx context.Context, s *store.Store, _ *store.Task) error {
		_, err := s.CountDue(ctx, 10)
		return err
	},
	"TaskOfCall": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.TaskOfCall(ctx, task.InstanceID, "call-1")
		return err
	},
	"JobsAfter": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.JobsAfter(ctx, task.GroupID, &store.Job{ID: "job", CreatedAt: 1}, 10)
		return err
	},
	"CountJobs": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.CountJobs(ctx, task.GroupID)
		return err
	},
	"CalledJob": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.CalledJob(ctx, task)
		return err
	},
	"EndTask": func(ctx context.Context, s *store.Store, task *store.Task) error {
		_, err := s.EndTask(ctx, task.InstanceID, task.ID, func(ctx context.Context, e *store.Ending) error {
			_, err := e.Attempts(ctx, "2026-05-01")
			return errors.Join(err, context.Canceled) // It goes on.
		})
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	},
	"FinishTask": func(ctx context.Context, s *store.Store, task *store.Task) error {
		return s.FinishTask(ctx, store.Conversation{Instance: task.InstanceID, Call: "call-2"})
	},
	"MoveJobs": func(ctx context.Context, s *store.Store, task *store.Task) error {
		for _, c := range []store.JobChoice{{All: true}, {Group: task.GroupID}, {Scenario: "scene"}, {IDs: []string{"job"}}, {References: []string{"ref"}}} {
			if _, err := s.MoveJobs(ctx, task.InstanceID, c, []string{store.JobScheduling}, store.JobPaused); err != nil {
				return err
			}
		}
		return nil
	},
	"Dispatch": func(ctx context.Context, s *store.Store, task *store.Task) error {
		return s.Dispatch(ctx, task.InstanceID, func(ctx context.Context, d *store.Dispatch) error {
			d.Settle(task.GroupID)
			if _, err := d.Due(ctx, task.GroupID, 10); err != nil {
				return err
			}
			if _, err := d.Dialled(ctx, "95187", 1, 10, nil); err != nil {
				return err
			}
			if _, err := d.Attempts(ctx, []string{"138"}, "2026-05-01"); err != nil {
				return err
			}
			if _, err := d.LastCalls(ctx, []string{"138"}); err != nil {
				return err
			}
			if _, err := d.Strategies(ctx, []string{task.JobID}); err != nil {
				return err
			}
			if err := d.Postpone(ctx, task.GroupID, "strategy", 1); err != nil {
				return err
			}
			_, err := d.Blocked(ctx, []string{"138"})
			return err
		})
	},
}

// Every list of a campaign finds its rows through an index, and pages of jobs
// their order as well.
func TestEveryListOfACampaignUsesAnIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		task := openTask(t, s)
		if _, err := s.TaskAnswered(t.Context(), "inst", task.ID, "call-1"); err != nil {
			t.Fatal(err)
		}
		p := &planner{t: t, s: s, queries: new(recorder)}
		s.Record(p.queries)
		jobs := func(f store.JobFilter) func() error {
			if f.Group != "" {
				f.Group = task.GroupID
			}
			return func() error {
				_, _, err := s.Jobs(t.Context(), task.InstanceID, f, page)
				return err
			}
		}
		for name, f := range jobLists {
			p.check("jobs "+name, withoutIndex, jobs(f))
		}
		for name, f := range fewJobs {
			p.check("jobs "+name, wholeTable, jobs(f))
		}
		people, times := everyJob, everyJobByTime
		if s.IsPostgres() { // It goes by how many there are.
			people, times = wholeTable, wholeTable
		}
		for name, f := range jobsOfPeople {
			p.check("jobs "+name, people, jobs(f))
		}
		for name, f := range jobsInTime {
			p.check("jobs "+name, times, jobs(f))
		}
		for name, list := range campaignLists {
			p.check(name, wholeTable, func() error { return list(t.Context(), s, &task) })
		}
	})
}
