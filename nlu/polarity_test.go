package nlu

import (
	"strings"
	"testing"
)

// denials writes a text with what is denied in brackets, so that a table row
// shows the whole reading of an utterance.
func denials(text string) string {
	var r reading
	r.read(text)
	var b strings.Builder
	open := false
	for i, t := range r.tokens {
		if open && !t.negated {
			b.WriteByte(']')
		}
		if i > 0 && !t.han && !r.tokens[i-1].han {
			b.WriteByte(' ')
		}
		if t.negated && !open {
			b.WriteByte('[')
		}
		open = t.negated
		b.Write(r.text[t.start:t.end])
	}
	if open {
		b.WriteByte(']')
	}
	return b.String()
}

func TestPolarity(t *testing.T) {
	tests := []struct{ text, want string }{
		// What nobody denies.
		{"是本人", "是本人"},
		{"我就是", "我就是"},
		{"明天还", "明天还"},
		// A negator denies what follows.
		{"不是本人", "不[是本人]"},
		{"不还", "不[还]"},
		{"我没有钱", "我没[有钱]"},
		{"没钱", "没[钱]"},
		{"别打了", "别[打了]"},
		{"请勿打扰", "请勿[打扰]"},
		{"不用了", "不[用了]"},
		{"我不要", "我不[要]"},
		{"未收到", "未[收到]"},
		{"还没还", "[还]没[还]"},
		{"我还没有还款", "我[还]没[有还款]"},
		{"还不想付", "[还]不[想付]"},
		{"他不同意", "他不[同意]"},
		{"我从来没借过", "我从来没[借过]"},
		// Rhetorical questions deny.
		{"谁说我要还", "谁[说我要还]"},
		{"哪有钱", "哪[有钱]"},
		// Potential complements deny the verb before them.
		{"还不了", "[还]不[了]"},
		{"去不成", "[去]不[成]"},
		{"付不起", "[付]不[起]"},
		{"我来不了", "我[来]不[了]"},
		{"打不通", "[打]不[通]"},
		{"我不去", "我不[去]"},
		{"今天不去", "今天不[去]"},
		// A negation at the end denies what came before.
		{"本人不是", "[本人]不[是]"},
		{"钱没有", "[钱]没[有]"},
		{"今天不行", "[今天]不[行]"},
		{"我不是", "我不[是]"},
		// Two negations cancel across a linker only.
		{"不是不还", "不[是不]还"},
		{"没说不还", "没[说不]还"},
		{"没有说过不还", "没[有说过不]还"},
		{"谁说我不还", "谁[说我不]还"},
		{"不能不还", "不[能不]还"},
		{"我不在家没钱还", "我不[在家没钱还]"},
		{"不想要不需要", "不[想要不需要]"},
		// A denial said again is no double negation.
		{"不不不", "不[不不]"},
		{"不用不用", "不[用不用]"},
		{"不是不是", "不[是不是]"},
		{"不要不要", "不[要不要]"},
		{"没有没有", "没[有没有]"},
		{"不用了不用了", "不[用了不用了]"},
		// A-not-A questions deny nothing.
		{"是不是本人", "是不是本人"},
		{"有没有利息", "有没有利息"},
		{"能不能还", "能不能还"},
		{"好不好", "好不好"},
		{"可不可以分期", "可不可以分期"},
		{"愿意不愿意还", "愿意不愿意还"},
		{"是，不是本人", "是不[是本人]"},
		// Words that hold a negator and deny nothing.
		{"不错", "不错"},
		{"不好意思我在开会", "不好意思我在开会"},
		{"对不起", "对不起"},
		{"差不多", "差不多"},
		{"没问题", "没问题"},
		{"没关系", "没关系"},
		{"我不就是本人", "我不就是本人"},
		{"特别想还", "特别想还"},
		{"不但要还", "不但要还"},
		{"不是没问题", "不[是没问题]"},
		// The scope ends with the clause.
		{"不是，我是本人", "不[是]我是本人"},
		{"没钱但是会还", "没[钱]但是会还"},
		{"不还因为没钱", "不[还]因为没[钱]"},
		{"不需要谢谢", "不[需要]谢谢"},
		{"不用了我在开会", "不[用了]我在开会"},
		{"不我是本人", "不我是本人"},
		// English.
		{"this is not me", "this is not [me]"},
		{"I don't have the money", "i don't [have the money]"},
		{"I cant pay", "i cant [pay]"},
		{"never called you", "never [called you]"},
		{"without my wallet", "without [my wallet]"},
		{"no problem", "no problem"},
		{"not only today", "not only today"},
		{"I never said I won't pay", "i never [said i won't] pay"},
		{"I can't not pay", "i can't [not] pay"},
		{"no, I am the owner", "no i am the owner"},
		{"no I am the owner", "no i am the owner"},
		{"not today but tomorrow", "not [today] but tomorrow"},
	}
	for _, tt := range tests {
		if got := denials(tt.text); got != tt.want {
			t.Errorf("%s: read as %s, want %s", tt.text, got, tt.want)
		}
	}
}
