package campaign_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// called returns whom the calls so far went to, in order, with from and to.
func (w *world) calledFrom() (calls []string) {
	for _, r := range w.rings {
		calls = append(calls, r.from+" "+r.called)
	}
	return calls
}

// failLast tells that the last call failed, now.
func (w *world) failLast(reason campaign.Reason) {
	w.t.Helper()
	last := w.rings[len(w.rings)-1]
	if err := w.campaigns.Failed(w.t.Context(), "inst", last.task, campaign.Failure{Reason: reason}); err != nil {
		w.t.Fatal(err)
	}
}

// states returns the status of a job and of its group.
func (w *world) states(job string) string {
	w.t.Helper()
	j, err := w.store.Job(w.t.Context(), "inst", job)
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := w.store.JobGroup(w.t.Context(), "inst", j.GroupID)
	if err != nil {
		w.t.Fatal(err)
	}
	return j.Status + ", group " + g.Status
}

// pass lets time pass and dispatches, and returns how many were called.
func (w *world) pass(d time.Duration) int {
	w.t.Helper()
	w.mu.Lock()
	w.now = w.now.Add(d)
	w.mu.Unlock()
	return w.tick()
}

// each runs a test on a world at nine in the morning, on both engines.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		w := newWorld(t, place)
		w.seed()
		w.at(9, 0)
		test(t, w)
	})
}

// Whoever is suspended or cancelled while being called is not called again.
func TestAJobIsSuspendedDuringItsCall(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g := w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy})
		choice := store.JobChoice{Group: g.ID}
		job := w.assigned(g, rule{}, [][]string{{"1"}})[0]
		w.tick()
		if err := w.campaigns.Suspend(t.Context(), "inst", choice); err != nil {
			t.Fatal(err)
		}
		w.failLast(campaign.Busy)
		if n, got := w.pass(2*time.Hour), w.states(job); n != 0 || got != "Paused, group Paused" {
			t.Errorf("after it was suspended %d calls; it is %s", n, got)
		}
		if err := w.campaigns.Resume(t.Context(), "inst", choice); err != nil {
			t.Fatal(err)
		}
		w.pass(4 * time.Hour)
		if len(w.rings) != 2 {
			t.Errorf("after it was resumed: %v", w.calledFrom())
		}
		if err := w.campaigns.Suspend(t.Context(), "inst", choice); err != nil {
			t.Fatal(err)
		}
		if err := w.campaigns.Cancel(t.Context(), "inst", choice); err != nil {
			t.Fatal(err)
		}
		if err := w.campaigns.Resume(t.Context(), "inst", choice); err != nil {
			t.Fatal(err)
		}
		w.failLast(campaign.Busy)
		if n, got := w.pass(24*time.Hour), w.states(job); n != 0 || got != "Cancelled, group Cancelled" {
			t.Errorf("after it was cancelled %d calls; it is %s", n, got)
		}
	})
}

// The time of a draft's jobs begins when it is submitted.
func TestADraftIsSubmittedLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g, err := w.campaigns.CreateGroup(t.Context(), "inst", campaign.GroupDraft{Name: "一", ScriptID: "script"}, false)
		if err != nil {
			t.Fatal(err)
		}
		w.assigned(g, rule{}, [][]string{{"1"}})
		w.assigned(g, afternoons, [][]string{{"2"}})
		w.pass(28 * time.Hour)
		if err := w.campaigns.SubmitGroup(t.Context(), "inst", g.ID); err != nil {
			t.Fatal(err)
		}
		if n := w.pass(0); n != 2 {
			t.Errorf("%d calls on the next day", n)
		}
	})
}

// A new strategy of a group holds for the jobs it has, but not for those that
// have their own.
func TestAGroupGetsANewStrategy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g := w.emptyGroup("一", campaign.GroupDraft{Strategy: afternoons.strategy})
		w.assigned(g, rule{}, [][]string{{"1"}})
		w.assigned(g, afternoons, [][]string{{"2"}})
		if n := w.tick(); n != 0 {
			t.Fatalf("%d calls in the morning", n)
		}
		if _, err := w.campaigns.ModifyGroup(t.Context(), "inst", g.ID, campaign.GroupDraft{Strategy: allDay.strategy}); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		if diff := cmp.Diff([]string{"95187 1"}, w.calledFrom()); diff != "" {
			t.Error(diff)
		}
	})
}

