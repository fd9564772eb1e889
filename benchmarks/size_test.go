package benchmarks

import (
	"fmt"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/nlu"
)

// language is what the scripts of BenchmarkSize are put together from: an
// intent is a verb and an object, an example adds what people say around them.
type language struct {
	name           string
	verbs, objects []string
	around         []string // With %s for the verb and %s for the object.
	heard, keyword string   // Utterances without and with a keyword in them.
}

var languages = []language{
	{
		name:    "zh",
		verbs:   []string{"查询", "修改", "取消", "办理", "投诉", "续订", "退掉", "转移", "冻结", "开通", "打印", "补寄", "核对", "合并", "延期", "升级", "暂停", "恢复", "登记", "预约"},
		objects: []string{"话费", "套餐", "发票", "地址", "订单", "会员", "宽带", "账单", "密码", "积分", "号码", "合同", "快递", "车票", "挂号"},
		around: []string{
			"%s%s", "我要%s%s", "帮我%s一下%s", "怎么%s%s", "能不能%s我的%s", "麻烦给我%s%s", "我想%s这个%s", "请问在哪里%s%s", "今天可以%s%s吗", "你们还%s%s吗",
			"上个月的那个要%s%s", "家里人让我%s%s", "明天之前%s%s来得及吗", "我忘了怎么%s%s", "先%s%s再说别的", "网上也能%s%s吧", "%s%s收不收钱", "顺便%s一下我爱人的%s", "为什么不让我%s%s", "有没有人可以%s%s",
		},
		heard: "那个能麻烦你帮我弄一下吗", keyword: "那个能麻烦你核对一下账单",
	},
	{
		name:    "en",
		verbs:   []string{"check", "change", "cancel", "order", "report", "renew", "return", "move", "freeze", "open", "print", "resend", "verify", "merge", "delay", "upgrade", "pause", "restore", "register", "book"},
		objects: []string{"balance", "plan", "invoice", "address", "parcel", "membership", "router", "bill", "password", "points", "number", "contract", "delivery", "ticket", "visit"},
		around: []string{
			"%s %s", "i want to %s my %s", "please %s the %s for me", "how do i %s a %s", "can you %s my %s today", "i need to %s that %s", "where can i %s the %s", "is it possible to %s my %s", "my wife asked me to %s our %s", "could somebody %s the %s",
			"just %s the old %s", "i forgot how to %s the %s", "before tomorrow %s my %s", "online i could not %s the %s", "what does it cost to %s a %s", "let me %s last month's %s", "why can't i %s this %s", "first %s the %s and then we talk", "i tried to %s my %s twice", "do you still %s a %s",
		},
		heard: "could you help me out with that thing", keyword: "could you verify my bill for that thing",
	},
}

// classes returns a script of so many intents with so many examples each. With
// keywords, each intent has its verb and object as one.
func (l *language) classes(intents, examples int, keywords bool) []nlu.Class {
	classes := make([]nlu.Class, intents)
	for i := range classes {
		verb, object := l.verbs[i%len(l.verbs)], l.objects[(i+i/len(l.verbs))%len(l.objects)]
		c := &classes[i]
		c.Name = fmt.Sprint(verb, " ", object)
		for e := range examples {
			text := fmt.Sprintf(l.around[e%len(l.around)], verb, object)
			if round := e / len(l.around); round > 0 {
				text = fmt.Sprintf(l.around[(e+round)%len(l.around)], verb, text)
			}
			c.Examples = append(c.Examples, text)
		}
		if keywords {
			c.Keywords = []string{verb + "+" + object}
		}
	}
	return classes
}

// BenchmarkSize matches an utterance against scripts of 10 to 300 intents with
// 5 to 100 examples each, in Chinese and English, without and with keywords,
// and reports what training the model took.
func BenchmarkSize(b *testing.B) {
	for l := range languages {
		lang := &languages[l]
		for _, intents := range []int{10, 75, 300} {
			for _, examples := range []int{5, 10, 100} {
				for _, keywords := range []bool{false, true} {
					name := fmt.Sprintf("%s/%d-intents/%d-examples/keywords=%v", lang.name, intents, examples, keywords)
					b.Run(name, func(b *testing.B) { lang.benchmark(b, intents, examples, keywords) })
				}
			}
		}
	}
}

func (l *language) benchmark(b *testing.B, intents, examples int, keywords bool) {
	nlu.DefaultSegmenter().Cut([]byte("先"), nil) // Loads the dictionary, once a process.
	began := time.Now()
	model, problems := nlu.Train(l.classes(intents, examples, keywords), nlu.Config{})
	trained := time.Since(began)
	if len(problems) > 0 {
		b.Fatal(problems[0].Message)
	}
	scores, heard := make([]float64, intents), l.heard
	if keywords {
		heard = l.keyword
	}
	b.ReportAllocs()
	for b.Loop() {
		model.Score(heard, scores)
	}
	b.StopTimer()
	distribution(b, sampling{samples: 1000, batch: 64}, func() { model.Score(heard, scores) })
	b.ReportMetric(float64(trained.Microseconds())/1000, "train-ms")
}
