package engine_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

var update = flag.Bool("update", false, "rewrite the expected traces of testdata/dialogues")

// TestDialogues plays every conversation of testdata/dialogues/BUNDLE/*.txt on
// that bundle of testdata/scripts or testdata/cases. A file holds blocks apart
// by blank lines: a command, "----", and all that the turn did. With -update
// the traces are rewritten; read the diff before you keep it. Lines that begin
// with # are comments. The commands are
//
//	call [NAME=VALUE]...  begins a new call with these variables; values may be quoted
//	start [GREETING]      the first request of the call
//	say WORDS, silence, dtmf KEYS, hangup, expire
//	retry                 the last request once more, with the same TurnId
//
// The bands of a score, not the score, are in a trace: exact, keyword, similar.
func TestDialogues(t *testing.T) {
	for _, d := range dialogues(t) {
		t.Run(d.name, func(t *testing.T) {
			got := d.play(t, func(taken) {})
			if *update {
				if err := os.WriteFile(d.file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(d.text, got); diff != "" && !*update {
				t.Errorf("%s: the traces differ (-want +got); if they should, run with -update:\n%s", d.file, diff)
			}
		})
	}
}

// dialogue is one file of conversations.
type dialogue struct {
	name, file, text string
	version          *engine.Version
}

// taken is one turn of a dialogue as the coverage tests look at it.
type taken struct {
	command  string
	from     session.State // Before the turn.
	reply    *engine.Reply
	version  *engine.Version
	advanced bool // Whether the turn was committed; else it repeated an answer.
}

// dialogues reads every file of testdata/dialogues and compiles the bundles
// they run on.
func dialogues(t *testing.T) []dialogue {
	t.Helper()
	files, err := filepath.Glob("../testdata/dialogues/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogues found: %v", err)
	}
	versions := make(map[string]*engine.Version)
	var all []dialogue
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bundle := filepath.Base(filepath.Dir(file))
		if versions[bundle] == nil {
			versions[bundle] = compileBundle(t, bundle)
		}
		name := bundle + "/" + strings.TrimSuffix(filepath.Base(file), ".txt")
		all = append(all, dialogue{name: name, file: file, text: string(text), version: versions[bundle]})
	}
	return all
}

func compileBundle(t *testing.T, name string) *engine.Version {
	t.Helper()
	fsys := os.DirFS(filepath.Join("../testdata/scripts", name))
	if document, err := os.ReadFile(filepath.Join("../testdata/cases", name+".json")); err == nil {
		fsys = flow.Document(document)
	}
	v, err := engine.Compile(fsys, flow.WithID(name))
	if err != nil {
		var refused flow.Errors
		if errors.As(err, &refused) {
			for _, d := range refused {
				t.Log(d)
			}
		}
		t.Fatalf("compile %s: %v", name, err)
	}
	return v
}

// play runs the file's commands, shows each turn to see, and returns the file
// with the traces that came of them.
func (d dialogue) play(t *testing.T, see func(taken)) string {
	t.Helper()
	var out []string
	line := newTelephone(t, d.version)
	for i, block := range strings.Split(strings.TrimSpace(d.text), "\n\n") {
		var kept []string
		for text := range strings.Lines(block) {
			text = strings.TrimRight(text, "\n")
			if text == "----" {
				break
			}
			kept = append(kept, text)
			if text == "" || strings.HasPrefix(text, "#") {
				continue
			}
			turn, err := line.do(text)
			if err != nil {
				t.Fatalf("%s: block %d: %v", d.file, i+1, err)
			}
			if turn != nil {
				see(*turn)
				kept = append(kept, "----", line.trace)
			}
		}
		out = append(out, strings.Join(kept, "\n"))
	}
	return strings.Join(out, "\n\n") + "\n"
}

// telephone is a gateway that has one call at a time.
type telephone struct {
	t       *testing.T
	version *engine.Version
	engine  *engine.Engine
	store   session.Store
	now     time.Time
	calls   int
	turns   int
	vars    map[string]string
	last    session.Input
	trace   string       // Of the last turn.
	swept   session.Turn // The last turn an observer saw; of a sweep there is no reply.
	seen    bool
}

