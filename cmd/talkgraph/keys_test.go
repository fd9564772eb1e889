package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// added makes an access key and returns its id and secret.
func added(t *testing.T, args ...string) (id, secret string) {
	t.Helper()
	got := execute(nil, append([]string{"keys", "add"}, args...)...)
	if _, err := fmt.Sscanf(got.stdout, "key id %s\nkey secret %s\n", &id, &secret); err != nil || got.code != exitOK {
		t.Fatalf("%v: %+v", err, got)
	}
	return id, secret
}

const listOnly = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"outboundbot:List*","Resource":"*"}]}`

// Keys are made and disabled while a server runs, which knows of it soon.
func TestKeys(t *testing.T) {
	t.Setenv(keyIDVariable, "")
	t.Setenv(keySecretVariable, "")
	data, policy := t.TempDir(), filepath.Join(t.TempDir(), "list-only.json")
	if err := os.WriteFile(policy, []byte(listOnly), 0o600); err != nil {
		t.Fatal(err)
	}
	id, secret := added(t, "--data", data, "--policy", policy, "--description", "the crawler")
	s := startServer(t, "listening", "--data", data)
	as := func(action string) string {
		signed := execute(nil, "sign", "--endpoint", s.url, "--key-id", id, "--key-secret", secret, "Action="+action, "InstanceId=none")
		_, body := s.get(strings.TrimPrefix(strings.TrimSpace(signed.stdout), s.url))
		return body
	}
	for action, want := range map[string]string{
		"ListInstances": `"Code":"OK"`, "DescribeInstance": "Forbidden.RAM", "DeleteInstance": "Forbidden.RAM",
	} {
		if body := as(action); !strings.Contains(body, want) {
			t.Errorf("%s: %s, want %s", action, body, want)
		}
	}
	list := execute(nil, "keys", "list", "--data", data)
	if !strings.Contains(list.stdout, id) || !strings.Contains(list.stdout, "enabled") || !strings.Contains(list.stdout, "the crawler") ||
		!strings.Contains(list.stdout, "list-only") || strings.Contains(list.stdout, secret) {
		t.Errorf("listed %+v", list)
	}
	if audit := execute(nil, "audit", "--data", data); !strings.Contains(audit.stdout, "DeleteInstance") || !strings.Contains(audit.stdout, "Forbidden.RAM") ||
		strings.Contains(audit.stdout, "ListInstances") {
		t.Errorf("audit: %+v", audit)
	}
	if got := execute(nil, "keys", "disable", "--data", data, id); got.code != exitOK {
		t.Fatalf("disable: %+v", got)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		if body := as("ListInstances"); strings.Contains(body, "InvalidAccessKeyId.NotFound") {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("a disabled key is still good: %s", body)
		}
	}
	if list := execute(nil, "keys", "list", "--data", data); !strings.Contains(list.stdout, "disabled") {
		t.Errorf("listed %+v", list)
	}
	onRecord(t, data, "AddPolicy OK PolicyName=list-only", "AddKey OK AccessKeyId="+id+" PolicyName=list-only", "DisableKey OK AccessKeyId="+id)
}

// onRecord expects the audit log to have each of these, action, code, instance and
// target, as done from the command line, and once.
func onRecord(t *testing.T, data string, uses ...string) {
	t.Helper()
	got := execute(nil, "audit", "--data", data)
	log := regexp.MustCompile(` +`).ReplaceAllString(got.stdout, " ")
	for _, use := range uses {
		if n := strings.Count(log, " command line, "+userName()+" "+use+" "); n != 1 {
			t.Errorf("%q is on record %d times:\n%s%s", use, n, got.stdout, got.stderr)
		}
	}
}

func TestKeysRefuse(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	added(t, "--data", data)
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	broken, named := write("broken.json", "{}"), write("AliyunOutboundbotFullAccess.json", listOnly)
	for name, c := range map[string]struct {
		args   []string
		code   int
		stderr string
	}{
		"nowhere":           {[]string{"keys", "add"}, exitUsage, "--data FOLDER or --database URL"},
		"nothing there":     {[]string{"keys", "list", "--data", folder}, exitFailed, "nothing is kept there"},
		"unknown policy":    {[]string{"keys", "add", "--data", data, "--policy", "none"}, exitFailed, "neither a policy of that name nor such a file"},
		"broken policy":     {[]string{"keys", "add", "--data", data, "--policy", broken}, exitFailed, `the Version is ""`},
		"taken policy":      {[]string{"keys", "add", "--data", data, "--policy", named}, exitFailed, "call the file otherwise"},
		"unknown key":       {[]string{"keys", "disable", "--data", data, "none"}, exitFailed, "there is no key none"},
		"no key":            {[]string{"keys", "disable", "--data", data}, exitUsage, "accepts 1 arg(s)"},
		"unknown command":   {[]string{"keys", "delete"}, exitUsage, "unknown command"},
		"no records":        {[]string{"audit", "--data", data, "--limit", "0"}, exitUsage, "--limit is 0"},
		"odd database":      {[]string{"audit", "--database", "mysql://x"}, exitFailed, "a database is named by a URL"},
		"no reason":         {[]string{"review", "reject", "--data", data, "i", "s"}, exitUsage, "say why with --reason"},
		"unknown to reject": {[]string{"review", "reject", "--data", data, "--reason", "r", "i", "s"}, exitFailed, "script s of instance i"},
		"unknown to accept": {[]string{"review", "approve", "--data", data, "i", "s"}, exitFailed, "script s of instance i"},
		"backup over":       {[]string{"backup", "--data", data, broken}, exitFailed, "exists"},
	} {
		got := execute(nil, c.args...)
		if got.code != c.code || !strings.Contains(got.stderr, c.stderr) {
			t.Errorf("%s: %+v, want %d %s", name, got, c.code, c.stderr)
		}
	}
	if log := execute(nil, "audit", "--data", data).stdout; strings.Count(log, "\n") != 2 || !strings.Contains(log, " AddKey ") {
		t.Errorf("what was refused is on record:\n%s", log)
	}
	if got := execute(nil, "keys"); got.code != exitOK || !strings.Contains(got.stdout, "Available Commands:") {
		t.Errorf("keys: %+v", got)
	}
}

// The variable of a flag stands in for it.
func TestKeysVariable(t *testing.T) {
	t.Setenv("TALKGRAPH_DATA", t.TempDir())
	id, _ := added(t)
	if list := execute(nil, "keys", "list"); !strings.Contains(list.stdout, id) {
		t.Errorf("listed %+v", list)
	}
}

// A description is a cell of a list, and nothing that could pass for a row.
func TestKeysDescriptions(t *testing.T) {
	data := t.TempDir()
	added(t, "--data", data, "--description", "the gateway in 北京")
	for _, odd := range []string{"two\nrows", "a\tcell", "\x1b[2K", "\xff", strings.Repeat("长", 513)} {
		if got := execute(nil, "keys", "add", "--data", data, "--description", odd); got.code != exitUsage || got.stdout != "" {
			t.Errorf("%.10q: %+v", odd, got)
		}
	}
	if got := execute(nil, "keys", "list", "--data", data); strings.Count(got.stdout, "\n") != 2 {
		t.Errorf("listed %+v", got)
	}
}

// A policy that is to deny what there is not denies nothing, so it is not kept.
func TestKeysPolicies(t *testing.T) {
	data, policy := t.TempDir(), filepath.Join(t.TempDir(), "author.json")
	write := func(action string) {
		t.Helper()
		document := `{"Version":"1","Statement":[{"Effect":"Allow","Action":["*","outboundbot:dialogue"],"Resource":"*"},` +
			`{"Effect":"Deny","Action":"` + action + `","Resource":"*"}]}`
		if err := os.WriteFile(policy, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("outboundbot:DeleteInstnace")
	got := execute(nil, "keys", "add", "--data", data, "--policy", policy)
	if got.code != exitFailed || got.stdout != "" || !strings.Contains(got.stderr, `"outboundbot:deleteinstnace" fits none`) {
		t.Errorf("a misspelt action: %+v", got)
	}
	write("outboundbot:DeleteInst?nce")
	added(t, "--data", data, "--policy", policy)
}
