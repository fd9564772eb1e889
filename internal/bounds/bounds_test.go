package bounds

import (
	"strings"
	"testing"
)

func TestProblem(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"您好":                      "",
		strings.Repeat("长", 64):   "",
		strings.Repeat("长", 65):   "may have at most 64 characters",
		strings.Repeat("\xff", 8): "must not hold control characters",
		"a\tb":                    "must not hold control characters",
		"a\x00":                   "must not hold control characters",
		"a\x7f":                   "must not hold control characters",
		"a\u0085":                 "must not hold control characters",
		"a\u00a0b":                "",
	} {
		if got := Name.Problem(text); got != want {
			t.Errorf("%.10q: %q, want %q", text, got, want)
		}
	}
	if got := Description.Problem("a\tb\r\nc"); got != "" {
		t.Errorf("layout in a description: %q", got)
	}
	if got := Description.Problem("a\x1b"); got == "" {
		t.Error("a description may hold an escape")
	}
	if k, ok := Named("phrase"); !ok || k != Phrase {
		t.Error(k, ok)
	}
	if k, ok := Named("song"); ok {
		t.Error(k)
	}
}
