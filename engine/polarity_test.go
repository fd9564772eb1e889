package engine_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// What testdata/polarity.tsv must reach, in percent of its utterances.
const (
	tunedFloor     = 95
	untouchedFloor = 90
)

// showUntouched lists the wrong rows of the untouched half, to find errors in
// the table itself. Whoever chooses rules leaves it off: rows that are seen
// belong to the tuned half.
var showUntouched = flag.Bool("untouched", false, "list the wrong rows of the untouched half of testdata/polarity.tsv")

// TestPolarity plays each pair of testdata/polarity.tsv, an utterance and what
// it becomes when it is denied, at a node of a script in testdata/scripts.
//
// A want lists the intents and questions that may win, apart by |; "-" is that
// none of them wins, and "not:" before the list turns it round. Patterns of the
// half "untouched" were written before the first run and are there to measure:
// no rule of package nlu may be changed because a row of theirs is wrong, so
// only their number is told.
func TestPolarity(t *testing.T) {
	pairs := readPolarity(t)
	if len(pairs) < 200 {
		t.Errorf("there are %d pairs, want at least 200", len(pairs))
	}
	versions := make(map[string]*engine.Version)
	tally := make(map[string]*share)
	for _, p := range pairs {
		if versions[p.bundle] == nil {
			versions[p.bundle] = compileBundle(t, p.bundle)
		}
		half := p.half + ", " + p.language()
		if tally[half] == nil {
			tally[half] = new(share)
		}
		for _, side := range []struct{ text, want string }{{p.affirmed, p.affirmedWant}, {p.denied, p.deniedWant}} {
			got := winnerAt(t, versions[p.bundle], p.node, side.text)
			right := fits(got, side.want)
			tally[half].add(right)
			if !right && (p.half == "tuned" || *showUntouched) {
				t.Logf("%s, %s: %q at %s is taken for %q, want %s", p.half, p.pattern, side.text, p.node, got, side.want)
			}
		}
	}
	for half, floor := range map[string]float64{"tuned": tunedFloor, "untouched": untouchedFloor} {
		var all share
		for name, s := range tally {
			if strings.HasPrefix(name, half+",") {
				t.Logf("%s: %d of %d right, %.1f %%", name, s.right, s.rows, s.percent())
				all.right, all.rows = all.right+s.right, all.rows+s.rows
			}
		}
		t.Logf("%s half: %d of %d right, %.1f %%", half, all.right, all.rows, all.percent())
		if all.percent() < floor {
			t.Errorf("the %s half is %.1f %% right, want at least %.0f %%", half, all.percent(), floor)
		}
	}
}

// polarityPair is a row of testdata/polarity.tsv.
type polarityPair struct {
	half, pattern, bundle, node    string
	affirmed, affirmedWant, denied string
	deniedWant                     string
}

func (p polarityPair) language() string {
	if strings.HasSuffix(p.bundle, "-en") {
		return "English"
	}
	return "Mandarin"
}

func readPolarity(t *testing.T) []polarityPair {
	t.Helper()
	text, err := os.ReadFile("testdata/polarity.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var pairs []polarityPair
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 8 {
			t.Fatalf("row %d has %d columns, want 8: %s", i+1, len(f), line)
		}
		pairs = append(pairs, polarityPair{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]})
	}
	return pairs
}

// winnerAt returns the name of the intent or question that wins when a caller
// at a node says text, "-" for none.
func winnerAt(t *testing.T, v *engine.Version, node, text string) string {
	t.Helper()
	s := stateAt(t, v, node)
	in := session.Utterance(text)
	v.Match(&s, &in)
	var out engine.Output
	if err := engine.Step(v, &s, &in, &out); err != nil {
		t.Fatalf("%q at %s: %v", text, node, err)
	}
	for _, e := range out.Events {
		switch {
		case e.Kind == session.Matched && e.Rule == session.ByIntent:
			return v.Program().Intents[e.Index].Name
		case e.Kind == session.Answered:
			return v.Program().Questions[e.Index].Name
		}
	}
	return "-"
}

// stateAt returns a call that rests at a node of the main flow or of a SubFlow
// the main flow enters.
func stateAt(t *testing.T, v *engine.Version, node string) session.State {
	t.Helper()
	p := v.Program()
	for f := range p.Flows {
		for n := range p.Flows[f].Nodes {
			if p.Flows[f].Nodes[n].ID == node {
				return session.State{
					Revision: 1, Version: v.Hash(), Flow: uint16(f), Node: uint16(n), Callers: callersOf(p, f),
				}
			}
		}
	}
	t.Fatalf("no node %q in %s", node, p.ID)
	return session.State{}
}

func callersOf(p *flow.Program, entered int) []session.Frame {
	for n, node := range p.Flows[p.Main].Nodes {
		if node.Kind == flow.Transfer && node.Action == flow.GotoFlow && node.Target == entered {
			return []session.Frame{{Flow: uint16(p.Main), Node: uint16(n)}}
		}
	}
	return nil
}

func fits(got, want string) bool {
	names, not := strings.CutPrefix(want, "not:")
	return slices.Contains(strings.Split(names, "|"), got) != not
}

// share counts how many of some rows are right.
type share struct{ right, rows int }

func (s *share) add(right bool) {
	s.rows++
	if right {
		s.right++
	}
}

func (s *share) percent() float64 { return 100 * float64(s.right) / float64(s.rows) }
