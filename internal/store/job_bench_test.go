package store_test

import (
	"flag"
	"os"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// manyJobs is how many jobs BenchmarkJobs looks among. The figures in
// benchmarks/README.md are of -jobs 1000000.
var manyJobs = flag.Int("jobs", 20_000, "how many jobs BenchmarkJobs looks among")

// Nine in ten jobs are of the first group, the others of ten more, which are of
// a scenario. A hundredth have the same name, two the same number.
var fillJobs = []string{
	`INSERT INTO instances (id, name, description, max_calls, created_at, updated_at) VALUES ('inst', 'inst', '', 10, 0, 0)`,
	`INSERT INTO strategies (id, instance_id, document, created_at) VALUES ('s', 'inst', '{}', 0)`,
	`INSERT INTO job_groups (id, instance_id, script_id, strategy_id, name, description, scenario_id, status, failure_reason,
		calling_numbers, recall, ringing_seconds, priority, min_concurrency, job_file, parsing_task_id, started_at, created_at, updated_at)
	WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
	SELECT 'group-' || i, 'inst', 'script', 's', 'g', '', CASE WHEN i = 0 THEN '' ELSE 'scene' END, 'Executing', '', '[]', '', 0, 0, 0, '', '', 1, i, i FROM n`,
	`INSERT INTO jobs (id, instance_id, group_id, strategy_id, reference_id, status, failure_reason, calling_numbers, extras,
		contact, next_at, deadline, calling_number, held, created_at, actual_at, ended_at)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
	SELECT 'job-' || (10000000 + i), 'inst', 'group-' || (CASE WHEN i % 10 = 0 THEN 1 + i / 10 % 10 ELSE 0 END), 's', 'ref-' || i,
		CASE WHEN i % 7 < 4 THEN 'Succeeded' WHEN i % 7 < 6 THEN 'Failed' ELSE 'Scheduling' END,
		CASE WHEN i % 7 = 4 THEN 'NoAnswer' WHEN i % 7 = 5 THEN 'Busy' ELSE '' END, '[]', '[]', 0, 0, 0, '95187', '',
		1777600000000 + i / 100, CASE WHEN i % 7 < 6 THEN 1777600000000 + i * 10 ELSE 0 END, CASE WHEN i % 7 < 6 THEN 1777600060000 + i * 10 ELSE 0 END FROM n`,
	`INSERT INTO contacts (job_id, position, id, instance_id, name, honorific, phone_number, reference_id, state)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
	SELECT 'job-' || (10000000 + i), 0, 'contact-' || i, 'inst', 'name-' || (i % 100), '', '138' || (10000000 + i / 2), '', 'Available' FROM n`,
}

// jobFilters are the filters of QueryJobs and ListJobsByGroup, alone and as they
// are used together.
var jobFilters = []struct {
	name string
	page store.Page
	f    store.JobFilter
}{
	{"all", store.Page{}, store.JobFilter{}},
	{"all, page 100", store.Page{Number: 100, Size: 100}, store.JobFilter{}},
	{"group", store.Page{}, store.JobFilter{Group: "group-0"}},
	{"group, status", store.Page{}, store.JobFilter{Group: "group-0", Status: store.JobFailed}},
	{"group, status, reason", store.Page{}, store.JobFilter{Group: "group-0", Status: store.JobFailed, FailureReason: "Busy"}},
	{"group, reason", store.Page{}, store.JobFilter{Group: "group-0", FailureReason: "Busy"}},
	{"scenario", store.Page{}, store.JobFilter{Scenario: "scene"}},
	{"number", store.Page{}, store.JobFilter{PhoneNumber: "13810005000"}},
	{"name", store.Page{}, store.JobFilter{ContactName: "name-42"}},
	{"group, number", store.Page{}, store.JobFilter{Group: "group-0", PhoneNumber: "13810005000"}},
	{"group, name", store.Page{}, store.JobFilter{Group: "group-0", ContactName: "name-42"}},
	{"made", store.Page{}, store.JobFilter{From: 1777600000000, To: 1777600000100}},
	{"made since", store.Page{}, store.JobFilter{From: 1777600000000}},
	{"started", store.Page{}, store.JobFilter{From: 1777600000000, To: 1777600100000, Aligned: store.TimeStarted}},
	{"ended", store.Page{}, store.JobFilter{From: 1777600060000, To: 1777600160000, Aligned: store.TimeEnded}},
	{"group, started", store.Page{}, store.JobFilter{Group: "group-0", From: 1777600000000, To: 1777600100000, Aligned: store.TimeStarted}},
	{"group, ended", store.Page{}, store.JobFilter{Group: "group-0", From: 1777600060000, To: 1777600160000, Aligned: store.TimeEnded}},
}

// BenchmarkJobs reads a page of jobs, with how many there are in all, by each
// filter.
func BenchmarkJobs(b *testing.B) {
	run := func(b *testing.B, o store.Options) {
		s := storetest.Open(b, o)
		for _, statement := range fillJobs {
			var args []any
			if statement[:17] == "INSERT INTO jobs " || statement[:20] == "INSERT INTO contacts" {
				args = append(args, *manyJobs)
			}
			if _, err := s.DB().ExecContext(b.Context(), statement, args...); err != nil {
				b.Fatal(err)
			}
		}
		if o.Database != "" { // As the server does by itself, a little later.
			if _, err := s.DB().ExecContext(b.Context(), "ANALYZE"); err != nil {
				b.Fatal(err)
			}
		}
		for _, by := range jobFilters {
			page := by.page
			if page.Number == 0 {
				page = store.Page{Number: 1, Size: 10}
			}
			b.Run(by.name, func(b *testing.B) {
				for b.Loop() {
					if jobs, _, err := s.Jobs(b.Context(), "inst", by.f, page); err != nil || len(jobs) == 0 {
						b.Fatalf("%d jobs: %v", len(jobs), err)
					}
				}
			})
		}
	}
	b.Run("sqlite", func(b *testing.B) { run(b, storetest.SQLite(b)) })
	if os.Getenv(storetest.Variable) != "" {
		b.Run("postgres", func(b *testing.B) { run(b, storetest.Postgres(b)) })
	}
}
