package sdktest

import (
	"encoding/json"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// life is one script's, from the instance it is made in to the end of both.
type life struct {
	t        *testing.T
	server   *server
	client   *outboundbot.Client
	instance string
	script   string
	flow     string
}

// TestLife does with a script all that can be done, through the SDK.
func TestLife(t *testing.T) {
	eachStorage(t, func(t *testing.T, s *server) { newLife(t, s).live() })
}

func newLife(t *testing.T, s *server) *life {
	t.Helper()
	return &life{t: t, server: s, client: s.client(t, keyID, keySecret)}
}

func (l *life) live() {
	l.makeInstance()
	l.makeScript()
	l.makeIntents()
	l.makeQuestions()
	l.makeTags()
	l.makeFlows()
	l.giveVoice()
	l.publish()
	l.talk()
	l.rollBack()
	l.exportAndImport()
	l.makeNumbers()
	l.tagInstance()
	l.deleteAll()
}

// jsonList writes a list as the API takes it in one parameter.
func jsonList(items ...string) string {
	text, err := json.Marshal(items)
	if err != nil {
		panic(err) // Strings can be marshalled.
	}
	return string(text)
}

func (l *life) makeInstance() {
	created := do(l.t, l.client.CreateInstance, outboundbot.CreateCreateInstanceRequest, func(r *outboundbot.CreateInstanceRequest) {
		r.InstanceName = "客服中心"
		r.InstanceDescription = "停水通知 & 回访 *~ +/=\"{}"
		r.MaxConcurrentConversation = requests.NewInteger(5)
	}).Instance
	equal(l.t, "the instance", created, outboundbot.Instance{
		InstanceId: created.InstanceId, CreationTime: created.CreationTime,
		InstanceName: "客服中心", InstanceDescription: "停水通知 & 回访 *~ +/=\"{}", MaxConcurrentConversation: 5,
	})
	l.instance = created.InstanceId

	modified := do(l.t, l.client.ModifyInstance, outboundbot.CreateModifyInstanceRequest, func(r *outboundbot.ModifyInstanceRequest) {
		r.InstanceId = l.instance
		r.InstanceName = "社区客服"
		r.MaxConcurrentConversation = requests.NewInteger(6)
	}).Instance
	described := do(l.t, l.client.DescribeInstance, outboundbot.CreateDescribeInstanceRequest, func(r *outboundbot.DescribeInstanceRequest) {
		r.InstanceId = l.instance
	}).Instance
	equal(l.t, "the instance described", described, modified)
	created.InstanceName, created.MaxConcurrentConversation = "社区客服", 6
	equal(l.t, "the instance modified", modified, created)

	listed := do(l.t, l.client.ListInstances, outboundbot.CreateListInstancesRequest, func(*outboundbot.ListInstancesRequest) {}).Instances
	equal(l.t, "the instances", listed, []outboundbot.Instance{created})
}

func (l *life) makeScript() {
	created := do(l.t, l.client.CreateScript, outboundbot.CreateCreateScriptRequest, func(r *outboundbot.CreateScriptRequest) {
		r.InstanceId = l.instance
		r.ScriptName = "停水"
		r.Industry = "物业"
		r.Scene = "通知"
		r.ScriptDescription = "通知停水"
	}).Script
	equal(l.t, "the script", created, outboundbot.Script{
		ScriptId: created.ScriptId, UpdateTime: created.UpdateTime, ScriptName: "停水", Industry: "物业", Scene: "通知",
		ScriptDescription: "通知停水", Status: "DRAFTED", DebugStatus: "DRAFTED", IsDrafted: true, IsDebugDrafted: true,
	})
	l.script = created.ScriptId

	modified := do(l.t, l.client.ModifyScript, outboundbot.CreateModifyScriptRequest, func(r *outboundbot.ModifyScriptRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
		r.ScriptName = "停水通知"
		r.Industry = "物业"
		r.Scene = "通知"
		r.ScriptDescription = "通知停水"
	}).Script
	equal(l.t, "the name", modified.ScriptName, "停水通知")
	equal(l.t, "the script described", l.describe(), modified)
}

// describe returns the script as it is now.
func (l *life) describe() outboundbot.Script {
	l.t.Helper()
	return do(l.t, l.client.DescribeScript, outboundbot.CreateDescribeScriptRequest, func(r *outboundbot.DescribeScriptRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
	}).Script
}

func (l *life) makeIntents() {
	id := do(l.t, l.client.CreateIntent, outboundbot.CreateCreateIntentRequest, func(r *outboundbot.CreateIntentRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
		r.IntentName = "听到"
		r.Utterances = jsonList("知道了")
	}).IntentId
	do(l.t, l.client.ModifyIntent, outboundbot.CreateModifyIntentRequest, func(r *outboundbot.ModifyIntentRequest) {
		r.InstanceId, r.ScriptId, r.IntentId = l.instance, l.script, id
		r.IntentName = "知道了"
		r.IntentDescription = "听明白了"
		r.Utterances = jsonList("知道了", "好的", "明白了", "收到")
		r.Keywords = jsonList("知道", "明白")
	})
	described := do(l.t, l.client.DescribeIntent, outboundbot.CreateDescribeIntentRequest, func(r *outboundbot.DescribeIntentRequest) {
		r.InstanceId, r.ScriptId, r.IntentId = l.instance, l.script, id
	}).Intent
	equal(l.t, "the intent", described, outboundbot.Intent{
		IntentId: id, ScriptId: l.script, CreateTime: described.CreateTime, UpdateTime: described.UpdateTime,
		IntentName: "知道了", IntentDescription: "听明白了",
		Utterances: jsonList("知道了", "好的", "明白了", "收到"), Keywords: jsonList("知道", "明白"),
	})
	equal(l.t, "it was modified after it was made", described.UpdateTime > described.CreateTime && described.CreateTime > 0, true)

	other := do(l.t, l.client.CreateIntent, outboundbot.CreateCreateIntentRequest, func(r *outboundbot.CreateIntentRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
		r.IntentName = "多余"
		r.Utterances = jsonList("多余的话")
	}).IntentId
	list := func(keyword string) outboundbot.Intents {
		return do(l.t, l.client.ListIntents, outboundbot.CreateListIntentsRequest, func(r *outboundbot.ListIntentsRequest) {
			r.InstanceId, r.ScriptId, r.Keyword = l.instance, l.script, keyword
			r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
		}).Intents
	}
	equal(l.t, "the intents, newest first", ids(list("").List, func(i outboundbot.Intent) string { return i.IntentId }), []string{other, id})
	found := list("知道")
	equal(l.t, "the intents found", found.List, []outboundbot.Intent{described})
	equal(l.t, "the page", []int{found.PageNumber, found.PageSize, found.TotalCount}, []int{1, 10, 1})

	do(l.t, l.client.DeleteIntent, outboundbot.CreateDeleteIntentRequest, func(r *outboundbot.DeleteIntentRequest) {
		r.InstanceId, r.ScriptId, r.IntentId = l.instance, l.script, other
	})
	equal(l.t, "the intents left", list("").TotalCount, 1)
}

// ids returns a name of every element of a list.
func ids[T any](list []T, id func(T) string) []string {
	var names []string
	for _, element := range list {
		names = append(names, id(element))
	}
	return names
}

func (l *life) makeQuestions() {
	id := do(l.t, l.client.CreateGlobalQuestion, outboundbot.CreateCreateGlobalQuestionRequest,
		func(r *outboundbot.CreateGlobalQuestionRequest) {
			r.InstanceId, r.ScriptId = l.instance, l.script
			r.GlobalQuestionName, r.GlobalQuestionType = "你是谁呀", "COMMON"
			r.Questions, r.Answers = jsonList("你是谁呀"), jsonList("我是客服。")
		}).GlobalQuestionId
	modified := do(l.t, l.client.ModifyGlobalQuestion, outboundbot.CreateModifyGlobalQuestionRequest,
		func(r *outboundbot.ModifyGlobalQuestionRequest) {
			r.InstanceId, r.ScriptId, r.GlobalQuestionId = l.instance, l.script, id
			r.GlobalQuestionName, r.GlobalQuestionType = "你是谁", "COMMON"
			r.Questions, r.Answers = jsonList("你是谁", "哪位"), jsonList("这里是社区服务中心。")
		})
	equal(l.t, "the question modified", modified.DialogueQuestionId, id)
	described := do(l.t, l.client.DescribeGlobalQuestion, outboundbot.CreateDescribeGlobalQuestionRequest,
		func(r *outboundbot.DescribeGlobalQuestionRequest) {
			r.InstanceId, r.ScriptId, r.GlobalQuestionId = l.instance, l.script, id
		}).GlobalQuestion
	equal(l.t, "the question", described, outboundbot.GlobalQuestion{
		GlobalQuestionId: id, ScriptId: l.script, GlobalQuestionName: "你是谁", GlobalQuestionType: "COMMON",
		Questions: jsonList("你是谁", "哪位"), Answers: jsonList("这里是社区服务中心。"),
	})
	list := func() outboundbot.GlobalQuestions {
		return do(l.t, l.client.ListGlobalQuestions, outboundbot.CreateListGlobalQuestionsRequest,
			func(r *outboundbot.ListGlobalQuestionsRequest) {
				r.InstanceId, r.ScriptId = l.instance, l.script
				r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
			}).GlobalQuestions
	}
	listed := list()
	equal(l.t, "the newest question", listed.List[0], described)
	kinds := ids(listed.List, func(q outboundbot.GlobalQuestion) string { return q.GlobalQuestionType })
	equal(l.t, "the kinds of questions", kinds, []string{"COMMON", "SYSTEM", "SYSTEM", "SYSTEM"})

	other := do(l.t, l.client.CreateGlobalQuestion, outboundbot.CreateCreateGlobalQuestionRequest,
		func(r *outboundbot.CreateGlobalQuestionRequest) {
			r.InstanceId, r.ScriptId = l.instance, l.script
			r.GlobalQuestionName, r.GlobalQuestionType = "多余", "COMMON"
			r.Questions, r.Answers = jsonList("多余吗"), jsonList("多余。")
		}).GlobalQuestionId
	do(l.t, l.client.DeleteGlobalQuestion, outboundbot.CreateDeleteGlobalQuestionRequest,
		func(r *outboundbot.DeleteGlobalQuestionRequest) {
			r.InstanceId, r.ScriptId, r.GlobalQuestionId = l.instance, l.script, other
		})
	equal(l.t, "the questions left", list(), listed)
}

func (l *life) makeTags() {
	id := do(l.t, l.client.CreateTag, outboundbot.CreateCreateTagRequest, func(r *outboundbot.CreateTagRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
		r.TagGroup, r.TagName = "结果", "已通知"
	}).TagId
	listed := do(l.t, l.client.ListTags, outboundbot.CreateListTagsRequest, func(r *outboundbot.ListTagsRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
	})
	equal(l.t, "the tags", listed.Tags, []outboundbot.Tag{{
		TagId: id, ScriptId: l.script, TagGroup: "结果", TagName: "已通知", TagIndex: listed.Tags[0].TagIndex,
	}})
	groups := ids(listed.TagGroups, func(g outboundbot.TagGroup) string { return g.TagGroup })
	equal(l.t, "the groups of tags", groups, []string{"结果"})

	modified := do(l.t, l.client.ModifyTagGroups, outboundbot.CreateModifyTagGroupsRequest, func(r *outboundbot.ModifyTagGroupsRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
		r.TagGroups = `[{"TagGroup":"结果","TagGroupIndex":0},{"TagGroup":"意向","TagGroupIndex":1}]`
		r.Tags = `[{"Id":"` + id + `","TagGroup":"结果","TagName":"已通知"},{"TagGroup":"意向","TagName":"高"}]`
	})
	name := func(tag outboundbot.Tag) string { return tag.TagGroup + " " + tag.TagName }
	equal(l.t, "the tags modified", ids(modified.Tags, name), []string{"结果 已通知", "意向 高"})
	equal(l.t, "the tag that was there", modified.Tags[0].TagId, id)
}

// theFlow is a flow that tells of the water and waits to be understood. The
// intent is named by its id.
const theFlow = `{"nodes":[
{"id":"start","type":"Start","content":{"branches":[{"branchId":"start-1","branchName":"开始"}]}},
{"id":"notice","type":"Switch","name":"通知","script":"明天停水，您知道了吗？","content":{"branches":[
{"branchId":"notice-1","branchName":"知道了","intents":[{"id":"by-name","name":"知道了"}]}]}},
{"id":"goodbye","type":"Transfer","name":"结束","script":"打扰您了，再见。","content":{"action":"Hangup","actionParams":""}}],
"transitions":[{"id":"t1","source":"start","target":"notice"},
{"id":"t2","source":"notice-1","sourceBranchNode":"notice","target":"goodbye"}]}`

func (l *life) makeFlows() {
	create := func(name, kind string) string {
		return do(l.t, l.client.CreateDialogueFlow, outboundbot.CreateCreateDialogueFlowRequest,
			func(r *outboundbot.CreateDialogueFlowRequest) {
				r.InstanceId, r.ScriptId = l.instance, l.script
				r.DialogueName, r.DialogueFlowType = name, kind
			}).DialogueFlowId
	}
	l.flow = create("主流程", "MainFlow")
	other := create("多余", "SubFlow")
	do(l.t, l.client.DeleteDialogueFlow, outboundbot.CreateDeleteDialogueFlowRequest,
		func(r *outboundbot.DeleteDialogueFlowRequest) {
			r.InstanceId, r.ScriptId, r.DialogueFlowId = l.instance, l.script, other
		})
	l.define(theFlow)
	listed := do(l.t, l.client.ListDialogueFlows, outboundbot.CreateListDialogueFlowsRequest,
		func(r *outboundbot.ListDialogueFlowsRequest) { r.InstanceId, r.ScriptId = l.instance, l.script }).DialogueFlows
	if len(listed) != 1 {
		l.t.Fatalf("the flows are %+v, want one", listed)
	}
	equal(l.t, "the flow", listed[0], outboundbot.DialogueFlow{
		DialogueFlowId: l.flow, DialogueFlowName: "主流程", DialogueFlowType: "MainFlow", DialogueFlowDefinition: theFlow,
		ScriptId: l.script, ScriptVersion: listed[0].ScriptVersion,
	})
}

// define gives the flow a definition, and holds the answer to it byte for byte.
func (l *life) define(definition string) {
	l.t.Helper()
	modified := do(l.t, l.client.ModifyDialogueFlow, outboundbot.CreateModifyDialogueFlowRequest,
		func(r *outboundbot.ModifyDialogueFlowRequest) {
			r.InstanceId, r.ScriptId, r.DialogueFlowId = l.instance, l.script, l.flow
			r.DialogueFlowDefinition = definition
		})
	equal(l.t, "the definition", modified.DialogueFlowDefinition, definition)
	equal(l.t, "the flow's id", modified.DialogueFlowId, l.flow)
}
