package nlu

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
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
		{"没人告诉过我", "没[人告诉过]我"},
		{"感觉没准备好", "感觉没[准备好]"},
		{"我从来没借过", "我从来没[借过]"},
		{"已经报了别家", "已经报了别家"},
		// A pronoun says of whom; it is not what is denied.
		{"不认识他", "不[认识]他"},
		{"我们不是", "我们不[是]"},
		{"我们今天不行", "我们[今天]不[行]"},
		{"there's no money on my account", "there's no [money on] my [account]"},
		{"that's not my bill", "that's not [my bill]"},
		// Rhetorical questions deny.
		{"谁说我要还", "谁[说]我[要还]"},
		{"哪有钱", "哪[有钱]"},
		{"我怎么可能会还", "我怎[么可能会还]"},
		{"难道我是本人", "难[道]我[是本人]"},
		{"why should I pay", "why [should] i [pay]"},
		// So do verbs of refusing, which can be denied themselves.
		{"我拒绝还款", "我拒绝[还款]"},
		{"I'm not refusing to pay", "i'm not [refusing] to pay"},
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
		{"不是不还", "[不]是[不]还"},
		{"没说不还", "[没]说[不]还"},
		{"没有说过不还", "[没]有说过[不]还"},
		{"谁说我不还", "谁说我[不]还"},
		{"不能不还", "[不]能[不]还"},
		{"我不在家没钱还", "我不[在家没钱还]"},
		{"不想要不需要", "不[想要不需要]"},
		// A denial said again is no double negation.
		{"不不不", "不"},
		{"不用不用", "不[用]"},
		{"不是不是", "不[是]"},
		{"不要不要", "不[要]"},
		{"没有没有", "没[有]"},
		{"不用了不用了", "不[用了]"},
		{"不是我不是", "不[是]我不[是]"},
		{"还不上今天不行", "[还]不[上今天]不[行]"},
		{"没有没有我没借过", "没[有]我没[借过]"},
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
		// A finished predicate ends it where nobody wrote the comma.
		{"没空在开会", "没[空]在开会"},
		{"不用分期我今天就还", "不[用分期]我今天就还"},
		{"不忙你说吧", "不[忙]你说吧"},
		{"我今天不还下周还", "我今天不[还]下周还"},
		{"不还有什么后果", "不[还]有什么后果"},
		{"不还会怎么样", "不[还]会怎么样"},
		{"就不还你能怎么样", "就不[还]你能怎么样"},
		{"不行我没钱", "不[行]我没[钱]"},
		{"今天不行下周还", "[今天]不[行]下周还"},
		{"不是本人是他同事", "不[是本人]是他同事"},
		{"要不我今天还", "要不我今天还"},
		// An unfinished one goes on.
		{"不在家", "不[在家]"},
		{"我不想今天还", "我不[想今天还]"},
		{"别给我打电话", "别[给]我[打电话]"},
		{"我不可能会还", "我不[可能会还]"},
		// Questions that affirm.
		{"我不是说了会还吗", "我[不]是说了会还吗"},
		{"难道我不是本人", "难道我[不]是本人"},
		{"可不是", "可[不]是"},
		{"我可不是本人", "我可不[是本人]"},
		{"不是本人可以吗", "不[是本人]可以吗"},
		{"别再打了行不行", "别[再打了]行不行"},
		{"不还会不会起诉我", "不[还]会不会起诉我"},
		{"她现在不在", "她[现在]不[在]"},
		{"it's me isn't it", "it's me [isn't] it"},
		{"why don't you call later", "why [don't] you call later"},
		{"难道我不是本人吗", "难道我[不]是本人吗"},
		{"方便啊怎么不方便", "方便怎么[不]方便"},
		{"怎么没人接", "怎么没[人接]"},
		{"谁不想报名", "谁[不]想报名"},
		{"我哪儿有空", "我哪[儿有空]"},
		{"孩子哪里喜欢了", "孩子哪[里喜欢了]"},
		{"钱打到哪里去了", "钱打到哪里去了"},
		{"你哪里的公司", "你哪里的公司"},
		{"还什么还", "[还]什么[还]"},
		{"我还什么时候还", "我还什么时候还"},
		// Whatever stands between, a doubt of the whole sentence is taken back.
		{"谁说我今天不还", "谁说我今天[不]还"},
		{"莫非孩子不喜欢", "莫非孩子[不]喜欢"},
		{"没有谁不满意", "[没有谁不]满意"},
		{"没有谁满意", "没[有谁满意]"},
		// What will not do must be done, and what is done all the same is done.
		{"非还不可", "[非]还[不]可"},
		{"不还不行", "[不]还[不]行"},
		{"没空不行", "没[空不行]"},
		{"不还怎么行", "[不]还怎么行"},
		{"不想还也得还", "[不]想还也得还"},
		{"没钱也会还", "[没]钱也会还"},
		{"没空也可以说", "[没]空也可以说"},
		{"没钱也不想还", "没[钱也不想还]"},
		{"不还也会起诉吗", "不[还]也会起诉吗"},
		{"不想让他也知道", "不[想让]他[也知道]"},
		// Potential complements and nouns with a clause of their own.
		{"用不着我今天还", "[用]不[着]我[今天还]"},
		{"来不及今天还", "[来]不[及今天还]"},
		{"没有在今天还钱的打算", "没[有在今天还钱的打算]"},
		{"我不会在今天还", "我不[会在今天还]"},
		{"今天就还不用等", "今天就还不[用等]"},
		// Verbs of not doing, and what never came to be.
		{"我懒得还", "我懒得[还]"},
		{"别忘了给他说", "别[忘了给]他说"},
		{"我忘记密码了", "我忘记密码了"},
		{"差点还上", "差点[还上]"},
		{"要不是没钱我就还了", "要不是没[钱]我就[还了]"},
		{"要不是没钱，我就还了。我现在就还", "要不是没[钱]我就[还了]我现在就还"},
		{"要不是你，谢谢，我就还", "要不是你谢谢我就还"},
		{"I could have paid it", "i could [have paid] it"},
		{"I should have the money", "i should have the money"},
		{"I wish I could pay", "i wish i [could pay]"},
		// What is waved away or taken back stood before.
		{"分期还是算了吧", "[分期]还是算了吧"},
		{"还是算了吧", "还是算了吧"},
		{"算了我还", "算了我还"},
		{"分期没门", "[分期]没门"},
		{"没门", "没[门]"},
		{"休想我今天还", "休[想]我[今天还]"},
		{"分期我不需要", "[分期]我不[需要]"},
		{"周末说错了平时", "[周末]说错了平时"},
		{"不满意说错了满意", "[不]满意说错了满意"},
		{"tomorrow no wait today", "[tomorrow] no wait today"},
		// What is left out is so where the rest is not.
		{"除了周末都行", "除了[周末]都行"},
		{"除了周末都不行", "除了周末都不[行]"},
		{"除了周末哪天都行", "除了[周末]哪天都行"},
		{"除了周末还有平时", "除了周末还有平时"},
		{"别说今天下周都还不了", "别说今天下周都[还]不[了]"},
		{"你别说了", "你别[说了]"},
		{"怎么能不还", "怎么能[不]还"},
		{"不该不还", "[不]该[不]还"},
		// English.
		{"never will I pay", "never [will] i [pay]"},
		{"no way I can pay", "no [way] i [can pay]"},
		{"I don't think I can I'm broke", "i don't [think] i [can] i'm broke"},
		{"no reason not to pay", "[no] reason [not] to pay"},
		{"too busy to pay", "too busy to [pay]"},
		{"is it too late to pay", "is it too late to pay"},
		{"rather than wait can I pay", "rather [than wait can] i pay"},
		{"我早知道了今天就还", "我早知道了今天就还"},
		{"not too busy to pay", "not [too busy to] pay"},
		{"next week instead of today", "next week instead [of today]"},
		{"this is not me", "this is not [me]"},
		{"I don't have the money", "i don't [have the money]"},
		{"I cant pay", "i cant [pay]"},
		{"never called you", "never [called] you"},
		{"without my wallet", "without [my wallet]"},
		{"no problem", "no problem"},
		{"not only today", "not only today"},
		{"I never said I won't pay", "i [never] said i [won't] pay"},
		{"I can't not pay", "i [can't not] pay"},
		{"no, I am the owner", "no i am the owner"},
		{"no I am the owner", "no i am the owner"},
		{"not today but tomorrow", "not [today] but tomorrow"},
		{"not today I'll pay next week", "not [today] i'll pay next week"},
		{"I don't think I'll pay", "i don't [think] i'll [pay]"},
		{"I can't I'm at work", "i can't i'm at work"},
		{"I won't you can sue me", "i won't you can sue me"},
		{"it isn't me you have the wrong number", "it isn't [me] you have the wrong number"},
		{"not really", "not [really]"},
	}
	for _, tt := range tests {
		if got := denials(tt.text); got != tt.want {
			t.Errorf("%s: read as %s, want %s", tt.text, got, tt.want)
		}
	}
}

