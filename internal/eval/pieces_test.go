package eval

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPieces(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
		said string
	}{
		{"不，是我！", []string{"不", "是", "我"}, "不是我"},
		{"Don't call  again.", []string{"don't", "call", "again"}, "don't call again"},
		{"the 'best' app’s", []string{"the", "best", "app's"}, "the best app's"},
		{"我要下APP 2次", []string{"我", "要", "下", "app", "2", "次"}, "我要下app 2次"},
		{"ありがとう", []string{"あ", "り", "が", "と", "う"}, "ありがとう"},
		{" …'!", nil, ""},
	} {
		got := pieces(test.text)
		if diff := cmp.Diff(test.want, got); diff != "" || say(got) != test.said {
			t.Errorf("%q: said again %q, want %q; pieces (-want +got):\n%s", test.text, say(got), test.said, diff)
		}
	}
}

func TestPiecesAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("我不 ,'’aBé1ひ\t😀"))).Draw(t, "text")
		once := pieces(text)
		if diff := cmp.Diff(once, pieces(say(once))); diff != "" {
			t.Errorf("%q: what is said reads otherwise (-pieces +again):\n%s", text, diff)
		}
	})
}

func TestVariants(t *testing.T) {
	want := []variant{
		{"还", "without 不"}, {"不不还", "不 twice"},
		{"不", "without 还"}, {"不还还", "还 twice"},
	}
	if diff := cmp.Diff(want, variants("不还。"), cmp.AllowUnexported(variant{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]variant{{"no no", "no twice"}}, variants("No"), cmp.AllowUnexported(variant{})); diff != "" {
		t.Errorf("one word (-want +got):\n%s", diff)
	}
	if got := len(variants(strings.Repeat("不", 1000))); got != 2*maxVaried {
		t.Errorf("%d variants of a long text, want %d", got, 2*maxVaried)
	}
}
