package nlu

import (
	"slices"
	"sync"
	"testing"
)

// debtor is a small script of the kind authors write: few examples, a keyword
// or two.
var debtor = []Class{
	{Name: "self", Examples: []string{"是", "是我", "对的", "我就是", "是本人"}, Keywords: []string{"本人"}},
	{Name: "other", Examples: []string{"不是", "打错了", "你找谁", "不是我", "不是，打错了"}, Keywords: []string{"打错"}},
	{Name: "pay", Examples: []string{"今天还", "我马上还款", "明天处理", "好的我还"}, Keywords: []string{"还款", "还"}},
	{Name: "no money", Examples: []string{"没钱", "还不了", "我现在没有钱还", "还不起"}, Keywords: []string{"没钱", "re:还不(了|起|上)"}},
	{Name: "busy", Examples: []string{"在开会", "我在忙", "等会再打"}, Keywords: []string{"忙", "晚点+打"}},
	{Name: "refuse", Examples: []string{"不需要", "不用了", "别再打了"}, Keywords: []string{"不需要"}},
}

// trained trains without errors and returns a function from utterance to
// score by class name.
func trained(t testing.TB, classes []Class) func(text, class string) float64 {
	t.Helper()
	m, problems := Train(classes, Config{})
	if slices.ContainsFunc(problems, func(p Problem) bool { return p.Err }) {
		t.Fatalf("problems: %v", problems)
	}
	return func(text, class string) float64 {
		scores := make([]float64, m.Len())
		m.Score(text, scores)
		for i, c := range classes {
			if c.Name == class {
				return scores[i]
			}
		}
		t.Fatalf("no class %s", class)
		return 0
	}
}

func TestScore(t *testing.T) {
	type band struct{ low, high float64 }
	var (
		exact   = band{scoreExact, scoreExact}
		keyword = band{scoreKeyword, scoreKeyword + keywordRange}
		similar = band{Threshold, similarTop}
		under   = band{0, Threshold - 1e-9}
	)
	tests := []struct {
		text, class string
		want        band
	}{
		// Phrases, however they are punctuated.
		{"是我", "self", exact},
		{"是，我！", "self", exact},
		{"嗯，是我。", "self", exact},
		{"不是打错了", "other", exact},
		{"不是，打错了。", "other", exact},
		// What is denied is not the phrase.
		{"不，是我", "other", under},
		{"不是我", "self", under},
		// Keywords.
		{"我是他本人", "self", keyword},
		{"我晚点给你打回去", "busy", keyword},
		{"打的晚点了", "busy", keyword},
		{"晚点再说", "busy", under},
		{"可能真的还不上", "no money", keyword},
		{"我不需要谢谢", "refuse", keyword},
		// Keywords denied, doubly denied or inside other words.
		{"不是本人", "self", under},
		{"我不是本人", "self", under},
		{"本人不是", "self", under},
		{"本人不在", "self", under},
		{"还不了", "pay", under},
		{"不还", "pay", under},
		{"我不想还", "pay", under},
		{"还是算了", "pay", under},
		{"我还没有还款", "pay", under},
		{"不是不还", "pay", keyword},
		{"没说不还", "pay", keyword},
		{"不是不需要", "refuse", under},
		// Similarity.
		{"对的是我", "self", similar},
		{"我现在在开会", "busy", similar},
		{"今天就还", "pay", keyword},
		// Strangers.
		{"天气真热", "self", under},
		{"天气真热", "pay", under},
		{"股票涨停", "no money", under},
		{"hello there", "self", under},
	}
	score := trained(t, debtor)
	for _, tt := range tests {
		if got := score(tt.text, tt.class); got < tt.want.low || got > tt.want.high {
			t.Errorf("%s scores %.3f for %s, want %.2f..%.2f", tt.text, got, tt.class, tt.want.low, tt.want.high)
		}
	}
}

// TestScoreOfOneClass is the hardest case for a classifier: nobody to compare
// with, and three phrases.
func TestScoreOfOneClass(t *testing.T) {
	score := trained(t, []Class{{Name: "self", Examples: []string{"是", "是我", "对的"}, Keywords: []string{"本人"}}})
	for text, want := range map[string]bool{
		"是": true, "对的": true, "是的": true, "对": true, "是的是我": true, "我是本人": true,
		"不是本人": false, "不是": false, "不是我": false, "不对": false, "没空": false, "你们是哪里": false, "什么事情": false,
	} {
		if got := score(text, "self"); (got >= Threshold) != want {
			t.Errorf("%s scores %.3f, want at least %.2f: %v", text, got, Threshold, want)
		}
	}
}

