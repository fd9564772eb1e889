package nlu

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-ego/gse"
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
		if len(problems) > 0 && problems[0].Err {
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
	s := &dictionarySegmenter{load: sync.OnceValue(loadWords)}
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

// TestCutIsGse holds the word graph against gse itself, over every text of the
// scripts and dialogues in testdata and some that no caller says.
func TestCutIsGse(t *testing.T) {
	zip, err := gzip.NewReader(bytes.NewReader(words))
	if err != nil {
		t.Fatal(err)
	}
	dictionary, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	original := gse.Segmenter{SkipLog: true, NotLoadHMM: true}
	if err := original.LoadDictStr(string(dictionary)); err != nil {
		t.Fatal(err)
	}
	texts := append(sentences(t), "", "a", "a b", "我a", "é是ñ", "３.５", "是\xff我", "我\xe6", "안녕하세요", "はい、カード", "4s店vip卡 ok", strings.Repeat("中国人民银行", 200))
	for _, text := range texts {
		var want []int
		for _, word := range original.Segment([]byte(text)) {
			want = append(want, word.End())
		}
		if got := DefaultSegmenter().Cut([]byte(text), nil); !slices.Equal(got, want) {
			t.Errorf("%q is cut at %v, gse cuts at %v", text, got, want)
		}
	}
	if len(texts) < 500 {
		t.Errorf("compared %d texts, want some hundreds", len(texts))
	}
}

// sentences returns the texts of testdata, as they are and normalised.
func sentences(t *testing.T) []string {
	t.Helper()
	var texts []string
	han := regexp.MustCompile(`[^"\n]*\p{Han}[^"\n]*`)
	err := filepath.WalkDir("../testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, text := range han.FindAllString(string(content), -1) {
			texts = append(texts, text, Normalize(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestNewSegmenter(t *testing.T) {
	s, err := NewSegmenter(strings.NewReader("微粒贷 50\n\n微粒 3 n\n微粒贷 9\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := cut(s, "我用微粒贷"), "我/用/微粒贷"; got != want {
		t.Errorf("cut %s, want %s", got, want)
	}
	for text, want := range map[string]string{
		"好\n":                              "line 1",
		"好 1\n坏 x\n":                       "line 2",
		"好 0":                              "line 1",
		"好 -1":                             "line 1",
		"好 NaN":                            "line 1",
		"好 Inf":                            "line 1",
		strings.Repeat("好", 100000) + " 1": "too long",
	} {
		if _, err := NewSegmenter(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: error %v, want one that says %s", text, err, want)
		}
	}
	empty, err := NewSegmenter(strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := cut(empty, "我是"), "我/是"; got != want {
		t.Errorf("without words cut %s, want %s", got, want)
	}
}

func TestSegmenterHeap(t *testing.T) {
	const limit = 40 << 20
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // What a pool of an earlier test held goes with the second.
	runtime.ReadMemStats(&before)
	s := &dictionarySegmenter{load: sync.OnceValue(loadWords)}
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

func TestDamagedDictionary(t *testing.T) {
	for name, zipped := range map[string][]byte{"no gzip": []byte("x"), "cut short": words[:len(words)/2]} {
		if _, err := loadZipped(zipped); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func BenchmarkSegmenter(b *testing.B) {
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			loadWords()
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
