package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// A duration in the log says its unit, whatever the format.
func TestLoggerDurations(t *testing.T) {
	for format, want := range map[string]string{"json": `"took":"1.5ms"`, "text": "took=1.5ms"} {
		var out strings.Builder
		cmd := new(cobra.Command)
		cmd.SetErr(&out)
		log, err := newLogger(cmd, format, "debug")
		if err != nil {
			t.Fatal(err)
		}
		log.Debug("request", slog.Duration("took", 1500*time.Microsecond))
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: %s, want %s", format, out.String(), want)
		}
	}
}