func TestScoreInEnglish(t *testing.T) {
	score := trained(t, []Class{
		{Name: "self", Examples: []string{"yes", "yes speaking", "this is he", "that's me"}, Keywords: []string{"speaking"}},
		{Name: "pay", Examples: []string{"I will pay today", "I can pay tomorrow", "sending the payment now"}, Keywords: []string{"pay"}},
		{Name: "refuse", Examples: []string{"I don't want to pay", "stop calling me", "not interested"}},
	})
	tests := []struct {
		text, class string
		want        bool
	}{
		{"Yes, speaking.", "self", true},
		{"I'll pay on Friday", "pay", true},
		{"I can't pay", "pay", false},
		{"I won't pay", "pay", false},
		{"payments are sent", "pay", true},
		{"never call me, I'm not interested", "refuse", true},
		{"this is not he", "self", false},
		{"what a lovely garden", "refuse", false},
	}
	for _, tt := range tests {
		if got := score(tt.text, tt.class); (got >= Threshold) != tt.want {
			t.Errorf("%s scores %.3f for %s, want at least %.2f: %v", tt.text, got, tt.class, Threshold, tt.want)
		}
	}
}

// TestFillersTellIntentsApart has two intents that share a phrase but for its
// fillers, and an intent of fillers alone.
func TestFillersTellIntentsApart(t *testing.T) {
	score := trained(t, []Class{
		{Name: "yes", Examples: []string{"好的", "嗯，好的", "可以", "行，没问题"}},
		{Name: "listening", Examples: []string{"哦，好的", "哦，这样", "哦，知道了"}},
		{Name: "sounds", Examples: []string{"哎呀", "哎", "唉，哎呀"}},
	})
	for _, tt := range []struct {
		text, class string
		want        float64
	}{
		{"好的", "yes", scoreExact}, {"好的", "listening", scoreAlike},
		{"哦好的", "listening", scoreExact}, {"哦，好的。", "yes", scoreAlike},
		{"嗯好的", "yes", scoreExact}, {"嗯，可以", "yes", scoreExact}, {"唉哎呀", "sounds", scoreExact},
	} {
		if got := score(tt.text, tt.class); got != tt.want {
			t.Errorf("%s scores %v for %s, want %v", tt.text, got, tt.class, tt.want)
		}
	}
}

func TestScoreFillsWhatFits(t *testing.T) {
	m, _ := Train(debtor, Config{})
	few := []float64{9}
	m.Score("是我", few)
	if few[0] != scoreExact {
		t.Errorf("first score %v, want %v", few[0], scoreExact)
	}
	many := make([]float64, len(debtor)+1)
	many[len(debtor)] = 9
	m.Score("是我", many)
	if got := many[len(debtor)]; got != 0 {
		t.Errorf("the score past the last class is %v, want 0", got)
	}
}

func TestScoreOfNothing(t *testing.T) {
	m, _ := Train(debtor, Config{})
	scores := make([]float64, len(debtor))
	for _, text := range []string{"", "……", "\xff\xfe", "👍"} {
		for i := range scores {
			scores[i] = 9
		}
		m.Score(text, scores)
		for i, s := range scores {
			if s != 0 {
				t.Errorf("%q scores %v for %s, want 0", text, s, debtor[i].Name)
			}
		}
	}
}

func TestScoreIsSafeForConcurrentUse(t *testing.T) {
	m, _ := Train(debtor, Config{})
	texts := []string{"是我", "我不是本人", "我在忙晚点打", "股票", ""}
	want := make([][]float64, len(texts))
	for i, text := range texts {
		want[i] = make([]float64, len(debtor))
		m.Score(text, want[i])
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			scores := make([]float64, len(debtor))
			for i := range 200 {
				n := i % len(texts)
				m.Score(texts[n], scores)
				for c := range scores {
					if scores[c] != want[n][c] {
						t.Errorf("%s: score %v, alone it was %v", texts[n], scores[c], want[n][c])
					}
				}
			}
		})
	}
	wait.Wait()
}
