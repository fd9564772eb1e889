package api_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

// A call, walked in both formats, request by request.
func TestDialogueWalk(t *testing.T) {
	var got strings.Builder
	for _, format := range []string{"JSON", "XML"} {
		e, resolver := realEngine(t, "hello")
		c := newClient(t, api.Options{Engine: e, Resolver: resolver})
		for _, parameters := range []map[string]string{
			{"Utterance": "喂", "TurnId": "t-0"},
			{"Utterance": "喂", "TurnId": "t-0"},
			{"ActionKey": "broadcast", "Utterance": "……"},
			{"ActionKey": "dtmf", "ActionParams": "7#"},
			{"Utterance": "知道了"},
			{"Utterance": "还在吗"},
			{"CallId": "call-2", "ActionKey": "Hangup"},
			{"InstanceId": "elsewhere"},
			{"CallId": "-"},
		} {
			line, err := json.Marshal(parameters)
			if err != nil {
				t.Fatal(err)
			}
			all := turn(parameters)
			all["Format"] = format
			status, body := c.send(all)
			fmt.Fprintf(&got, "%s %s\n%d %s\n\n", format, line, status, body)
		}
	}
	golden(t, "walk.golden", got.String())
}

// What an answer says under the names of the reference is what the reference's
// fixtures have; what is more is an extension.
func TestDialogueHasTheFieldsOfTheReference(t *testing.T) {
	s := &stub{begun: true, reply: engine.Reply{Feedback: session.Feedback{
		Action: "action-1", ActionParams: "actionparams-1", Content: "content-1", Interruptible: true,
	}}}
	c := newClient(t, api.Options{Engine: s, Resolver: api.Static{}, NewRequestID: func() string { return "requestid-1" }})

	_, body := c.send(turn(nil))
	var got, want map[string]any
	fixture, err := os.ReadFile(filepath.Join("testdata", "canonical", "Dialogue.json"))
	if err := errors.Join(err, json.Unmarshal(fixture, &want), json.Unmarshal([]byte(body), &got)); err != nil {
		t.Fatal(err)
	}
	feedback := got["Feedback"].(map[string]any)
	maps.DeleteFunc(feedback, func(name string, _ any) bool { return want["Feedback"].(map[string]any)[name] == nil })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	fixture, err = os.ReadFile(filepath.Join("testdata", "canonical", "Dialogue.xml"))
	if err != nil {
		t.Fatal(err)
	}
	parameters := turn(nil)
	parameters["Format"] = "XML"
	_, body = c.send(parameters)
	inAnswer := leaves(t, body)
	for path, text := range leaves(t, string(fixture)) {
		if inAnswer[path] != text {
			t.Errorf("%s is %q, want %q", path, inAnswer[path], text)
		}
	}
}

// leaves returns the text of every element of a document that has text, by path.
func leaves(t *testing.T, document string) map[string]string {
	found := map[string]string{}
	var path []string
	d := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				found[strings.Join(path, "/")] = text
			}
		}
	}
}

func TestDialogueFeedbackWithEverything(t *testing.T) {
	s := &stub{begun: true, reply: engine.Reply{
		Feedback: session.Feedback{
			Action: "Broadcast", Content: "请按键<1>\n\"或\"者&", FlowID: "f", NodeID: "n", SilenceTimeout: 8, TurnID: "t",
			Collect: session.Collect{Enabled: true, Min: 1, Max: 4, Terminator: "#", Timeout: 3},
		},
		Explanation: &engine.Explanation{
			Text: "是的", Normalized: "是的", Tokens: []string{"是", "的"}, Threshold: 0.5, Margin: 0.1, Winner: "是本人", Why: "It is ahead.",
			Candidates: []engine.Candidate{{Kind: "branch", Name: "是本人", Score: 0.93, Features: []string{"是 +0.5"}}, {Kind: "global"}},
		},
	}}
	c := newClient(t, api.Options{Engine: s, Resolver: api.Static{}})
	var got strings.Builder
	for _, format := range []string{"JSON", "XML"} {
		status, body := c.send(turn(map[string]string{"Format": format, "Debug": "true"}))
		fmt.Fprintf(&got, "%d %s\n", status, body)
	}
	if !s.in.Trace {
		t.Error("Debug did not ask for a trace")
	}
	golden(t, "feedback.golden", got.String())
}

