package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const heard = "testdata/eval.tsv"

// evaluated is what eval --json prints, as a caller of it reads it.
func evaluated(t *testing.T, args ...string) map[string]any {
	t.Helper()
	got := execute(nil, append([]string{"eval", "--json"}, args...)...)
	if got.code != exitOK || got.stderr != "" {
		t.Fatalf("%v: exit code %d, standard error %q", args, got.code, got.stderr)
	}
	figures := make(map[string]any)
	if err := json.Unmarshal([]byte(got.stdout), &figures); err != nil {
		t.Fatalf("%v: %v in %s", args, err, got.stdout)
	}
	return figures
}

// The test rows are examples, so that no figure of the matcher is needed to
// know what comes out.
func TestEval(t *testing.T) {
	got := evaluated(t, "--train", heard, "--test", heard)
	for name, want := range map[string]any{
		"accuracy": 1.0, "accuracy_with_rejection": 1.0, "oos_recall": 1.0, "macro_f1": 1.0, "auroc": 1.0,
		"n_train": 11.0, "n_test": 3.0, "n_oos": 1.0,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	for _, name := range []string{"p50_ns", "p99_ns", "compile_ms", "model_bytes"} {
		if value, ok := got[name].(float64); !ok || value <= 0 {
			t.Errorf("%s is %v, want more than 0", name, got[name])
		}
	}
	if allocs, ok := got["allocs"].(float64); !ok || allocs < 0 {
		t.Errorf("allocs is %v", got["allocs"])
	}
	for _, name := range []string{"findings", "flips"} {
		if _, ok := got[name]; ok {
			t.Errorf("%s is there unasked", name)
		}
	}
}

func TestEvalSplits(t *testing.T) {
	got := evaluated(t, "--train", heard, "--train-split", "test", "--test", heard, "--test-split", "dev")
	if got["n_train"] != 3.0 || got["n_test"] != 1.0 || got["n_oos"] != 0.0 {
		t.Errorf("trained on %v, judged %v and %v", got["n_train"], got["n_test"], got["n_oos"])
	}
	if value, ok := got["oos_recall"]; !ok || value != nil {
		t.Errorf("oos_recall is %v, want null", value)
	}
}

func TestEvalDraws(t *testing.T) {
	got := evaluated(t, "--train", heard, "--test", heard, "--shots", "2", "--seed", "7")
	if got["n_train"] != 4.0 {
		t.Errorf("2 shots of 2 intents are %v examples", got["n_train"])
	}
	text := execute(nil, "eval", "--json", "--train", heard, "--cv", "2", "--homophones", "1")
	if text.code != exitOK || strings.Contains(text.stdout, "我跟他讲一声") {
		t.Errorf("exit code %d, or a row that was not misheard in %s", text.code, text.stdout)
	}
}

func TestEvalBundle(t *testing.T) {
	data := filepath.Join(t.TempDir(), "heard.tsv")
	rows := "split\tintent\ttext\ntest\t不是本人\t不是我\ntest\t你是机器人吗\t你是机器人吗\ntest\t无此意图\t好\n"
	if err := os.WriteFile(data, []byte(rows), 0o644); err != nil {
		t.Fatal(err)
	}
	got := evaluated(t, "--bundle", debt, "--test", data)
	if got["n_test"] != 3.0 || got["accuracy"] != 0.666667 || got["notes"] == nil {
		t.Errorf("accuracy %v of %v rows, notes %v; want two of three and a note", got["accuracy"], got["n_test"], got["notes"])
	}
}

func TestEvalCrossValidation(t *testing.T) {
	got := evaluated(t, "--train", heard, "--cv", "5")
	if got["n_test"] != 11.0 || got["n_oos"] != 1.0 {
		t.Errorf("judged %v and %v", got["n_test"], got["n_oos"])
	}
	findings, _ := got["findings"].([]any)
	if len(findings) == 0 {
		t.Fatal("no findings")
	}
	first, _ := findings[0].(map[string]any)
	if first["kind"] != "same words" || first["text"] != "好的" || first["intent"] != "还款" || first["taken_for"] != "转告" {
		t.Errorf("the first finding is %v, want 好的 in both intents", first)
	}
	if _, ok := got["flips"]; ok {
		t.Error("flips are there unasked")
	}
}

func TestEvalConfuse(t *testing.T) {
	for _, args := range [][]string{
		{"--confuse=是本人,不是本人"},
		{"--confuse", "不是本人，是本人"},
		{"--confuse", "--cv", "3"},
	} {
		got := evaluated(t, append([]string{"--bundle", debt}, args...)...)
		flips, _ := got["flips"].([]any)
		if len(flips) == 0 {
			t.Fatalf("%v: no pairs", args)
		}
		pair, _ := flips[0].(map[string]any)
		names := []any{pair["a"], pair["b"]}
		if len(args) < 3 && !(slices.Contains(names, any("是本人")) && slices.Contains(names, any("不是本人"))) {
			t.Errorf("%v: the pair is %v", args, names)
		}
	}
}

func TestEvalReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.html")
	got := execute(nil, "eval", "--bundle", debt, "--cv", "5", "--report", path)
	if got.code != exitOK || got.stderr != "" || !strings.HasPrefix(got.stdout, "trained on ") || !strings.Contains(got.stdout, "\nmost frequent mistakes\n") {
		t.Fatalf("exit code %d, standard error %q, standard output:\n%s", got.code, got.stderr, got.stdout)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>debt-reminder, cross-validated in 5</title>", "不是本人", "</html>"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page has no %q", want)
		}
	}
	execute(nil, "eval", "--train", heard, "--test", heard, "--report", path)
	if page, err := os.ReadFile(path); err != nil || !strings.Contains(string(page), "<title>eval.tsv (train), judging eval.tsv (test)</title>") {
		t.Errorf("the second page has another title, or %v", err)
	}
}

func TestEvalRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		args   []string
		code   int
		stderr string
	}{
		"nothing":           {nil, exitUsage, "give one of --train and --bundle: what to train on"},
		"both trainings":    {[]string{"--train", heard, "--bundle", debt, "--cv", "5"}, exitUsage, "give one of --train and --bundle"},
		"nothing to judge":  {[]string{"--train", heard}, exitUsage, "give one of --test and --cv: what to judge"},
		"both tests":        {[]string{"--train", heard, "--test", heard, "--cv", "5"}, exitUsage, "give one of --test and --cv"},
		"one part":          {[]string{"--train", heard, "--cv", "1"}, exitUsage, "--cv is 1: it must be from 2 to 100"},
		"shots":             {[]string{"--train", heard, "--cv", "5", "--shots", "-1"}, exitUsage, "--shots is -1"},
		"homophones":        {[]string{"--train", heard, "--cv", "5", "--homophones", "20"}, exitUsage, "--homophones is 20: it must be a share from 0 to 1"},
		"not a number":      {[]string{"--train", heard, "--cv", "5", "--homophones", "NaN"}, exitUsage, "--homophones is NaN"},
		"argument":          {[]string{"--train", heard, "--cv", "5", "other.tsv"}, exitUsage, `unexpected argument "other.tsv"`},
		"two arguments":     {[]string{"--confuse", "a,b", "c"}, exitUsage, "accepts at most 1 arg(s), received 2"},
		"no pair":           {[]string{"--bundle", debt, "--confuse", "是本人"}, exitUsage, `--confuse: "是本人" does not name two intents`},
		"never met":         {[]string{"--bundle", debt, "--confuse", "是本人,愿意还款"}, exitUsage, "meet at no node"},
		"no file":           {[]string{"--train", "none.tsv", "--cv", "5"}, exitFailed, "open data: open none.tsv"},
		"no test file":      {[]string{"--train", heard, "--test", "none.tsv"}, exitFailed, "open data: open none.tsv"},
		"no table":          {[]string{"--train", "testdata/not.json", "--cv", "5"}, exitFailed, `testdata/not.json:1: there is no column "split"`},
		"no split":          {[]string{"--train", heard, "--test", heard, "--test-split", "all"}, exitFailed, `testdata/eval.tsv: no rows of split "all": there are "train" (12 rows)`},
		"no bundle":         {[]string{"--bundle", "testdata/none", "--cv", "5"}, exitFailed, "open bundle: stat testdata/none"},
		"broken bundle":     {[]string{"--bundle", broken, "--cv", "5"}, exitFailed, "script.json"},
		"nothing to learn":  {[]string{"--train", "testdata/eval-oos.tsv", "--cv", "5"}, exitFailed, "testdata/eval-oos.tsv: there is nothing to learn"},
		"nowhere to report": {[]string{"--train", heard, "--test", heard, "--report", "testdata/none/out.html"}, exitFailed, "write report: open testdata/none/out.html"},
	} {
		t.Run(name, func(t *testing.T) {
			got := execute(nil, append([]string{"eval"}, test.args...)...)
			if got.code != test.code || !strings.Contains(got.stderr, test.stderr) || got.stdout != "" {
				t.Errorf("exit code %d, want %d; standard error %q, want %q in it; standard output %q, want none",
					got.code, test.code, got.stderr, test.stderr, got.stdout)
			}
		})
	}
}
