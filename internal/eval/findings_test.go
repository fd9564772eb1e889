package eval

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/talkgraph/talkgraph/nlu"
)

func TestFindings(t *testing.T) {
	training := &Training{Threshold: 0.5, Margin: 0.1, Classes: []nlu.Class{
		{Name: "bill", Examples: []string{"查一下账单", "账单不对", "好的", "分期"}},
		{Name: "pay", Examples: []string{"怎么还", "好的", "分期吧", "我要分期"}},
		{Name: "hi", Examples: []string{"你好"}},
	}}
	for name, test := range map[string]struct {
		judgement Judgement
		want      []Finding
	}{
		"right":                {Judgement{Row: Row{Intent: "bill", Text: "账单不对"}, Best: "bill", Score: 0.6, Own: 0.6}, nil},
		"out of scope":         {Judgement{Row: Row{Intent: OutOfScope, Text: "天气"}, Best: "bill", Score: 0.6}, nil},
		"same words":           {Judgement{Row: Row{Intent: "bill", Text: "好的！"}, Best: "pay", Score: 0.6}, []Finding{{SameWords, "bill", "好的！", "pay", 0.6, 0, "好的"}}},
		"same words, told":     {Judgement{Row: Row{Intent: "pay", Text: "好的"}, Best: "bill", Score: 0.6}, nil},
		"nearest is another's": {Judgement{Row: Row{Intent: "bill", Text: "分期"}, Best: "pay", Score: 0.45, Own: 0.4}, []Finding{{Contradicts, "bill", "分期", "pay", 0.45, 0.4, "分期吧"}}},
		"clear lead":           {Judgement{Row: Row{Intent: "bill", Text: "账单不对"}, Best: "pay", Score: 0.6, Own: 0.4}, []Finding{{Elsewhere, "bill", "账单不对", "pay", 0.6, 0.4, ""}}},
		"no clear lead":        {Judgement{Row: Row{Intent: "bill", Text: "账单不对"}, Best: "pay", Score: 0.6, Own: 0.55}, nil},
		"under the threshold":  {Judgement{Row: Row{Intent: "bill", Text: "账单不对"}, Best: "pay", Score: 0.45}, nil},
		"taken for nothing":    {Judgement{Row: Row{Intent: "bill", Text: "账单不对"}}, nil},
		"the only example":     {Judgement{Row: Row{Intent: "hi", Text: "你好"}, Best: "pay", Score: 0.8}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := Findings(training, []Judgement{test.judgement})
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" || got == nil {
				t.Errorf("nil %v; (-want +got):\n%s", got == nil, diff)
			}
		})
	}
}

func TestFindingsOrder(t *testing.T) {
	training := &Training{Threshold: 0.5, Margin: 0.1, Classes: []nlu.Class{
		{Name: "a", Examples: []string{"一二三", "四五六", "七八九", "好的"}},
		{Name: "b", Examples: []string{"七八九十", "好的"}},
	}}
	got := Findings(training, []Judgement{
		{Row: Row{Intent: "a", Text: "一二三"}, Best: "b", Score: 0.7, Own: 0.5},
		{Row: Row{Intent: "a", Text: "四五六"}, Best: "b", Score: 0.7, Own: 0.1},
		{Row: Row{Intent: "a", Text: "七八九"}, Best: "b", Score: 0.6, Own: 0.5},
		{Row: Row{Intent: "a", Text: "好的"}, Best: "b", Score: 0.6, Own: 0.5},
	})
	var order []string
	for _, f := range got {
		order = append(order, string(f.Kind)+" "+f.Text)
		if f.Kind.advice() == "" {
			t.Errorf("no advice for %s", f.Kind)
		}
	}
	want := []string{"same words 好的", "contradicts 七八九", "belongs elsewhere 四五六", "belongs elsewhere 一二三"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFindingsApart says nothing of intents that share words and never meet.
func TestFindingsApart(t *testing.T) {
	training := &Training{Threshold: 0.5, Margin: 0.1, meetings: [][]int32{{0, 2}, {1}}, Classes: []nlu.Class{
		{Name: "a", Examples: []string{"好的", "行"}}, {Name: "b", Examples: []string{"好的", "可以"}}, {Name: "c", Examples: []string{"不"}},
	}}
	if got := Findings(training, []Judgement{judged("a", "b", 0.8, 0)}); len(got) != 1 {
		t.Errorf("other words: %v, want one finding", got)
	}
	if got := Findings(training, []Judgement{{Row: Row{Intent: "a", Text: "好的"}, Best: "b", Score: 0.8}}); len(got) != 0 {
		t.Errorf("the same words: %v, want nothing", got)
	}
}

func TestDice(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want float64
	}{
		{"还款", "还款", 1},
		{"还款", "账单", 0},
		{"还款", "款还", 2 * 2.0 / 6},      // Of 还, 款, 还款 and 款, 还, 款还.
		{"pay it", "Pay", 2 * 1.0 / 4}, // Of pay, it, pay it and pay.
		{"", "还", 0},
	} {
		if got := dice(parts(test.a), parts(test.b)); got != test.want {
			t.Errorf("%q and %q: %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
