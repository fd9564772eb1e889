package nlu

// The words by which polarity is told, one table a kind. The rules that use
// them are in polarity.go. Each table is small and general on purpose.

type cueKind uint8

const (
	cueNone cueKind = iota
	// A negator turns the polarity of what follows it in its clause.
	cueNegator
	// A rhetorical negator denies what it asks: 谁说, who says.
	cueRhetorical
	// An auxiliary negator may be cancelled by the very next negator: can't not.
	cueAuxiliary
	// A plain phrase holds a negator in its letters but not in its meaning.
	cuePlain
	// A closer begins a clause where nobody wrote the comma.
	cueCloser
	// A linker between two negators makes them cancel: 不是不还, 没说不还.
	cueLinker
	// A bridge may stand beside a linker without breaking it: 没有说过不还.
	cueBridge
	// A particle ends a clause when a pronoun follows: 不用了我在开会.
	cueParticle
	// A pronoun takes no part in negations that reach backwards: 我不去.
	cuePronoun
)

var cueTables = []struct {
	kind    cueKind
	phrases []string
}{
	{cueNegator, []string{
		"不", "没", "沒", "别", "別", "未", "无", "無", "非", "勿", "甭", "莫",
		"not", "no", "never", "without", "cannot", "none", "neither", "nobody", "nothing",
	}},
	{cueRhetorical, []string{"谁说", "哪有", "哪里有", "who says", "who said"}},
	{cueAuxiliary, []string{
		"don't", "doesn't", "didn't", "can't", "couldn't", "won't", "wouldn't", "shouldn't",
		"isn't", "aren't", "wasn't", "weren't", "haven't", "hasn't", "hadn't", "mustn't", "needn't", "ain't",
		"dont", "doesnt", "didnt", "cant", "couldnt", "wont", "wouldnt", "shouldnt",
		"isnt", "arent", "wasnt", "werent", "havent", "hasnt", "hadnt", "aint",
	}},
	// Politeness and praise.
	{cuePlain, []string{
		"不错", "不好意思", "对不起", "了不起", "没问题", "没关系", "没事", "没错", "不客气", "不简单", "不要紧", "不碍事",
		"no problem", "no worries", "no doubt", "not bad", "not a problem", "why not", "nothing wrong",
	}},
	// Degree, time and manner.
	{cuePlain, []string{
		"差不多", "不久", "不断", "不时", "不禁", "忍不住", "说不定", "没准", "动不动", "好不容易", "不一会",
		"非常", "未来", "无论", "无所谓", "没想到", "不得了", "不小心", "不得不", "无非",
	}},
	// More than: what follows holds.
	{cuePlain, []string{
		"不但", "不仅", "不仅仅", "不光", "不只", "不止", "不管", "不论", "不如", "不妨", "不就是", "不就", "可不是", "可不",
		"not only", "not just", "not to mention",
	}},
	// 别, 非, 无 and 未 as part of a noun or an adverb.
	{cuePlain, []string{
		"别人", "别的", "别墅", "别处", "特别", "分别", "区别", "级别", "个别", "告别", "性别", "识别", "差别", "类别",
		"除非", "是非", "非得", "非要", "无线", "无数", "莫名",
	}},
	{cueCloser, []string{
		"但", "但是", "可是", "不过", "只不过", "只是", "因为", "所以", "然而", "而", "而且", "而是", "其实", "反正", "就是",
		"不然", "要不然", "否则", "谢谢", "再见", "拜拜",
		"but", "because", "though", "although", "however", "unless", "thanks", "thank you", "bye", "goodbye", "and i", "so i",
	}},
	{cueLinker, []string{
		"是", "说", "能", "会", "敢", "得", "可能", "代表", "表示", "意味着", "想说",
		"that", "say", "said", "saying", "mean", "true",
	}},
	{cueBridge, []string{"有", "过", "可", "就", "要是", "要说", "ever", "it's", "is"}},
	{cueParticle, []string{"了", "吧", "呢", "吗", "嘛", "呀"}},
	{cuePronoun, []string{
		"我", "你", "您", "他", "她", "它", "咱", "我们", "你们", "他们", "咱们", "这", "那",
		"i", "you", "he", "she", "it", "we", "they", "this", "i'm", "i'll",
	}},
}

// complements end a potential complement: in 还不了 the verb before 不 is what
// cannot be done.
var complements = []string{"了", "起", "成", "到", "动", "完", "着", "住", "掉", "够", "清", "懂", "见", "得", "齐"}

// stills stand before a negator as an adverb (还没付) or as the verb of what
// cannot be (还不上). Either way they are not meant as that verb.
var stills = []string{"还", "還"}

// motions are complements too, but after 不 they are verbs in their own right
// (我不去), so the character before 不 must be a verb of carriers.
var motions = []string{"来", "去", "上", "下", "出", "开", "回", "过", "通"}

var carriers = []string{"还", "付", "交", "拿", "凑", "打", "过", "进", "走", "赶", "听", "看", "说", "做", "用", "联", "拨", "接", "出", "回", "转"}

// tails after a negator that closes its clause leave nothing to deny but what
// came before: 本人不是, 钱没有, 今天不行.
var tails = []string{"是", "有", "行", "能", "会", "可以", "成", "对"}

// adverbs before 不 are not the verb of a complement: 都不见得.
var adverbs = []string{"也", "都", "又", "就", "再", "才", "并", "从", "真", "很"}
