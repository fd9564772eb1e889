package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// openTask makes an instance with one job that is being called, and returns the
// task of it.
func openTask(t *testing.T, s *store.Store) (task store.Task) {
	t.Helper()
	ctx := t.Context()
	if _, err := s.CreateInstance(ctx, store.Instance{ID: "inst", Name: "inst", MaxCalls: 10}); err != nil {
		t.Fatal(err)
	}
	g := &store.JobGroup{InstanceID: "inst", ScriptID: "script", Name: "g", Status: store.GroupScheduling}
	if err := s.AddJobGroup(ctx, g); err != nil {
		t.Fatal(err)
	}
	jobs := []store.Job{{Status: store.JobScheduling, Deadline: 1 << 60, Contacts: []store.Contact{{PhoneNumber: "138", State: store.Available}}}}
	if err := s.AddJobs(ctx, "inst", g.ID, "", jobs); err != nil {
		t.Fatal(err)
	}
	err := s.Dispatch(ctx, "inst", func(ctx context.Context, d *store.Dispatch) error {
		tasks := []store.Task{{JobID: jobs[0].ID, CallingNumber: "95187", CalledNumber: "138", Deadline: 1 << 60}}
		err := d.Start(ctx, g.ID, tasks, []store.DialDay{{CalledNumber: "138", Day: "2026-05-01"}})
		task = tasks[0]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return task
}

// The turn that ends a call ends its task and its job with it, and counts its tags.
func TestATaskEndsWithItsCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		task := openTask(t, s)
		if _, err := s.TaskAnswered(t.Context(), "inst", task.ID, "call-1"); err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, key("call-1"), state(1))
		over := state(2)
		over.Ended = session.ClientHangup
		err := s.Sessions().Commit(t.Context(), &session.Turn{
			Key: key("call-1"), State: &over, Input: &session.Input{Kind: session.Hangup}, Feedback: &session.Feedback{},
			Hits: []session.Tag{{Group: "意向", Name: "高"}, {Name: "回访"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Task(t.Context(), "inst", task.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != store.TaskSucceeded || got.EndReason != "CLIENT_HANGUP" || got.HangUpDirection != "client" || got.EndedAt == 0 {
			t.Errorf("the task is %+v", got)
		}
		job, err := s.Job(t.Context(), "inst", task.JobID)
		if err != nil || job.Status != store.JobSucceeded || job.EndedAt == 0 {
			t.Errorf("the job is %+v, %v", job, err)
		}
		hits, err := s.CountTagHits(t.Context(), task.GroupID)
		if err != nil {
			t.Fatal(err)
		}
		want := []store.TagCount{{TagName: "回访", N: 1}, {TagGroup: "意向", TagName: "高", N: 1}}
		if diff := cmp.Diff(want, hits); diff != "" {
			t.Errorf("tags: %s", diff)
		}
	})
}

// Of the calls that claim a task, the first has it.
func TestATaskHasOneCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		task := openTask(t, s)
		for range 2 {
			if _, err := s.TaskAnswered(t.Context(), "inst", task.ID, "call-1"); err != nil {
				t.Error(err)
			}
		}
		if _, err := s.TaskAnswered(t.Context(), "inst", task.ID, "call-2"); err == nil {
			t.Error("another call has the task as well")
		}
		if _, err := s.TaskAnswered(t.Context(), "other", task.ID, "call-1"); err == nil {
			t.Error("another instance has the task")
		}
	})
}

// Of many calls that claim tasks at once, each task has one, and a call one task.
func TestManyCallsClaimTasksAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const tasks, calls = 20, 4
		w := newThrong(t, s, 1, 2*tasks)
		var all sync.WaitGroup
		var had atomic.Int64
		claim := func(instance, task, call string) {
			all.Go(func() {
				got, err := s.TaskAnswered(t.Context(), instance, task, call)
				if err == nil && got.CallID != call {
					t.Errorf("call %s has the task of %s", call, got.CallID)
				}
				if err == nil {
					had.Add(1)
				}
			})
		}
		for i := range 2 * tasks {
			task := w.tasks[i].ID // Every other one has a call of its own name.
			for n := range calls {
				claim("inst", task, fmt.Sprint("call-", i, "-", n))
			}
			claim("other", task, fmt.Sprint("call-", i))
			if i%2 == 0 {
				claim("inst", task, task)
			}
			claim("inst", task, "all the same")
		}
		all.Wait()
		if had.Load() < 2*tasks {
			t.Errorf("%d of %d tasks have a call", had.Load(), 2*tasks)
		}
		bound := map[string]bool{}
		for i := range w.tasks {
			task, err := s.Task(t.Context(), "inst", w.tasks[i].ID)
			if err != nil || task.CallID == "" || bound[task.CallID] {
				t.Errorf("task %d has call %q: %v", i, task.CallID, err)
			}
			bound[task.CallID] = true
		}
	})
}
