package sdktest

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// publish publishes the script in each of the ways there are: for debugging,
// directly, and by a review.
func (l *life) publish() {
	do(l.t, l.client.PublishScriptForDebug, outboundbot.CreatePublishScriptForDebugRequest,
		func(r *outboundbot.PublishScriptForDebugRequest) { r.InstanceId, r.ScriptId = l.instance, l.script })
	now := l.describe()
	equal(l.t, "the states after publishing for debug", []any{now.Status, now.DebugStatus, now.IsDebugDrafted},
		[]any{"DRAFTED", "PUBLISHED", false})

	do(l.t, l.client.PublishScript, outboundbot.CreatePublishScriptRequest, func(r *outboundbot.PublishScriptRequest) {
		r.InstanceId, r.ScriptId, r.Description = l.instance, l.script, "第一版"
	})
	now = l.describe()
	equal(l.t, "the states after publishing", []any{now.Status, now.IsDrafted}, []any{"PUBLISHED", false})

	l.define(theFlow + "\n")
	equal(l.t, "it is a draft again once edited", l.describe().IsDrafted, true)
	do(l.t, l.client.SubmitScriptReview, outboundbot.CreateSubmitScriptReviewRequest, func(r *outboundbot.SubmitScriptReviewRequest) {
		r.InstanceId, r.ScriptId, r.Description = l.instance, l.script, "第二版"
	})
	now = l.describe()
	equal(l.t, "the states after a review", []any{now.Status, now.IsDrafted}, []any{"PUBLISHED", false})

	listed := do(l.t, l.client.ListScripts, outboundbot.CreateListScriptsRequest, func(r *outboundbot.ListScriptsRequest) {
		r.InstanceId = l.instance
		r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
	}).Scripts
	equal(l.t, "the scripts", listed.TotalCount, 1)
	equal(l.t, "the script listed", listed.List[0].ScriptId, l.script)
	queried := do(l.t, l.client.QueryScriptsByStatus, outboundbot.CreateQueryScriptsByStatusRequest,
		func(r *outboundbot.QueryScriptsByStatusRequest) {
			r.InstanceId = l.instance
			r.StatusList = &[]string{"PUBLISHED", "REJECTED"}
			r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
		}).Scripts
	equal(l.t, "the script queried", queried.List[0].ScriptId, l.script)
	equal(l.t, "its applied version", queried.List[0].AppliedVersion, l.histories()[0].ScriptVersion)
}

// histories returns what was published, newest first.
func (l *life) histories() []outboundbot.PublishHistory {
	l.t.Helper()
	return do(l.t, l.client.ListScriptPublishHistories, outboundbot.CreateListScriptPublishHistoriesRequest,
		func(r *outboundbot.ListScriptPublishHistoriesRequest) {
			r.InstanceId, r.ScriptId = l.instance, l.script
			r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
		}).ScriptPublishHistories.List
}

// say takes a call one turn on.
func (l *life) say(call, utterance string) outboundbot.Feedback {
	l.t.Helper()
	return do(l.t, l.client.Dialogue, outboundbot.CreateDialogueRequest, func(r *outboundbot.DialogueRequest) {
		r.InstanceId, r.ScriptId, r.CallId, r.CallType = l.instance, l.script, call, "Outbound"
		r.CalledNumber, r.CallingNumber = "13800000000", "95187"
		r.Utterance = utterance
	}).Feedback
}

func (l *life) talk() {
	equal(l.t, "the opening", l.say("call-1", ""), outboundbot.Feedback{Action: "Broadcast", Content: "明天停水，您知道了吗？"})
	equal(l.t, "the answer to a question", l.say("call-1", "哪位").Content, "这里是社区服务中心。\n明天停水，您知道了吗？")
	equal(l.t, "the end", l.say("call-1", "好的"), outboundbot.Feedback{Action: "Hangup", Content: "打扰您了，再见。"})
	equal(l.t, "what is said after the end", l.say("call-1", "喂"), outboundbot.Feedback{Action: "Hangup"})
}