// Two groups that have the same number call it one after the other, an interval
// apart, and together not more often than a day allows.
func TestGroupsShareANumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, name := range []string{"一", "二"} {
			w.assigned(w.emptyGroup(name, campaign.GroupDraft{Strategy: allDay.strategy}), rule{}, [][]string{{"1"}})
		}
		for _, step := range []struct {
			pass  time.Duration
			calls int
		}{{0, 1}, {time.Minute, 0}, {58 * time.Minute, 0}, {2 * time.Minute, 1}, {90 * time.Minute, 0}, {4 * time.Hour, 0}, {20 * time.Hour, 1}} {
			if n := w.pass(step.pass); n != step.calls {
				t.Errorf("at %v %d calls, not %d", w.now.Format(time.DateTime), n, step.calls)
			}
			if step.calls > 0 {
				w.failLast(campaign.Busy)
			}
		}
	})
}

// A contact that was called as often as a day allows is passed over.
func TestAnotherContactIsCalled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.assigned(w.emptyGroup("一", campaign.GroupDraft{Strategy: afternoons.strategy, Priority: 1}), rule{}, [][]string{{"1"}})
		w.assigned(w.emptyGroup("二", campaign.GroupDraft{Strategy: afternoons.strategy}), rule{}, [][]string{{"1", "2"}})
		w.at(13, 0)
		w.tick()
		if diff := cmp.Diff([]string{"95187 1", "95187 2"}, w.calledFrom()); diff != "" {
			t.Error(diff)
		}
	})
}

// A retry shows another number when the instance no longer has the first one.
func TestACallingNumberIsDeleted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.assigned(w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy}), rule{}, [][]string{{"1"}})
		w.tick()
		w.failLast(campaign.Busy)
		numbers, _, err := w.store.OutboundNumbers(t.Context(), "inst", store.Page{Number: 1, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		for i := range numbers {
			if numbers[i].Number == "95187" {
				if err := w.store.DeleteOutboundNumber(t.Context(), "inst", numbers[i].ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.pass(time.Hour)
		if diff := cmp.Diff([]string{"95187 1", "95188 1"}, w.calledFrom()); diff != "" {
			t.Error(diff)
		}
	})
}

// Jobs whose own number is at its limit do not keep those behind them waiting.
func TestOthersDoNotWaitForANumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g := w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy})
		for _, from := range []string{"95187", "95188"} {
			jobs := make([]store.Job, 100)
			for i := range jobs {
				jobs[i] = store.Job{Extras: "[]", Contacts: []store.Contact{{PhoneNumber: from + number(i), State: store.Available}}}
			}
			if _, err := w.campaigns.Assign(t.Context(), "inst", campaign.Assignment{Group: g.ID, Jobs: jobs, CallingNumbers: []string{from}}); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Millisecond)
			w.endAll(campaign.NoAnswer)
		}
		w.pass(time.Second)
		w.endAll(campaign.NoAnswer)
		w.pass(time.Second)
		if len(w.rings) != 2*rate {
			t.Errorf("%d calls in the first minute", len(w.rings))
		}
	})
}

// LocalFirst prefers a number of the callee's area, while it may call.
func TestLocalFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.store.CreateOutboundNumber(t.Context(), store.OutboundNumber{InstanceID: "inst", Number: "02188", RateLimitCount: 2, RateLimitPeriod: 60})
		if err != nil {
			t.Fatal(err)
		}
		g := w.emptyGroup("一", campaign.GroupDraft{Strategy: `{"routingStrategy":"LocalFirst"}`})
		w.assigned(g, rule{}, [][]string{{"0211"}, {"0101"}, {"0212"}, {"0213"}})
		w.tick()
		got := map[string]int{}
		for _, r := range w.rings {
			got[r.from+" "+r.called[:3]]++
		}
		if diff := cmp.Diff(map[string]int{"02188 021": 2, "95187 021": 1, "95187 010": 1}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A call that was decided on but not placed in time is not placed outside of
// the hours, nor to a number that was blocked meanwhile.
func TestACallIsPlacedTooLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.assigned(w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy}), rule{}, [][]string{{"1"}, {"2"}, {"3"}})
		w.at(11, 58)
		w.fault = func() (rings, fails bool) { return false, true }
		w.tick()
		w.fault = nil
		if _, err := w.store.BlockNumbers(t.Context(), "inst", []store.BlockedNumber{{Number: "2"}}); err != nil {
			t.Fatal(err)
		}
		w.pass(31 * time.Second)
		if len(w.rings) != 2 {
			t.Errorf("half a minute later: %v", w.calledFrom())
		}
		w.assigned(w.emptyGroup("二", campaign.GroupDraft{Strategy: allDay.strategy}), rule{}, [][]string{{"4"}})
		w.at(11, 59)
		w.fault = func() (rings, fails bool) { return false, true }
		w.tick()
		w.fault = nil
		w.pass(61 * time.Second)
		if len(w.rings) != 2 {
			t.Errorf("after twelve: %v", w.calledFrom())
		}
	})
}

