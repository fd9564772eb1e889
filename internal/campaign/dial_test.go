package campaign_test

import (
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// lineIsDead lets every dial fail, after it rang or without.
func (w *world) lineIsDead(rings bool) {
	w.fault = func() (bool, bool) { return rings, true }
}

// lastTask returns the newest task of a job.
func (w *world) lastTask(job string) store.Task {
	w.t.Helper()
	j, err := w.store.Job(w.t.Context(), "inst", job)
	if err != nil || len(j.Tasks) == 0 {
		w.t.Fatalf("%d tasks: %v", len(j.Tasks), err)
	}
	return j.Tasks[len(j.Tasks)-1]
}

// one assigns somebody to be called, in a group of their own.
func (w *world) one() (job string) {
	w.t.Helper()
	return w.assigned(w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy}), rule{}, [][]string{{"1"}})[0]
}

// A call whose dial could not be over at its deadline is not begun, and is given
// up only when one that was begun before could no longer ring.
func TestADialComesTooLate(t *testing.T) {
	for _, rings := range []bool{false, true} {
		each(t, func(t *testing.T, w *world) {
			job := w.one()
			w.lineIsDead(false)
			for _, wait := range []time.Duration{0, 31 * time.Second, 31 * time.Second} {
				w.pass(wait)
			}
			w.lineIsDead(rings)
			w.pass(32 * time.Second) // The last time that there is for it.
			w.fault = nil
			w.pass(31 * time.Second)
			if n := len(w.rings); n > 1 || n == 1 != rings {
				t.Errorf("after two minutes it rang %d times", n)
			}
			for n := range w.dialled {
				if w.dialled[n] > 1 {
					t.Errorf("it was dialled %d times", w.dialled[n])
				}
			}
			w.pass(69 * time.Second) // It may ring until then, and be told of a little later.
			if task := w.lastTask(job); task.EndedAt != 0 {
				t.Errorf("it was given up at %v", time.UnixMilli(task.EndedAt).In(shanghai))
			}
			w.pass(2 * time.Second)
			if task := w.lastTask(job); task.FailureReason != string(campaign.GatewayError) {
				t.Errorf("it ended %s %q", task.Status, task.FailureReason)
			}
			// The interval counts from there.
			if n := w.pass(time.Hour - 2*time.Second); n != 0 {
				t.Error("it was called again too early")
			}
			if n := w.pass(4 * time.Second); n != 1 {
				t.Error("it was not called again")
			}
		})
	}
}

// A gateway that takes a call after long thought has it: nobody gives it up.
func TestADialTakesItsTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		job := w.one()
		w.lineIsDead(false)
		for _, wait := range []time.Duration{0, 31 * time.Second, 31 * time.Second} {
			w.pass(wait)
		}
		w.fault = func() (rings, fails bool) {
			w.now = w.now.Add(24 * time.Second)
			return true, false
		}
		w.pass(32 * time.Second)
		w.fault = nil
		w.pass(10 * time.Second)
		if task := w.lastTask(job); task.Status != store.TaskRinging || len(w.rings) != 1 {
			t.Errorf("it is %s %q and rang %d times", task.Status, task.FailureReason, len(w.rings))
		}
	})
}

// A group that is deleted between the decision to call and the dial calls
// nobody.
func TestAGroupIsDeletedBeforeItDials(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g := w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy})
		w.assigned(g, rule{}, [][]string{{"1"}, {"2"}})
		w.lineIsDead(false)
		w.tick()
		w.fault = nil
		asked := 0
		now := func() time.Time {
			if asked++; asked == 2 { // The tasks are taken over, and not yet dialled.
				if err := w.campaigns.DeleteGroup(t.Context(), "inst", g.ID); err != nil {
					t.Error(err)
				}
			}
			return w.clock()
		}
		c, err := campaign.New(campaign.Options{Store: w.store, Gateway: w, Now: now, Zone: shanghai})
		if err != nil {
			t.Fatal(err)
		}
		w.mu.Lock()
		w.now = w.now.Add(31 * time.Second)
		w.mu.Unlock()
		if n, err := c.Tick(t.Context()); n != 0 || err != nil || len(w.rings) != 0 {
			t.Errorf("%d calls after the group was deleted: %v", len(w.rings), err)
		}
	})
}

// A call that was announced and never began holds its place for a minute, however
// often it is announced.
func TestACallIsAnnouncedAndNeverBegins(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		job := w.one()
		w.tick()
		task := w.lastTask(job)
		for _, wait := range []time.Duration{59 * time.Second, 2 * time.Second} {
			if _, _, err := w.campaigns.Answered(t.Context(), "inst", task.ID, "call"); err != nil {
				t.Fatal(err)
			}
			w.pass(wait)
		}
		if task = w.lastTask(job); task.Status != store.TaskFailed || task.FailureReason != string(campaign.GatewayError) {
			t.Errorf("after a minute it is %s %q", task.Status, task.FailureReason)
		}
	})
}

// A conversation that has begun is given four hours, and no more.
func TestACallIsAnnouncedAndTalks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		job := w.one()
		w.tick()
		task := w.lastTask(job)
		if _, _, err := w.campaigns.Answered(t.Context(), "inst", task.ID, "call"); err != nil {
			t.Fatal(err)
		}
		err := w.store.Sessions().Commit(t.Context(), &session.Turn{
			Key: session.Key{Instance: "inst", Call: "call"}, State: &session.State{Revision: 1}, Input: &session.Input{}, Feedback: &session.Feedback{},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			wait time.Duration
			want string
		}{{2 * time.Minute, store.TaskExecuting}, {3*time.Hour + 57*time.Minute, store.TaskExecuting}, {2 * time.Minute, store.TaskSucceeded}} {
			w.pass(step.wait)
			if task = w.lastTask(job); task.Status != step.want {
				t.Errorf("at %v it is %s %q", w.now.Format(time.TimeOnly), task.Status, task.FailureReason)
			}
		}
		if task.EndReason != "TIMEOUT" {
			t.Errorf("it ended %q", task.EndReason)
		}
	})
}
