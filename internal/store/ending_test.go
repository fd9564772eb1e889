package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// Ends that come together are written together, and none of them fails for
// another.
func TestManyTasksEndAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const jobs = 60
		w := newThrong(t, s, 2, jobs)
		undecided := errors.New("undecided")
		var all sync.WaitGroup
		var ended atomic.Int64
		end := func(instance string, task *store.Task, decided, want error) {
			all.Go(func() {
				did, err := s.EndTask(t.Context(), instance, task.ID, func(ctx context.Context, e *store.Ending) error {
					n, err := e.Attempts(ctx, "2026-05-01")
					if err != nil || n == 0 || e.Task.ID != task.ID || e.Job.ID != task.JobID || e.Group.ID != task.GroupID ||
						e.Strategy != "{}" || len(e.Job.Contacts) != 1 {
						t.Errorf("the end of %s is %+v, after %d attempts: %v", task.ID, e, n, err)
					}
					e.Task.Status, e.Task.FailureReason = store.TaskFailed, "Busy"
					e.Job.Status, e.Job.FailureReason = store.JobFailed, "Busy"
					if e.Task.CallID == "" {
						e.Task.CallID = "0" // As some call centres name them all.
					}
					return decided
				})
				if did {
					ended.Add(1)
				}
				if !errors.Is(err, want) && !errors.As(err, new(*store.NotFoundError)) || (err == nil) != (want == nil) {
					t.Errorf("the end of %s: %v, want %v", task.ID, err, want)
				}
			})
		}
		missing := &store.NotFoundError{Thing: "Task"}
		for i := range w.tasks {
			task := &w.tasks[i]
			if i%10 == 0 {
				end("inst", task, undecided, undecided)
				continue
			}
			end("inst", task, nil, nil)
			end("inst", task, nil, nil) // Telling twice is safe.
			end("other", task, nil, missing)
		}
		end("inst", &store.Task{ID: "none"}, nil, missing)
		all.Wait()
		if want := int64(len(w.tasks) * 9 / 10); ended.Load() != want {
			t.Errorf("%d tasks ended, want %d", ended.Load(), want)
		}
		alike := 0
		for i := range w.tasks {
			task, err := s.Task(t.Context(), "inst", w.tasks[i].ID)
			if err != nil {
				t.Fatal(err)
			}
			if task.CallID == "0" {
				alike++
			}
			job, err := s.Job(t.Context(), "inst", task.JobID)
			if err != nil {
				t.Fatal(err)
			}
			open := i%10 == 0
			if (task.EndedAt == 0) != open || (job.EndedAt == 0) != open || (job.FailureReason == "") != open {
				t.Errorf("task %d is %s, its job %s %q", i, task.Status, job.Status, job.FailureReason)
			}
		}
		if alike != 1 {
			t.Errorf("%d tasks have the call that all were named after", alike)
		}
	})
}

// A store that is closed ends nothing more.
func TestATaskEndsAfterTheStore(t *testing.T) {
	s, err := store.Open(t.Context(), withClock(storetest.SQLite(t)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if did, err := s.EndTask(t.Context(), "inst", "task", nil); did || err == nil {
		t.Error("a task ended after the store was closed")
	}
}

func withClock(o store.Options) store.Options {
	o.Now = storetest.NewClock().Now
	return o
}
