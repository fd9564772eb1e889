package nlu

import "testing"

// TestOneNegatorContradicts puts a negator late into long sentences: nearly
// all of their words stay as in the example.
func TestOneNegatorContradicts(t *testing.T) {
	tests := []struct{ example, said string }{
		{"我今天下午可以还款", "我今天下午不可以还款"},
		{"我今天下午可以还款", "我今天下午可以不还款"},
		{"你们这个活动我很感兴趣", "你们这个活动我不感兴趣"},
		{"麻烦你晚一点再打过来", "麻烦你别再打过来"},
		{"我就是你要找的那位先生", "我不是你要找的那位先生"},
		{"我现在没有钱还", "我现在有钱还"},
		{"还不了", "还"},
		{"this is he", "this is not he"},
		{"yes I can pay it tomorrow", "I can't pay it tomorrow"},
	}
	for _, others := range []int{0, 5, denseClasses} {
		if others == denseClasses {
			tests = tests[:2] // Each takes seconds of training.
		}
		for _, tt := range tests {
			classes := append(invented(others, 5), Class{Name: "it", Examples: []string{tt.example}})
			score := trained(t, classes)
			if got := score(tt.said, "it"); got >= Threshold {
				t.Errorf("%s scores %.3f for %s among %d others", tt.said, got, tt.example, others)
			}
			if got := score(tt.example, "it"); got != scoreExact {
				t.Errorf("%s scores %.3f for itself among %d others", tt.example, got, others)
			}
		}
	}
}

func TestDenialOfOneThingLeavesAnother(t *testing.T) {
	score := trained(t, []Class{{Name: "refuse", Examples: []string{"I don't want to pay", "stop calling me", "not interested"}}})
	if got := score("never call me, I'm not interested", "refuse"); got < Threshold {
		t.Errorf("scores %.3f, want at least %.2f", got, Threshold)
	}
}
