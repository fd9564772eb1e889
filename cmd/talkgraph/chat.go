package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

const chatHelp = `  (an empty line)   say nothing: a silence
  /dtmf KEYS        press keys: 0-9 * #
  /hangup           hang up as the caller
  /quit             leave the chat, the call is not ended
  /help             this list
`

func newChatCommand() *cobra.Command {
	var vars []string
	var asJSON, explain bool
	cmd := &cobra.Command{
		Use:   "chat BUNDLE",
		Short: "Talk with a script: it speaks, you type",
		Long: `Chat runs one call on the script. It speaks, and you type what the caller says,
one line a turn. These lines are something else:

` + chatHelp + `
The chat ends with the call, with /quit, or at the end of the input; the exit
code is then 0. On a terminal lines can be edited; from a pipe one line is one
turn. NO_COLOR turns colours off.

With --json standard output has one JSON object a turn, the start being turn 0,
and nothing else; hints and warnings go to standard error.`,
		Example: `  talkgraph chat testdata/scripts/debt-reminder --var name=王芳 --var amount=1280
  printf '是我\n好的\n' | talkgraph chat testdata/scripts/debt-reminder --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			variables, err := parseVariables(vars)
			if err != nil {
				return err
			}
			v, err := compile(args[0])
			var refused flow.Errors
			if errors.As(err, &refused) {
				if err := printDiagnostics(cmd.ErrOrStderr(), refused); err != nil {
					return err
				}
				return errReported
			}
			if err != nil {
				return err
			}
			advise(cmd.ErrOrStderr(), v, args[0], variables)
			lines, out := openChat(cmd, asJSON, explain)
			defer lines.close()
			return converse(cmd.Context(), v, variables, lines, out, cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringArrayVar(&vars, "var", nil, "give the call a variable, `name=value`; may be repeated")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a turn")
	cmd.Flags().BoolVar(&explain, "explain", false, "say how the words were understood")
	return cmd
}

func parseVariables(assignments []string) (map[string]string, error) {
	variables := make(map[string]string)
	for _, a := range assignments {
		name, value, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return nil, usageError{fmt.Errorf("--var %q: write it as name=value", a)}
		}
		variables[strings.TrimPrefix(name, "@")] = value
	}
	return variables, nil
}

// advise tells before the call what may surprise in it: warnings of the
// script, and variables that would be spoken as nothing.
func advise(w io.Writer, v *engine.Version, path string, variables map[string]string) {
	if n := len(v.Diagnostics()); n > 0 {
		fmt.Fprintf(w, "%s: see 'talkgraph vet %s'\n", count(n, "warning"), path)
	}
	for _, declared := range v.Program().Variables {
		if _, given := variables[declared.Name]; !given {
			fmt.Fprintf(w, "@%s has no value and is left out: give one with --var %[1]s=%s\n", declared.Name, declared.Sample)
		}
	}
}

// turnWriter shows the turns of a call.
type turnWriter interface {
	heard(line string) error // A line was taken as an input.
	turn(n int, reply *engine.Reply) error
}

// converse runs one call until it ends or the lines do.
func converse(
	ctx context.Context, v *engine.Version, variables map[string]string, lines lineReader, out turnWriter, hints io.Writer,
) error {
	e, err := engine.New(engine.Options{Now: time.Now})
	if err != nil {
		return err
	}
	e.Publish(v)
	key := session.Key{Call: "chat"}
	opening := engine.Opening{Script: v.ScriptID(), Variables: variables}
	reply, err := e.Begin(ctx, key, opening, session.Input{Trace: true})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if err := out.turn(n, &reply); err != nil {
			return err
		}
		if reply.Ended != session.Live {
			return nil
		}
		in, err := nextInput(lines, out, hints)
		if errors.Is(err, errQuit) {
			return nil
		}
		if err != nil {
			return err
		}
		if reply, err = e.Turn(ctx, key, in); err != nil {
			return err
		}
	}
}

// errQuit leaves the chat.
var errQuit = errors.New("quit")

// nextInput reads lines until one of them is an input. It returns errQuit where
// there is none left.
func nextInput(lines lineReader, out turnWriter, hints io.Writer) (session.Input, error) {
	for {
		line, err := lines.next()
		switch {
		case errors.Is(err, errLongLine):
			fmt.Fprintln(hints, err)
			continue
		case errors.Is(err, io.EOF):
			return session.Input{}, errQuit
		case err != nil:
			return session.Input{}, fmt.Errorf("read input: %w", err)
		}
		in, hint, err := parseLine(line)
		if err != nil {
			return session.Input{}, err
		}
		if hint != "" {
			fmt.Fprint(hints, hint)
			continue
		}
		in.Trace = true
		return in, out.heard(line)
	}
}

// parseLine returns what a typed line means: an input, or a hint where it is
// none, or errQuit.
func parseLine(line string) (in session.Input, hint string, err error) {
	command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch {
	case !strings.HasPrefix(command, "/"):
		return session.Utterance(line), "", nil
	case command == "/quit":
		return in, "", errQuit
	case command == "/hangup":
		return session.Input{Kind: session.Hangup}, "", nil
	case command == "/help":
		return in, chatHelp, nil
	case command == "/dtmf":
		if in = session.Keys(rest); in.Kind != session.Digits {
			return in, "/dtmf needs keys, such as /dtmf 1: 0-9 * #\n", nil
		}
		return in, "", nil
	}
	return in, fmt.Sprintf("%s is not a command, /help lists them\n", command), nil
}
