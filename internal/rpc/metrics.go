package rpc

import (
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts requests by action and class of status, and failures by code.
// Actions are those the server knows, and one for all others, so the labels are
// bounded whatever clients send; so are the codes, which are the server's own.
type metrics struct {
	requests *prometheus.CounterVec
	errors   *prometheus.CounterVec
	seconds  *prometheus.HistogramVec

	mu    sync.Mutex
	codes map[string]bool // Those that have a label.
}

// mostCodes is how many codes have a label of their own. It is more than there
// are: an action that made up codes would not flood the metrics.
const mostCodes = 100

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
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "talkgraph_api_errors_total",
			Help: "Requests refused or failed, by action and code.",
		}, []string{"action", "code"}),
		codes: make(map[string]bool),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "talkgraph_api_request_seconds",
			Help:    "Time from a request's headers to its answer, by action.",
			Buckets: []float64{25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 100e-3, 500e-3, 2.5, 10},
		}, []string{"action"}),
	}
	if r == nil {
		return m, nil
	}
	return m, errors.Join(r.Register(m.requests), r.Register(m.errors), r.Register(m.seconds))
}

// of returns the metrics of an action.
func (m *metrics) of(action string) *meter {
	one := &meter{seconds: m.seconds.WithLabelValues(action)}
	for i, class := range []string{"2xx", "4xx", "5xx"} {
		one.classes[i] = m.requests.WithLabelValues(action, class)
	}
	return one
}

// failed counts an answer that was an error.
func (m *metrics) failed(action, code string) { m.errors.WithLabelValues(action, m.label(code)).Inc() }

// label returns the label of a code.
func (m *metrics) label(code string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.codes[code] {
		if len(m.codes) >= mostCodes {
			return "other"
		}
		m.codes[code] = true
	}
	return code
}

func (m *meter) observe(status int, took time.Duration) {
	m.classes[max(0, status/100-3)].Inc()
	m.seconds.Observe(took.Seconds())
}
