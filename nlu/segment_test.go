package nlu

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func cut(s Segmenter, text string) string {
	var words []string
	from := 0
	for _, end := range s.Cut([]byte(text), nil) {
		words = append(words, text[from:end])
		from = end
	}
	return strings.Join(words, "/")
}

func TestDefaultSegmenter(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"我在上网贷款", "我/在/上网/贷款"},
		{"你们公司的利息", "你们/公司/的/利息"},
		{"我要4s店vip", "我/要/4s/店/vip"},
		{"i am here", "i/ /am/ /here"},
	}
	for _, tt := range tests {
		if got := cut(DefaultSegmenter(), tt.text); got != tt.want {
			t.Errorf("%q is cut %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestKeywordBoundaries shows what a keyword that is a word or a part of one
// does in a sentence.
func TestKeywordBoundaries(t *testing.T) {
	tests := []struct {
		keyword, text string
		want          bool
	}{
		{"还", "还款", false},
		{"还", "还是算了", false},
		{"还", "归还", false},
		{"还", "我还", true},
		{"还", "我明天还", true},
		{"本人", "是本人", true},
		{"本人", "日本人", false},
		{"忙", "帮忙", false},
		{"忙", "我在忙", true},
		{"有", "没有", false},
		{"有", "有钱", false},
		{"有", "我有", true},
		{"网贷", "在上网贷款", false},
		{"网贷", "我有网贷", true},
		{"要考虑", "我需要考虑", true},
		{"微粒贷", "我用过微粒贷", true}, // unknown to the dictionary
		{"pay", "i will pay", true},
		{"pay", "i like paypal", false},
		{"pay", "repay", false},
		{"vip", "我是vip客户", true},
		{"4s", "去4s店", true},
	}
	for _, tt := range tests {
		m, problems := Train([]Class{{Name: "k", Keywords: []string{tt.keyword}}}, Config{})
		if len(problems) > 0 {
			t.Fatalf("keyword %q: %v", tt.keyword, problems)
		}
		scores := make([]float64, 1)
		m.Score(tt.text, scores)
		if got := scores[0] >= scoreKeyword; got != tt.want {
			t.Errorf("keyword %s in %s: hit %v, want %v (cut %s)", tt.keyword, tt.text, got, tt.want,
				cut(DefaultSegmenter(), Normalize(tt.text)))
		}
	}
}

func TestSegmenterIsSafeForConcurrentUse(t *testing.T) {
	s := newDictionarySegmenter(words)
	want := "我/在/上网/贷款"
	var wait sync.WaitGroup
	results := make([]string, 8)
	for i := range results {
		wait.Go(func() { results[i] = cut(s, "我在上网贷款") })
	}
	wait.Wait()
	if i := slices.IndexFunc(results, func(got string) bool { return got != want }); i >= 0 {
		t.Errorf("goroutine %d cut %s, want %s", i, results[i], want)
	}
}

func TestSegmenterHeap(t *testing.T) {
	const limit = 40 << 20
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := newDictionarySegmenter(words)
	s.Cut([]byte("好"), nil)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > limit {
		t.Errorf("a loaded segmenter holds %d bytes, want at most %d", held, limit)
	} else {
		t.Logf("a loaded segmenter holds %.1f MB", float64(held)/(1<<20))
	}
	runtime.KeepAlive(s)
}

func TestDamagedDictionaryIsABrokenBuild(t *testing.T) {
	for name, zipped := range map[string][]byte{"no gzip": []byte("x"), "cut short": words[:len(words)/2]} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: want a panic that names the dictionary", name)
				}
			}()
			newDictionarySegmenter(zipped).Cut([]byte("好"), nil)
		}()
	}
}

func BenchmarkSegmenter(b *testing.B) {
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			newDictionarySegmenter(words).Cut([]byte("好"), nil)
		}
	})
	b.Run("cut", func(b *testing.B) {
		s := DefaultSegmenter()
		text := []byte("我明天下午再去银行还款")
		var ends []int
		for b.Loop() {
			ends = s.Cut(text, ends[:0])
		}
	})
}
