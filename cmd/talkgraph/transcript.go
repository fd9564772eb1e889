package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

// openChat returns where lines come from and where turns go: edited and
// coloured when people sit at both ends, plain otherwise.
func openChat(cmd *cobra.Command, asJSON, explain bool) (lineReader, turnWriter) {
	in, out := cmd.InOrStdin(), cmd.OutOrStdout()
	if asJSON {
		return newPipe(in), newJSONTranscript(out, explain)
	}
	t := &transcript{w: out, explain: explain, echo: true}
	t.colour = isTerminal(out) && os.Getenv("NO_COLOR") == "" && liner.TerminalSupported()
	if isTerminal(in) && isTerminal(out) {
		t.echo = false
		return newTerminal(), t
	}
	return newPipe(in), t
}

// isTerminal reports whether a stream is a terminal. Only the process's own
// streams can be, so a file that is one stands for them.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// jsonTranscript writes one JSON object a turn.
type jsonTranscript struct {
	enc     *json.Encoder
	explain bool
}

func newJSONTranscript(w io.Writer, explain bool) *jsonTranscript {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &jsonTranscript{enc: enc, explain: explain}
}

func (j *jsonTranscript) heard(string) error { return nil }

func (j *jsonTranscript) turn(n int, reply *engine.Reply) error {
	t := reply.Trace(n)
	if !j.explain {
		t.Explain = nil
	}
	return j.enc.Encode(t)
}

// transcript writes a call as people read it: what the script says as it
// stands, the caller's lines after "> ", and indented below them what the
// script made of them.
type transcript struct {
	w       io.Writer
	explain bool
	echo    bool // Write the caller's lines: nobody saw them being typed.
	colour  bool
}

func (t *transcript) heard(line string) error {
	if !t.echo {
		return nil
	}
	_, err := fmt.Fprintln(t.w, strings.TrimRight("> "+line, " "))
	return err
}

func (t *transcript) turn(n int, reply *engine.Reply) error {
	trace := reply.Trace(n)
	var b strings.Builder
	if n > 0 {
		t.paint(&b, dim, "  "+understood(&trace))
		if t.explain && trace.Explain != nil {
			t.paint(&b, dim, indent(trace.Explain.String()))
		}
	}
	if trace.Content != "" {
		t.paint(&b, bold, trace.Content)
	}
	if len(trace.Tags) > 0 {
		t.paint(&b, dim, "  tagged "+strings.Join(trace.Tags, ", "))
	}
	if reply.Collect.Enabled {
		t.paint(&b, dim, "  takes keys: /dtmf KEYS")
	}
	if trace.Ended {
		t.paint(&b, dim, "  "+closing(&trace))
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// understood says in one line what an input was taken for and where it led.
func understood(t *engine.Trace) string {
	line := t.Input
	if line == "speech" || line == "digits" {
		line = "no match"
		if t.Matched.Kind != "none" {
			line = fmt.Sprintf("%s %s", t.Matched.Kind, t.Matched.Name)
		}
		if t.Matched.Score > 0 {
			line += fmt.Sprintf(" %.2f", t.Matched.Score)
		}
	}
	if t.NodeName != "" {
		line += ", at " + t.NodeName
	}
	return line
}

// closing says how the call ended, and to whom it was handed over.
func closing(t *engine.Trace) string {
	line := "ended " + t.EndReason
	if t.Action != session.ActionHangup {
		line += ", " + strings.TrimSpace(t.Action+" "+t.ActionParams)
	}
	return line
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ")
}

// The terminal's ways of writing, as SGR parameters.
const (
	bold = "1"
	dim  = "2"
)

func (t *transcript) paint(b *strings.Builder, sgr, text string) {
	if t.colour {
		text = "\x1b[" + sgr + "m" + text + "\x1b[0m"
	}
	b.WriteString(text)
	b.WriteByte('\n')
}
