package campaign_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// What the metrics say of a campaign is what happened in it.
func TestMetrics(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		w := newWorld(t, place)
		registry := prometheus.NewRegistry()
		o := campaign.Options{Store: w.store, Gateway: w, Now: w.clock, Zone: shanghai, MaxDials: 1, Registerer: registry}
		var err error
		if w.campaigns, err = campaign.New(o); err != nil {
			t.Fatal(err)
		}
		w.begin(90)
		w.run(w.now.Add(2*time.Hour + time.Second)) // Nine o'clock: two numbers, 30 calls a minute each.
		if err := testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP talkgraph_campaign_dials_total Calls the gateway was asked for: it took the call, refused it for good, or failed for now.
# TYPE talkgraph_campaign_dials_total counter
talkgraph_campaign_dials_total{outcome="failed"} 0
talkgraph_campaign_dials_total{outcome="refused"} 0
talkgraph_campaign_dials_total{outcome="taken"} 50
# HELP talkgraph_campaign_jobs_due Jobs whose time had come after the last tick and that wait for a limit or the gateway, counted up to 10,000.
# TYPE talkgraph_campaign_jobs_due gauge
talkgraph_campaign_jobs_due 40
`), "talkgraph_campaign_dials_total", "talkgraph_campaign_jobs_due"); err != nil {
			t.Error(err)
		}
		w.run(w.now.AddDate(0, 0, 6))
		got, err := testutil.CollectAndFormat(registry, expfmt.TypeTextPlain, "talkgraph_campaign_attempts_failed_total")
		if err != nil || !strings.Contains(string(got), `{reason="NotExists"} 9`) {
			t.Errorf("the reasons: %v\n%s", err, got)
		}
		if _, err := campaign.New(o); err == nil {
			t.Error("the metrics of two in one registry")
		}
	})
}
