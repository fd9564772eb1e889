package nlu

import (
	"strings"
	"testing"
)

func TestNormalize(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"punctuation only", "……？！", ""},
		{"emoji only", "👍", ""},
		{"punctuation goes", "是的，我是。", "是的我是"},
		{"width and case", "ＯＫ，ＹＥＳ！", "ok yes"},
		{"compatibility forms", "㈱① ﬁne", "株1 fine"},
		{"blanks between characters go", "我 是 本人", "我是本人"},
		{"blanks between words are folded", "  I   am\there ", "i am here"},
		{"mixed", "我要 4S店 VIP 卡", "我要4s店vip卡"},
		{"apostrophe in a word", "I don’t, 'really'", "i don't really"},
		{"point in a number", "3.5%. ok", "3.5 ok"},
		{"trailing point", "3.", "3"},
		{"invalid bytes", "是\xff\xfe我", "是我"},
		{"case without ascii", "ÉTÉ ΣΊΣΥΦΟΣ", "été σίσυφοσ"},
		{"kana", "はい、カード", "はいカード"},
		{"combining marks stay in their word", "a\u0301b q\u0323y", "áb q\u0323y"},

		{"sound beside words", "嗯，我是", "我是"},
		{"sound at the end", "是啊", "是"},
		{"sound alone is an answer", "嗯", "嗯"},
		{"sounds alone are an answer", "嗯嗯啊", "嗯嗯啊"},
		{"opening filler", "那个我想问一下", "我想问一下"},
		{"fillers in a row", "嗯那个那个我没钱", "我没钱"},
		{"filler word that is a determiner", "那个人", "那个人"},
		{"filler word that is the answer", "我就是", "我就是"},
		{"filler word that begins the answer", "就是我", "就是我"},
		{"filler word that begins a longer answer", "就是本人", "就是本人"},
		{"filler word before a clause", "就是我现在没有钱", "我现在没有钱"},
		{"filler word as its own clause", "就是，我没钱", "我没钱"},
		{"filler word at the end", "对，就是", "对就是"},
		{"filler word inside a negation", "不就是", "不就是"},
		{"question of a filler word", "然后呢", "然后呢"},
		{"filler before a long clause", "然后我就走了", "我就走了"},
		{"negation is no filler", "不是", "不是"},
		{"english sounds", "um, I uh don't know", "i uh don't know"},
		{"english sound first", "uh I know", "i know"},
		{"english yes", "uh huh", "uh huh"},
		{"english no", "uh-uh", "uh uh"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Normalize(tt.text); got != tt.want {
				t.Errorf("Normalize(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestNormalizeReadsNoMoreThanItsLimit(t *testing.T) {
	long := strings.Repeat("好", maxUtterance)
	if got := len(Normalize(long)); got > maxUtterance {
		t.Errorf("normalised %d bytes, want at most %d", got, maxUtterance)
	}
}
