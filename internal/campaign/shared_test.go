package campaign_test

import (
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// mortal is the way of one server to the gateway, until the server dies.
type mortal struct {
	*world
	lives atomic.Int64 // Dials it has left; after them nothing it asks for arrives.
}

func (m *mortal) Dial(ctx context.Context, c campaign.Call) error {
	if m.lives.Add(-1) < 0 {
		return errors.New("the server is dead")
	}
	return m.world.Dial(ctx, c)
}

// Two servers share a campaign, and one dies for good half way, with calls it
// had decided on: nobody is called twice for one attempt, nobody is forgotten,
// and the limits hold.
func TestTwoServersShareACampaign(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		place.NewID = rand.Text
		w := newWorld(t, place)
		w.seed()
		place.Now = w.clock
		second := &mortal{world: w}
		second.lives.Store(1 << 40)
		var err error
		w.second, err = campaign.New(campaign.Options{Store: storetest.Open(t, place), Gateway: second, Now: w.clock, Zone: shanghai, MaxDials: 4})
		if err != nil {
			t.Fatal(err)
		}
		numbers := make([][]string, 200)
		for n := range numbers {
			numbers[n] = []string{number(n)}
		}
		rules := map[string]rule{}
		for _, id := range w.assigned(w.emptyGroup("一", campaign.GroupDraft{Strategy: allDay.strategy}), rule{}, numbers) {
			rules[id] = allDay
		}
		w.run(w.at(9, 0).Add(time.Minute))
		second.lives.Store(3)
		if _, err := w.second.Tick(t.Context()); err != nil || second.lives.Load() >= 0 {
			t.Fatalf("it did not die of the fourth call it decided on: %v", err)
		}
		died := len(w.rings)
		w.second = nil
		w.run(w.now.AddDate(0, 0, 4))
		w.checkRules(rules, &hardship{})
		ends := map[string]int{}
		for id := range rules {
			ends[w.checkEnd(id)]++
		}
		t.Logf("%d jobs, %d calls, %d when one server died; ends %v", len(rules), len(w.rings), died, ends)
	})
}
