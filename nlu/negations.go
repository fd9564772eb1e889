package nlu

// The words by which polarity is told, one table a kind. The rules that use
// them are in polarity.go. Each table is small and general on purpose.

type cueKind uint8

const (
	cueNone cueKind = iota
	// A negator turns the polarity of what follows it in its clause.
	cueNegator
	// A rhetorical negator denies what it asks of its verb: 哪能, 何必.
	cueRhetorical
	// A doubt denies what it asks of the whole sentence: 难道, who says.
	cueDoubt
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
	// A nobody is a negator that the next one turns to everybody: 没人不喜欢.
	cueNobody
	// A need says that what is denied before it will not do: 不还怎么行.
	cueNeed
	// A hint may begin a construction that denies, see construction.
	cueHint
	// A refusal is a verb that denies its object: refuse to pay.
	cueRefusal
	// A dismissal denies what came before it in its clause: 分期就拉倒吧.
	cueDismissal
	// A veto does so too, or denies what follows: 还钱休想, 休想我还.
	cueVeto
	// A retraction takes back what came before it: 周末说错了平时.
	cueRetraction
	// A contrary condition has a main clause that is not so: 要不是忙我就去了.
	cueContrary
	// A particle ends a clause when a pronoun follows: 不用了我在开会.
	cueParticle
	// A pronoun says of whom, and is never denied itself: 我不去, 不认识他.
	cuePronoun
)

// denies reports whether a cue begins a denial.
func (k cueKind) denies() bool {
	switch k {
	case cueNegator, cueNobody, cueRhetorical, cueDoubt, cueAuxiliary, cueRefusal, cueDismissal, cueVeto, cueRetraction, cueContrary:
		return true
	}
	return false
}

// matters reports whether anything may be denied where such a cue begins.
func (k cueKind) matters() bool { return k == cueHint || k.denies() }

