package nlu

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"pgregory.net/rapid"
)

// aPhrase draws a text of words, negators, fillers and punctuation.
func aPhrase() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"我", "是", "不", "没", "还", "钱", "本人", "款", "嗯", "那个", "，", "了", "pay", " ", "don't", "not", "today", "3.5",
	})
	return rapid.Custom(func(t *rapid.T) string {
		text := ""
		for _, p := range rapid.SliceOfN(piece, 1, 8).Draw(t, "pieces") {
			text += p
		}
		return text
	})
}

func aScript() *rapid.Generator[[]Class] {
	return rapid.Custom(func(t *rapid.T) []Class {
		classes := make([]Class, rapid.IntRange(1, 6).Draw(t, "classes"))
		for i := range classes {
			classes[i] = Class{
				Name:     fmt.Sprint("class ", i),
				Examples: rapid.SliceOfN(aPhrase(), 0, 6).Draw(t, "examples"),
				Keywords: rapid.SliceOfN(aPhrase(), 0, 2).Draw(t, "keywords"),
			}
		}
		return classes
	})
}

func TestScoresAreInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, _ := Train(aScript().Draw(t, "script"), Config{})
		text := rapid.OneOf(aPhrase(), rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		checkScores(t, m, text)
	})
}

// checkScores fails unless every score is in [0, 1].
func checkScores(t interface{ Fatalf(string, ...any) }, m *Model, text string) {
	scores := make([]float64, m.Len())
	m.Score(text, scores)
	for i, s := range scores {
		if math.IsNaN(s) || s < 0 || s > 1 {
			t.Fatalf("%q scores %v for class %d", text, s, i)
		}
	}
}

func TestOrderChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := aScript().Draw(t, "script")
		order := rapid.Permutation(indexes(len(classes))).Draw(t, "order")
		shuffled := make([]Class, len(classes))
		for to, from := range order {
			shuffled[to] = Class{
				Name:     classes[from].Name,
				Examples: rapid.Permutation(classes[from].Examples).Draw(t, "examples"),
				Keywords: rapid.Permutation(classes[from].Keywords).Draw(t, "keywords"),
			}
		}
		one, _ := Train(classes, Config{})
		two, _ := Train(shuffled, Config{})
		a, b := make([]float64, len(classes)), make([]float64, len(classes))
		text := aPhrase().Draw(t, "text")
		one.Score(text, a)
		two.Score(text, b)
		for to, from := range order {
			if a[from] != b[to] {
				t.Fatalf("%q scores %v for %s, in another order %v", text, a[from], classes[from].Name, b[to])
			}
		}
	})
}

func indexes(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func TestAnExampleScoresOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := aScript().Draw(t, "script")
		m, _ := Train(classes, Config{})
		scores := make([]float64, len(classes))
		for i, c := range classes {
			for _, text := range c.Examples {
				if Normalize(text) == "" {
					continue
				}
				m.Score(text, scores)
				if scores[i] != scoreExact {
					t.Fatalf("%q, an example of %s, scores %v", text, c.Name, scores[i])
				}
			}
		}
	})
}

// TestAnotherIntentChangesNoExactMatch adds an intent of words that nobody else
// says: whose phrase an utterance is must not depend on it.
func TestAnotherIntentChangesNoExactMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := aScript().Draw(t, "script")
		stranger := Class{Name: "elsewhere", Examples: rapid.SliceOfN(rapid.SampledFrom([]string{"雨伞", "雨伞不见", "blue kettle", "窗边"}), 1, 3).Draw(t, "elsewhere")}
		one, _ := Train(classes, Config{})
		two, _ := Train(append([]Class{stranger}, classes...), Config{})
		a, b := make([]float64, len(classes)), make([]float64, len(classes)+1)
		for _, c := range classes {
			for _, text := range c.Examples {
				one.Score(text, a)
				two.Score(text, b)
				for i := range a {
					if (a[i] == scoreExact) != (b[i+1] == scoreExact) {
						t.Fatalf("%q scores %v for %s, with another intent elsewhere %v", text, a[i], classes[i].Name, b[i+1])
					}
				}
			}
		}
	})
}

func TestReadingIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkReading(t, rapid.OneOf(aPhrase(), rapid.String()).Draw(t, "text"))
	})
}

// checkReading fails unless the tokens tile the normalised text, with blanks
// between them.
func checkReading(t interface{ Fatalf(string, ...any) }, text string) {
	var r reading
	r.read(text)
	if !utf8.Valid(r.text) {
		t.Fatalf("%q is normalised to invalid UTF-8 %q", text, r.text)
	}
	at := int32(0)
	for _, token := range r.tokens {
		if token.start != at && (token.start != at+1 || r.text[at] != ' ') || token.end <= token.start {
			t.Fatalf("%q: a token from %d to %d follows one to %d in %q", text, token.start, token.end, at, r.text)
		}
		at = token.end
	}
	if int(at) != len(r.text) {
		t.Fatalf("%q: the last token ends at %d of %q", text, at, r.text)
	}
}

// aSaying draws a text of what normalising must not mistake: numerals, repeats,
// fillers, invisible characters.
func aSaying() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"我", "是", "不", "天", "要", "，", " ", "嗯", "那", "个", "就", "然后", "一", "三", "两", "十", "百", "千", "万", "零", "幺",
		"3", "10", "320", "007", "uh", "huh", "you", "know", "like", "'", "’", ".", "a", "\u0301", "\u200b", "は", "6", "five", "第", "号",
	})
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(pieces []string) string { return strings.Join(pieces, "") })
}

func TestNormalizeTwiceIsNormalizeOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkNormalize(t, rapid.OneOf(aSaying(), aPhrase(), rapid.String()).Draw(t, "text"))
	})
}

// checkNormalize fails unless a normalised text stays as it is and is empty
// only when the text has no letter and no digit.
func checkNormalize(t interface{ Fatalf(string, ...any) }, text string) {
	once := Normalize(text)
	if twice := Normalize(once); twice != once {
		t.Fatalf("%q is normalised to %q, and that to %q", text, once, twice)
	}
	read := text[:min(len(text), maxUtterance)]
	words := strings.ContainsFunc(read, func(c rune) bool { return (unicode.IsLetter(c) || unicode.IsDigit(c)) && !isApostrophe(c) })
	if words && once == "" {
		t.Fatalf("%q is normalised to nothing", text)
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{
		"", "我我我是", "三百，二十", "三，千", "uh, huh", "要不要，不要", "\u200b\u0301", "J\u030c", "1️⃣", "然，后我就走了", "\xff是\xfe", "ǰ", "３.５", "天天天天",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkNormalize(t, text)
		checkReading(t, text)
	})
}

func FuzzScore(f *testing.F) {
	for _, seed := range []string{
		"", "是我", "不是本人", "还不了", "嗯，那个，我没钱", "I can't pay", "ＯＫ", "\xff\xfe", "不不不不不", "是不是不是",
		"打的晚点", "3.5.", "don'", "'tis", "a\u0301", "\u0301", "﷽", "不是不还不是不还",
	} {
		f.Add(seed)
	}
	m, _ := Train(append([]Class{{Name: "pattern", Keywords: []string{"re:[a-z]+ing", "re:不.*还"}}}, debtor...), Config{})
	f.Fuzz(func(t *testing.T, text string) {
		checkScores(t, m, text)
		checkReading(t, text)
		if _, err := json.Marshal(m.Explain(text)); err != nil {
			t.Fatalf("%q: explanation: %v", text, err)
		}
	})
}
