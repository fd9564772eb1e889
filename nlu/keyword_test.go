package nlu

import "testing"

func TestKeywords(t *testing.T) {
	tests := []struct {
		keyword, text string
		want          bool
	}{
		{"本人", "我就是本人", true},
		{"本人", "不是本人", false},
		{"本人", "没说不是本人", true},
		{"不需要", "我不需要", true},
		{"不需要", "需要", false},
		{"是我", "是我吗", true},
		{"ＶＩＰ", "我是vip", true},
		{"call back", "please call  back later", true},
		{"call back", "don't call back", false},
		{"c++", "i know c++", true},
		// Several phrases, in any order, none of them denied.
		{"明天+打", "明天再打", true},
		{"打＋明天", "明天再打", true},
		{"明天+打", "明天", false},
		{"明天+打", "明天别打", false},
		{"明天+明天", "明天", true},
		// Expressions.
		{"re:下(周|个月)", "我下个月发工资", true},
		{"re:下(周|个月)", "下半年", false},
		{"re:下(周|个月)", "没说下个月", false},
		{"re:还不(了|起|上)", "真的还不上", true},
		{"re:还不(了|起|上)", "不是还不了", false},
		{"re:pay", "i will pay", true},
		{"re:pay", "i like paypal", false},
		{"re:pay", "repay", false},
	}
	for _, tt := range tests {
		m, problems := Train([]Class{{Name: "k", Keywords: []string{tt.keyword}}}, Config{})
		if len(problems) > 0 {
			t.Fatalf("keyword %q: %v", tt.keyword, problems)
		}
		scores := make([]float64, 1)
		m.Score(tt.text, scores)
		if got := scores[0] >= scoreKeyword; got != tt.want {
			t.Errorf("keyword %s in %s: hit %v, want %v", tt.keyword, tt.text, got, tt.want)
		}
	}
}

func TestKeywordOfTwoClasses(t *testing.T) {
	m, _ := Train([]Class{{Name: "a", Keywords: []string{"本人"}}, {Name: "b", Keywords: []string{"本人", "本人"}}}, Config{})
	scores := make([]float64, 2)
	m.Score("我是本人", scores)
	if scores[0] != scoreKeyword || scores[1] != scoreKeyword {
		t.Errorf("scores %v, want %v for both", scores, scoreKeyword)
	}
}

// TestSplitsWord is the rule without a dictionary: of two words that overlap
// the longer stands, and the dictionary between equals.
func TestSplitsWord(t *testing.T) {
	tests := []struct {
		name       string
		ends       []int
		start, end int
		want       bool
	}{
		{"whole word", []int{3, 9}, 3, 9, false},
		{"several words", []int{3, 6, 9}, 3, 9, false},
		{"inside a longer word", []int{9}, 3, 6, true},
		{"across the end of an equal word", []int{6, 9}, 3, 9, true},
		{"across the end of a shorter word", []int{6, 12}, 3, 12, false},
		{"across the start of an equal word", []int{3, 9}, 0, 6, true},
		{"beside a long word", []int{3, 15}, 0, 3, false},
	}
	for _, tt := range tests {
		if got := splitsWord(tt.ends, tt.start, tt.end); got != tt.want {
			t.Errorf("%s: splits %v, want %v", tt.name, got, tt.want)
		}
	}
}
