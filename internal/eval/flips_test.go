package eval

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/nlu"
)

func TestParsePair(t *testing.T) {
	training := &Training{
		meetings: [][]int32{{0, 1, 2}, {3}},
		Classes:  []nlu.Class{{Name: "yes"}, {Name: "no, thanks"}, {Name: "later"}, {Name: "alone"}},
	}
	for _, test := range []struct{ pair, a, b, message string }{
		{"yes,later", "yes", "later", ""},
		{" later ， yes ", "later", "yes", ""},
		{"no, thanks,yes", "no, thanks", "yes", ""},
		{"yes,no, thanks", "yes", "no, thanks", ""},
		{"yes,yes", "", "", "does not name two intents"},
		{"yes", "", "", "does not name two intents"},
		{"yes,nobody", "", "", "does not name two intents"},
		{"", "", "", "does not name two intents"},
		{"yes,alone", "", "", `"yes" and "alone" meet at no node`},
	} {
		a, b, err := ParsePair(training, test.pair)
		if a != test.a || b != test.b || (err == nil) != (test.message == "") || !strings.Contains(fmt.Sprint(err), test.message) {
			t.Errorf("%q: %q and %q, error %v; want %q and %q, error %q", test.pair, a, b, err, test.a, test.b, test.message)
		}
	}
}

func TestMostConfused(t *testing.T) {
	training := &Training{
		meetings: [][]int32{{0, 1, 2, 3}, {4}},
		Classes:  []nlu.Class{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "alone"}},
	}
	got := MostConfused(training, []Judgement{
		judged("a", "a", 1, 1), judged("a", "alone", 1, 1), judged("a", "alone", 1, 1), judged("a", "alone", 1, 1),
		judged("c", "b", 1, 0), judged("b", "c", 1, 0), judged("a", "d", 1, 0), judged("a", "b", 1, 0), judged("d", "c", 1, 0),
		judged("a", "", 0, 0), judged(OutOfScope, "a", 1, 0), judged("unheard of", "a", 1, 0),
	})
	if diff := cmp.Diff([][2]string{{"b", "c"}, {"a", "b"}, {"a", "d"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFlips flips what a keyword decides and what an example decides, so that
// no figure of the matcher is needed.
func TestFlips(t *testing.T) {
	training := &Training{Threshold: nlu.Threshold, Margin: defaultMargin, Classes: []nlu.Class{
		{Name: "me", Examples: []string{"是我", "对，是的"}, Keywords: []string{"本人"}},
		{Name: "not me", Examples: []string{"打错了", "你找错人了"}},
		{Name: "bye", Examples: []string{"再见"}},
	}}
	rows := []Row{
		{Intent: "not me", Text: "不是本人在这里"},  // Without 不 it holds the keyword, not denied.
		{Intent: "not me", Text: "不是我"},      // Without 不 it is an example of me: rightly so.
		{Intent: "not me", Text: "是我"},       // Taken for me as it is.
		{Intent: "not me", Text: "是我！"},      // The same words again.
		{Intent: "not me", Text: "打错了打错了打错"}, // Does not flip.
		{Intent: "me", Text: "你找错人了"},
		{Intent: "bye", Text: "是我"}, // Of neither.
	}
	result := tick().Test(training, rows, Options{})
	result.Confuse(training, "me", "not me")
	var got []string
	for _, f := range result.Flips[0].Flips {
		got = append(got, fmt.Sprintf("%s of %s for %s %s", f.Text, f.Intent, f.TakenFor, f.Change))
		if f.Score < nlu.Threshold || f.Score <= f.Own {
			t.Errorf("%s: %v is not ahead of %v", f.Text, f.Score, f.Own)
		}
	}
	want := []string{"你找错人了 of me for not me ", "是我 of not me for me ", "不是本人在这里 of not me for me without 不"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	result.Confuse(training, "", "")
	if len(result.Flips) == 0 || result.Flips[0].A != "me" || result.Flips[0].B != "not me" {
		t.Errorf("most confused: %v, want me and not me first", result.Flips)
	}
	none := tick().Test(training, rows[5:5], Options{})
	if none.Confuse(training, "", ""); none.Flips == nil || len(none.Flips) != 0 {
		t.Errorf("nothing judged: %v", none.Flips)
	}
}
