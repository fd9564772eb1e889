package sdktest

import (
	"bytes"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
	"github.com/xuri/excelize/v2"
)

// readGroup looks at a group whose contacts were all told.
func (l *life) readGroup(group string, jobs int) {
	g := do(l.t, l.client.DescribeJobGroup, outboundbot.CreateDescribeJobGroupRequest, func(r *outboundbot.DescribeJobGroupRequest) {
		r.InstanceId, r.JobGroupId = l.instance, group
	}).JobGroup
	equal(l.t, "what became of the group",
		[]int{g.TotalCallNum, g.Progress.TotalJobs, g.Progress.TotalCompleted, g.Progress.Failed, g.Result.FinishedNum},
		[]int{jobs, jobs, jobs, 0, jobs})
}

// readJobs looks at the jobs of a group in every way there is.
func (l *life) readJobs(group string, jobs []string) {
	one := do(l.t, l.client.DescribeJob, outboundbot.CreateDescribeJobRequest, func(r *outboundbot.DescribeJobRequest) {
		r.InstanceId, r.JobId = l.instance, jobs[2]
	}).Job
	number, name := person(2)
	equal(l.t, "the job", []any{one.JobId, one.JobGroupId, one.Status, one.ReferenceId, one.CalledNumber, one.EndReason, one.Contacts[0].ContactName},
		[]any{jobs[2], group, "Succeeded", "crm-2", number, 1, name})
	equal(l.t, "its extras", one.Extras, []outboundbot.KeyValuePair{{Key: "楼号", Value: "2"}})
	if len(one.Tasks) != 1 {
		l.t.Fatalf("the job has %d tasks, want one", len(one.Tasks))
	}
	var said [][3]string
	for _, turn := range one.Tasks[0].Conversation {
		said = append(said, [3]string{turn.Speaker, turn.Script, turn.Action})
	}
	equal(l.t, "the conversation, turn by turn", said, [][3]string{
		{"Robot", "明天停水，您知道了吗？", "Broadcast"}, {"Contact", "好的", ""}, {"Robot", "打扰您了，再见。", "Hangup"},
	})
	equal(l.t, "the summary", []string{one.Summary[0].SummaryName, one.Summary[0].Content, one.Summary[0].TaskId},
		[]string{"结果", "已通知", one.Tasks[0].TaskId})

	id := func(j outboundbot.Job) string { return j.JobId }
	listed := do(l.t, l.client.ListJobs, outboundbot.CreateListJobsRequest, func(r *outboundbot.ListJobsRequest) {
		r.InstanceId, r.JobId = l.instance, &[]string{jobs[2]}
	}).Jobs
	equal(l.t, "the job listed", ids(listed, id), []string{jobs[2]})
	byGroup := do(l.t, l.client.ListJobsByGroup, outboundbot.CreateListJobsByGroupRequest, func(r *outboundbot.ListJobsByGroupRequest) {
		r.InstanceId, r.JobGroupId, r.JobStatus = l.instance, group, "Succeeded"
		r.PageNumber, r.PageSize = requests.NewInteger(2), requests.NewInteger(2)
	}).Jobs
	equal(l.t, "the second page of the group", []int{byGroup.TotalCount, len(byGroup.List)}, []int{len(jobs), 2})
	found := do(l.t, l.client.QueryJobs, outboundbot.CreateQueryJobsRequest, func(r *outboundbot.QueryJobsRequest) {
		r.InstanceId, r.JobGroupId, r.PhoneNumber, r.ContactName = l.instance, group, number, name
		r.TimeAlignment, r.StartTime, r.EndTime = "end", millis(one.Tasks[0].EndTime), millis(one.Tasks[0].EndTime+1)
		r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
	}).Jobs
	equal(l.t, "the job found", ids(found.List, id), []string{jobs[2]})
}

func millis(at int64) requests.Integer { return requests.NewInteger64(at) }

