package simulator

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/internal/campaign"
)

// meter keeps the metrics of an exchange. Labels are bounded: how calls ended,
// never a number or a task. A nil meter keeps none.
type meter struct {
	asked, rings, answers, turns prometheus.Counter
	ends                         map[string]prometheus.Counter
	open                         prometheus.Gauge
	seconds                      prometheus.Histogram
}

// newMeter registers the metrics. It returns an error when one of the names is
// taken in reg, and no meter when reg is nil.
func newMeter(reg prometheus.Registerer) (*meter, error) {
	if reg == nil {
		return nil, nil
	}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "talkgraph_simulator_" + name, Help: help})
	}
	ends := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "talkgraph_simulator_calls_ended_total", Help: "Calls that are over, by how they ended. ServerRefused are those the server knew nothing of.",
	}, []string{"end"})
	m := &meter{
		asked:   counter("dials_total", "Requests to dial, repeated ones too."),
		rings:   counter("rings_total", "Calls that rang."),
		answers: counter("answers_total", "Calls that were answered."),
		turns:   counter("turns_total", "Turns that the server answered."),
		ends:    make(map[string]prometheus.Counter),
		open:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "talkgraph_simulator_calls_open", Help: "Calls that ring or talk."}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "talkgraph_simulator_turn_duration_seconds",
			Help:    "How long the server took to answer a turn, as the telephony system sees it: the way there and back and what was sent again included.",
			Buckets: prometheus.ExponentialBuckets(250e-6, 1.5, 28), // To 14 s, none wider than half of what it begins with.
		}),
	}
	for _, end := range []string{endRobot, endCallee, endCut, endLost} {
		m.ends[end] = ends.WithLabelValues(end)
	}
	for _, reason := range []campaign.Reason{
		campaign.NoAnswer, campaign.Busy, campaign.NotExists, campaign.Rejected, campaign.PoweredOff, campaign.OutOfService,
	} {
		m.ends[string(reason)] = ends.WithLabelValues(string(reason))
	}
	for _, c := range []prometheus.Collector{m.asked, m.rings, m.answers, m.turns, ends, m.open, m.seconds} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("simulator: registering metrics: %w", err)
		}
	}
	return m, nil
}

// dialled counts a request to dial, and the ring it made, if it did.
func (m *meter) dialled(rings bool) {
	if m == nil {
		return
	}
	m.asked.Inc()
	if rings {
		m.rings.Inc()
		m.open.Inc()
	}
}

// turned counts a turn that was answered; the first one is that somebody picked up.
func (m *meter) turned(n int, took time.Duration) {
	if m == nil {
		return
	}
	if n == 1 {
		m.answers.Inc()
	}
	m.turns.Inc()
	m.seconds.Observe(took.Seconds())
}

func (m *meter) ended(end string) {
	if m == nil {
		return
	}
	m.ends[end].Inc()
	m.open.Dec()
}
