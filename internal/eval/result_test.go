package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/nlu"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

// sample is a result by hand, so that what is printed does not depend on what
// the matcher makes of anything. An intent and a text try to break out of the
// page.
func sample() *Result {
	training := &Training{Threshold: 0.5, Margin: 0.1, Classes: []nlu.Class{
		{Name: "愿意还款", Examples: []string{"好的，我还", "可以"}},
		{Name: "拒绝还款", Examples: []string{"不还", "可以不还吗"}},
		{Name: "<b>bold</b>", Examples: []string{"a & b"}},
	}}
	said := func(intent, text, best string, score, own Score) Judgement {
		return Judgement{Row: Row{"test", intent, text}, Best: best, Score: score, Own: own}
	}
	judgements := []Judgement{
		said("愿意还款", "我会还的", "愿意还款", 0.91, 0.91),
		said("愿意还款", "行", "愿意还款", 0.31, 0.31),
		said("愿意还款", "还不还呢", "拒绝还款", 0.62, 0.58),
		said("拒绝还款", "就是不还", "拒绝还款", 1, 1),
		said("<b>bold</b>", "<script>alert('x')</script>", "愿意还款", 0.55, 0.2),
		said("no such", "…", "", 0, 0),
		said(OutOfScope, "今天下雨吗", "", 0, 0),
		said(OutOfScope, "还有多远", "愿意还款", 0.71, 0),
	}
	r := newResult(training, Cost{P50: 940, P99: 2350, Allocs: 0.25, CompileMS: 12.5, ModelBytes: 1536 << 10}, judgements)
	r.Findings = []Finding{
		{SameWords, "愿意还款", "可以", "拒绝还款", 1, 1, "可以"},
		{Contradicts, "拒绝还款", "可以不还吗", "愿意还款", 0.66, 0.2, "可以"},
		{Elsewhere, "<b>bold</b>", "a & b", "愿意还款", 0.61, 0, ""},
		{Elsewhere, "<b>bold</b>", "a > b", "愿意还款", 0.6, 0, "好的，我还"},
	}
	r.Flips = []Pair{
		{"愿意还款", "拒绝还款", []Flip{
			{"愿意还款", "还不还呢", "", "还不还呢", "拒绝还款", 0.62, 0.58},
			{"拒绝还款", "就不还", "without 不", "就还", "愿意还款", 0.7, 0},
		}},
		{"愿意还款", "<b>bold</b>", []Flip{}},
	}
	return r
}

// golden compares text with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; to write it, run with -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got); if it should differ, run with -update:\n%s", file, diff)
	}
}

func TestPrint(t *testing.T) {
	var b bytes.Buffer
	if err := sample().Print(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "result.txt", b.Bytes())
}

// TestPrintBare prints a result with nothing to tell.
func TestPrintBare(t *testing.T) {
	r := sample()
	r.Confusions, r.Findings, r.Flips, r.Notes = nil, []Finding{}, []Pair{}, nil
	var b bytes.Buffer
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(b.String(), "on the heap\n")
	want := "\nexamples to look at: 0\n\nno two intents that meet were taken for each other\n"
	if rest != want {
		t.Errorf("%q after the figures, want %q", rest, want)
	}
}

func TestJSON(t *testing.T) {
	got, err := json.MarshalIndent(sample(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "result.json", append(got, '\n'))
}

// TestPage writes the page; look at it in a browser when it changes.
func TestPage(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WritePage(&b, "debt.tsv <train>"); err != nil {
		t.Fatal(err)
	}
	golden(t, "result.html", b.Bytes())

	page := b.String()
	for _, broken := range []string{"<script", "<b>", "<train>", "http:", "https:", "NaN"} {
		if strings.Contains(page, broken) {
			t.Errorf("the page holds %q", broken)
		}
	}
	for _, element := range []string{"html", "head", "body", "style", "table", "tr", "td", "th", "svg", "figure", "ul", "li", "div"} {
		opened := strings.Count(page, "<"+element+">") + strings.Count(page, "<"+element+" ")
		if closed := strings.Count(page, "</"+element+">"); opened != closed || opened == 0 {
			t.Errorf("<%s> is opened %d times and closed %d times", element, opened, closed)
		}
	}
}

// TestPageBare writes a page of nothing.
func TestPageBare(t *testing.T) {
	empty := newResult(&Training{}, Cost{}, nil)
	var b bytes.Buffer
	if err := empty.WritePage(&b, "nothing"); err != nil {
		t.Fatal(err)
	}
	if page := b.String(); !strings.Contains(page, "There were none.") || strings.Contains(page, "NaN") {
		t.Errorf("a page of nothing:\n%s", page)
	}
}

var errFull = errors.New("full")

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrors(t *testing.T) {
	if err := sample().Print(full{}); !errors.Is(err, errFull) {
		t.Errorf("Print: %v", err)
	}
	if err := sample().WritePage(full{}, ""); !errors.Is(err, errFull) {
		t.Errorf("WritePage: %v", err)
	}
}

func TestQuantities(t *testing.T) {
	for got, want := range map[string]string{
		quantity(0, "row"): "0 rows", quantity(1, "row"): "1 row", quantity(2, "class"): "2 classes",
		quantity(1, "utterance flips", "utterances flip"): "1 utterance flips",
		duration(999): "999 ns", duration(1500): "1.50 µs", milliseconds(3): "3.0 ms",
		size(1023): "1023 B", size(1536): "1.5 KiB", size(3 << 30): "3 GiB", size(5 << 40): "5120 GiB",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
