package metrics_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/engine/metrics"
	"github.com/talkgraph/talkgraph/session"
)

func TestMetricsOfACall(t *testing.T) {
	reg := prometheus.NewRegistry()
	observer, err := metrics.New(reg)
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Options{
		Now:       func() time.Time { return time.UnixMilli(0) },
		Observers: []engine.Observer{observer},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := metrics.RegisterLive(reg, e); err != nil {
		t.Fatal(err)
	}
	v, err := engine.Compile(os.DirFS("../../testdata/scripts/debt-reminder"))
	if err != nil {
		t.Fatal(err)
	}
	e.Publish(v)
	key := session.Key{Call: "c"}
	reply, err := e.Begin(context.Background(), key, engine.Opening{Script: v.ScriptID()}, session.Input{})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []session.Input{
		session.Utterance("是我"), session.Utterance("你是谁"), session.Utterance("咕噜咕噜"), session.Keys("9"), {}, {Kind: session.Hangup},
	} {
		if reply, err = e.Turn(context.Background(), key, in); err != nil {
			t.Fatal(err)
		}
	}
	if reply.Ended != session.ClientHangup {
		t.Fatalf("ended %q, want the caller's hang-up", reply.Ended)
	}
	const want = `
# HELP talkgraph_calls_ended_total Calls ended, by reason.
# TYPE talkgraph_calls_ended_total counter
talkgraph_calls_ended_total{reason="CLIENT_HANGUP"} 1
talkgraph_calls_ended_total{reason="FINISHED"} 0
talkgraph_calls_ended_total{reason="NO_INTERACTION"} 0
talkgraph_calls_ended_total{reason="TIMEOUT"} 0
talkgraph_calls_ended_total{reason="UNRECOGNIZED"} 0
# HELP talkgraph_calls_live Calls that began in this process and have not ended.
# TYPE talkgraph_calls_live gauge
talkgraph_calls_live 0
# HELP talkgraph_condition_failures_total Conditions that could not be evaluated and counted as false.
# TYPE talkgraph_condition_failures_total counter
talkgraph_condition_failures_total 0
# HELP talkgraph_matches_total What Speech and Digits turns were matched to: branch, condition, default, global or none.
# TYPE talkgraph_matches_total counter
talkgraph_matches_total{kind="branch"} 1
talkgraph_matches_total{kind="condition"} 0
talkgraph_matches_total{kind="default"} 0
talkgraph_matches_total{kind="global"} 1
talkgraph_matches_total{kind="none"} 2
# HELP talkgraph_missing_variables_total Variables that were to be spoken and had no value.
# TYPE talkgraph_missing_variables_total counter
talkgraph_missing_variables_total 2
# HELP talkgraph_silences_total Turns in which the caller said nothing.
# TYPE talkgraph_silences_total counter
talkgraph_silences_total 1
# HELP talkgraph_turns_total Turns committed, by kind of input.
# TYPE talkgraph_turns_total counter
talkgraph_turns_total{input="digits"} 1
talkgraph_turns_total{input="expire"} 0
talkgraph_turns_total{input="hangup"} 1
talkgraph_turns_total{input="silence"} 1
talkgraph_turns_total{input="speech"} 3
talkgraph_turns_total{input="start"} 1
# HELP talkgraph_versions Script versions held: published, or with calls in flight.
# TYPE talkgraph_versions gauge
talkgraph_versions 1
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want),
		"talkgraph_calls_ended_total", "talkgraph_calls_live", "talkgraph_condition_failures_total", "talkgraph_matches_total",
		"talkgraph_missing_variables_total", "talkgraph_silences_total", "talkgraph_turns_total", "talkgraph_versions"); err != nil {
		t.Error(err)
	}
	if n, err := testutil.GatherAndCount(reg, "talkgraph_turn_duration_seconds"); n != 1 || err != nil {
		t.Errorf("%d histograms, %v", n, err)
	}
	if _, err := metrics.New(reg); err == nil {
		t.Error("no error for names that are taken")
	}
	if err := metrics.RegisterLive(reg, e); err == nil {
		t.Error("no error for gauges that are there already")
	}
}
