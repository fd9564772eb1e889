package session_test

import (
	"testing"

	"github.com/talkgraph/talkgraph/session"
)

func TestAction(t *testing.T) {
	tests := []struct {
		key, params, utterance string
		kind                   session.InputKind
		text                   string
	}{
		{"", "", "是我", session.Speech, "是我"},
		{"broadcast", "", "ok", session.Speech, "ok"},
		{"Broadcast", "", "", session.Silence, ""},
		{"", "", "  ，。！", session.Silence, ""},
		{"", "", "٣", session.Speech, "٣"},
		{"somethingNew", "x", "7", session.Speech, "7"},
		{"silence", "", "不该听", session.Silence, ""},
		{"NOINPUT", "", "不该听", session.Silence, ""},
		{"Dtmf", "1#", "", session.Digits, "1#"},
		{"dtmf", " 1-2 * ", "听不见", session.Digits, "12*"},
		{"dtmf", "一二", "", session.Silence, ""},
		{"dtmf", "", "是", session.Silence, ""},
		{"HANGUP", "", "那先这样", session.Hangup, "那先这样"},
	}
	for _, tt := range tests {
		in := session.Action(tt.key, tt.params, tt.utterance)
		if in.Kind != tt.kind || in.Text != tt.text {
			t.Errorf("Action(%q, %q, %q) = %v %q, want %v %q", tt.key, tt.params, tt.utterance, in.Kind, in.Text, tt.kind, tt.text)
		}
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		session.Start.String():               "start",
		session.Silence.String():             "silence",
		session.Speech.String():              "speech",
		session.Digits.String():              "digits",
		session.Hangup.String():              "hangup",
		session.Expire.String():              "expire",
		session.InputKind(99).String():       "unknown",
		session.Live.String():                "",
		session.Finished.String():            "FINISHED",
		session.Unrecognized.String():        "UNRECOGNIZED",
		session.NoInteraction.String():       "NO_INTERACTION",
		session.ClientHangup.String():        "CLIENT_HANGUP",
		session.TimedOut.String():            "TIMEOUT",
		session.EndReason(99).String():       "UNKNOWN",
		session.Entered.String():             "entered",
		session.Ended.String():               "ended",
		session.EventKind(99).String() + "k": "unknownk",
		session.ByIntent.String():            "branch",
		session.ByCondition.String():         "condition",
		session.ByDefault.String():           "default",
		session.Rule(99).String() + "r":      "unknownr",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestHash(t *testing.T) {
	var h session.Hash
	h[0], h[31] = 0xab, 0x01
	back, err := session.ParseHash(h.String())
	if err != nil || back != h {
		t.Errorf("ParseHash(%s) = %s, %v", h, back, err)
	}
	for _, bad := range []string{"", "ab", "zz" + h.String()[2:], h.String() + "00"} {
		if _, err := session.ParseHash(bad); err == nil {
			t.Errorf("ParseHash(%q): no error", bad)
		}
	}
}

func TestCopySharesNothing(t *testing.T) {
	a := typical()
	var b session.State
	b.CopyFrom(&a)
	b.Callers[0].Node, b.Vars[0].Value, b.Tags[0] = 99, "changed", 99
	if b.Use(2) != 1 || b.Use(9) != 0 || b.Use(9) != 1 {
		t.Error("Use does not count from where the copy stood")
	}
	if b.Tag(99) || !b.Tag(5) || b.Tag(5) {
		t.Error("Tag must report the first hit only")
	}
	if want := typical(); a.Callers[0] != want.Callers[0] || a.Vars[0] != want.Vars[0] || a.Tags[0] != want.Tags[0] || a.Places[0] != want.Places[0] {
		t.Error("changing the copy changed the original")
	}
	b.Reset()
	if b.HasBegun() || len(b.Vars)+len(b.Tags)+len(b.Places)+len(b.Callers) != 0 || b.Last.TurnID != "" {
		t.Errorf("Reset left %+v", b)
	}
}
