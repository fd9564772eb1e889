package campaign_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// dialing is what binds the group now.
func (w *world) dialing(g *store.JobGroup) campaign.Dialing {
	w.t.Helper()
	now, err := w.store.JobGroup(w.t.Context(), "inst", g.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := w.campaigns.Dialing(w.t.Context(), now)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// at moves the clock to an hour of the first day.
func (w *world) at(hour, minute int) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = time.Date(2026, 5, 1, hour, minute, 0, 0, shanghai)
	return w.now
}

// tick dispatches once and returns how many calls were placed.
func (w *world) tick() int {
	w.t.Helper()
	n, err := w.campaigns.Tick(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestDialing(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		w := newWorld(t, place)
		g := w.begin(100)
		holds := func(want campaign.Limit, until time.Time) {
			t.Helper()
			if got := w.dialing(g); got.Limit != want || !got.Until.Equal(until) {
				t.Errorf("at %v it is bound by %q until %v, want %q until %v", w.now.Format("15:04"), got.Limit, got.Until.In(shanghai), want, until)
			}
		}
		w.at(8, 0)
		w.tick() // The strategy puts them off to its first window.
		holds(campaign.LimitHours, time.Date(2026, 5, 1, 9, 0, 0, 0, shanghai))

		nine := w.at(9, 0)
		holds(campaign.NoLimit, time.Time{})
		w.capacity = 0
		holds(campaign.LimitGateway, time.Time{})
		w.capacity = 20
		w.tick()
		w.capacity = 1000
		holds(campaign.NoLimit, time.Time{})
		w.tick() // As many as the instance may have.
		holds(campaign.LimitConcurrent, time.Time{})

		w.endAll(campaign.Busy)
		w.tick() // As many as the numbers may make in a minute: 60.
		holds(campaign.LimitRate, nine.Add(time.Minute))
		w.at(9, 2)
		for range 3 {
			w.tick()
			w.endAll(campaign.Busy)
		}
		holds(campaign.LimitInterval, nine.Add(time.Hour))

		suspend := store.JobChoice{Group: g.ID}
		if err := w.campaigns.Suspend(t.Context(), "inst", suspend); err != nil {
			t.Fatal(err)
		}
		holds(campaign.LimitPaused, time.Time{})
		if err := w.campaigns.Resume(t.Context(), "inst", suspend); err != nil {
			t.Fatal(err)
		}
		for minute := range 6 {
			w.at(10, 5+2*minute)
			w.tick()
			w.endAll(campaign.Busy)
		}
		holds(campaign.LimitDailyCap, time.Date(2026, 5, 2, 9, 0, 0, 0, shanghai))
		if err := w.campaigns.Cancel(t.Context(), "inst", suspend); err != nil {
			t.Fatal(err)
		}
		holds(campaign.LimitNothing, time.Time{})

		idle, err := campaign.New(campaign.Options{Store: w.store, Gateway: campaign.NoGateway{}, Now: w.clock, Zone: shanghai})
		if err != nil {
			t.Fatal(err)
		}
		w.campaigns = idle
		g = w.group(1)
		holds(campaign.LimitNoGateway, time.Time{})
	})
}

// endAll ends every call that is open.
func (w *world) endAll(reason campaign.Reason) {
	w.t.Helper()
	w.events = nil
	for _, r := range w.rings {
		if err := w.campaigns.Failed(context.Background(), "inst", r.task, campaign.Failure{Reason: reason}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestForecast(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		w := newWorld(t, place)
		g := w.begin(9100)
		w.at(8, 0)
		if _, err := w.campaigns.Block(t.Context(), "inst", []string{"13800000000", `[{"phoneNumber":"138-0000-0001","name":"王芳","remark":"投诉"}]`}); err != nil {
			t.Fatal(err)
		}
		got, err := w.campaigns.Forecast(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		// 50 calls at once of a minute each bind more than 60 calls a minute of
		// the numbers do, so 9,098 calls take 181.96 minutes: three hours until
		// noon, and the rest after lunch.
		want := campaign.Forecast{
			Jobs: 9100, Contacts: 9100, Blocked: 2, Lost: 2, Rate: 50,
			First:  time.Date(2026, 5, 1, 9, 0, 0, 0, shanghai),
			Finish: time.Date(2026, 5, 1, 14, 1, 57, 600_000_000, shanghai),
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool { return a.Sub(b).Abs() < time.Millisecond })); diff != "" {
			t.Error(diff)
		}
	})
}
