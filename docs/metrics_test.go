package docs

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/engine/metrics"
	"github.com/talkgraph/talkgraph/internal/simulator"
)

// engineMetrics returns a registry with all that package metrics registers.
func engineMetrics(t *testing.T) *prometheus.Registry {
	t.Helper()
	registry := prometheus.NewRegistry()
	if _, err := metrics.New(registry); err != nil {
		t.Fatal(err)
	}
	calls, err := engine.New(engine.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := metrics.RegisterLive(registry, calls); err != nil {
		t.Fatal(err)
	}
	return registry
}

// simulatorMetrics returns a registry with all that simulate-gateway registers.
func simulatorMetrics(t *testing.T) *prometheus.Registry {
	t.Helper()
	registry := prometheus.NewRegistry()
	_, err := simulator.New(simulator.Options{
		Center: simulator.Local{}, Now: time.Now, After: func(time.Duration, func(context.Context)) {}, Registerer: registry,
	})
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

// serverMetrics returns a registry with all that a server registers, after a
// request that was refused.
func serverMetrics(t *testing.T) *prometheus.Registry {
	t.Helper()
	registry := prometheus.NewRegistry()
	server, err := api.Open(t.Context(), api.Config{Data: t.TempDir(), Now: time.Now, Registerer: registry})
	if err != nil {
		t.Fatal(err)
	}
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	return registry
}

// wide says what labels mean that have more values than a table can hold.
var wide = map[string]string{
	"action": "each action, or unknown",
	"code":   "the Code of the answer",
}

// metricsTable lists what a registry gathers, each metric with the labels it
// has.
func metricsTable(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| metric | type | labels | counts |\n|---|---|---|---|\n")
	for _, family := range families {
		values := make(map[string][]string)
		var names []string
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				name := label.GetName()
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
				if !slices.Contains(values[name], label.GetValue()) {
					values[name] = append(values[name], label.GetValue())
				}
			}
		}
		var labels []string
		for _, name := range names {
			meaning := wide[name]
			if meaning == "" {
				meaning = strings.Join(values[name], ", ")
			}
			labels = append(labels, fmt.Sprintf("`%s`: %s", name, meaning))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", family.GetName(),
			strings.ToLower(family.GetType().String()), strings.Join(labels, "; "), family.GetHelp())
	}
	return b.String()
}
