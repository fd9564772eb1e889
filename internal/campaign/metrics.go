package campaign

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// maxDueCounted bounds how far due jobs are counted for the gauge.
const maxDueCounted = 10_000

// meter keeps the metrics of campaigns. Labels are bounded: outcomes and
// reasons, never an instance, a group or a number. A nil meter keeps none.
type meter struct {
	taken, refused, failed prometheus.Counter
	answered               prometheus.Counter
	reasons                map[Reason]prometheus.Counter
	due                    prometheus.Gauge
	seconds                prometheus.Histogram
}

// newMeter registers the metrics. It returns an error when one of the names is
// taken in reg, and no meter when reg is nil.
func newMeter(reg prometheus.Registerer) (*meter, error) {
	if reg == nil {
		return nil, nil
	}
	dials := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "talkgraph_campaign_dials_total",
		Help: "Calls the gateway was asked for: it took the call, refused it for good, or failed for now.",
	}, []string{"outcome"})
	reasons := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "talkgraph_campaign_attempts_failed_total", Help: "Attempts nobody was talked to in, by reason.",
	}, []string{"reason"})
	m := &meter{
		taken: dials.WithLabelValues("taken"), refused: dials.WithLabelValues("refused"), failed: dials.WithLabelValues("failed"),
		answered: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "talkgraph_campaign_attempts_answered_total", Help: "Attempts somebody answered. How those calls end is talkgraph_calls_ended_total.",
		}),
		reasons: make(map[Reason]prometheus.Counter),
		due: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "talkgraph_campaign_jobs_due",
			Help: "Jobs whose time had come after the last tick and that wait for a limit or the gateway, counted up to 10,000.",
		}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "talkgraph_campaign_tick_duration_seconds", Help: "How long a tick of the scheduler took, the gateway's answers included.",
			Buckets: prometheus.ExponentialBuckets(1e-3, 4, 8),
		}),
	}
	for _, reason := range []Reason{NoAnswer, Busy, NotExists, Rejected, PoweredOff, OutOfService, InArrears, GatewayError} {
		m.reasons[reason] = reasons.WithLabelValues(string(reason))
	}
	for _, c := range []prometheus.Collector{dials, reasons, m.answered, m.due, m.seconds} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// dialled counts what the gateway made of a call it was asked for.
func (m *meter) dialled(err error) {
	switch {
	case m == nil:
	case err == nil:
		m.taken.Inc()
	case errors.Is(err, ErrRefused):
		m.refused.Inc()
	default:
		m.failed.Inc()
	}
}

// attemptFailed counts an attempt that failed. A reason that is none of an
// attempt is not counted.
func (m *meter) attemptFailed(reason Reason) {
	if m == nil {
		return
	}
	if c := m.reasons[reason]; c != nil {
		c.Inc()
	}
}

func (m *meter) attemptAnswered() {
	if m != nil {
		m.answered.Inc()
	}
}

func (m *meter) ticked(took time.Duration, due int) {
	m.seconds.Observe(took.Seconds())
	m.due.Set(float64(due))
}