func TestDialogueInput(t *testing.T) {
	for name, c := range map[string]struct {
		parameters map[string]string
		want       session.Input
	}{
		"words":         {map[string]string{"Utterance": "你好", "TurnId": "7"}, session.Input{Kind: session.Speech, Text: "你好", TurnID: "7"}},
		"no words":      {nil, session.Input{Kind: session.Silence}},
		"a key":         {map[string]string{"ActionKey": "DTMF", "ActionParams": "1#", "Utterance": "x"}, session.Input{Kind: session.Digits, Text: "1#"}},
		"hanging up":    {map[string]string{"ActionKey": "hangup", "Utterance": "再见"}, session.Input{Kind: session.Hangup, Text: "再见"}},
		"official SDK":  {map[string]string{"InstanceOwnerId": "42", "RegionId": "cn-shanghai", "ActionKey": "broadcast"}, session.Input{}},
		"asks for more": {map[string]string{"Debug": "true"}, session.Input{Trace: true}},
	} {
		s := &stub{begun: true}
		if status, body := newClient(t, api.Options{Engine: s, Resolver: api.Static{}}).send(turn(c.parameters)); status != 200 {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if diff := cmp.Diff(c.want, s.in); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDialogueOpening(t *testing.T) {
	for name, c := range map[string]struct {
		resolver   api.Static
		parameters map[string]string
		want       engine.Opening
	}{
		"the only script": {
			api.Static{Instance: "inst-1", Scripts: []string{"a"}}, nil,
			engine.Opening{Script: "a", Variables: map[string]string{"phonenumber": "13800000000"}},
		},
		"named": {
			api.Static{Instance: "inst-1", Scripts: []string{"a", "b"}}, map[string]string{"ScriptId": "b", "ScenarioId": "a", "TaskId": "x"},
			engine.Opening{Script: "b", Variables: map[string]string{"phonenumber": "13800000000"}},
		},
		"named as a scenario": {
			api.Static{Instance: "inst-1", Scripts: []string{"a", "b"}}, map[string]string{"ScenarioId": "b", "CallType": "debug"},
			engine.Opening{Script: "b", Debug: true, Variables: map[string]string{"phonenumber": "13800000000"}},
		},
		"with variables, none of them the number": {
			api.Static{Instance: "inst-1", Scripts: []string{"a"}}, map[string]string{"Variables": `{"name":"王芳"}`},
			engine.Opening{Script: "a", Variables: map[string]string{"name": "王芳", "phonenumber": "13800000000"}},
		},
		"another scenario": {
			api.Static{Instance: "inst-1", Scripts: []string{"a"}}, map[string]string{"ScenarioId": "x", "Variables": `{"name":"王芳","phonenumber":"1"}`},
			engine.Opening{Script: "a", Variables: map[string]string{"name": "王芳", "phonenumber": "1"}},
		},
	} {
		s := &stub{}
		if status, body := newClient(t, api.Options{Engine: s, Resolver: c.resolver}).send(turn(c.parameters)); status != 200 {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if diff := cmp.Diff(c.want, s.opening); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDialogueErrors(t *testing.T) {
	two := api.Static{Instance: "inst-1", Scripts: []string{"a", "b"}}
	named := map[string]string{"ScriptId": "a"}
	for name, c := range map[string]struct {
		parameters map[string]string
		err        error // Of the engine.
		status     int
		want       string
	}{
		"no instance":       {map[string]string{"InstanceId": "-"}, nil, 400, `"MissingParameter"`},
		"no call":           {map[string]string{"CallId": "-"}, nil, 400, "CallId is mandatory"},
		"no call type":      {map[string]string{"CallType": "-"}, nil, 400, "CallType is mandatory"},
		"no called number":  {map[string]string{"CalledNumber": "-"}, nil, 400, "CalledNumber is mandatory"},
		"no calling number": {map[string]string{"CallingNumber": "-"}, nil, 400, "CallingNumber is mandatory"},
		"long utterance":    {map[string]string{"Utterance": strings.Repeat("好", 1025)}, nil, 400, "Utterance is invalid"},
		"long id":           {map[string]string{"CallId": strings.Repeat("x", 129)}, nil, 400, "CallId is invalid"},
		"odd variables":     {map[string]string{"Variables": `{"name":1}`}, nil, 400, "Variables is invalid"},
		"unknown instance":  {map[string]string{"InstanceId": "x"}, nil, 404, `"NotExist.Instance"`},
		"unknown script":    {map[string]string{"ScriptId": "x"}, nil, 404, `"NotExist.Script"`},
		"no script named":   {nil, nil, 400, "ScriptId is mandatory"},
		"deleted script":    {named, fmt.Errorf("a: %w", engine.ErrUnknownScript), 404, `"NotExist.Script"`},
		"too many calls":    {named, fmt.Errorf("a: %w", engine.ErrTooManyCalls), 400, `"LimitExceeded.ConcurrentConversation"`},
		"version missing":   {named, fmt.Errorf("a: %w", engine.ErrVersionMissing), 503, `"ServiceUnavailable"`},
		"conflict":          {named, fmt.Errorf("a: %w", session.ErrConflict), 503, `"ServiceUnavailable"`},
		"too slow":          {named, context.DeadlineExceeded, 503, `"ServiceUnavailable"`},
		"too many hops":     {named, fmt.Errorf("a: %w", engine.ErrTooManyHops), 500, `"InternalError"`},
		"corrupt":           {named, fmt.Errorf("a: %w", session.ErrCorrupt), 500, `"InternalError"`},
		"store":             {named, errors.New("disk on fire"), 500, `"InternalError"`},
	} {
		status, body := newClient(t, api.Options{Engine: &stub{err: c.err}, Resolver: two}).send(turn(c.parameters))
		if status != c.status || !strings.Contains(body, c.want) || strings.Contains(body, "fire") {
			t.Errorf("%s: %d %s, want %d %s", name, status, body, c.status, c.want)
		}
	}
}

// The cap on concurrent calls refuses a new call and lets the others go on.
func TestDialogueTooManyCalls(t *testing.T) {
	e, resolver := realEngine(t, "hello")
	c := newClient(t, api.Options{Engine: e, Resolver: resolver})
	for i, want := range []int{200, 200, 200, 400, 400} {
		if status, body := c.send(turn(map[string]string{"CallId": fmt.Sprint(i)})); status != want {
			t.Errorf("call %d: %d %s", i, status, body)
		}
	}
	for i, want := range []int{200, 200, 200} {
		if status, body := c.send(turn(map[string]string{"CallId": fmt.Sprint(i), "ActionKey": "Hangup"})); status != want {
			t.Errorf("hanging up call %d: %d %s", i, status, body)
		}
	}
	if status, body := c.send(turn(map[string]string{"CallId": "later"})); status != 200 {
		t.Errorf("after calls ended: %d %s", status, body)
	}
}

func TestDialogueConcurrently(t *testing.T) {
	e, resolver := realEngine(t, "hello")
	handlerClient := newClient(t, api.Options{Engine: e, Resolver: resolver})
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			c := &client{t: t, url: handlerClient.url, nonces: 1000 * (i + 1)}
			for _, utterance := range []string{"喂", "……", "知道了", "再见"} {
				if status, body := c.send(turn(map[string]string{"CallId": fmt.Sprint(i), "Utterance": utterance})); status != 200 {
					t.Errorf("call %d: %d %s", i, status, body)
				}
			}
		})
	}
	wg.Wait()
	if e.Live() != 0 {
		t.Errorf("%d calls live after all ended", e.Live())
	}
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []api.Options{
		{},
		{Engine: &stub{}, Resolver: api.Static{}, Now: clock},
		{Engine: &stub{}, Keys: map[string]string{}, Now: clock},
		{Engine: &stub{}, Resolver: api.Static{}, Keys: map[string]string{}},
	} {
		if _, err := api.New(o); err == nil {
			t.Errorf("%+v makes an API", o)
		}
	}
}
