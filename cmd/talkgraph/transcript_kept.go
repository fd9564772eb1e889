package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

func newTranscriptCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "transcript INSTANCE CALL",
		Short: "Print what was said in a call",
		Long: `Transcript prints the turns of a call, while the server runs or not: what the script
said as it stands, what was heard after "> ", and indented when that was and what
the script made of it. Calls that had the same id follow one another. Nobody's
phone number is in it, unless it was said.

With --json every turn is one JSON object on a line of its own, turns counted
from 1.`,
		Example: `  talkgraph transcript --data data INSTANCE CALL
  talkgraph transcript --database postgres://localhost/talkgraph --json INSTANCE CALL`,
		Args: cobra.ExactArgs(2),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a turn")
	return onStore(cmd, false, func(cmd *cobra.Command, args []string, s *store.Store) error {
		turns, err := s.Turns(cmd.Context(), args[0], args[1])
		if err != nil {
			return err
		}
		if len(turns) == 0 {
			return fmt.Errorf("nothing is kept of a call %s in instance %s: transcripts stay as long as --transcripts of serve says", args[1], args[0])
		}
		kept := readTurns(cmd.Context(), script.New(s, script.Options{}), turns)
		if asJSON {
			return writeTurnsJSON(cmd.OutOrStdout(), kept)
		}
		return writeTurns(cmd.OutOrStdout(), args, kept)
	})
}

// keptTurn is a turn as it is kept, in words.
type keptTurn struct {
	At        time.Time `json:"at"`
	Began     time.Time `json:"began"`   // When the call did.
	Version   string    `json:"version"` // The hash of the bundle that the call runs on.
	TurnID    string    `json:"turnId"`
	Utterance string    `json:"utterance"` // What was heard, or the keys that were pressed.
	FlowID    string    `json:"flowId"`

	// Where a call is handed over to may be somebody's number, so it stays out.
	ActionParams *string `json:"actionParams,omitempty"`

	engine.Trace
}

// readTurns puts turns into words. Names are those of the version of a turn;
// where that cannot be had any more, what needs it is left out.
func readTurns(ctx context.Context, scripts *script.Scripts, turns []store.Turn) []keptTurn {
	versions := map[session.Hash]*engine.Version{}
	var kept []keptTurn
	for _, t := range turns {
		var hash session.Hash
		copy(hash[:], t.Version)
		if _, tried := versions[hash]; !tried {
			versions[hash], _ = scripts.Load(ctx, hash) // What was said can be read without, too.
		}
		kept = append(kept, keptTurn{
			At: time.UnixMilli(t.At).UTC(), Began: time.UnixMilli(t.BeganAt).UTC(), Version: hex.EncodeToString(t.Version),
			TurnID: t.TurnID, Utterance: t.Utterance, FlowID: t.FlowID, Trace: traceOf(&t, versions[hash]),
		})
	}
	return kept
}

// traceOf is what chat would have told of a turn.
func traceOf(t *store.Turn, v *engine.Version) engine.Trace {
	reply := engine.Reply{Version: v, Feedback: session.Feedback{
		Action: t.Action, Content: t.Content, Interruptible: t.Interruptible, NodeID: t.NodeID,
	}}
	for _, e := range t.Events {
		if e.Kind == session.Ended {
			reply.Ended = e.Reason
		}
		if v != nil {
			reply.Events = append(reply.Events, e)
		}
	}
	trace := reply.Trace(int(t.Revision))
	trace.Input, trace.NodeName = t.Input, nodeName(v, t.FlowID, t.NodeID)
	return trace
}

func nodeName(v *engine.Version, flow, node string) string {
	if v == nil {
		return ""
	}
	for _, f := range v.Program().Flows {
		for _, n := range f.Nodes {
			if f.ID == flow && n.ID == node {
				return n.Name
			}
		}
	}
	return ""
}

func writeTurnsJSON(w io.Writer, turns []keptTurn) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, t := range turns {
		if err := enc.Encode(t); err != nil {
			return err
		}
	}
	return nil
}

// writeTurns writes turns as chat does, with their times.
func writeTurns(w io.Writer, args []string, turns []keptTurn) error {
	page := &transcript{w: w, colour: isTerminal(w) && os.Getenv("NO_COLOR") == ""}
	var b strings.Builder
	var began time.Time
	for _, t := range turns {
		if t.Began != began {
			began = t.Began
			page.paint(&b, dim, fmt.Sprintf("call %s of instance %s, began %s", args[1], args[0], began.Format(time.RFC3339)))
		}
		if t.Utterance != "" {
			b.WriteString("> " + harmless(t.Utterance, "") + "\n")
		}
		page.paint(&b, dim, "  "+t.At.Format(time.RFC3339)+" "+understood(&t.Trace))
		if t.Content != "" {
			page.paint(&b, bold, harmless(t.Content, "\n"))
		}
		if len(t.Tags) > 0 {
			page.paint(&b, dim, "  tagged "+strings.Join(t.Tags, ", "))
		}
		if t.Ended {
			page.paint(&b, dim, "  "+closing(&t.Trace))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// harmless replaces what would not print but tell the terminal to do something,
// but for what is kept.
func harmless(text, kept string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || strings.ContainsRune(kept, r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}
