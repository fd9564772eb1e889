package nlu

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestExplainGolden(t *testing.T) {
	m, _ := Train(append([]Class{{Name: "vip", Examples: []string{"我是vip客户", "I am a VIP"}}}, debtor...), Config{})
	tests := map[string]string{
		"exact":       "嗯，是我。",
		"keyword":     "我还款",
		"denied":      "我不是本人",
		"split":       "还是算了",
		"pattern":     "可能真的还不上",
		"group":       "晚点给你打回去",
		"stranger":    "what a garden",
		"no words":    "……",
		"letters too": "我是vip",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			e := m.Explain(text)
			for i := range e.Classes {
				c := &e.Classes[i]
				c.Score = math.Round(c.Score*1e4) / 1e4
				for j := range c.Features {
					c.Features[j].Weight = math.Round(c.Features[j].Weight*1e4) / 1e4
				}
			}
			got, err := json.MarshalIndent(e, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			path := filepath.Join("testdata", "explain", name+".json")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v (make it with -update)", err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExplainScoresAsScoreDoes(t *testing.T) {
	m, _ := Train(debtor, Config{})
	scores := make([]float64, len(debtor))
	for _, text := range []string{"是我", "我不是本人", "今天还款", "我没有钱"} {
		m.Score(text, scores)
		for _, c := range m.Explain(text).Classes {
			if c.Score != scores[c.Class] {
				t.Errorf("%s: explained score %v for %s, score %v", text, c.Score, c.Name, scores[c.Class])
			}
		}
	}
}

func TestExplainSparseWeights(t *testing.T) {
	classes := invented(denseClasses+10, 4)
	m, _ := Train(classes, Config{})
	e := m.Explain(classes[3].Examples[0])
	if len(e.Classes) == 0 || e.Classes[0].Kind != Exact || len(e.Classes[0].Features) == 0 {
		t.Errorf("explanation of an example has no exact class with features: %+v", e)
	}
}

func TestKindNames(t *testing.T) {
	for kind, want := range map[Kind]string{None: "none", Similar: "similar", Keyword: "keyword", Exact: "exact"} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d is called %s, want %s", kind, got, want)
		}
	}
}
