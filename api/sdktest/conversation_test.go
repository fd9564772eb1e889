package sdktest

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// TestConversation carries a call on through the SDK to its hang-up, and
// compares what is said with what `talkgraph chat` says for the same bundle.
func TestConversation(t *testing.T) {
	bundle := filepath.Join(repository, "testdata", "scripts", "debt-reminder")
	variables := map[string]string{"name": "王芳", "amount": "1280"}
	eachStorage(t, func(t *testing.T, s *server) {
		c := s.client(t, keyID, keySecret)
		for call, utterances := range map[string][]string{
			"unwilling":    {"是我", "多少钱", "", "你是机器人吗", "没钱", "生意赔了"},
			"another":      {"不是", "我会转告的"},
			"not heard":    {"", "", ""},
			"not followed": {"今天天气不错", "明天会下雨吗", "猫在屋顶上睡觉"},
		} {
			for i, want := range chat(t, bundle, variables, utterances) {
				got := do(t, c.Dialogue, outboundbot.CreateDialogueRequest, func(r *outboundbot.DialogueRequest) {
					r.InstanceId, r.ScriptId, r.CallId, r.CallType = "demo", "debt-reminder", call, "Outbound"
					r.CalledNumber, r.CallingNumber = "13800000000", "95187"
					if i > 0 {
						r.Utterance = utterances[i-1]
					} else {
						r.QueryParams["Variables"] = object(t, variables) // An extension, which the SDK has no field for.
					}
				}).Feedback
				equal(t, "the turn at "+want.NodeName, got, outboundbot.Feedback{
					Action: want.Action, ActionParams: want.ActionParams, Content: want.Content, Interruptible: want.Interruptible,
				})
			}
		}
	}, "--script", bundle, "--instance", "demo")
}

// turn is what chat prints of a turn.
type turn struct {
	Action, ActionParams, Content, NodeName string
	Interruptible, Ended                    bool
}

// chat has the conversation on the command line, one turn more than there are
// utterances.
func chat(t *testing.T, bundle string, variables map[string]string, utterances []string) []turn {
	t.Helper()
	args := []string{"chat", bundle, "--json"}
	for name, value := range variables {
		args = append(args, "--var", name+"="+value)
	}
	cmd := command(args...)
	cmd.Stdin = strings.NewReader(strings.Join(utterances, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var turns []turn
	for line := range strings.Lines(string(out)) {
		var one turn
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		turns = append(turns, one)
	}
	if len(turns) != len(utterances)+1 || !turns[len(turns)-1].Ended {
		t.Fatalf("the chat has %d turns for %d utterances, or does not end:\n%s", len(turns), len(utterances), out)
	}
	return turns
}

func object(t *testing.T, members map[string]string) string {
	t.Helper()
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
