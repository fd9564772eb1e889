package session_test

import (
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"github.com/talkgraph/talkgraph/session"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// typical is what a call of the size named in the README keeps: 36-byte ids,
// four variables, a last Content of 60 characters.
func typical() session.State {
	var s session.State
	for i := range s.Version {
		s.Version[i] = byte(i * 7)
	}
	s.Revision, s.Begun, s.Touched = 5, 1_700_000_000_000, 1_700_000_042_500
	s.Flow, s.Node = 1, 16
	s.Callers = []session.Frame{{Flow: 0, Node: 7}}
	s.Visit = session.Visit{Unrecognized: 1, Silent: 2, Similar: 1}
	s.Turns, s.Spoke = 4, true
	s.Vars = []session.Var{
		{Name: "honorific", Value: "女士"},
		{Name: "name", Value: "王芳"},
		{Name: "phonenumber", Value: "13800000000"},
		{Name: "referenceId", Value: "4f1d2a9e-7c55-4a0b-9a53-0c9f2d6f1b11"},
	}
	s.Tags = []uint16{3, 0}
	s.Places = []session.Place{{Question: 2, Used: 1}}
	s.Last = session.Said{
		TurnID: "9e0b6f0e-51a1-4c2e-8f55-b1a3c5d7e9f0", Action: session.ActionBroadcast,
		Content: strings.Repeat("您可以再说一遍吗", 7) + "谢谢您呀", Interruptible: true,
	}
	return s
}

func TestSnapshotGolden(t *testing.T) {
	s := typical()
	got := hex.EncodeToString(s.AppendBinary(nil)) + "\n"
	const file = "testdata/snapshot-1.hex"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the snapshot changed: a new form needs a new format number\ngot  %swant %s", got, want)
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(want)))
	if err != nil {
		t.Fatal(err)
	}
	var back session.State
	if err := back.ReadSnapshot(string(raw)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, back); diff != "" {
		t.Errorf("reading the golden file (-want +got):\n%s", diff)
	}
}

func TestSnapshotOfATypicalCallIsSmall(t *testing.T) {
	s := typical()
	if n := len([]rune(s.Last.Content)); n != 60 {
		t.Fatalf("the typical content has %d characters, want 60", n)
	}
	if n := len(s.AppendBinary(nil)); n > 512 {
		t.Errorf("%d bytes, want at most 512", n)
	}
}

func drawState(t *rapid.T) session.State {
	var s session.State
	copy(s.Version[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "version"))
	s.Revision = rapid.Uint64().Draw(t, "revision")
	s.Begun, s.Touched = rapid.Int64().Draw(t, "begun"), rapid.Int64().Draw(t, "touched")
	u16 := rapid.Uint16()
	s.Flow, s.Node = u16.Draw(t, "flow"), u16.Draw(t, "node")
	s.Visit = session.Visit{Unrecognized: u16.Draw(t, "un"), Silent: u16.Draw(t, "si"), Similar: u16.Draw(t, "sim")}
	s.Turns, s.Spoke = rapid.Uint32().Draw(t, "turns"), rapid.Bool().Draw(t, "spoke")
	s.Ended = session.EndReason(rapid.IntRange(0, 5).Draw(t, "ended"))
	s.Callers = rapid.SliceOf(rapid.Map(u16, func(n uint16) session.Frame { return session.Frame{Flow: n, Node: ^n} })).Draw(t, "callers")
	s.Vars = rapid.SliceOf(rapid.Map(rapid.String(), func(v string) session.Var { return session.Var{Name: "n" + v, Value: v} })).Draw(t, "vars")
	s.Tags = rapid.SliceOf(u16).Draw(t, "tags")
	s.Places = rapid.SliceOf(rapid.Map(u16, func(n uint16) session.Place { return session.Place{Question: n, Used: n / 2} })).Draw(t, "places")
	text := rapid.String()
	s.Last = session.Said{
		TurnID: text.Draw(t, "turn"), Action: text.Draw(t, "action"), ActionParams: text.Draw(t, "params"),
		Content: text.Draw(t, "content"), Interruptible: rapid.Bool().Draw(t, "interruptible"),
		FlowID: text.Draw(t, "flow id"), NodeID: text.Draw(t, "node id"),
	}
	return s
}

func TestSnapshotRoundTrip(t *testing.T) {
	back := typical() // What a reused state held must not shine through.
	rapid.Check(t, func(t *rapid.T) {
		s := drawState(t)
		if err := back.ReadSnapshot(string(s.AppendBinary(nil))); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestDamagedSnapshotIsAnError(t *testing.T) {
	s := typical()
	whole := s.AppendBinary(nil)
	var back session.State
	for i := range whole {
		damaged := append([]byte(nil), whole...)
		damaged[i] ^= 0x20
		if err := back.ReadSnapshot(string(damaged)); !errors.Is(err, session.ErrCorrupt) {
			t.Errorf("byte %d flipped: got %v, want ErrCorrupt", i, err)
		}
		if err := back.ReadSnapshot(string(whole[:i])); !errors.Is(err, session.ErrCorrupt) {
			t.Errorf("cut at byte %d: got %v, want ErrCorrupt", i, err)
		}
	}
	if err := back.ReadSnapshot(string(whole) + "x"); !errors.Is(err, session.ErrCorrupt) {
		t.Errorf("a byte too many: got %v, want ErrCorrupt", err)
	}
}

func TestReadSnapshotDoesNotAllocate(t *testing.T) {
	s := typical()
	snapshot := string(s.AppendBinary(nil))
	var back session.State
	if n := testing.AllocsPerRun(100, func() {
		if err := back.ReadSnapshot(snapshot); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
