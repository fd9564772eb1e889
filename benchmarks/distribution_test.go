package benchmarks

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/engine"
)

// sampling says how a distribution is taken.
type sampling struct {
	samples int
	batch   int // Runs of op in a sample; more than one where op is too short for the clock.
}

// distribution runs op beside the yardstick, a sample of the one after a sample
// of the other so that a busy machine slows down both, and reports
//
//	p50-ns, p99-ns    of the samples of op; of a batch, the mean is the sample
//	x-marshal         the median of op as a multiple of the yardstick's
//
// What reading the clock costs is measured in the same run and taken off. It
// is a second loop: the ns/op of the benchmark is without any clock.
func distribution(b *testing.B, s sampling, op func()) {
	b.Helper()
	idle := take(sampling{samples: 1001, batch: 1}, func() {}, nil)
	clock := quantile(idle, 0.5)

	var unit []time.Duration
	marshal := yardstick()
	times := take(s, op, func() {
		began := time.Now()
		for range yardstickRuns {
			marshal()
		}
		unit = append(unit, (time.Since(began)-clock)/yardstickRuns)
	})
	perRun := func(q float64) float64 {
		return max(0, float64(quantile(times, q)-clock)) / float64(s.batch)
	}
	b.ReportMetric(perRun(0.5), "p50-ns")
	b.ReportMetric(perRun(0.99), "p99-ns")
	b.ReportMetric(perRun(0.5)/float64(quantile(unit, 0.5)), "x-marshal")
}

// take measures the samples; between, if any, is run now and then in between.
func take(s sampling, op, between func()) []time.Duration {
	const every = 16
	times := make([]time.Duration, s.samples)
	for i := range times {
		if between != nil && i%every == 0 {
			between()
		}
		began := time.Now()
		for range s.batch {
			op()
		}
		times[i] = time.Since(began)
	}
	return times
}

// yardstickRuns makes a sample of the yardstick long enough for the clock.
const yardstickRuns = 16

// yardstick is what a turn is compared with: encoding/json writing the feedback
// of a turn.
func yardstick() func() {
	var reply engine.Reply
	reply.Action, reply.Content, reply.Interruptible = "Broadcast", plainQuestion, true
	reply.FlowID, reply.NodeID, reply.TurnID, reply.SilenceTimeout = "main", "ask", turnIDs()[0], 10
	return func() {
		if _, err := json.Marshal(&reply.Feedback); err != nil {
			panic(err) // It is a struct of strings and numbers.
		}
	}
}

// quantile returns the q-quantile of the samples, which it sorts.
func quantile(samples []time.Duration, q float64) time.Duration {
	slices.Sort(samples)
	return samples[int(q*float64(len(samples)-1))]
}
