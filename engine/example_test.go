package engine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"testing/fstest"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// A gateway compiles a script once, then begins a call and takes turns. The
// README shows the same lines; TestREADME keeps the two alike.
func Example() {
	version, err := engine.Compile(os.DirFS("../testdata/scripts/hello"))
	if err != nil {
		log.Fatal(err) // Names the file, line and what to do.
	}
	calls, _ := engine.New(engine.Options{Now: time.Now})
	calls.Publish(version)

	ctx, call := context.Background(), session.Key{Call: "call-1"}
	reply, _ := calls.Begin(ctx, call, engine.Opening{Script: "hello"}, session.Input{})
	fmt.Println(reply.Action, reply.Content)
	reply, _ = calls.Turn(ctx, call, session.Utterance("好的，知道了"))
	fmt.Println(reply.Action, reply.Content, reply.Ended)
	// Output:
	// Broadcast 您好，这里是社区服务中心。明天上午九点到十一点停水检修，请您提前接好水。听明白了请说一声知道了。
	// Hangup 好的，打扰您了，再见。 FINISHED
}

// A script that is refused gives every diagnostic, not only the first.
func ExampleCompile() {
	script := fstest.MapFS{"script.json": {Data: []byte(`{
  "name": "broken",
  "flows": [{"id": "main", "name": "main", "type": "MainFlow", "definition": {
    "nodes": [{"id": "s", "type": "Start"}, {"id": "ask", "type": "Switch", "script": ""}],
    "transitions": [{"id": "t", "source": "s", "target": "nowhere"}]}}]
}`)}}
	_, err := engine.Compile(script)
	var refused flow.Errors
	if errors.As(err, &refused) {
		for _, d := range refused {
			fmt.Println(d)
		}
	}
	// Output:
	// script.json:4:45: warning TG046: no transition leads to this node: lead one to it, or remove it
	// script.json:4:87: error TG023: a Switch node must say something before it waits: give it a "script"
	// script.json:5:58: error TG027: the transition leads to "nowhere", which is no node of this flow: correct its target, or remove it
}

// Match and Step are the two halves of a turn. Step is pure: with the match
// that was recorded, a call replays to the same states, without the matcher.
func ExampleStep() {
	version, err := engine.Compile(os.DirFS("../testdata/scripts/hello"))
	if err != nil {
		log.Fatal(err)
	}
	var state session.State
	var out engine.Output
	for _, in := range []session.Input{{Kind: session.Start}, session.Utterance("嗯")} {
		version.Match(&state, &in)
		if err := engine.Step(version, &state, &in, &out); err != nil {
			log.Fatal(err)
		}
		state.CopyFrom(&out.State)
		fmt.Println(in.Kind, "->", out.Feedback.Action, out.Feedback.NodeID, state.Revision)
	}
	// Output:
	// start -> Broadcast notice 1
	// speech -> Hangup goodbye 2
}