// rollBack makes the first version the applied one again; the draft stays.
func (l *life) rollBack() {
	histories := l.histories()
	equal(l.t, "the histories", ids(histories, func(h outboundbot.PublishHistory) string { return h.Description }),
		[]string{"第二版", "第一版"})
	do(l.t, l.client.RollbackScript, outboundbot.CreateRollbackScriptRequest, func(r *outboundbot.RollbackScriptRequest) {
		r.InstanceId, r.ScriptId, r.RollbackVersion = l.instance, l.script, histories[1].ScriptVersion
	})
	queried := do(l.t, l.client.QueryScriptsByStatus, outboundbot.CreateQueryScriptsByStatusRequest,
		func(r *outboundbot.QueryScriptsByStatusRequest) {
			r.InstanceId, r.StatusList = l.instance, &[]string{"PUBLISHED"}
			r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
		}).Scripts.List
	equal(l.t, "the version rolled back to", queried[0].AppliedVersion, histories[1].ScriptVersion)
	equal(l.t, "what it says", l.say("call-2", "").Content, "明天停水，您知道了吗？")
}

// exportAndImport makes two more scripts of the one, by its bundle and by copy.
func (l *life) exportAndImport() {
	url := do(l.t, l.client.ExportScript, outboundbot.CreateExportScriptRequest, func(r *outboundbot.ExportScriptRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
	}).DownloadParams.SignatureUrl
	if archive := download(l.t, url); !bytes.HasPrefix(archive, []byte("PK")) {
		l.t.Errorf("the bundle is no zip: %.20q", archive)
	}
	other := do(l.t, l.client.CreateInstance, outboundbot.CreateCreateInstanceRequest, func(r *outboundbot.CreateInstanceRequest) {
		r.InstanceName, r.MaxConcurrentConversation = "另一个", requests.NewInteger(1)
	}).Instance.InstanceId
	imported := do(l.t, l.client.ImportScript, outboundbot.CreateImportScriptRequest, func(r *outboundbot.ImportScriptRequest) {
		r.InstanceId, r.SignatureUrl = other, url
	}).ScriptId
	flows := do(l.t, l.client.ListDialogueFlows, outboundbot.CreateListDialogueFlowsRequest,
		func(r *outboundbot.ListDialogueFlowsRequest) { r.InstanceId, r.ScriptId = other, imported }).DialogueFlows
	if len(flows) != 1 {
		l.t.Fatalf("the flows imported are %+v, want one", flows)
	}
	equal(l.t, "the definition imported", flows[0].DialogueFlowDefinition, theFlow+"\n")

	copied := do(l.t, l.client.DuplicateScript, outboundbot.CreateDuplicateScriptRequest, func(r *outboundbot.DuplicateScriptRequest) {
		r.InstanceId, r.SourceScriptId, r.Name = l.instance, l.script, "停水通知 2"
	}).ScriptId
	do(l.t, l.client.DeleteScript, outboundbot.CreateDeleteScriptRequest, func(r *outboundbot.DeleteScriptRequest) {
		r.InstanceId, r.ScriptId = l.instance, copied
	})
	do(l.t, l.client.DeleteInstance, outboundbot.CreateDeleteInstanceRequest, func(r *outboundbot.DeleteInstanceRequest) {
		r.InstanceId = other
	})
}

// download fetches what a URL of the server signs, as any client would.
func download(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", url, response.Status, err)
	}
	return data
}

