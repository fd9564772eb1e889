package sdktest

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// talk is the example of docs/api.md, line by line: it makes a call with the
// script hello and says what the robot says.
func talk(address string, out io.Writer) error {
	client, err := outboundbot.NewClientWithAccessKey("cn-shanghai", "demo", "demo-secret")
	if err != nil {
		return err
	}
	client.Domain = address
	client.GetConfig().Scheme = "HTTP"

	for _, utterance := range []string{"", "什么时候停水", "知道了"} {
		request := outboundbot.CreateDialogueRequest()
		request.InstanceId = "demo"
		request.ScriptId = "hello"
		request.CallId = "call-1"
		request.CallType = "Outbound"
		request.CalledNumber = "13800000000"
		request.CallingNumber = "95187"
		request.Utterance = utterance
		response, err := client.Dialogue(request)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, response.Feedback.Action, response.Feedback.Content)
	}
	return nil
}

// TestExample runs what docs/api.md shows.
func TestExample(t *testing.T) {
	t.Setenv("TALKGRAPH_ACCESS_KEY_ID", "demo")
	t.Setenv("TALKGRAPH_ACCESS_KEY_SECRET", "demo-secret")
	s := start(t, nil, []string{"--instance", "demo", "--script", filepath.Join(repository, "testdata", "scripts", "hello")})
	var out strings.Builder
	if err := talk(s.address, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	equal(t, "what the robot does first", strings.HasPrefix(lines[0], "Broadcast 您好，"), true)
	equal(t, "what it does last", lines[len(lines)-1], "Hangup 好的，打扰您了，再见。")
}
