package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/simulator"
)

// A campaign in virtual time: everybody is called, every call is accounted for,
// and the same seed gives the same campaign.
func TestSimulate(t *testing.T) {
	args := []string{"simulate", "--script", hello, "--calls", "60", "--seed", "3"}
	got := execute(nil, append(args, "--json")...)
	if got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	var r simulator.Result
	if err := json.Unmarshal([]byte(got.stdout), &r); err != nil {
		t.Fatal(err)
	}
	ended, failed, jobs := 0, 0, 0
	for _, n := range r.Ends {
		ended += n
	}
	for _, n := range r.Failures {
		failed += n
	}
	for _, n := range r.Jobs {
		jobs += n
	}
	if r.Contacts != 60 || jobs != 60 || ended != r.Answered || ended+failed != r.Calls || r.Calls < 60 {
		t.Errorf("%d contacts, %d of them ended; %d calls, %d ended, %d failed", r.Contacts, jobs, r.Calls, ended, failed)
	}
	stopped := 0
	for _, n := range r.Nodes {
		stopped += n.Ended
		for _, b := range n.Branches {
			if b.Calls > n.Calls {
				t.Errorf("%s: %d of %d calls took %s", n.Node, b.Calls, n.Calls, b.Name)
			}
		}
	}
	if r.Nodes[0].Node != "notice" || r.Nodes[0].Calls == 0 || stopped != r.Answered {
		t.Errorf("%d of %d calls ended at a node of %+v", stopped, r.Answered, r.Nodes)
	}
	if again := execute(nil, append(args, "--json")...); again.stdout != got.stdout {
		t.Error("the same seed gives another campaign")
	}
	if table := execute(nil, args...); !strings.Contains(table.stdout, "main/notice") || !strings.Contains(table.stdout, "FINISHED") {
		t.Errorf("the tables: %s", table.stdout)
	}
}

func TestSimulateRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		args   []string
		code   int
		stderr string
	}{
		"no script":          {nil, exitUsage, "give --script"},
		"no calls":           {[]string{"--script", hello, "--calls", "0"}, exitUsage, "--calls is 0"},
		"broken script":      {[]string{"--script", broken}, exitFailed, "error"},
		"missing profile":    {[]string{"--script", hello, "--profile", "testdata/none"}, exitFailed, "--profile"},
		"profile of another": {[]string{"--script", hello, "--profile", hello + "/script.json"}, exitFailed, "unknown field"},
	} {
		got := execute(nil, append([]string{"simulate"}, test.args...)...)
		if got.code != test.code || !strings.Contains(got.stderr, test.stderr) || got.stdout != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