// checkPolarity fails unless the marks of text are the same once more, and the
// same whether its punctuation is full or half width.
func checkPolarity(t interface{ Fatalf(string, ...any) }, text string) {
	var r reading
	r.read(text)
	once := slices.Clone(r.tokens)
	markPolarity(r.tokens)
	if !slices.Equal(once, r.tokens) {
		t.Fatalf("%q is read as %v, marked again as %v", text, once, r.tokens)
	}
	wide := fullWidth.Replace(text)
	if len(wide) > maxUtterance {
		return // It would be cut, and the narrow one not.
	}
	if half, full := denials(halfWidth.Replace(text)), denials(wide); half != full {
		t.Fatalf("%q is read as %s in half width, %s in full width", text, half, full)
	}
}

var (
	halfWidth = strings.NewReplacer("，", ",", "？", "?", "！", "!", "；", ";", "：", ":")
	fullWidth = strings.NewReplacer(",", "，", "?", "？", "!", "！", ";", "；", ":", "：")
)

// aDenial draws a text of the words polarity goes by.
func aDenial() *rapid.Generator[string] {
	words := []string{"还", "钱", "本人", "pay", " ", "，", "?", "时间", "the bill"}
	for _, table := range cueTables {
		words = append(words, table.phrases...)
	}
	for _, table := range [][]string{
		stills, leads, complements, motions, carriers, clausal, tails, refusals, aims, holders, predicates, whole, subjects, auxiliaries,
		duties, chances, sequels, places, asides,
	} {
		words = append(words, table...)
	}
	return rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12), func(said []string) string {
		return strings.Join(said, "")
	})
}

func TestPolarityIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkPolarity(t, aDenial().Draw(t, "text")) })
}

// A text without a word of denial denies nothing. Words that are a part
// of one, as both of "do mind" are, are left out.
func TestPolarityNeedsADenial(t *testing.T) {
	var denying []string
	for _, table := range cueTables {
		if table.kind.denies() {
			denying = append(denying, table.phrases...)
		}
	}
	words := slices.Concat(holders, predicates, subjects, complements, []string{"本人", "the bill", "，", " "})
	words = slices.DeleteFunc(words, func(word string) bool {
		return slices.ContainsFunc(denying, func(phrase string) bool { return strings.Contains(phrase, strings.TrimSpace(word)) && word != " " })
	})
	if len(words) < 50 {
		t.Fatalf("only %d words are left to draw from", len(words))
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, "words"), " ")
		if got := denials(text); strings.Contains(got, "[") {
			t.Fatalf("%q is read as %s", text, got)
		}
	})
}

// What stands before a negation, in a clause of its own, keeps its polarity.
func TestPolarityStaysInItsClause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := aDenial().Draw(t, "before"), aDenial().Draw(t, "after")
		alone := polarityOf(before)
		if got := polarityOf(before + "。" + after); !slices.Equal(got[:len(alone)], alone) {
			t.Fatalf("%q is marked %v, before %q %v", before, alone, after, got)
		}
	})
}

// polarityOf returns which tokens of text are denied, fillers included.
func polarityOf(text string) []bool {
	var r reading
	r.fold(text)
	markPolarity(r.tokens)
	var marks []bool
	for _, t := range r.tokens {
		marks = append(marks, t.negated)
	}
	return marks
}

func FuzzPolarity(f *testing.F) {
	for _, seed := range []string{
		"", "不", "没", "可不是", "不是", "难道不", "不是吗", "isn't", "isn't it", "我不我不", "没有没有我", "不过", "不还会", "不是我是",
		"refuse", "拒绝不", "不，是吗", "也", "除了都", "too to", "哪里了", "什么什么", "要不是就", "算了", "no wait", "没的打算", "不还，吗", "\xff不", "i can't not i",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkPolarity(t, text) })
}
