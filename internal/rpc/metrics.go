package rpc

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts requests by action and class of status. Actions are those the
// server knows, and one for all others, so the labels are bounded whatever
// clients send.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// meter is the metrics of one action, resolved once.
type meter struct {
	classes [3]prometheus.Counter // 2xx, 4xx, 5xx.
	seconds prometheus.Observer
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "talkgraph_api_requests_total",
			Help: "Requests answered, by action and class of the HTTP status.",
		}, []string{"action", "class"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "talkgraph_api_request_seconds",
			Help:    "Time from a request's headers to its answer, by action.",
			Buckets: []float64{25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 100e-3, 500e-3, 2.5, 10},
		}, []string{"action"}),
	}
	if r == nil {
		return m, nil
	}
	return m, errors.Join(r.Register(m.requests), r.Register(m.seconds))
}

// of returns the metrics of an action.
func (m *metrics) of(action string) *meter {
	one := &meter{seconds: m.seconds.WithLabelValues(action)}
	for i, class := range []string{"2xx", "4xx", "5xx"} {
		one.classes[i] = m.requests.WithLabelValues(action, class)
	}
	return one
}

func (m *meter) observe(status int, took time.Duration) {
	m.classes[max(0, status/100-3)].Inc()
	m.seconds.Observe(took.Seconds())
}
