package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/engine"
)

func TestChat(t *testing.T) {
	who := []string{"--var", "name=王芳", "--var", "amount=1280"}
	for name, test := range map[string]struct {
		args  []string
		stdin string
	}{
		"chat-pipe":         {[]string{"chat", hello}, "知道了\n这行没有人听\n"},
		"chat-debt":         {append([]string{"chat", debt}, who...), "是我\n多少钱\n\n你是机器人吗\n没钱\n生意赔了\n"},
		"chat-json":         {append([]string{"chat", debt, "--json"}, who...), "不是\n我会转告的\n"},
		"chat-commands":     {[]string{"chat", menu}, "/help\n/dtmf\n/dance\n/dtmf 7\n/dtmf 1#\n/dtmf 1\n"},
		"chat-commands-off": {[]string{"chat", menu, "--json"}, "/help\n/dtmf x\n/dance\n/quit\nfront desk\n"},
		"chat-hangup":       {[]string{"chat", hello}, "/hangup\n"},
		"chat-unset":        {[]string{"chat", debt}, "/quit\n"},
		"chat-end-of-input": {[]string{"chat", hello}, ""},
		"chat-windows":      {[]string{"chat", hello}, "\ufeff  \r\n知道了\r\n"},
		"chat-no-newline":   {[]string{"chat", hello}, "知道了"},
		"chat-not-utf8":     {[]string{"chat", hello}, "\xff\xfe\n\xd6\xaa\xb5\xc0\n"},
		"chat-hand-over":    {[]string{"chat", course, "--var", "campus=城南校区", "--var", "@child=小宇"}, "方便\n一分\n教室里太冷了\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := execute(strings.NewReader(test.stdin), test.args...)
			if got.code != exitOK {
				t.Errorf("exit code %d, want %d", got.code, exitOK)
			}
			golden(t, name, test.args, test.stdin, got)
		})
	}
}

func TestChatRefusedScript(t *testing.T) {
	args := []string{"chat", broken}
	got := execute(strings.NewReader("喂\n"), args...)
	if got.code != exitFailed {
		t.Errorf("exit code %d, want %d", got.code, exitFailed)
	}
	golden(t, "chat-refused", args, "", got)
}

// TestChatFailedTurn: what the script asks for too much of is told, and is not
// mistaken for the end of the call.
func TestChatFailedTurn(t *testing.T) {
	got := execute(strings.NewReader("go down\n"), "chat", deep)
	if got.code != exitFailed || !strings.Contains(got.stderr, engine.ErrTooDeep.Error()) {
		t.Errorf("exit code %d, standard error %q", got.code, got.stderr)
	}
}

// TestChatJSON: standard output is one object a turn and nothing else, and the
// explanation is in it only when asked for.
func TestChatJSON(t *testing.T) {
	keys := []string{
		"action", "actionParams", "content", "endReason", "ended", "input", "interruptible", "matched", "nodeId",
		"nodeName", "tags", "turn",
	}
	inputs := []string{"start", "speech", "silence", "speech", "digits", "hangup"}
	for _, explain := range []bool{false, true} {
		args := []string{"chat", debt, "--json"}
		if explain {
			args = append(args, "--explain")
		}
		got := execute(strings.NewReader("是我\n/what\n\n多少钱\n/dtmf 1\n/hangup\n"), args...)
		lines := strings.SplitAfter(got.stdout, "\n")
		if len(lines) != len(inputs)+1 || lines[len(inputs)] != "" {
			t.Fatalf("%d lines, want %d:\n%s", len(lines)-1, len(inputs), got.stdout)
		}
		for n, input := range inputs {
			var turn map[string]any
			if err := json.Unmarshal([]byte(lines[n]), &turn); err != nil {
				t.Fatalf("turn %d: %v in %s", n, err, lines[n])
			}
			if turn["turn"] != float64(n) || turn["input"] != input {
				t.Errorf("turn %d is turn %v, a %v", n, turn["turn"], turn["input"])
			}
			want := slices.Clone(keys)
			if explain && input == "speech" {
				want = slices.Sorted(slices.Values(append(want, "explain")))
			}
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(turn))); diff != "" {
				t.Errorf("turn %d, a %s: keys (-want +got):\n%s", n, input, diff)
			}
		}
	}
}

// TestChatExplain looks for the parts of an explanation, not for scores, which
// change whenever the matcher is tuned.
func TestChatExplain(t *testing.T) {
	got := execute(strings.NewReader("不是本人\n"), "chat", debt, "--explain")
	for _, want := range []string{"\n    ", "不是本人", "是本人"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("%q is not in\n%s", want, got.stdout)
		}
	}
	if plain := execute(strings.NewReader("不是本人\n"), "chat", debt); strings.Contains(plain.stdout, "\n    ") {
		t.Errorf("without --explain there is an explanation:\n%s", plain.stdout)
	}
}

func TestChatLongLine(t *testing.T) {
	for name, test := range map[string]struct {
		line   string
		inputs int
		hint   bool
	}{
		"longest":                             {strings.Repeat("a", maxLine), 1, false},
		"longer":                              {strings.Repeat("a", maxLine+3), 0, true},
		"longest, of three bytes a character": {strings.Repeat("好", maxLine/3), 1, false},
		"far longer, and the last":            {strings.Repeat("好", maxLine), 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			got := execute(strings.NewReader(test.line), "chat", hello, "--json")
			turns := strings.Count(got.stdout, "\n")
			if got.code != exitOK || turns != 1+test.inputs || strings.Contains(got.stderr, errLongLine.Error()) != test.hint {
				t.Errorf("exit code %d, %d turns, want %d; standard error %q", got.code, turns, 1+test.inputs, got.stderr)
			}
		})
	}
}

// failingReader fails after some text, as a lost connection does.
func failingReader(text string, err error) io.Reader {
	return io.MultiReader(strings.NewReader(text), iotest.ErrReader(err))
}

func TestChatBrokenPipe(t *testing.T) {
	got := execute(failingReader("喂\n", errors.New("the line is cut")), "chat", hello)
	if got.code != exitFailed || !strings.Contains(got.stderr, "read input: the line is cut") {
		t.Errorf("exit code %d, standard error %q", got.code, got.stderr)
	}
}

func TestTranscriptColour(t *testing.T) {
	var b strings.Builder
	out := &transcript{w: &b, colour: true}
	out.paint(&b, bold, "您好")
	if got, want := b.String(), "\x1b[1m您好\x1b[0m\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
