package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

// The bundles the commands are tried on.
const (
	hello  = "../../testdata/scripts/hello"
	debt   = "../../testdata/scripts/debt-reminder"
	course = "../../testdata/scripts/course-followup"
	menu   = "../../testdata/cases/menu.json"
	deep   = "../../testdata/cases/too-deep.json"
	broken = "testdata/broken"
)

// result is what a command line did.
type result struct {
	code           int
	stdout, stderr string
}

// execute runs a command line in this process.
func execute(stdin io.Reader, args ...string) result {
	var stdout, stderr bytes.Buffer
	code := run(args, stdin, &stdout, &stderr)
	return result{code, stdout.String(), stderr.String()}
}

// golden compares a command line and what it did with testdata/NAME.txt.
func golden(t *testing.T, name string, args []string, stdin string, got result) {
	t.Helper()
	var b strings.Builder
	b.WriteString("talkgraph " + strings.Join(args, " ") + "\n")
	for _, part := range []struct{ title, text string }{
		{"stdin", stdin}, {"stdout", got.stdout}, {"stderr", got.stderr},
	} {
		if part.text != "" {
			b.WriteString("---- " + part.title + "\n" + part.text)
		}
	}
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; to write it, run with -update", err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got); if it should differ, run with -update:\n%s", file, diff)
	}
}

func TestUsage(t *testing.T) {
	for name, test := range map[string]struct {
		args   []string
		code   int
		stderr string // Is part of it.
	}{
		"unknown command":      {[]string{"talk"}, exitUsage, `unknown command "talk"`},
		"unknown flag":         {[]string{"chat", "--loud", hello}, exitUsage, "unknown flag: --loud"},
		"no bundle":            {[]string{"vet"}, exitUsage, "accepts 1 arg(s), received 0"},
		"two bundles":          {[]string{"chat", hello, debt}, exitUsage, "accepts 1 arg(s), received 2"},
		"variable without =":   {[]string{"chat", hello, "--var", "name"}, exitUsage, `--var "name": write it as name=value`},
		"variable without key": {[]string{"chat", hello, "--var", "=x"}, exitUsage, "write it as name=value"},
		"unknown format":       {[]string{"vet", hello, "--format", "xml"}, exitUsage, `--format is "xml"`},
		"vet of nothing":       {[]string{"vet", "testdata/none"}, exitFailed, "open bundle: stat testdata/none"},
		"chat with nothing":    {[]string{"chat", "testdata/none"}, exitFailed, "open bundle: stat testdata/none"},
	} {
		t.Run(name, func(t *testing.T) {
			got := execute(strings.NewReader(""), test.args...)
			if got.code != test.code || !strings.Contains(got.stderr, test.stderr) || got.stdout != "" {
				t.Errorf("exit code %d, want %d; standard error %q, want %q in it; standard output %q, want none",
					got.code, test.code, got.stderr, test.stderr, got.stdout)
			}
			if hinted := strings.Contains(got.stderr, "--help' for how to use it"); hinted != (test.code == exitUsage) {
				t.Errorf("standard error %q: hint at the help %v", got.stderr, hinted)
			}
		})
	}
}

// TestHelp holds every command to a help text with an example.
func TestHelp(t *testing.T) {
	for _, command := range allCommands(newRootCommand()) {
		t.Run(command.CommandPath(), func(t *testing.T) {
			got := execute(nil, append(strings.Fields(command.CommandPath())[1:], "--help")...)
			_, examples, _ := strings.Cut(got.stdout, "Examples:\n")
			if got.code != exitOK || !strings.Contains(examples, command.CommandPath()) {
				t.Errorf("exit code %d, standard output without an example of %s:\n%s", got.code, command.CommandPath(), got.stdout)
			}
		})
	}
	if got := execute(nil); got.code != exitOK || !strings.Contains(got.stdout, "Available Commands:") {
		t.Errorf("without arguments: exit code %d, %q", got.code, got.stdout)
	}
}

// allCommands returns the commands below one, and those below them.
func allCommands(of *cobra.Command) (all []*cobra.Command) {
	for _, command := range of.Commands() {
		if name := command.Name(); name != "help" && name != "completion" {
			all = append(append(all, command), allCommands(command)...)
		}
	}
	return all
}

// TestBinary builds the program and holds a call through a pipe.
func TestBinary(t *testing.T) {
	program := filepath.Join(t.TempDir(), "talkgraph")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	version, err := exec.Command(program, "version").Output()
	if err != nil || !strings.HasPrefix(string(version), "talkgraph ") {
		t.Errorf("version: %q, %v", version, err)
	}
	chat := exec.Command(program, "chat", hello)
	chat.Stdin = strings.NewReader("知道了\n")
	out, err := chat.Output()
	if err != nil || !strings.Contains(string(out), "好的，打扰您了，再见。") {
		t.Errorf("chat: %q, %v", out, err)
	}
	var exit *exec.ExitError
	if err := exec.Command(program, "vet", broken).Run(); !errors.As(err, &exit) || exit.ExitCode() != exitFailed {
		t.Errorf("vet of a broken bundle: %v, want exit code %d", err, exitFailed)
	}
}
