//go:build !race

// The race detector makes sync.Pool forget at random, so allocations are
// counted without it.

package nlu

import (
	"strings"
	"testing"
)

func TestScoreDoesNotAllocate(t *testing.T) {
	classes := invented(20, 10)
	classes[0].Keywords = []string{"没有的词"}
	m, _ := Train(classes, Config{})
	scores := make([]float64, len(classes))
	for _, text := range []string{utterance, "ｆｕｌｌ width words, and it's English", strings.Repeat("长", 500)} {
		m.Score(text, scores) // The scratch space grows once.
		if n := testing.AllocsPerRun(100, func() { m.Score(text, scores) }); n != 0 {
			t.Errorf("%.20q: %v allocations a match, want 0", text, n)
		}
	}
}

func TestKeywordsDoNotAllocate(t *testing.T) {
	classes := invented(20, 10)
	classes[0].Keywords = []string{"账单", "确认+日期", "言日"}
	m, _ := Train(classes, Config{})
	scores := make([]float64, len(classes))
	for _, text := range []string{utterance, "我不想确认账单", strings.Repeat("账单", 500)} {
		m.Score(text, scores) // The scratch space grows once.
		if n := testing.AllocsPerRun(100, func() { m.Score(text, scores) }); n != 0 {
			t.Errorf("%.20q: %v allocations a match with a keyword in it, want 0", text, n)
		}
	}
}
