package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// provoking has the parameters by which a request that would succeed fails with
// a documented error, by code, or by action and code where it is only the
// action's.
var provoking = map[string]map[string]string{
	"NotExist.Instance":                     {"InstanceId": "no-such"},
	"NotExist.Script":                       {"ScriptId": "no-such"},
	"NotExist.Intent":                       {"IntentId": "no-such"},
	"NotExist.Job":                          {"JobId": "no-such"},
	"NotExist.JobGroup":                     {"JobGroupId": "no-such"},
	"LimitExceeded.ConcurrentConversation":  {"MaxConcurrentConversation": "1001"},
	"InvalidInstanceName.Duplicated":        {"InstanceName": "other $mark"},
	"InvalidScriptName.Duplicated":          {"ScriptName": "other $mark"},
	"InvalidDialogueFlowName.Duplicated":    {"DialogueName": "main $mark"},
	"InvalidGlobalQuestionName.Duplicated":  {"GlobalQuestionName": "other $mark"},
	"InvalidIntentName.Duplicated":          {"IntentName": "other $mark"},
	"QueryScriptsByStatus InvalidParameter": {"StatusList.1": "NONSENSE"},
	"ModifyTTSConfig InvalidParameter":      {"Volume": "101"},
	"ListJobsByGroup InvalidParameter":      {"JobStatus": "NONSENSE"},
	"QueryJobs InvalidParameter":            {"TimeAlignment": "never"},
}

// unprovoked are the documented errors that an action does not have here.
var unprovoked = map[string]string{
	"WithdrawScriptReview InvalidScriptName.Duplicated":     "it has no name",
	"ModifyDialogueFlow InvalidDialogueFlowName.Duplicated": "it has no name",
}

// TestFactsErrors provokes every documented error of every action.
func TestFactsErrors(t *testing.T) {
	actions := registry()
	eachWhole(t, func(t *testing.T, w *whole) {
		x := w.newWorld()
		for _, f := range readFacts(t) {
			if _, there := actions[f.Action]; !there {
				continue
			}
			for _, e := range f.Errors {
				name := f.Action + " " + e.Code
				if e.Code == "InternalError" || unprovoked[name] != "" {
					continue
				}
				change := provoking[name]
				if change == nil {
					change = provoking[e.Code]
				}
				request := x.sample(f.Action)
				for parameter, value := range change {
					if _, there := request[parameter]; !there && f.Action == "DuplicateScript" {
						parameter = "SourceScriptId"
					}
					request[parameter] = x.fill([]string{parameter, value})[1]
				}
				expect(t, name, e, w, request)
			}
		}

		requests := map[string]map[string]string{}
		for action := range actions {
			requests[action] = x.sample(action)
		}
		if err := w.store.Close(); err != nil {
			t.Fatal(err)
		}
		for _, f := range readFacts(t) {
			for _, e := range f.Errors {
				if request := requests[f.Action]; request != nil && e.Code == "InternalError" {
					expect(t, f.Action+" InternalError", e, w, request)
				}
			}
		}
	})
}

// expect sends a request that has to fail with a documented error, and holds
// the answer to its status, code and message.
func expect(t *testing.T, name string, want errorFact, w *whole, request map[string]string) {
	t.Helper()
	status, body := w.sendBy(way{method: http.MethodPost}, request, nil)
	var got struct{ Code, Message string }
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%s: %v in %s", name, err, body)
	}
	before, _, _ := strings.Cut(want.Format, "%s")
	if status != want.HTTP || got.Code != want.Code || !strings.HasPrefix(got.Message, before) {
		t.Errorf("%s: %d %s, want %d %s %q", name, status, body, want.HTTP, want.Code, want.Format)
	}
}
