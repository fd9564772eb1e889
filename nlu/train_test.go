package nlu

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTrainProblems(t *testing.T) {
	long := ""
	for i := range maxKeyword + 1 {
		long += string(rune('刀' + i)) // No two are the same.
	}
	tests := []struct {
		name  string
		class Class
		want  []Problem // without messages
		says  string    // a part of the message
	}{
		{"nothing at all", Class{}, nil, ""},
		{"example without words", Class{Examples: []string{"是", "？"}},
			[]Problem{{Field: fieldExamples, Index: 1, Err: true}}, "holds no letter or digit"},
		{"keyword without words", Class{Keywords: []string{"……"}},
			[]Problem{{Field: fieldKeywords, Err: true}}, "holds no letter or digit"},
		{"part without words", Class{Keywords: []string{"还+，"}},
			[]Problem{{Field: fieldKeywords, Err: true}}, "holds no letter or digit"},
		{"a plus alone is a phrase", Class{Keywords: []string{"c++"}}, nil, ""},
		{"too long", Class{Keywords: []string{long}},
			[]Problem{{Field: fieldKeywords, Err: true}}, "longer than 64 words"},
		{"too many parts", Class{Keywords: []string{strings.Repeat("还+", 65) + "款"}},
			[]Problem{{Field: fieldKeywords, Err: true}}, "more than 64 phrases"},
		{"bad expression", Class{Keywords: []string{"本人", "re:还(款"}},
			[]Problem{{Field: fieldKeywords, Index: 1, Err: true}}, "RE2"},
		{"expression of nothing", Class{Keywords: []string{"re:还*"}},
			[]Problem{{Field: fieldKeywords, Err: true}}, "matches an empty text"},
		{"endless expression", Class{Keywords: []string{"re:" + strings.Repeat("a", maxPattern+1)}},
			[]Problem{{Field: fieldKeywords, Err: true}}, "longer than 1024 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Train([]Class{tt.class}, Config{})
			for i := range problems {
				if !strings.Contains(problems[i].Message, tt.says) {
					t.Errorf("message %q does not say %q", problems[i].Message, tt.says)
				}
				problems[i].Message = ""
			}
			if diff := cmp.Diff(tt.want, problems); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClassWithoutWordsScoresNothing(t *testing.T) {
	score := trained(t, append([]Class{{Name: "empty"}}, debtor...))
	for _, text := range []string{"是我", "我不知道", "empty"} {
		if got := score(text, "empty"); got != 0 {
			t.Errorf("%s scores %v for a class without words, want 0", text, got)
		}
	}
}

func TestTrainWithoutClasses(t *testing.T) {
	m, problems := Train(nil, Config{})
	m.Score("是我", nil)
	if m.Len() != 0 || len(problems) != 0 {
		t.Errorf("%d classes and problems %v, want none", m.Len(), problems)
	}
}

// TestTrainManyClasses crosses from dense to sparse weights: the widest
// weights of a row must be enough to tell every class's own words.
func TestTrainManyClasses(t *testing.T) {
	classes := make([]Class, 300)
	for i := range classes {
		classes[i] = Class{Name: fmt.Sprint(i), Examples: []string{
			fmt.Sprintf("we ask about item%d today", i), fmt.Sprintf("item%d please", i),
		}}
	}
	m, _ := Train(classes, Config{})
	scores := make([]float64, len(classes))
	for i := 0; i < len(classes); i += 17 {
		m.Score(fmt.Sprintf("please tell about item%d", i), scores)
		best := 0
		for c := range scores {
			if scores[c] > scores[best] {
				best = c
			}
		}
		if best != i {
			t.Errorf("item%d is taken for item%d", i, best)
		}
	}
}

func TestPlanKeepsTheBudget(t *testing.T) {
	tests := []struct{ classes, examples int }{{13, 130}, {75, 750}, {150, 15000}, {2000, 200000}}
	for _, tt := range tests {
		c := &corpus{examples: make([]example, tt.examples)}
		for i := range c.examples {
			c.examples[i].class = i % tt.classes
		}
		p := newPlan(c, tt.classes)
		visits := tt.classes * (tt.examples/p.stride + tt.examples/tt.classes)
		if work := visits * maxPasses; work > 2*budget {
			t.Errorf("%d classes, %d examples: up to %d visits, budget %d", tt.classes, tt.examples, work, budget)
		}
		if got := len(p.members(0)); got < tt.examples/tt.classes {
			t.Errorf("%d classes, %d examples: class 0 sees %d examples, fewer than its own", tt.classes, tt.examples, got)
		}
	}
}

func TestFalseRejectMovesTheThreshold(t *testing.T) {
	// The words of these classes are told apart easily, so that the threshold
	// is measured and not at its bound.
	var classes []Class
	for i := range 6 {
		c := Class{Name: fmt.Sprint(i)}
		for j := range 12 {
			c.Examples = append(c.Examples, fmt.Sprintf("alpha%d beta%d gamma%d word%d", i, i, i, j))
		}
		classes = append(classes, c)
	}
	lenient, _ := Train(classes, Config{FalseReject: 0.01})
	strict, _ := Train(classes, Config{FalseReject: 0.4})
	absurd, _ := Train(classes, Config{FalseReject: 7})
	unknown, _ := Train(classes, Config{FalseReject: math.NaN()})
	usual, _ := Train(classes, Config{})
	if l, s := lenient.linear.scale.threshold, strict.linear.scale.threshold; l > s {
		t.Errorf("threshold %v rejecting 1 %%, %v rejecting 40 %%: want it to rise", l, s)
	}
	if a, u := absurd.linear.scale.threshold, usual.linear.scale.threshold; a != u {
		t.Errorf("threshold %v for an absurd FalseReject, want the default's %v", a, u)
	}
	if n, u := unknown.linear.scale.threshold, usual.linear.scale.threshold; n != u {
		t.Errorf("threshold %v for a FalseReject that is no number, want the default's %v", n, u)
	}
}
