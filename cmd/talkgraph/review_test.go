package main

import (
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
	does(`"Success":true`, "SubmitScriptReview", "Description=再审")
	if got := review("approve", "demo", "hello"); got.code != exitOK {
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