func (l *life) makeNumbers() {
	id := do(l.t, l.client.CreateOutboundCallNumber, outboundbot.CreateCreateOutboundCallNumberRequest,
		func(r *outboundbot.CreateOutboundCallNumberRequest) {
			r.InstanceId, r.Number = l.instance, "95187"
			r.RateLimitCount, r.RateLimitPeriod = requests.NewInteger(10), requests.NewInteger(60)
		}).OutboundCallNumberId
	modified := do(l.t, l.client.ModifyOutboundCallNumber, outboundbot.CreateModifyOutboundCallNumberRequest,
		func(r *outboundbot.ModifyOutboundCallNumberRequest) {
			r.InstanceId, r.OutboundCallNumberId, r.Number = l.instance, id, "95188"
			r.RateLimitCount, r.RateLimitPeriod = requests.NewInteger(20), requests.NewInteger(30)
		}).OutboundCallNumber
	equal(l.t, "the number", modified, outboundbot.OutboundCallNumber{
		OutboundCallNumberId: id, Number: "95188", RateLimitCount: "20", RateLimitPeriod: "30",
	})
	list := func() outboundbot.OutboundCallNumbers {
		return do(l.t, l.client.ListOutboundCallNumbers, outboundbot.CreateListOutboundCallNumbersRequest,
			func(r *outboundbot.ListOutboundCallNumbersRequest) { r.InstanceId = l.instance }).OutboundCallNumbers
	}
	equal(l.t, "the numbers", list().List, []outboundbot.OutboundCallNumber{modified})
	do(l.t, l.client.DeleteOutboundCallNumber, outboundbot.CreateDeleteOutboundCallNumberRequest,
		func(r *outboundbot.DeleteOutboundCallNumberRequest) {
			r.InstanceId, r.OutboundCallNumberId = l.instance, id
		})
	equal(l.t, "the numbers left", list().TotalCount, 0)
}

func (l *life) tagInstance() {
	list := func() []outboundbot.TagResource {
		return do(l.t, l.client.ListTagResources, outboundbot.CreateListTagResourcesRequest,
			func(r *outboundbot.ListTagResourcesRequest) {
				r.ResourceType, r.ResourceId = "instance", &[]string{l.instance}
			}).TagResources
	}
	do(l.t, l.client.TagResources, outboundbot.CreateTagResourcesRequest, func(r *outboundbot.TagResourcesRequest) {
		r.ResourceType, r.ResourceId = "instance", &[]string{l.instance}
		r.Tag = &[]outboundbot.TagResourcesTag{{Key: "团队", Value: "甲"}, {Key: "环境", Value: "测试"}}
	})
	equal(l.t, "how many tags the instance has", len(list()), 2)
	do(l.t, l.client.UntagResources, outboundbot.CreateUntagResourcesRequest, func(r *outboundbot.UntagResourcesRequest) {
		r.ResourceType, r.ResourceId, r.TagKey = "instance", &[]string{l.instance}, &[]string{"环境"}
	})
	equal(l.t, "the tags of the instance", list(), []outboundbot.TagResource{
		{ResourceType: "instance", ResourceId: l.instance, TagKey: "团队", TagValue: "甲"},
	})
}

func (l *life) deleteAll() {
	do(l.t, l.client.DeleteScript, outboundbot.CreateDeleteScriptRequest, func(r *outboundbot.DeleteScriptRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
	})
	refused(l.t, http.StatusNotFound, "NotExist.Script", l.client.DescribeScript, outboundbot.CreateDescribeScriptRequest,
		func(r *outboundbot.DescribeScriptRequest) { r.InstanceId, r.ScriptId = l.instance, l.script })
	do(l.t, l.client.DeleteInstance, outboundbot.CreateDeleteInstanceRequest, func(r *outboundbot.DeleteInstanceRequest) {
		r.InstanceId = l.instance
	})
	refused(l.t, http.StatusNotFound, "NotExist.Instance", l.client.DescribeInstance, outboundbot.CreateDescribeInstanceRequest,
		func(r *outboundbot.DescribeInstanceRequest) { r.InstanceId = l.instance })
	listed := do(l.t, l.client.ListInstances, outboundbot.CreateListInstancesRequest, func(*outboundbot.ListInstancesRequest) {}).Instances
	equal(l.t, "the instances left", len(listed), 0)
}
