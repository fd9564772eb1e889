package sdktest

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
	"github.com/xuri/excelize/v2"
)

// taggedFlow is theFlow with a tag for those who were told.
var taggedFlow = strings.Replace(theFlow, `"content":{"action":"Hangup"`,
	`"content":{"label":[{"tagGroup":"结果","tagName":"已通知"}],"action":"Hangup"`, 1)

// TestCampaign has a telephony system in another process call lists of
// contacts, and reads what became of them.
func TestCampaign(t *testing.T) {
	exchange := freeAddress(t)
	eachStorage(t, func(t *testing.T, s *server) {
		l := &life{t: t, server: s, client: s.client(t, keyID, keySecret)}
		l.makeCampaignScript()
		startExchange(t, exchange, s)

		group := l.createGroup()
		jobs := l.assign(group, contacts(0, 5))
		l.awaitEnd(group, len(jobs))
		l.readGroup(group, len(jobs))
		l.readJobs(group, jobs)
		l.readStatistics(group, len(jobs))
		l.export(group, len(jobs))
		l.keepRecording(jobs[0])

		l.batch()
		l.startOne()
		l.deleteGroup(group)
	}, "--gateway", "http://"+exchange)
}

// makeCampaignScript makes an instance with a number to call from and a script
// that is published.
func (l *life) makeCampaignScript() {
	l.makeInstance()
	l.makeScript()
	l.makeIntents()
	l.makeTags()
	l.makeFlows()
	l.define(taggedFlow)
	do(l.t, l.client.PublishScript, outboundbot.CreatePublishScriptRequest, func(r *outboundbot.PublishScriptRequest) {
		r.InstanceId, r.ScriptId, r.Description = l.instance, l.script, "第一版"
	})
	do(l.t, l.client.CreateOutboundCallNumber, outboundbot.CreateCreateOutboundCallNumberRequest,
		func(r *outboundbot.CreateOutboundCallNumberRequest) {
			r.InstanceId, r.Number = l.instance, "95187"
			r.RateLimitCount, r.RateLimitPeriod = requests.NewInteger(1000), requests.NewInteger(60)
		})
}

// strategy lets a number be called three times, without a pause, for an hour.
func strategy() string {
	return fmt.Sprintf(`{"maxAttemptsPerDay":3,"minAttemptInterval":0,"endTime":%d}`, time.Now().Add(time.Hour).UnixMilli())
}

// person is somebody to be called, by a number and a name of their own.
func person(n int) (number, name string) { return fmt.Sprintf("138%08d", n), fmt.Sprintf("王%d", n) }

// contacts writes people as JobsJson has them, from one to before another, each
// element one job.
func contacts(from, to int) []string {
	var list []string
	for i := from; i < to; i++ {
		number, name := person(i)
		list = append(list, fmt.Sprintf(`{"contacts":[{"phonenumber":%q,"name":%q,"referenceId":"crm-%d"}],"extras":[{"key":"楼号","value":"%d"}]}`,
			number, name, i, i))
	}
	return list
}

func (l *life) createGroup() string {
	created := do(l.t, l.client.CreateJobGroup, outboundbot.CreateCreateJobGroupRequest, func(r *outboundbot.CreateJobGroupRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
		r.JobGroupName, r.JobGroupDescription = "停水", "五月"
		r.StrategyJson, r.CallingNumber = strategy(), &[]string{"95187"}
	}).JobGroup
	equal(l.t, "the group", []any{created.JobGroupName, created.ScriptName, created.Strategy.MaxAttemptsPerDay, created.CallingNumbers},
		[]any{"停水", "停水通知", 3, []string{"95187"}})
	modified := do(l.t, l.client.ModifyJobGroup, outboundbot.CreateModifyJobGroupRequest, func(r *outboundbot.ModifyJobGroupRequest) {
		r.InstanceId, r.JobGroupId, r.ScriptId = l.instance, created.JobGroupId, l.script
		r.Name, r.Description, r.Priority = "停水通知", "五月一日", "7"
		r.StrategyJson = strategy()
	}).JobGroup
	equal(l.t, "the group modified", []any{modified.JobGroupId, modified.JobGroupName, modified.JobGroupDescription, modified.Priority},
		[]any{created.JobGroupId, "停水通知", "五月一日", "7"})
	listed := do(l.t, l.client.ListJobGroups, outboundbot.CreateListJobGroupsRequest, func(r *outboundbot.ListJobGroupsRequest) {
		r.InstanceId, r.SearchText = l.instance, "通知"
		r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
	}).JobGroups
	equal(l.t, "the groups found", ids(listed.List, func(g outboundbot.JobGroup) string { return g.JobGroupId }), []string{created.JobGroupId})
	return created.JobGroupId
}

// assign adds jobs to a group and returns their ids.
func (l *life) assign(group string, jobs []string) []string {
	l.t.Helper()
	assigned := do(l.t, l.client.AssignJobs, outboundbot.CreateAssignJobsRequest, func(r *outboundbot.AssignJobsRequest) {
		r.InstanceId, r.JobGroupId, r.JobsJson = l.instance, group, &jobs
	})
	equal(l.t, "how many jobs were assigned", len(assigned.JobsId), len(jobs))
	return assigned.JobsId
}