// readStatistics counts a group in which everybody heard and understood.
func (l *life) readStatistics(group string, jobs int) {
	hits := do(l.t, l.client.DescribeTagHitsSummary, outboundbot.CreateDescribeTagHitsSummaryRequest,
		func(r *outboundbot.DescribeTagHitsSummaryRequest) { r.InstanceId, r.JobGroupId = l.instance, group }).TagHitsList
	equal(l.t, "the tags hit", hits, []outboundbot.TagHits{{TagGroup: "结果", TagName: "已通知", HitCount: jobs}})

	info := do(l.t, l.client.DescribeGroupExecutingInfo, outboundbot.CreateDescribeGroupExecutingInfoRequest,
		func(r *outboundbot.DescribeGroupExecutingInfoRequest) { r.InstanceId, r.JobGroupId = l.instance, group }).ExecutingInfo
	equal(l.t, "how the group stands", []int{info.CallNum, info.FinishedNum, info.CallFailedNum, info.JobsProgress.TotalJobs},
		[]int{jobs, jobs, 0, jobs})

	equal(l.t, "the nodes where somebody gave no answer", l.silentNodes(group), [][3]int{})

	intents := do(l.t, l.client.DescribeIntentStatistics, outboundbot.CreateDescribeIntentStatisticsRequest,
		func(r *outboundbot.DescribeIntentStatisticsRequest) {
			r.InstanceId, r.JobGroupId, r.Limit = l.instance, group, requests.NewInteger(10)
		}).ProcessIntents
	equal(l.t, "how many intents were meant", len(intents), 1)
	equal(l.t, "the intent", []any{intents[0].IntentName, intents[0].HitNum}, []any{"知道了", jobs})
}

// silentNodes counts, of the nodes where somebody gave no answer, how often calls
// came there, nothing was said, and the callee left.
func (l *life) silentNodes(group string) [][3]int {
	l.t.Helper()
	nodes := do(l.t, l.client.DescribeDialogueNodeStatistics, outboundbot.CreateDescribeDialogueNodeStatisticsRequest,
		func(r *outboundbot.DescribeDialogueNodeStatisticsRequest) {
			r.InstanceId, r.JobGroupId, r.Limit = l.instance, group, requests.NewInteger(10)
		}).NoAnswerDialogueNodes
	counts := [][3]int{}
	for _, n := range nodes {
		counts = append(counts, [3]int{n.HitNum, n.NoAnswerNum, n.HangUpNum})
	}
	return counts
}

// export fetches the results of a group as a spreadsheet and reads it.
func (l *life) export(group string, jobs int) {
	task := do(l.t, l.client.CreateJobGroupExportTask, outboundbot.CreateCreateJobGroupExportTaskRequest,
		func(r *outboundbot.CreateJobGroupExportTaskRequest) { r.InstanceId, r.JobGroupId = l.instance, group }).TaskId
	var url string
	l.until("the results are written", func() bool {
		progress := do(l.t, l.client.DescribeJobGroupExportTaskProgress, outboundbot.CreateDescribeJobGroupExportTaskProgressRequest,
			func(r *outboundbot.DescribeJobGroupExportTaskProgressRequest) {
				r.InstanceId, r.TaskId = l.instance, task
			})
		url = progress.FileHttpUrl
		return progress.Progress == 1
	})
	rows := readSheet(l.t, download(l.t, url))
	equal(l.t, "the rows of the file", len(rows), 1+jobs)
	number, name := person(2)
	for _, row := range rows[1:] {
		if row[1] == "crm-2" {
			equal(l.t, "a row of the file", row[2:7], []string{name, number, "Succeeded", "", "1"})
			return
		}
	}
	l.t.Errorf("there is no crm-2 in %v", rows)
}

// readSheet returns the rows of a spreadsheet.
func readSheet(t *testing.T, data []byte) [][]string {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := file.GetRows(file.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// keepRecording hands in the recording of a job's call and gets it back.
func (l *life) keepRecording(job string) {
	task := do(l.t, l.client.DescribeJob, outboundbot.CreateDescribeJobRequest, func(r *outboundbot.DescribeJobRequest) {
		r.InstanceId, r.JobId = l.instance, job
	}).Job.Tasks[0].TaskId
	file := l.upload("call.wav", silence())
	do(l.t, l.client.SubmitRecording, outboundbot.CreateSubmitRecordingRequest, func(r *outboundbot.SubmitRecordingRequest) {
		r.InstanceId, r.TaskId, r.MergedRecording = l.instance, task, file
	})
	got := do(l.t, l.client.DownloadRecording, outboundbot.CreateDownloadRecordingRequest, func(r *outboundbot.DownloadRecordingRequest) {
		r.InstanceId, r.TaskId = l.instance, task
	}).DownloadParams
	equal(l.t, "the name of the recording", got.FileName, "call.wav")
	if !bytes.Equal(download(l.t, got.SignatureUrl), silence()) {
		l.t.Error("the recording is not the one that was handed in")
	}
}
