package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A script waits for approval, on the command line; what was approved is what
// new calls run on, on a server that was running all the time.
func TestReview(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	data := t.TempDir()
	s := startServer(t, "script", "--data", data, "--instance", "demo", "--script", hello, "--review", "manual")
	does := func(want, action string, parameters ...string) {
		t.Helper()
		signed := execute(nil, append([]string{"sign", "--endpoint", s.url, "Action=" + action, "InstanceId=demo", "ScriptId=hello"}, parameters...)...)
		if _, body := s.get(strings.TrimPrefix(strings.TrimSpace(signed.stdout), s.url)); !strings.Contains(body, want) {
			t.Errorf("%s: %s, want %s", action, body, want)
		}
	}
	review := func(args ...string) result {
		return execute(nil, append([]string{"review", args[0], "--data", data}, args[1:]...)...)
	}
	does(`"Success":true`, "SubmitScriptReview", "Description=请审核")
	if got := review("list"); !strings.Contains(got.stdout, "hello") || !strings.Contains(got.stdout, "demo") || !strings.Contains(got.stdout, "请审核") {
		t.Errorf("list: %+v", got)
	}
	if got := review("reject", "--reason", "不合规", "demo", "hello"); got.code != exitOK {
		t.Errorf("reject: %+v", got)
	}
	does(`"RejectReason":"不合规"`, "DescribeScript")
	if got := review("show", "demo", "hello"); got.code != exitFailed || !strings.Contains(got.stderr, "not in review") {
		t.Errorf("show of what is not in review: %+v", got)
	}
	does(`"Success":true`, "SubmitScriptReview", "Description=再审\nother  bad  坏的")
	if got := review("list"); strings.Count(got.stdout, "\n") != 2 {
		t.Errorf("a remark of two lines: %+v", got)
	}

	// What is shown is what was submitted, whatever the draft is by now.
	does(`"Success":true`, "ModifyScript", "ScriptName=改过的", "Industry=x", "Scene=x")
	shown := review("show", "demo", "hello")
	submitted := filepath.Join(t.TempDir(), "submitted.json")
	if err := os.WriteFile(submitted, []byte(shown.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	vetted := execute(nil, "vet", submitted)
	if shown.code != exitOK || vetted.code != exitOK || !strings.Contains(shown.stdout, "停水通知") || strings.Contains(shown.stdout, "改过的") {
		t.Errorf("show: %+v; vet: %+v", shown, vetted)
	}
	approve := strings.Fields(shown.stderr[strings.LastIndex(shown.stderr, "talkgraph review ")+len("talkgraph review "):])
	if got := review("approve", "--bundle", strings.Repeat("0", 64), "demo", "hello"); got.code != exitFailed || !strings.Contains(got.stderr, "something else is in review") {
		t.Errorf("approve of something else: %+v", got)
	}
	if got := review("approve", "--bundle", "x", "demo", "hello"); got.code != exitUsage {
		t.Errorf("approve of no hash: %+v", got)
	}
	if got := review(approve...); got.code != exitOK {
		t.Errorf("approve: %+v", got)
	}
	does(`"Status":"PUBLISHED"`, "DescribeScript")
	if got := review("approve", "demo", "hello"); got.code != exitFailed || !strings.Contains(got.stderr, "not in review") {
		t.Errorf("approved again: %+v", got)
	}
	if got := review("list"); strings.Contains(got.stdout, "hello") {
		t.Errorf("list: %+v", got)
	}
	onRecord(t, data, "CreateInstance OK demo", "ImportScript OK demo ScriptId=hello",
		"RejectScriptReview OK demo ScriptId=hello", "ApproveScriptReview OK demo ScriptId=hello")
}
