package rpc

import (
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestMetrics(t *testing.T) {
	registry := prometheus.NewRegistry()
	f := newFixture(t, func(o *Options) { o.Registerer = registry })
	f.get(f.signed(t, "GET", nil))
	f.get(f.signed(t, "GET", nil))
	f.get(f.signed(t, "GET", map[string]string{"Fail": "panic"}))
	f.get("Action=" + strings.Repeat("x", 1000))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			got[strings.Join(append(labels, family.GetName()), " ")] = m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	for name, want := range map[string]float64{
		"Echo 2xx talkgraph_api_requests_total":               2,
		"Echo 4xx talkgraph_api_requests_total":               0,
		"Echo 5xx talkgraph_api_requests_total":               1,
		"unknown 4xx talkgraph_api_requests_total":            1,
		"Echo talkgraph_api_request_seconds":                  3,
		"unknown talkgraph_api_request_seconds":               1,
		"Echo InternalError talkgraph_api_errors_total":       1,
		"unknown MissingParameter talkgraph_api_errors_total": 1,
	} {
		if got[name] != want {
			t.Errorf("%s = %v, want %v", name, got[name], want)
		}
	}
	if len(got) != 10 {
		t.Errorf("%d series: %v", len(got), got)
	}
}

// However many codes there are, the labels are bounded.
func TestMetricsBoundCodes(t *testing.T) {
	m, err := newMetrics(nil)
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]bool{}
	for i := range 10 * mostCodes {
		labels[m.label("Code."+strconv.Itoa(i))] = true
	}
	if len(labels) != mostCodes+1 || !labels["other"] || m.label("Code.0") != "Code.0" {
		t.Errorf("%d labels", len(labels))
	}
}