// A group whose last jobs are cancelled while they are paused is not paused any
// more: it is done, or goes on with the call there is.
func TestPausedJobsAreCancelled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g := w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy})
		choice := store.JobChoice{Group: g.ID}
		first := w.assigned(g, rule{}, [][]string{{"1"}})[0]
		w.tick()
		second := w.assigned(g, rule{}, [][]string{{"2"}})[0]
		for _, step := range []struct {
			name string
			do   func() error
			want string
		}{
			{"suspended", func() error { return w.campaigns.Suspend(t.Context(), "inst", choice) }, "Paused, group Paused"},
			{"cancelled", func() error { return w.campaigns.Cancel(t.Context(), "inst", store.JobChoice{IDs: []string{second}}) }, "Cancelled, group Executing"},
			{"the other was reached", func() error {
				if _, err := w.store.TaskAnswered(t.Context(), "inst", w.rings[0].task, "call"); err != nil {
					return err
				}
				return w.store.FinishTask(t.Context(), store.Conversation{Instance: "inst", Call: "call", EndReason: "FINISHED"})
			}, "Cancelled, group Completed"},
		} {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
			if got := w.states(second); got != step.want {
				t.Errorf("%s: it is %s, want %s", step.name, got, step.want)
			}
		}
		third := w.assigned(g, rule{}, [][]string{{"3"}})[0]
		if got := w.states(third); got != "Scheduling, group Executing" {
			t.Errorf("one more: it is %s", got)
		}
		for _, move := range []func() error{
			func() error { return w.campaigns.Suspend(t.Context(), "inst", choice) },
			func() error { return w.campaigns.Cancel(t.Context(), "inst", choice) },
		} {
			if err := move(); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.states(third); got != "Cancelled, group Completed" {
			t.Errorf("suspended and cancelled after one had succeeded: it is %s", got)
		}
		if got := w.states(first); got != "Succeeded, group Completed" {
			t.Errorf("the first is %s", got)
		}
	})
}

// Jobs that come into a group that is paused wait with the others; a group that
// was cancelled or has failed takes none.
func TestJobsComeIntoAGroupThatStands(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		g := w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy})
		choice := store.JobChoice{Group: g.ID}
		w.assigned(g, rule{}, [][]string{{"1"}})
		if err := w.campaigns.Suspend(t.Context(), "inst", choice); err != nil {
			t.Fatal(err)
		}
		late := w.assigned(g, rule{}, [][]string{{"2"}})[0]
		if n, got := w.tick(), w.states(late); n != 0 || got != "Paused, group Paused" {
			t.Errorf("%d calls; it is %s", n, got)
		}
		if err := w.campaigns.Resume(t.Context(), "inst", choice); err != nil {
			t.Fatal(err)
		}
		if n := w.tick(); n != 2 {
			t.Errorf("%d calls when all are resumed", n)
		}
		cancelled := w.emptyGroup("二", campaign.GroupDraft{})
		w.assigned(cancelled, rule{}, [][]string{{"3"}})
		if err := w.campaigns.Cancel(t.Context(), "inst", store.JobChoice{Group: cancelled.ID}); err != nil {
			t.Fatal(err)
		}
		jobs := []store.Job{{Extras: "[]", Contacts: []store.Contact{{PhoneNumber: "4", State: store.Available}}}}
		var refused *store.InvalidError
		a := campaign.Assignment{Group: cancelled.ID, Jobs: jobs}
		if _, err := w.campaigns.Assign(t.Context(), "inst", a); !errors.As(err, &refused) || refused.Parameter != "JobGroupId" {
			t.Errorf("assigned to a cancelled group: %v", err)
		}
		if _, err := w.campaigns.Start(t.Context(), "inst", "", a); !errors.As(err, &refused) {
			t.Errorf("started in a cancelled group: %v", err)
		}
		if n := w.tick(); n != 0 || w.groupStatus(cancelled) != store.GroupCancelled {
			t.Errorf("%d calls; the group is %s", n, w.groupStatus(cancelled))
		}
		if err := w.store.DeleteScript(t.Context(), "inst", "script"); err != nil {
			t.Fatal(err)
		}
		w.tick()
		if got := w.groupStatus(g); got != store.GroupFailed {
			t.Errorf("without its script the group is %s", got)
		}
		if err := w.store.AddJobs(t.Context(), "inst", g.ID, "", jobs); !errors.As(err, &refused) {
			t.Errorf("added to a group that has failed: %v", err)
		}
	})
}

func (w *world) groupStatus(g *store.JobGroup) string {
	w.t.Helper()
	g, err := w.store.JobGroup(w.t.Context(), "inst", g.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return g.Status
}
