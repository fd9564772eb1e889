package main

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// A flag counts before its variable, and that before the default.
func TestVariables(t *testing.T) {
	for name, c := range map[string]struct {
		variable string
		args     []string
		want     time.Duration
		wrong    string
	}{
		"nothing":      {"", nil, time.Second, ""},
		"a variable":   {"2s", nil, 2 * time.Second, ""},
		"both":         {"2s", []string{"--drain-delay", "3s"}, 3 * time.Second, ""},
		"both alike":   {"2s", []string{"--drain-delay", "1s"}, time.Second, ""},
		"odd variable": {"soon", nil, 0, `TALKGRAPH_DRAIN_DELAY is "soon": `},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TALKGRAPH_DRAIN_DELAY", c.variable)
			flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
			got := flags.Duration("drain-delay", time.Second, "how long")
			nameVariables(flags)
			if err := flags.Parse(c.args); err != nil {
				t.Fatal(err)
			}
			err := readVariables(flags)
			if (err == nil) != (c.wrong == "") || err != nil && !strings.HasPrefix(err.Error(), c.wrong) || err == nil && *got != c.want {
				t.Errorf("%v, error %v; want %v, %q", *got, err, c.want, c.wrong)
			}
			if usage := flags.FlagUsages(); !strings.Contains(usage, "how long [$TALKGRAPH_DRAIN_DELAY]") {
				t.Errorf("help: %s", usage)
			}
		})
	}
}