var cueTables = []struct {
	kind    cueKind
	phrases []string
}{
	{cueNegator, []string{
		"不", "没", "沒", "别", "別", "未", "无", "無", "非", "勿", "甭", "莫", "不急着", "不急于", "不忙着",
		"not", "no", "never", "without", "cannot",
		"nowhere", "nor", "unable", "hardly", "barely", "scarcely", "rarely", "seldom", "nearly", "almost",
		"rather than", "instead of", "except", "other than", "far from", "anything but", "yet to",
		"与其", "禁止", "不许",
	}},
	// There is nobody who: a second negator turns it to everybody.
	{cueNobody, []string{"没人", "没谁", "没有人", "没有谁", "没有哪", "没哪个", "没有一个", "nobody", "no one", "none", "nothing", "neither"}},
	// Interrogatives of place, manner and person before a modal or 有, and the
	// written 岂 and 何.
	{cueRhetorical, []string{
		"谁会", "谁要", "谁敢", "谁愿意", "谁稀罕", "谁想", "哪有", "哪里有", "哪儿有", "哪来的", "哪会", "哪里会", "哪儿会", "哪敢", "哪能", "哪里能", "哪儿能",
		"哪是", "哪里是", "哪儿是", "哪知道", "怎么可能", "怎么会", "怎么好意思", "怎么敢", "怎会", "怎能",
		"何必", "何苦", "何须", "何曾", "何尝", "何至于", "岂", "鬼才", "傻子才", "疯子才", "有什么好", "有啥好",
		"我什么时候说", "我啥时候说", "我几时说", "我何时说", "我干嘛要", "我干吗要", "我干嘛还", "我为什么要", "我为啥要", "why bother",
	}},
	{cueDoubt, []string{
		"难道", "难不成", "莫非", "谁说", "谁告诉你", "凭什么", "凭啥",
		"who says", "who said", "who told you", "since when", "why would", "why should", "as if", "do i look like", "what makes you think",
	}},
	// Verbs of not doing, of nearly doing, and of wishing it were so.
	{cueRefusal, []string{
		"拒绝", "拒絕", "懒得", "反对", "放弃", "否认", "差点", "差点儿", "差一点", "险些", "舍不得",
		"refuse", "refused", "refuses", "refusing", "decline to", "declined to", "doubt", "doubted",
		"fail to", "failed to", "forget to", "forgot to", "would mind", "do mind", "i'd mind",
		"if only", "wish i", "wish we", "wish it", "wish he", "wish she", "wish they", "wish there",
	}},
	// Who forgot a thing still speaks of it (忘记密码); who forgot to do one did not.
	{cueRefusal, []string{
		"忘了要", "忘了去", "忘了给", "忘了跟", "忘了把", "忘了让", "忘记要", "忘记去", "忘记给", "忘记跟", "忘记把", "忘记让",
	}},
	{cueHint, []string{"哪里", "哪儿", "除了", "too"}},
	{cueNeed, []string{"怎么行", "怎么成", "怎么能行", "哪行", "哪成", "哪能行", "能行吗", "那怎么行", "那哪行"}},
	{cueDismissal, []string{
		"算了", "就算了", "拉倒", "就省省", "免谈", "作罢", "才怪", "个鬼", "个屁", "想都别想", "想也别想", "门都没有", "门儿都没有",
		"forget it",
	}},
	{cueVeto, []string{"没门", "没门儿", "没戏", "没可能", "没商量", "没得商量", "休想", "out of the question", "no deal"}},
	{cueRetraction, []string{
		"说错了", "讲错了", "口误", "口误了", "scratch that", "strike that", "i take that back",
		"no wait", "wait no", "no hold on", "hold on no", "no sorry", "sorry no", "no i mean",
	}},
	{cueContrary, []string{"要不是", "若不是", "若非", "早知道", "早知", "if i had", "if we had", "if i were"}},
	{cueAuxiliary, []string{
		"don't", "doesn't", "didn't", "can't", "couldn't", "won't", "wouldn't", "shouldn't",
		"isn't", "aren't", "wasn't", "weren't", "haven't", "hasn't", "hadn't", "mustn't", "needn't", "ain't",
		"dont", "doesnt", "didnt", "cant", "couldnt", "wont", "wouldnt", "shouldnt",
		"isnt", "arent", "wasnt", "werent", "havent", "hasnt", "hadnt", "mustnt", "neednt", "aint",
	}},
	// Politeness and praise.
	{cuePlain, []string{
		"不错", "不好意思", "对不起", "了不起", "没问题", "没有问题", "没啥问题", "没什么问题", "没关系", "没事", "没错", "没毛病", "没意见",
		"不成问题", "不是问题", "不客气", "不简单", "不要紧", "不碍事", "不打紧", "不妨事", "不费事", "不耽误", "不在话下",
		"no problem", "no problems", "no worries", "no doubt", "not bad", "not a problem", "why not", "nothing wrong",
		"don't worry", "dont worry", "never mind", "no big deal", "not to worry", "别着急", "别急", "别担心", "别慌", "别怕", "no trouble", "no bother",
		"don't mind", "dont mind", "doesn't mind", "wouldn't mind", "wouldnt mind", "not mind", "won't mind",
		"can't wait", "cant wait", "cannot wait", "can't complain", "can't go wrong",
		"couldn't agree more", "couldnt agree more", "couldn't be better", "couldn't be happier", "couldn't be more", "can't help but", "cannot but",
		"how could i not", "how can i not", "who wouldn't", "nothing would make me happier",
	}},
	// Degree, time and manner.
	{cuePlain, []string{
		"差不多", "不久", "不断", "不时", "不禁", "忍不住", "说不定", "没准儿", "动不动", "好不容易", "不一会",
		"非常", "未来", "无论", "无所谓", "没想到", "不得了", "不小心", "不得不", "无非", "大不了", "免不了", "少不了", "巴不得", "怪不得",
		"不瞒你说", "不瞒您说", "没的说", "恨不得", "禁不住", "等不及", "迫不及待", "不由得", "免不得", "少不得", "怨不得", "不得已",
		"不出意外", "不用说", "不用问", "不愧", "不料", "不巧", "毫无疑问", "无疑", "未免", "不免",
		"恨不能", "早知道了", "没少", "没几天", "没两天", "没多久", "不多久", "没一会儿", "一分不少", "一分不差", "不差这点", "二话不说", "没二话", "话不多说",
		"要不就", "要不先", "要不还是", "要不这样", "再好不过", "不能更", "不要太",
		"差点没", "差点儿没", "差一点没", "险些没",
		"without fail", "without delay", "without a doubt", "without doubt", "without question", "without a problem", "without any problem",
		"without a hitch", "no question", "no wonder", "no matter", "no later than", "no sooner", "in no time", "none other than", "no other than",
		"not mistaken", "nothing but", "not long", "or not", "whether or not",
	}},
	// More than: what follows holds.
	{cuePlain, []string{
		"不但", "不仅", "不仅仅", "不光", "不只", "不止", "不单", "不单单", "更别说", "更别提", "更不用说",
		"不管", "不论", "不妨", "不就是", "不就", "可不是嘛", "可不是吗", "可不嘛", "可不就是",
		"not only", "not just", "not to mention", "not merely", "let alone", "much less",
	}},
	// 别, 非, 无 and 未 as part of a noun or an adverb.
	{cuePlain, []string{
		"别人", "别家", "别的", "别墅", "别处", "特别", "分别", "区别", "级别", "个别", "告别", "性别", "识别", "差别", "类别",
		"除非", "是非", "非得", "非要", "无线", "无数", "莫名",
	}},
	{cueCloser, []string{
		"但", "但是", "可是", "不过", "只不过", "只是", "因为", "所以", "然而", "而", "而且", "而是", "其实", "反正", "就是",
		"不然", "要不然", "要不我", "要不你", "否则", "不如", "还不如", "倒不如", "谢谢", "再见", "拜拜",
		"but", "because", "though", "although", "however", "unless", "thanks", "thank you", "bye", "goodbye", "and i", "so i",
	}},
	{cueLinker, []string{
		"是", "说", "能", "会", "敢", "得", "该", "应该", "许", "至于", "好意思", "可能", "打算", "代表", "表示", "意味着", "想说",
		"that", "say", "said", "saying", "mean", "true", "like", "reason", "chance",
	}},
	{cueOpener, []string{
		"在", "正", "正在", "现在", "今天", "明天", "后天", "马上", "待会", "待会儿", "一会儿", "等会儿", "晚点", "回头", "改天",
		"下次", "下周", "下个月", "月底", "周末", "这周", "这个月", "过几天", "过两天",
		"已经", "刚才", "刚刚", "可以", "有什么", "有啥", "怎么", "怎样", "为什么", "什么时候",
		"有空", "有时间", "有事", "有工夫", "好的", "是的", "对的", "行吧", "方便的", "yes", "yeah", "okay", "ok", "please", "how", "what", "when", "where", "why",
	}},
	{cueBridge, []string{
		"有", "什么", "啥", "过", "可", "就", "要是", "要说", "完全", "真", "真的", "故意", "存心", "全", "都", "从来", "根本", "压根", "一直", "绝对", "理由", "道理", "法",
		"那么", "ever", "is", "really", "just", "exactly",
	}},
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
var complements = []string{"了", "起", "成", "到", "动", "完", "着", "住", "掉", "够", "清", "懂", "见", "得", "齐", "及"}

// stills stand before a negator as an adverb (还没付) or as the verb of what
// cannot be (还不上). Either way they are not meant as that verb.
var stills = []string{"还", "還"}

// clausal verbs, in a potential complement, deny a clause behind it: 用不着我去.
var clausal = []string{"用", "犯", "顾", "谈", "算", "称", "说", "来", "赶", "轮", "等", "数"}

// leads before 还 make it the verb, not the adverb: 今天就还不用等.
var leads = []string{"就", "会", "要", "去", "能", "想", "该", "上", "来"}

// motions are complements too, but after 不 they are verbs in their own right
// (我不去), so the character before 不 must be a verb of carriers.
var motions = []string{"来", "去", "上", "下", "出", "开", "回", "过", "通"}

var carriers = []string{"还", "付", "交", "拿", "凑", "打", "过", "进", "走", "赶", "听", "看", "说", "做", "用", "联", "拨", "接", "出", "回", "转", "谈", "算", "称", "顾", "赶", "够", "犯"}

// holders ask for more: a predicate that ends with one is not finished. They
// are modal verbs, verbs of saying and thinking, prepositions and adverbs of
// degree, by their last character: 愿意, 打算, 应该, 一定, 喜欢, 没办法, 不关心.
var holders = []string{
	"想", "要", "会", "能", "以", "肯", "敢", "愿", "意", "算", "备", "用", "必", "该", "得", "应", "须", "定", "续", "始", "欢", "法",
	"是", "有", "说", "讲", "听", "问", "心", "乎", "觉", "为", "信", "望", "给", "跟", "和", "对", "让", "叫", "把", "被",
	"替", "帮", "逼", "劝", "向", "到", "从", "去", "找", "等", "太", "很", "么", "够", "大", "真", "再", "也", "都", "又", "就",
	"to", "say", "said", "saying", "think", "thought", "believe", "guess", "mean", "suppose", "that", "if", "who", "care", "mind", "until", "before", "unless", "than", "as", "like", "because", "and", "or", "with", "for",
	"way", "chance", "reason", "so", "very", "too", "quite", "really", "all", "even", "be", "a", "the",
}

// modals open a predicate of their own behind a finished one: 不还会怎么样.
var modals = []string{"会", "能"}

// auxiliaries stand before their subject after a negation in front: never will I.
var auxiliaries = []string{
	"will", "would", "can", "could", "do", "did", "does", "am", "are", "is", "was", "were", "have", "has", "had", "shall", "should", "may", "might", "must",
}

// participles behind could, should and would have say what was not done.
var participles = []string{
	"paid", "sent", "done", "gone", "been", "told", "taken", "made", "had", "called", "settled", "transferred", "known", "said", "come", "given", "got",
}

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
var tails = []string{"是", "有", "在", "行", "能", "会", "可以", "成", "对", "需要", "必要", "兴趣"}

// refusals are such tails where the subject stands before the negator: 分期我不同意.
var refusals = []string{"愿意", "同意", "打算", "想", "要", "肯", "需要", "接受", "考虑", "用"}

// aims are what there is none of in 没有报名的打算.
var aims = []string{
	"打算", "想法", "意思", "念头", "计划", "必要", "义务", "道理", "可能", "兴趣", "需要", "能力", "习惯", "时间", "意愿", "心思", "理由", "责任",
}

// duties and chances after 也 are what is done in spite of all: 没钱也得还.
var (
	duties  = []string{"得", "要", "必", "该"}
	chances = []string{"会", "能", "想", "愿", "肯", "可"}
)

// sequels begin the main clause of a contrary condition: 要不是忙我就去了.
var sequels = []string{"就", "早", "也", "would", "could", "i'd", "we'd"}

// places before 哪里 make it ask for a place: 在哪里.
var places = []string{"在", "去", "从", "到", "是", "往", "来", "打", "于"}

// others end what is left out: 除了周末哪天都行.
var others = []string{"其", "别", "哪", "谁", "所", "每", "任", "剩"}

// asides stand between a topic and what dismisses it: 分期还是算了.
var asides = []string{"还", "是", "就", "也", "都", "看", "那"}

// adverbs before 不 are not the verb of a complement: 都不见得.
var adverbs = []string{"也", "都", "又", "就", "再", "才", "并", "从", "真", "很"}
