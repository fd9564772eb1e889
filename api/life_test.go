package api_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/api"
)

// field sends an action that has to succeed and returns a member of the answer.
func (o *opened) field(path, action string, parameters ...string) string {
	o.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(o.does(`"Code":"OK"`, action, parameters...)), &v); err != nil {
		o.t.Fatal(err)
	}
	for key := range strings.SplitSeq(path, ".") {
		members, _ := v.(map[string]any)
		v = members[key]
	}
	text, ok := v.(string)
	if !ok || text == "" {
		o.t.Fatalf("%s answers no %s", action, path)
	}
	return text
}

// A script lives its whole life over HTTP while calls run on it: made by
// actions, published, edited, published again, rolled back, carried to another
// instance, deleted; and each call goes on as it began, after a restart too.
func TestScriptAndItsCalls(t *testing.T) {
	definition, err := os.ReadFile(filepath.Join("..", "testdata", "scripts", "hello", "flows", "main.json"))
	if err != nil {
		t.Fatal(err)
	}
	const first, second = "打扰您了", "祝您愉快"
	changed := strings.ReplaceAll(string(definition), first, second)
	eachPlace(t, func(t *testing.T, open func(func(*api.Config)) *opened) {
		s := open(nil)
		instance := s.field("Instance.InstanceId", "CreateInstance", "InstanceName", "一", "MaxConcurrentConversation", "50")
		id := s.field("Script.ScriptId", "CreateScript", "InstanceId", instance, "ScriptName", "停水通知", "Industry", "公用", "Scene", "通知")
		the := func(more ...string) []string {
			return append([]string{"InstanceId", instance, "ScriptId", id}, more...)
		}
		call := func(want, call, kind, utterance string) {
			t.Helper()
			s.does(want, "Dialogue", the("CallId", call, "CallType", kind, "CalledNumber", "1", "CallingNumber", "2", "Utterance", utterance)...)
		}
		flow := s.field("DialogueFlowId", "CreateDialogueFlow", the("DialogueFlowType", "MainFlow", "DialogueName", "主流程")...)
		s.does(`"Code":"OK"`, "ModifyDialogueFlow", the("DialogueFlowId", flow, "DialogueFlowDefinition", string(definition))...)
		call("InvalidScript.NotPublished", "c0", "Outbound", "")
		s.does("InvalidScript.NotCompiled", "SubmitScriptReview", the("Description", "第一版")...)
		s.does(`"Code":"OK"`, "CreateIntent", the("IntentName", "知道了", "Utterances", `["知道了","好的","明白了"]`, "Keywords", `["知道"]`)...)
		s.does(`"Code":"OK"`, "SubmitScriptReview", the("Description", "第一版")...)
		version := s.field("Script.AppliedVersion", "DescribeScript", the()...)

		call("停水", "c1", "Outbound", "")
		call("停水", "c2", "Outbound", "")
		s.does(`"Code":"OK"`, "ModifyDialogueFlow", the("DialogueFlowId", flow, "DialogueFlowDefinition", changed)...)
		s.does(`"Code":"OK"`, "PublishScriptForDebug", the()...)
		call("停水", "d1", "Debug", "")
		call(second, "d1", "Debug", "知道了")
		call("停水", "c3", "Outbound", "")
		call(first, "c3", "Outbound", "知道了")
		s.does(`"Code":"OK"`, "PublishScript", the("Description", "第二版")...)
		call("停水", "c4", "Outbound", "")
		call(second, "c4", "Outbound", "知道了")
		call(first, "c1", "Outbound", "知道了")
		call("停水", "c5", "Outbound", "")
		s.does(`"Code":"OK"`, "RollbackScript", the("RollbackVersion", version)...)
		call("停水", "c6", "Outbound", "")
		call(first, "c6", "Outbound", "知道了")

		url := s.field("DownloadParams.SignatureUrl", "ExportScript", the()...)
		there := s.field("Instance.InstanceId", "CreateInstance", "InstanceName", "二", "MaxConcurrentConversation", "1")
		carried := s.field("ScriptId", "ImportScript", "InstanceId", there, "SignatureUrl", url)
		s.does("InvalidParameter", "ImportScript", "InstanceId", there, "SignatureUrl", url+"0")
		s.does("InvalidParameter", "ImportScript", "InstanceId", there, "SignatureUrl", "http://169.254.169.254/latest/meta-data/")
		s.does(`"Code":"OK"`, "PublishScript", "InstanceId", there, "ScriptId", carried)
		s.does("停水", "Dialogue", "InstanceId", there, "CallId", "c1", "CallType", "Outbound", "CalledNumber", "1", "CallingNumber", "2")
		listed := s.does(`"Code":"OK"`, "ListDialogueFlows", "InstanceId", there, "ScriptId", carried)
		if quoted, err := json.Marshal(changed); err != nil || !strings.Contains(listed, string(quoted)) {
			t.Errorf("the definition is another in the other instance: %s", listed)
		}

		s.does(`"Code":"OK"`, "DeleteScript", the()...)
		call("NotExist.Script", "c7", "Outbound", "")
		s.close()
		s = open(nil)
		call(first, "c2", "Outbound", "知道了")
		call(second, "c5", "Outbound", "知道了")
		call("NotExist.Script", "c8", "Outbound", "")
		s.close()
	})
}
