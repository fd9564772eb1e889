// Package metrics counts what an engine does for Prometheus. Labels are
// bounded: kinds of input, kinds of match and end reasons, never a script, a
// call or a phone number.
package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

// Observer is an [engine.Observer] that keeps metrics. Safe for concurrent use.
type Observer struct {
	turns    [session.Expire + 1]prometheus.Counter
	matches  [session.ByDefault + 1]prometheus.Counter
	answered prometheus.Counter
	noMatch  prometheus.Counter
	silent   prometheus.Counter
	missing  prometheus.Counter
	failed   prometheus.Counter
	ends     [session.TimedOut + 1]prometheus.Counter
	seconds  prometheus.Histogram
}

// New makes an observer and registers its metrics. It returns an error when
// one of the names is taken in reg.
func New(reg prometheus.Registerer) (*Observer, error) {
	turns := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "talkgraph_turns_total", Help: "Turns committed, by kind of input.",
	}, []string{"input"})
	matched := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "talkgraph_matches_total",
		Help: "What Speech and Digits turns were matched to: branch, condition, default, global or none.",
	}, []string{"kind"})
	ends := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "talkgraph_calls_ended_total", Help: "Calls ended, by reason.",
	}, []string{"reason"})
	o := &Observer{
		answered: matched.WithLabelValues("global"),
		noMatch:  matched.WithLabelValues("none"),
		silent: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "talkgraph_silences_total", Help: "Turns in which the caller said nothing.",
		}),
		missing: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "talkgraph_missing_variables_total", Help: "Variables that were to be spoken and had no value.",
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "talkgraph_condition_failures_total", Help: "Conditions that could not be evaluated and counted as false.",
		}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "talkgraph_turn_duration_seconds", Help: "From a turn's arrival to its commit.",
			Buckets: prometheus.ExponentialBuckets(1e-6, 4, 11),
		}),
	}
	for kind := range o.turns {
		o.turns[kind] = turns.WithLabelValues(session.InputKind(kind).String())
	}
	for rule := range o.matches {
		o.matches[rule] = matched.WithLabelValues(session.Rule(rule).String())
	}
	for reason := session.Finished; int(reason) < len(o.ends); reason++ {
		o.ends[reason] = ends.WithLabelValues(reason.String())
	}
	for _, c := range []prometheus.Collector{turns, matched, ends, o.silent, o.missing, o.failed, o.seconds} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// RegisterLive adds gauges of the calls that live in e and the versions it holds.
func RegisterLive(reg prometheus.Registerer, e *engine.Engine) error {
	for _, g := range []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "talkgraph_calls_live", Help: "Calls that began in this process and have not ended.",
		}, func() float64 { return float64(e.Live()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "talkgraph_versions", Help: "Script versions held: published, or with calls in flight.",
		}, func() float64 { return float64(e.Versions()) }),
	} {
		if err := reg.Register(g); err != nil {
			return err
		}
	}
	return nil
}

// Observe implements [engine.Observer].
func (o *Observer) Observe(_ *engine.Version, t *session.Turn, took time.Duration) {
	o.turns[t.Input.Kind].Inc()
	o.seconds.Observe(took.Seconds())
	for i := range t.Events {
		switch e := &t.Events[i]; e.Kind {
		case session.Matched:
			o.matches[e.Rule].Inc()
		case session.Answered:
			o.answered.Inc()
		case session.NoMatch:
			o.noMatch.Inc()
		case session.Silent:
			o.silent.Inc()
		case session.MissingVariable:
			o.missing.Add(float64(e.Count))
		case session.ConditionFailed:
			o.failed.Inc()
		case session.Ended:
			o.ends[e.Reason].Inc()
		}
	}
}
