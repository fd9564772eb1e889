package store_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everyEvent has an event of each kind, with what the kind fills.
func everyEvent() store.Events {
	return store.Events{
		{Kind: session.Matched, Flow: 1, Node: 2, Rule: session.ByIntent, Branch: 3, Index: 4, Score: 0.9375},
		{Kind: session.Matched, Node: 2, Rule: session.ByCondition, Branch: 1},
		{Kind: session.Matched, Node: 2, Rule: session.ByDefault},
		{Kind: session.Entered, Flow: 65535, Node: 65535},
		{Kind: session.Answered, Node: 2, Index: 5, Score: 1},
		{Kind: session.NoMatch, Node: 2, Count: 1},
		{Kind: session.Silent, Node: 2, Count: 2},
		{Kind: session.Tagged, Node: 2, Index: 6},
		{Kind: session.MissingVariable, Node: 2, Count: 3},
		{Kind: session.ConditionFailed, Node: 2, Branch: 7},
		{Kind: session.Ended, Node: 9, Reason: session.TimedOut},
	}
}

func TestTranscript(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		want := commitConversation(t, s)
		got, err := s.Turns(t.Context(), "inst", "c")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(bun.BaseModel{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, other := range []session.Key{{Instance: "inst", Call: "d"}, {Instance: "other", Call: "c"}, {}} {
			if turns, err := s.Turns(t.Context(), other.Instance, other.Call); turns == nil || len(turns) != 0 || err != nil {
				t.Errorf("the turns of %+v: %v, %v; want none", other, turns, err)
			}
		}
	})
}

// commitConversation commits two turns and returns what the transcript is to
// say of them.
func commitConversation(t *testing.T, s *store.Store) []store.Turn {
	t.Helper()
	var want []store.Turn
	version := session.Hash{1, 2, 3}
	for i, turn := range []struct {
		in       session.Input
		feedback session.Feedback
		events   store.Events
	}{
		{
			session.Input{Kind: session.Start, Text: "喂"},
			session.Feedback{Action: session.ActionBroadcast, Content: "您好，\n是王芳吗？", Interruptible: true, FlowID: "main", NodeID: "ask"},
			nil,
		},
		{
			session.Input{Kind: session.Speech, Text: "'); DROP TABLE turns; --", TurnID: "t-2"},
			session.Feedback{Action: "TransferToAgent", ActionParams: "../\"group\"", Content: "再见", FlowID: "main", NodeID: "bye"},
			everyEvent(),
		},
	} {
		next := state(uint64(i + 1))
		err := s.Sessions().Commit(context.Background(), &session.Turn{
			Key: key("c"), State: &next, Input: &turn.in, Feedback: &turn.feedback, Events: turn.events,
		})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, store.Turn{
			InstanceID: "inst", CallID: "c", BeganAt: next.Begun, Revision: int64(i + 1), Version: version[:],
			TurnID: turn.in.TurnID, At: next.Touched, Input: turn.in.Kind.String(), Utterance: turn.in.Text,
			Action: turn.feedback.Action, ActionParams: turn.feedback.ActionParams, Content: turn.feedback.Content,
			Interruptible: turn.feedback.Interruptible, FlowID: turn.feedback.FlowID, NodeID: turn.feedback.NodeID,
			Events: turn.events,
		})
	}
	return want
}

// The form of the events stays as it is: transcripts outlive the program that
// wrote them.
func TestEventsGolden(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	commitConversation(t, s)
	var got string
	err := s.DB().NewSelect().Table("turns").Column("events").Where("revision = 2").Scan(t.Context(), &got)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "events.json")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEventsThatCannotBeRead(t *testing.T) {
	for _, text := range []any{"", "{}", "[1]", `[{"kind":"danced"}]`, `[{"kind":"ended","reason":"BORED"}]`,
		`[{"kind":"matched","rule":"whim"}]`, `[{"kind":"entered","node":65536}]`, 1, nil} {
		var events store.Events
		if err := events.Scan(text); err == nil {
			t.Errorf("%v is read as %v", text, events)
		}
	}
}

func TestSweep(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		clock := storetest.NewClock()
		place.Now, place.Transcripts = clock.Now, 24*time.Hour
		s := storetest.Open(t, place)
		put := func(call string, age time.Duration, ended session.EndReason) {
			next := state(1)
			next.Begun = clock.Now().Add(-age).UnixMilli()
			next.Touched, next.Ended = next.Begun, ended
			mustCommit(t, s, key(call), next)
		}
		put("idle", 2*time.Minute, session.Live)
		put("idle for longer", 3*time.Minute, session.Live)
		put("live", 0, session.Live)
		put("ended", 10*time.Minute, session.Finished)
		put("ended long ago", time.Hour, session.Finished)
		put("ended yesterday", 25*time.Hour, session.ClientHangup)

		expired := func(limit int, want ...session.Key) {
			t.Helper()
			now := clock.Now()
			keys, err := s.Sessions().Expired(t.Context(), now.Add(-time.Minute), now.Add(-30*time.Minute), limit, nil)
			if diff := cmp.Diff(want, keys); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		}
		expired(1, key("idle for longer"))
		expired(10, key("idle for longer"), key("idle"))

		for call, kept := range map[string]struct {
			call  bool
			turns int
		}{"idle": {true, 1}, "live": {true, 1}, "ended": {true, 1}, "ended long ago": {false, 1}, "ended yesterday": {false, 0}} {
			_, found := load(t, s, key(call))
			turns, err := s.Turns(t.Context(), "inst", call)
			if found != kept.call || len(turns) != kept.turns || err != nil {
				t.Errorf("call %q: found %v, %d turns, %v; want %+v", call, found, len(turns), err, kept)
			}
		}
		// An id that was forgotten may begin another call; the transcript keeps both.
		put("ended long ago", 0, session.Live)
		if turns, err := s.Turns(t.Context(), "inst", "ended long ago"); len(turns) != 2 || err != nil || turns[0].BeganAt >= turns[1].BeganAt {
			t.Errorf("%d turns, %v; want those of both calls, the older first", len(turns), err)
		}
	})
}

// Whole transcripts go, however many turns they have, or none when they are to
// be kept for ever.
func TestSweepOfTranscripts(t *testing.T) {
	for name, kept := range map[string]struct {
		transcripts time.Duration
		turns       int
	}{"for a day": {24 * time.Hour, 0}, "by default": {0, 3}, "for ever": {-1, 3}} {
		t.Run(name, func(t *testing.T) {
			place, clock := storetest.SQLite(t), storetest.NewClock()
			place.Now, place.Transcripts = clock.Now, kept.transcripts
			s := storetest.Open(t, place)
			began := clock.Now().UnixMilli()
			for revision := range uint64(3) {
				next := state(revision + 1)
				next.Begun, next.Touched = began, clock.Now().UnixMilli()
				if revision == 2 {
					next.Ended = session.Finished
				}
				mustCommit(t, s, key("c"), next)
			}
			clock.Advance(48 * time.Hour)
			if _, err := s.Sessions().Expired(t.Context(), noon, clock.Now(), 10, nil); err != nil {
				t.Fatal(err)
			}
			if turns, err := s.Turns(t.Context(), "inst", "c"); len(turns) != kept.turns || err != nil {
				t.Errorf("%d turns, %v; want %d", len(turns), err, kept.turns)
			}
		})
	}
}