func newTelephone(t *testing.T, v *engine.Version) *telephone {
	p := &telephone{t: t, version: v, store: session.NewMemory(), now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)}
	e, err := engine.New(engine.Options{
		Now: func() time.Time { return p.now }, Store: p.store, Observers: []engine.Observer{p},
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Publish(v)
	p.engine = e
	return p
}

// Observe keeps a copy of the turn.
func (p *telephone) Observe(_ *engine.Version, turn *session.Turn, _ time.Duration) {
	feedback, input := *turn.Feedback, *turn.Input
	p.swept = session.Turn{Feedback: &feedback, Input: &input, Events: slices.Clone(turn.Events)}
	p.seen = true
}

// do runs one command. It returns nil for one that is not a turn.
func (p *telephone) do(command string) (*taken, error) {
	verb, rest, _ := strings.Cut(command, " ")
	if verb == "call" {
		p.calls++
		p.turns = 0
		var err error
		p.vars, err = parseAssignments(rest)
		return nil, err
	}
	in, err := p.input(verb, rest)
	if err != nil {
		return nil, err
	}
	turn := &taken{command: verb, version: p.version}
	key := session.Key{Call: strconv.Itoa(p.calls)}
	if _, err := p.store.Load(p.t.Context(), key, &turn.from); err != nil {
		return nil, err
	}
	p.now, p.seen = p.now.Add(3*time.Second), false
	reply, err := p.send(p.t.Context(), key, verb, in)
	turn.reply, turn.advanced = &reply, p.seen
	p.trace = traceOf(p.version, turn, err)
	return turn, nil
}

func (p *telephone) input(verb, rest string) (session.Input, error) {
	var in session.Input
	switch verb {
	case "start", "say":
		in = session.Utterance(rest)
	case "silence":
		in = session.Input{Kind: session.Silence}
	case "dtmf":
		in = session.Keys(rest)
	case "hangup":
		in = session.Action("Hangup", "", rest)
	case "expire":
		return in, nil
	case "retry":
		return p.last, nil
	default:
		return in, fmt.Errorf("unknown command %q", verb)
	}
	p.turns++
	in.TurnID, in.Trace = fmt.Sprintf("turn-%d", p.turns), true
	p.last = in
	return in, nil
}

func (p *telephone) send(ctx context.Context, key session.Key, verb string, in session.Input) (engine.Reply, error) {
	if verb != "expire" {
		return p.engine.Begin(ctx, key, engine.Opening{Script: p.version.ScriptID(), Variables: p.vars}, in)
	}
	p.now = p.now.Add(11 * time.Minute)
	ended, err := p.engine.Sweep(ctx)
	if err != nil || ended != 1 {
		return engine.Reply{}, fmt.Errorf("the sweep ended %d calls, want 1: %w", ended, err)
	}
	return engine.Reply{
		Feedback: *p.swept.Feedback, Version: p.version, Input: p.swept.Input.Kind, Events: p.swept.Events,
	}, nil
}

// parseAssignments reads name=value pairs; a value with blanks is quoted.
func parseAssignments(s string) (map[string]string, error) {
	vars := make(map[string]string)
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			return nil, fmt.Errorf("%q is no name=value", s)
		}
		value, after, _ := strings.Cut(rest, " ")
		if quoted, err := strconv.QuotedPrefix(rest); err == nil {
			after = rest[len(quoted):]
			if value, err = strconv.Unquote(quoted); err != nil {
				return nil, err
			}
		}
		vars[name], s = value, after
	}
	return vars, nil
}

// traceOf writes a turn down: what happened in order, then the feedback, then
// what is spoken.
func traceOf(v *engine.Version, turn *taken, err error) string {
	if err != nil {
		return "error: " + sentence(err)
	}
	reply := turn.reply
	trace := reply.Trace(0)
	var lines []string
	for _, e := range reply.Events {
		lines = append(lines, eventLine(v.Program(), &trace, e))
	}
	if !turn.advanced {
		lines = append(lines, "nothing moved")
	}
	lines = append(lines, feedbackLine(v.Program(), reply, &trace))
	if trace.Content != "" {
		lines = append(lines, "| "+strings.ReplaceAll(trace.Content, "\n", "\n| "))
	}
	return strings.Join(lines, "\n")
}

// sentence returns the sentinel of a turn's error: what is around it names the
// call, which is not the script's doing.
func sentence(err error) string {
	for _, known := range []error{engine.ErrTooManyHops, engine.ErrTooDeep} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return err.Error()
}

func eventLine(p *flow.Program, trace *engine.Trace, e session.Event) string {
	switch e.Kind {
	case session.Entered:
		return "entered " + nodeName(p, &p.Flows[e.Flow], &p.Flows[e.Flow].Nodes[e.Node])
	case session.Matched:
		branch := p.Flows[e.Flow].Nodes[e.Node].Branches[e.Branch]
		return fmt.Sprintf("matched %s %s%s, took %s", trace.Matched.Kind, trace.Matched.Name, band(e.Score), branch.ID)
	case session.Answered:
		return fmt.Sprintf("answered %s %s%s", trace.Matched.Kind, trace.Matched.Name, band(e.Score))
	case session.NoMatch, session.Silent, session.MissingVariable:
		return fmt.Sprintf("%s %d", e.Kind, e.Count)
	case session.Tagged:
		return "tagged " + p.Tags[e.Index].String()
	case session.ConditionFailed:
		return "condition failed, branch " + p.Flows[e.Flow].Nodes[e.Node].Branches[e.Branch].ID
	default:
		return fmt.Sprintf("%s %s", e.Kind, e.Reason)
	}
}

func nodeName(p *flow.Program, g *flow.Graph, n *flow.Node) string {
	if len(p.Flows) == 1 {
		return n.Name
	}
	return g.Name + "/" + n.Name
}

// band says which kind of evidence a score stands for, so that tuning the
// matcher does not rewrite every trace.
func band(score float64) string {
	switch {
	case score == 1:
		return " (exact)"
	case score >= 0.85:
		return " (keyword)"
	case score > 0:
		return " (similar)"
	}
	return ""
}

func feedbackLine(p *flow.Program, reply *engine.Reply, trace *engine.Trace) string {
	line := trace.Action
	if trace.ActionParams != "" {
		line += fmt.Sprintf(" %q", trace.ActionParams)
	}
	for i := range p.Flows {
		for j := range p.Flows[i].Nodes {
			if g, n := &p.Flows[i], &p.Flows[i].Nodes[j]; g.ID == reply.FlowID && n.ID == reply.NodeID {
				line += " at " + nodeName(p, g, n)
			}
		}
	}
	if trace.Interruptible {
		line += ", interruptible"
	}
	if reply.SilenceTimeout > 0 {
		line += fmt.Sprintf(", silence after %d s", reply.SilenceTimeout)
	}
	if c := reply.Collect; c.Enabled {
		line += fmt.Sprintf(", collects %d to %d keys (end %q, %d s)", c.Min, c.Max, c.Terminator, c.Timeout)
	}
	if trace.Ended {
		line += ", ended " + trace.EndReason
	}
	return line
}
