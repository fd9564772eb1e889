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
		{"compatibility forms", "㈱① ﬁne", "株一fine"},
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
		{"sounds alone are an answer", "嗯嗯啊", "嗯啊"},
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
		{"english sounds", "um, I uh don't know", "i don't know"},
		{"english sound first", "uh I know", "i know"},
		{"english yes", "uh huh", "uh huh"},
		{"english no", "uh-uh", "uh uh"},
		{"english yes of two sounds", "Mm-hmm.", "mm hmm"},
		{"english yes is no filler", "yeah", "yeah"},
		{"english sounds alone", "um, er", "um er"},
		{"english opening", "well, you know, I don't have it", "i don't have it"},
		{"english opening that is all", "you know", "you know"},
		{"english opening that is the answer", "well done", "well done"},
		{"english like", "like, I said that before", "i said that before"},
		{"english like that is the verb", "I like it", "i like it"},
		{"english like that is a wish", "I'd like to pay", "i'd like to pay"},
		{"a phrase across a comma", "那嗯个我想问一下", "我想问一下"},

		{"apostrophes of all keys", "don‘t donʼt don`t don＇t", "don't"},
		{"zero width", "我\u200b是\ufeff本\u200d人", "我是本人"},
		{"zero width in a word", "can\u200bcel", "cancel"},
		{"zero width before a mark", "a\u200b\u0301", "á"},
		{"emoji in a sentence", "好的👌🏻我知道👨‍👩‍👧了", "好的我知道了"},
		{"emoji selector", "❤️是", "是"},
		{"keycap", "1️⃣", "1"},
		{"case that composes", "J\u030C", "ǰ"},
		{"half-width kana", "ｶﾞｽ", "ガス"},
		{"kana said again stays", "ははは いいいい はいはい", "はははいいいいはいはい"},
		{"hangul", "네 네 알겠습니다", "네 네 알겠습니다"},
		{"arabic", "نعم، هذا أنا", "نعم هذا أنا"},
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

func TestRepeats(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"stutter", "我我我是", "我是"},
		{"stutter of two", "我我是本人", "我是本人"},
		{"stutter of a demonstrative", "那那我想想", "那我想想"},
		{"stutter of two characters", "我是我是本人", "我是本人"},
		{"stutter across a sound", "我，嗯，我没钱", "我没钱"},
		{"answers said again", "对对对", "对"},
		{"answers said four times", "好好好好", "好"},
		{"denial said again", "不不不", "不"},
		{"answer of two", "是是", "是"},
		{"answer before a sentence", "对对对我是", "对我是"},
		{"sounds", "喂喂喂", "喂"},
		{"doubled words", "谢谢妈妈慢慢天天看看", "谢谢妈妈慢慢天天看看"},
		{"a doubled word said again", "谢谢谢谢", "谢谢"},
		{"a doubled word beside another", "今天天气好", "今天天气好"},
		{"week after next", "下下周", "下下周"},
		{"a phrase said again", "知道了知道了", "知道了"},
		{"a phrase said again after a comma", "知道了，知道了。", "知道了"},
		{"a phrase said three times", "可以可以可以", "可以"},
		{"a denial said again", "不用了不用了", "不用了"},
		{"half a phrase said again", "不用不用了", "不用了"},
		{"a long phrase said again", "我现在没时间我现在没时间", "我现在没时间"},
		{"a question said again", "是不是是不是", "是不是"},
		{"a question and its answer", "要不要不要", "要不要不要"},
		{"a question is no repeat", "好不好", "好不好"},
		{"doubled adjectives", "明明白白的的确确", "明明白白的确"},
		{"numbers are no repeats", "六六六", "666"},
		{"phrases with a number in them", "等一下等一下", "等一下"},
		{"english", "yes yes yes", "yes"},
		{"english phrase", "okay, I see, I see", "okay i see"},
		{"english denial", "no, no, no", "no"},
		{"english digits", "five five two", "five five two"},
		{"english number", "66 66", "66 66"},
		{"mixed", "ok ok 好的好的", "ok好的"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Normalize(tt.text); got != tt.want {
				t.Errorf("Normalize(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestNumerals(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"ten and more", "十二号", "12号"},
		{"one ten and more", "一十二号", "12号"},
		{"digits stay", "12号", "12号"},
		{"tens", "三十块", "30块"},
		{"hundreds", "三百二十块", "320块"},
		{"a last digit without its unit", "三百二", "320"},
		{"a last digit after 零", "三百零二", "302"},
		{"a last digit after 十", "三百二十五", "325"},
		{"thousands", "两千三", "2300"},
		{"myriads", "十二万五千", "125000"},
		{"digits before a myriad", "3万块", "30000块"},
		{"digits before a hundred", "5百", "500"},
		{"hundred millions", "一亿零三万", "100030000"},
		{"two hundred", "二百", "200"},
		{"two hundred, counted", "两百", "200"},
		{"read out", "一三八零零一", "138001"},
		{"read out with 幺", "幺三八", "138"},
		{"many digits", "6222021234567890123", "6222021234567890123"},
		{"leading zeros", "零零七", "007"},

		{"up to ten beside a character", "5点", "五点"},
		{"up to ten beside a character, as characters", "五点", "五点"},
		{"ten", "10块", "十块"},
		{"one ten", "一十块", "十块"},
		{"two that counts", "2天", "两天"},
		{"two of a row", "第2次", "第二次"},
		{"second of the month", "2号", "二号"},
		{"two at the end", "我选2", "我选二"},
		{"alone", "五", "5"},
		{"alone, in digits", "5", "5"},
		{"between words", "3 days", "3 days"},
		{"point", "3.5折", "3.5折"},
		{"in a word", "4s店", "4s店"},

		{"once", "一下", "一下"},
		{"a little", "一点", "一点"},
		{"think thrice", "三思", "三思"},
		{"in case", "万一", "万一"},
		{"by all means", "千万别", "千万别"},
		{"the same", "一样", "一样"},
		{"very", "十分", "十分"},
		{"two or three", "两三个", "两三个"},
		{"three or four hundred", "三四百", "三四百"},
		{"hundred and fifty or sixty", "一百五六", "一百五六"},
		{"a dozen or more", "十几个", "十几个"},
		{"twenty odd", "二十多", "20多"},
		{"an idiom", "一五一十", "一五一十"},
		{"no amount", "百万", "百万"},
		{"units that rise", "十百", "十百"},
		{"zero without what it stands before", "三百零", "三百零"},
		{"two zeros", "三百零零二", "三百零零二"},
		{"ten thousand of nothing", "零万", "零万"},
		{"more than a number", "99999999万", "99999999万"},

		{"two numbers", "三，十", "3 10"},
		{"two numbers, the second no number", "三，千", "3000"},
		{"two amounts", "三百块，二十号", "300块20号"},
		{"what is no number until the comma is gone", "三四，五", "345"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Normalize(tt.text); got != tt.want {
				t.Errorf("Normalize(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}
