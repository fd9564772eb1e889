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
	// An opener begins another predicate where the one before is finished.
	cueOpener
	// A refusal is a verb that denies its object: refuse to pay.
	cueRefusal
	// A particle ends a clause when a pronoun follows: 不用了我在开会.
	cueParticle
	// A pronoun says of whom, and is never denied itself: 我不去, 不认识他.
	cuePronoun
)

// denies reports whether a cue begins a denial.
func (k cueKind) denies() bool {
	return k == cueNegator || k == cueRhetorical || k == cueAuxiliary || k == cueRefusal
}

var cueTables = []struct {
	kind    cueKind
	phrases []string
}{
	{cueNegator, []string{
		"不", "没", "沒", "别", "別", "未", "无", "無", "非", "勿", "甭", "莫", "没人", "没谁", "没有人",
		"not", "no", "never", "without", "cannot", "none", "neither", "nobody", "nothing",
		"nowhere", "nor", "unable", "hardly", "barely",
	}},
	{cueRhetorical, []string{
		"谁说", "谁会", "谁要", "哪有", "哪里有", "哪儿有", "哪来的", "哪会", "哪里会", "哪敢", "哪是", "哪里是",
		"怎么可能", "怎么会", "凭什么", "凭啥", "何必", "难道",
		"who says", "who said", "why would", "why should",
	}},
	{cueRefusal, []string{"拒绝", "拒絕", "refuse", "refused", "refuses", "refusing"}},
	{cueAuxiliary, []string{
		"don't", "doesn't", "didn't", "can't", "couldn't", "won't", "wouldn't", "shouldn't",
		"isn't", "aren't", "wasn't", "weren't", "haven't", "hasn't", "hadn't", "mustn't", "needn't", "ain't",
		"dont", "doesnt", "didnt", "cant", "couldnt", "wont", "wouldnt", "shouldnt",
		"isnt", "arent", "wasnt", "werent", "havent", "hasnt", "hadnt", "mustnt", "neednt", "aint",
	}},
	// Politeness and praise.
	{cuePlain, []string{
		"不错", "不好意思", "对不起", "了不起", "没问题", "没有问题", "没啥问题", "没什么问题", "没关系", "没事", "没错", "没毛病", "没意见",
		"不成问题", "不是问题", "不客气", "不简单", "不要紧", "不碍事",
		"no problem", "no problems", "no worries", "no doubt", "not bad", "not a problem", "why not", "nothing wrong",
		"don't worry", "dont worry", "never mind", "no big deal",
	}},
	// Degree, time and manner.
	{cuePlain, []string{
		"差不多", "不久", "不断", "不时", "不禁", "忍不住", "说不定", "没准儿", "动不动", "好不容易", "不一会",
		"非常", "未来", "无论", "无所谓", "没想到", "不得了", "不小心", "不得不", "无非", "大不了", "免不了", "少不了", "巴不得", "怪不得",
		"不瞒你说", "没的说",
	}},
	// More than: what follows holds.
	{cuePlain, []string{
		"不但", "不仅", "不仅仅", "不光", "不只", "不止", "不管", "不论", "不如", "不妨", "不就是", "不就", "可不是嘛", "可不是吗", "可不嘛", "可不就是",
		"not only", "not just", "not to mention",
	}},
	// 别, 非, 无 and 未 as part of a noun or an adverb.
	{cuePlain, []string{
		"别人", "别家", "别的", "别墅", "别处", "特别", "分别", "区别", "级别", "个别", "告别", "性别", "识别", "差别", "类别",
		"除非", "是非", "非得", "非要", "无线", "无数", "莫名",
	}},
	{cueCloser, []string{
		"但", "但是", "可是", "不过", "只不过", "只是", "因为", "所以", "然而", "而", "而且", "而是", "其实", "反正", "就是",
		"不然", "要不然", "要不我", "要不你", "否则", "谢谢", "再见", "拜拜",
		"but", "because", "though", "although", "however", "unless", "thanks", "thank you", "bye", "goodbye", "and i", "so i",
	}},
	{cueLinker, []string{
		"是", "说", "能", "会", "敢", "得", "可能", "打算", "代表", "表示", "意味着", "想说",
		"that", "say", "said", "saying", "mean", "true",
	}},
	{cueOpener, []string{
		"在", "正", "正在", "现在", "今天", "明天", "后天", "马上", "待会", "待会儿", "一会儿", "等会儿", "晚点", "回头", "改天",
		"下次", "下周", "下个月", "月底", "周末", "这周", "这个月", "过几天", "过两天",
		"已经", "刚才", "刚刚", "可以", "有什么", "有啥", "怎么", "怎样", "为什么", "什么时候",
		"好的", "是的", "对的", "行吧", "方便的", "yes", "yeah", "okay", "ok", "please", "how", "what", "when", "where", "why",
	}},
	{cueBridge, []string{"有", "什么", "啥", "过", "可", "就", "要是", "要说", "ever", "is"}},
	{cueParticle, []string{"了", "吧", "呢", "吗", "嘛", "呀"}},
	{cuePronoun, []string{
		"我", "你", "您", "他", "她", "它", "咱", "我们", "你们", "他们", "咱们", "这", "那",
		"i", "you", "he", "she", "it", "we", "they", "this", "i'm", "i'll", "i've", "i'd", "you're", "you've", "you'll",
		"he's", "she's", "it's", "that's", "we're", "we've", "we'll", "they're", "im", "ill", "ive", "its",
		"my", "your", "his", "our", "their",
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

// holders ask for more: a predicate that ends with one is not finished. They
// are modal verbs, verbs of saying and thinking, prepositions and adverbs of
// degree, by their last character: 愿意, 打算, 应该, 一定, 喜欢, 没办法, 不关心.
var holders = []string{
	"想", "要", "会", "能", "以", "肯", "敢", "愿", "意", "算", "备", "用", "必", "该", "得", "应", "定", "续", "始", "欢", "法",
	"是", "有", "说", "讲", "听", "问", "心", "乎", "觉", "为", "信", "望", "给", "跟", "和", "对", "让", "叫", "把", "被",
	"替", "帮", "向", "到", "从", "去", "找", "等", "太", "很", "么", "够", "大", "真", "再", "也", "都", "又", "就",
	"to", "say", "said", "saying", "think", "thought", "believe", "guess", "mean", "suppose", "that", "if", "who", "care", "mind", "until", "before", "unless", "than", "as", "like", "because", "and", "or", "with", "for",
	"so", "very", "too", "quite", "really", "all", "even", "be", "a", "the",
}

// modals open a predicate of their own behind a finished one: 不还会怎么样.
var modals = []string{"会", "能"}

// answers are negators that may be an answer of their own: 不我是他同事.
var answers = []string{"不", "no"}

// replies after a second negator make it an answer: 没有不用了.
var replies = []string{"是", "用", "要", "需", "行", "对"}

// whole words after 不 are a predicate by themselves, whatever follows: 不行.
var whole = []string{"行", "对"}

// predicates follow a pronoun that is a subject, as openers, linkers and
// negators do: 我有, 你先, you were.
var predicates = []string{
	"有", "要", "想", "就", "都", "也", "刚", "先", "再", "讲", "问", "打", "去", "来", "出", "这边", "这儿", "这里", "那边", "自己",
	"are", "is", "was", "were", "will", "would", "can", "could", "should", "do", "did", "does", "have", "has", "had", "need", "want",
	"got", "just", "already",
}

// nominatives are subjects wherever they stand.
var nominatives = []string{
	"i", "he", "she", "we", "they", "i'm", "i'll", "i've", "i'd", "you're", "you've", "you'll", "he's", "she's", "it's", "that's",
	"we're", "we've", "we'll", "they're", "im", "ive",
}

// subjects stand behind the auxiliary in an English question.
var subjects = []string{"i", "you", "he", "she", "it", "we", "they", "this", "that", "there"}

// permissions before 吗 ask leave for what was said: 不是本人可以吗.
var permissions = map[uint64]bool{'以': true, '行': true, '能': true, '好': true, '对': true, '是': true}

// tails after a negator that closes its clause leave nothing to deny but what
// came before: 本人不是, 钱没有, 今天不行.
var tails = []string{"是", "有", "在", "行", "能", "会", "可以", "成", "对"}

// adverbs before 不 are not the verb of a complement: 都不见得.
var adverbs = []string{"也", "都", "又", "就", "再", "才", "并", "从", "真", "很"}
