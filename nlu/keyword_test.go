package nlu

import (
	"slices"
	"strings"
	"testing"
)

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
		{"re:VIP客户", "我是vip客户", true},
		{"re:[0-9]{3,}块", "我还三百二十块", true},
		{"re:没(钱|工作)", "谁说我没钱", false},
		// The same letters, read in two ways.
		{"不，是我", "不，是我", true},
		{"不，是我", "不是我", false},
		{"不是我", "不是我", true},
		{"不是我", "不，是我", false},
		// Numbers in either form.
		{"三百块", "我先还300块", true},
		{"一百", "一百二十块", false},
		{"5", "我选五吧", true},
		{"5", "我要五个", false},
		{"五", "按5", true},
		{"五", "15", false},
		{"二", "我选2", true},
		{"2", "我要两吨", true},
		{"三+选", "我选3", true},
		// Stutter and repeats.
		{"知道了", "知道了知道了", true},
	}
	for _, tt := range tests {
		m, problems := Train([]Class{{Name: "k", Keywords: []string{tt.keyword}}}, Config{})
		if len(problems) > 0 && problems[0].Err {
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

func TestTwinKeywordsOfTwoClasses(t *testing.T) {
	m, _ := Train([]Class{{Name: "me", Keywords: []string{"不，是我"}}, {Name: "not me", Keywords: []string{"不是我"}}}, Config{})
	for text, want := range map[string][]float64{"不，是我": {scoreKeyword, 0}, "不是我": {0, scoreKeyword}} {
		scores := make([]float64, 2)
		if m.Score(text, scores); !slices.Equal(scores, want) {
			t.Errorf("%s scores %v, want %v", text, scores, want)
		}
	}
}

func TestWeakKeywordIsUsedWithAWarning(t *testing.T) {
	keywords := []string{"还", "ok", "还钱", "は", "5"}
	m, problems := Train([]Class{{Name: "k", Keywords: keywords}}, Config{})
	for i := range problems {
		if problems[i].Err || !strings.Contains(problems[i].Message, "single character") {
			t.Errorf("%v, want a warning of a single character", problems[i])
		}
	}
	if len(problems) != 2 || problems[0].Index != 0 || problems[1].Index != 3 {
		t.Errorf("warned of %v, want of 还 and は", problems)
	}
	scores := make([]float64, 1)
	if m.Score("我还", scores); scores[0] != scoreKeyword {
		t.Errorf("我还 scores %v, want %v", scores[0], scoreKeyword)
	}
}

// TestWorstKeywords bounds the work for keywords that hold one another in a
// text made of them: each is kept once, wherever it stands.
func TestWorstKeywords(t *testing.T) {
	m, text := nestedKeywords()
	r := new(reading)
	m.score(r, text)
	if got, want := len(r.hits), len(m.keywords.phrases); got != want {
		t.Errorf("kept %d hits, want %d", got, want)
	}
}

// nestedKeywords are all beginnings of one long phrase, and the longest text
// that holds them as often as can be.
func nestedKeywords() (*Model, string) {
	phrase := ""
	var classes []Class
	for i := range maxKeyword {
		phrase += string("甲乙丙丁戊己庚辛壬"[i%9*3 : i%9*3+3])
		classes = append(classes, Class{Name: phrase, Keywords: []string{phrase}})
	}
	m, _ := Train(classes, Config{})
	return m, strings.Repeat("甲乙丙丁戊己庚辛壬", maxUtterance/27)
}

func TestExpressionsAreBounded(t *testing.T) {
	for source, says := range map[string]string{
		"re:.{900}":          "repeats too much",
		"re:(好{40}){20}":     "repeats too much",
		"re:(好{1000}){1000}": "does not compile",
		"re:" + "(好|坏)":      "",
	} {
		_, problems := Train([]Class{{Keywords: []string{source}}}, Config{})
		if says == "" && len(problems) == 0 {
			continue
		}
		if len(problems) != 1 || !problems[0].Err || !strings.Contains(problems[0].Message, says) {
			t.Errorf("%s: %v, want an error that says %q", source, problems, says)
		}
	}
}

func FuzzKeyword(f *testing.F) {
	for _, seed := range [][2]string{
		{"本人", "我是本人"}, {"不，是我", "不是我"}, {"a+b", "b a"}, {"re:(a|b)*c", "abc"}, {"re:不.{1,9}还", "不是不还"},
		{"5", "五个"}, {"+", "+"}, {"re:", ""}, {"好好好", "好"}, {"三+百", "300"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, keyword, text string) {
		m, problems := Train([]Class{{Name: "a", Keywords: []string{keyword}}, {Name: "b", Examples: []string{"是的"}}}, Config{})
		checkScores(t, m, text)
		if len(problems) > 0 {
			return
		}
		if scores := make([]float64, 2); !strings.HasPrefix(strings.TrimSpace(keyword), patternMark) && !strings.ContainsFunc(keyword, isPlus) {
			// The whole of a text is on word boundaries and means what it means.
			if m.Score(keyword, scores); scores[0] < scoreKeyword {
				t.Fatalf("the keyword %q scores %v on itself", keyword, scores[0])
			}
		}
	})
}
