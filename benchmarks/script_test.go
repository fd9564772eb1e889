package benchmarks

import (
	"encoding/json"
	"io/fs"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
)

// The script of the benchmarks renews broadband contracts. It has one Switch,
// of nine branches with ten examples each, and global questions beside them.
// Every branch but "wrong number" leads back to the Switch, so that a call can
// be taken on for ever.
const (
	// question is what the Switch says; with the variables of a call it has 60 characters.
	question = "您好，请问是@name@honorific吗？您的宽带套餐@plan月底就要到期了，现在续费可以免费提速，还另外多送三个月，您看今天帮您办理好吗？"
	// plainQuestion has no variable in it.
	plainQuestion = "您好，您的宽带套餐月底就要到期了，现在续费可以免费提速，还另外多送三个月，您看今天帮您办理好吗？"

	withoutKeyword = "我回头跟家里人商量下再定" // 12 characters; means the branch "think".
	withKeyword    = "帮我转一下人工客服好不好" // 12 characters; 人工 is a keyword of "agent".
)

// answer is one thing that callers say to the question.
type answer struct {
	name     string
	keywords []string
	examples [10]string
}

func answers() []answer {
	return []answer{
		{"renew", []string{"办理吧", "续一年"}, [10]string{
			"好的", "可以", "行，那就办吧", "帮我续上", "那就续费吧", "没问题你给我办", "我同意续费", "好啊现在就办", "那给我续两年", "可以，麻烦你了",
		}},
		{"refuse", []string{"不需要", "不续了"}, [10]string{
			"不用了", "不办", "我不想续", "算了吧", "没兴趣", "我不打算再用了", "到期就停掉", "不要再给我推销了", "用不着", "以后都不续费",
		}},
		{"think", []string{"考虑", "商量一下"}, [10]string{
			"我再想想", "让我想一想", "我跟家里人说一声", "过几天再说吧", "我要问问我爱人", "现在还定不下来", "先看看再说", "容我想两天", "回头再定", "等我们家里商量好",
		}},
		{"price", []string{"太贵", "便宜点"}, [10]string{
			"价钱有点高", "怎么又涨价了", "别人家才五十块", "能不能少一点", "有没有优惠", "这个套餐不划算", "给我打个折", "一年要花这么多钱", "比去年多了不少", "老用户反而价高",
		}},
		{"rival", []string{"换运营商", "别家"}, [10]string{
			"我已经装了移动的", "我们换成电信了", "单位给装了一条", "现在用手机流量就够", "房东包了网", "上个月刚换掉", "邻居介绍我用另一个牌子", "家里已经有两条线了", "新家那边统一装", "我办了另外一个公司的",
		}},
		{"complaint", []string{"网速慢", "老掉线"}, [10]string{
			"你们网老是断", "晚上根本打不开网页", "报修三次都没人来", "看个电视都卡", "信号特别差", "打游戏延迟太高", "上次师傅态度很不好", "修了也没修好", "速度没有说的那么快", "路由器总要重启",
		}},
		{"later", []string{"在开会", "晚点打"}, [10]string{
			"我在开车", "现在没空", "下午再打给我", "我正忙着", "等会儿联系", "我在上班不方便", "明天上午打过来", "手头有事先挂了", "过半个小时打来", "我在外地，回去再讲",
		}},
		{"wrong", []string{"打错", "不认识"}, [10]string{
			"你找谁", "我不是机主", "号码不对吧", "没有这个人", "我没办过宽带", "这是我刚换的号", "他早就不用这个号了", "我不姓这个", "你弄错人了", "我是租客，不是户主",
		}},
		{"agent", []string{"人工", "真人"}, [10]string{
			"找你们经理", "我要跟客服讲", "换个人来说", "给我接营业厅", "让你们主管听电话", "你是机器人吧，我不跟你谈", "转到服务台", "叫个懂的人来", "我想和工作人员直接说", "帮我接一下投诉部门",
		}},
	}
}

// object is a JSON object; the script is written with it.
type object = map[string]any

// bundle is the script with the given text at its Switch.
func bundle(tb testing.TB, text string) fs.FS {
	tb.Helper()
	document, err := json.Marshal(object{
		"id": "renewal", "name": "宽带续费",
		"variables":       []object{{"name": "plan"}},
		"intents":         intents(),
		"globalQuestions": globalQuestions(),
		"flows":           []object{{"id": "main", "name": "主流程", "type": "MainFlow", "definition": definition(text)}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return flow.Document(document)
}

// compileScript compiles the script with the given text at its Switch.
func compileScript(tb testing.TB, text string) *engine.Version {
	tb.Helper()
	v, err := engine.Compile(bundle(tb, text))
	if err != nil {
		tb.Fatal(err)
	}
	for _, d := range v.Diagnostics() {
		tb.Fatal(d)
	}
	for _, utterance := range []string{withoutKeyword, withKeyword} {
		if n := utf8.RuneCountInString(utterance); n != 12 {
			tb.Fatalf("%s has %d characters, want 12", utterance, n)
		}
	}
	return v
}

func intents() (all []object) {
	for _, a := range answers() {
		all = append(all, object{"id": a.name, "name": a.name, "utterances": a.examples, "keywords": a.keywords})
	}
	return all
}

func globalQuestions() []object {
	common := func(id string, answer string, questions ...string) object {
		return object{"id": id, "name": id, "type": "COMMON", "questions": questions, "answers": []string{answer}}
	}
	system := func(role string, answers ...string) object {
		return object{"id": role, "name": role, "type": "SYSTEM", "role": role, "answers": answers}
	}
	again := system("repeat")
	again["questions"] = []string{"你说什么", "没听清楚", "再说一遍", "能重复一次吗", "刚才讲的什么"}
	return []object{
		common("who", "我是宽带客服中心的智能助手。", "你是谁", "你是哪里的", "哪个公司", "请问您哪位", "你们是干什么的"),
		common("number", "号码是您装宽带时留下的。", "你怎么有我电话", "从哪里知道我号码的", "谁给你的联系方式", "为什么打给我"),
		common("speed", "续费以后是五百兆。", "提速到多少", "网速有多快", "下载一秒多少兆", "是光纤吗"),
		common("fee", "一年八百八十元。", "多少钱一年", "费用怎么算", "怎么收费的", "一个月交多少"),
		again,
		system("unrecognized", "抱歉，没听明白，您再说一次好吗？", "那先不打扰您了，再见。"),
		system("silence", "您好，听得到吗？", "听不到您的声音，再见。"),
		system("closing", "再见。"),
	}
}

func definition(text string) object {
	const start, ask, end = "start", "ask", "end"
	link := func(source, branchOf, target string) object {
		return object{"id": "t-" + source, "source": source, "sourceBranchNode": branchOf, "target": target}
	}
	transitions := []object{link(start, "", ask)}
	var branches []object
	for i, a := range answers() {
		id, target := "b"+strconv.Itoa(i), ask
		if a.name == "wrong" {
			target = end
		}
		branches = append(branches, object{
			"branchId": id, "branchName": a.name, "intents": []object{{"id": a.name, "name": a.name}},
		})
		transitions = append(transitions, link(id, ask, target))
	}
	return object{
		"nodes": []object{
			{"id": start, "type": "Start"},
			{"id": ask, "name": ask, "type": "Switch", "script": text, "content": object{"branches": branches}, "interruptible": true},
			{"id": end, "name": end, "type": "Transfer", "script": "打扰了，再见。", "content": object{"action": "Hangup"}},
		},
		"transitions": transitions,
	}
}