// group returns a group as it is at the moment.
func (l *life) group(id string) outboundbot.JobGroup {
	l.t.Helper()
	request := outboundbot.CreateDescribeJobGroupRequest()
	request.InstanceId, request.JobGroupId = l.instance, id
	response, err := l.client.DescribeJobGroup(request)
	if err != nil {
		l.t.Fatal(err)
	}
	return response.JobGroup
}

// until asks until it is so.
func (l *life) until(what string, so func() bool) {
	l.t.Helper()
	for limit := time.Now().Add(time.Minute); !so(); {
		if time.Now().After(limit) {
			l.t.Fatalf("after a minute it is not so that %s", what)
		}
	}
}

// awaitEnd returns once a group with so many jobs is over.
func (l *life) awaitEnd(group string, jobs int) {
	l.t.Helper()
	l.until("the campaign is over", func() bool {
		g := l.group(group)
		return g.Progress.TotalCompleted == jobs && g.Status == "Completed"
	})
}

// batch makes a campaign of a spreadsheet, as a draft, and submits it.
func (l *life) batch() {
	const rows = 4
	file := l.upload("contacts.xlsx", sheet(l.t, rows))
	made := do(l.t, l.client.CreateBatchJobs, outboundbot.CreateCreateBatchJobsRequest, func(r *outboundbot.CreateBatchJobsRequest) {
		r.InstanceId, r.ScriptId, r.BatchJobName, r.BatchJobDescription = l.instance, l.script, "批量", "来自文件"
		r.JobFilePath, r.StrategyJson, r.Submitted = file, strategy(), requests.NewBoolean(false)
	}).BatchJob
	equal(l.t, "the batch", []string{made.JobGroupName, made.JobFilePath}, []string{"批量", file})
	group := made.BatchJobId
	l.until("the jobs of the file are there", func() bool { return l.group(group).Progress.TotalJobs == rows })
	modified := do(l.t, l.client.ModifyBatchJobs, outboundbot.CreateModifyBatchJobsRequest, func(r *outboundbot.ModifyBatchJobsRequest) {
		r.InstanceId, r.JobGroupId, r.BatchJobName = l.instance, group, "批量二"
		r.StrategyJson, r.Submitted = strategy(), requests.NewBoolean(false)
	}).JobGroup
	equal(l.t, "the batch modified", []any{modified.JobGroupName, modified.Status, modified.TotalCallNum}, []any{"批量二", "Draft", 0})
	do(l.t, l.client.SubmitBatchJobs, outboundbot.CreateSubmitBatchJobsRequest, func(r *outboundbot.SubmitBatchJobsRequest) {
		r.InstanceId, r.JobGroupId = l.instance, group
	})
	l.awaitEnd(group, rows)
	equal(l.t, "the conversations that were had", l.group(group).Result.FinishedNum, rows)
}

// sheet is a spreadsheet of contacts.
func sheet(t *testing.T, rows int) []byte {
	t.Helper()
	file := excelize.NewFile()
	name := file.GetSheetName(0)
	lines := [][]any{{"电话", "姓名", "编号", "楼号"}}
	for i := range rows {
		number, who := person(100 + i)
		lines = append(lines, []any{number, who, fmt.Sprintf("crm-%d", 100+i), "3"})
	}
	for i := range lines {
		if err := file.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &lines[i]); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// startOne calls somebody at once, and looks at the task.
func (l *life) startOne() {
	started := do(l.t, l.client.StartJob, outboundbot.CreateStartJobRequest, func(r *outboundbot.StartJobRequest) {
		r.InstanceId, r.ScriptId, r.JobJson = l.instance, l.script, contacts(0, 1)[0]
		r.CallingNumber = &[]string{"95187"}
	})
	equal(l.t, "whose task it is", started.TaskIds[0].Key, "crm-0")
	id := started.TaskIds[0].Value
	task := func() outboundbot.TaskInGetTaskByUuid {
		return do(l.t, l.client.GetTaskByUuid, outboundbot.CreateGetTaskByUuidRequest, func(r *outboundbot.GetTaskByUuidRequest) {
			r.InstanceId, r.TaskId, r.WithConversations = l.instance, id, requests.NewBoolean(true)
		}).Task
	}
	l.until("the call is over", func() bool { return task().EndTime > 0 })
	number, _ := person(0)
	got := task()
	equal(l.t, "the task", []any{got.Id, got.CalledNumber, got.CallingNumber, got.EndReason}, []any{id, number, "95187", 1})
}

func (l *life) deleteGroup(group string) {
	do(l.t, l.client.DeleteJobGroup, outboundbot.CreateDeleteJobGroupRequest, func(r *outboundbot.DeleteJobGroupRequest) {
		r.InstanceId, r.JobGroupId = l.instance, group
	})
	refused(l.t, http.StatusNotFound, "NotExist.JobGroup", l.client.DescribeJobGroup, outboundbot.CreateDescribeJobGroupRequest,
		func(r *outboundbot.DescribeJobGroupRequest) { r.InstanceId, r.JobGroupId = l.instance, group })
}
