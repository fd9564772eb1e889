package api

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/talkgraph/talkgraph/internal/rpc"
)

// The hand-written encoder writes what the generic one does, byte for byte.
func TestAppendJSONAgainstEncoder(t *testing.T) {
	generic, err := rpc.NewEncoder("Dialogue", reflect.TypeFor[dialogueResponse]())
	if err != nil {
		t.Fatal(err)
	}
	text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		r := &dialogueResponse{feedback{
			Action:         text.Draw(t, "Action"),
			ActionParams:   text.Draw(t, "ActionParams"),
			Content:        text.Draw(t, "Content"),
			Interruptible:  rapid.Bool().Draw(t, "Interruptible"),
			FlowID:         text.Draw(t, "FlowId"),
			NodeID:         text.Draw(t, "NodeId"),
			SilenceTimeout: rapid.Int().Draw(t, "SilenceTimeout"),
			CollectDigits:  rapid.Bool().Draw(t, "CollectDigits"),
			TurnID:         text.Draw(t, "TurnId"),
		}}
		if rapid.Bool().Draw(t, "has Digits") {
			r.Feedback.Digits = &digits{
				Min: rapid.Int().Draw(t, "Min"), Max: rapid.Int().Draw(t, "Max"),
				Terminator: text.Draw(t, "Terminator"), Timeout: rapid.Int().Draw(t, "Timeout"),
			}
		}
		id := text.Draw(t, "RequestId")
		got, ok := r.AppendJSON([]byte("before"), id)
		if want := generic.Append([]byte("before"), rpc.JSON, id, r); !ok || string(got) != string(want) {
			t.Fatalf("%s\nwant\n%s", got, want)
		}
	})
}

func TestAppendJSONLeavesExplain(t *testing.T) {
	r := &dialogueResponse{feedback{Explain: &explain{}}}
	if out, ok := r.AppendJSON(nil, "id"); ok || len(out) > 0 {
		t.Errorf("wrote %s of an answer that explains", out)
	}
}

func TestAppendJSONAllocatesNothing(t *testing.T) {
	r := &dialogueResponse{feedback{Action: "Broadcast", Content: "您好，请问是王芳女士吗？", Digits: &digits{Max: 4}}}
	buffer := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { buffer, _ = r.AppendJSON(buffer[:0], "id") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
