package sdktest

import (
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// TestReview submits a script where reviews are done by people, withdraws it,
// and submits it again; a reviewer rejects it, then approves of it.
func TestReview(t *testing.T) {
	eachStorage(t, func(t *testing.T, s *server) {
		l := &life{t: t, server: s, client: s.client(t, keyID, keySecret)}
		l.makeInstance()
		l.makeScript()
		l.makeIntents()
		l.makeFlows()
		submit := func() {
			do(t, l.client.SubmitScriptReview, outboundbot.CreateSubmitScriptReviewRequest, func(r *outboundbot.SubmitScriptReviewRequest) {
				r.InstanceId, r.ScriptId, r.Description = l.instance, l.script, "请看"
			})
			equal(t, "the status in review", l.describe().Status, "REVIEWING")
		}
		submit()
		withdrawn := do(t, l.client.WithdrawScriptReview, outboundbot.CreateWithdrawScriptReviewRequest,
			func(r *outboundbot.WithdrawScriptReviewRequest) { r.InstanceId, r.ScriptId = l.instance, l.script }).Script
		equal(t, "the status of a script withdrawn", withdrawn.Status, "DRAFTED")

		submit()
		l.review("reject", "--reason", "太短")
		listed := do(t, l.client.ListScripts, outboundbot.CreateListScriptsRequest, func(r *outboundbot.ListScriptsRequest) {
			r.InstanceId = l.instance
			r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
		}).Scripts.List[0]
		equal(t, "the status of a script rejected", []string{listed.Status, listed.RejectReason}, []string{"REJECTED", "太短"})

		submit()
		l.review("approve")
		equal(t, "the status of a script approved of", l.describe().Status, "PUBLISHED")
		equal(t, "the remark of the version", l.histories()[0].Description, "请看")
		equal(t, "what it says", l.say("call-1", "").Content, "明天停水，您知道了吗？")
	}, "--review", "manual")
}

// review ends a review on the command line.
func (l *life) review(args ...string) {
	l.t.Helper()
	all := append([]string{"review"}, args...)
	all = append(all, l.server.storage...)
	if out, err := command(append(all, l.instance, l.script)...).CombinedOutput(); err != nil {
		l.t.Fatalf("%v\n%s", err, out)
	}
}
