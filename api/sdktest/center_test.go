package sdktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// center is a telephony system in the hands of the test: it takes every call
// and leaves it to the test what becomes of it.
type center struct {
	*httptest.Server
	dials, hangUps chan webhook
}

// webhook is what a server asks of a telephony system.
type webhook struct{ Type, TaskID, JobID, CalledNumber, CallingNumber string }

func newCenter(t *testing.T) *center {
	const plenty = 100
	c := &center{dials: make(chan webhook, plenty), hangUps: make(chan webhook, plenty)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked webhook
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		switch asked.Type {
		case "dial":
			c.dials <- asked
		case "hangUp":
			c.hangUps <- asked
		default:
			_, _ = io.WriteString(w, `{"capacity":100}`) // Who asks and leaves loses nothing.
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// TestCallCenter lets the test be the telephony system, and suspends, resumes
// and cancels calls in the middle of a campaign.
func TestCallCenter(t *testing.T) {
	c := newCenter(t)
	eachStorage(t, func(t *testing.T, s *server) {
		l := &life{t: t, server: s, client: s.client(t, keyID, keySecret)}
		l.makeCampaignScript()
		l.oneAtATime()
		group := l.createGroup()
		jobs := l.assign(group, contacts(0, 1))
		first := l.taken(c.dials)
		jobs = append(jobs, l.assign(group, contacts(1, 5))...)
		l.choose("suspend", group, "", "")
		l.fail(first, "Busy")
		equal(t, "how many jobs are suspended", l.group(group).Progress.Paused, len(jobs))

		l.choose("resume", "", "", "crm-1")
		late := l.taken(c.dials)
		equal(t, "who is called", late.JobID, jobs[1])
		l.giveUp(late)
		again := l.taken(c.dials)
		equal(t, "who is called again", []any{again.JobID, again.TaskID != late.TaskID}, []any{jobs[1], true})
		equal(t, "what is said", []string{l.tell(again, "", "").Content, l.tell(again, "好的", "").Action}, []string{"明天停水，您知道了吗？", "Hangup"})

		l.choose("resume", "", jobs[2], "")
		talking := l.taken(c.dials)
		l.tell(talking, "", "")
		l.terminate(talking)
		equal(t, "the task of the call to hang up", l.taken(c.hangUps).TaskID, talking.TaskID)
		l.tell(talking, "", "Hangup")

		const blocked = 3
		entry := l.block(blocked)
		l.choose("resume", "", jobs[blocked], "")
		l.until("the blocked number is given up", func() bool { return l.group(group).Progress.Failed == 1 })
		l.unblock(entry)
		l.choose("cancel", group, "", "")
		l.awaitEnd(group, len(jobs))
		equal(t, "what became of the jobs", l.ends(group), []string{"Cancelled Busy", "Succeeded ", "Succeeded ", "Failed Blocked", "Cancelled "})
		equal(t, "how often nobody answered, and who left", l.silentNodes(group), [][3]int{{2, 0, 1}})
		if n := len(c.dials); n > 0 {
			t.Errorf("%d more calls were placed", n)
		}
		do(t, l.client.DeleteInstance, outboundbot.CreateDeleteInstanceRequest, func(r *outboundbot.DeleteInstanceRequest) {
			r.InstanceId = l.instance
		})
	}, "--gateway", c.URL)
}

// oneAtATime lets the instance have a single call.
func (l *life) oneAtATime() {
	do(l.t, l.client.ModifyInstance, outboundbot.CreateModifyInstanceRequest, func(r *outboundbot.ModifyInstanceRequest) {
		r.InstanceId, r.InstanceName, r.MaxConcurrentConversation = l.instance, "社区客服", requests.NewInteger(1)
	})
}

// taken waits until the server asks for something.
func (l *life) taken(asked chan webhook) webhook {
	l.t.Helper()
	select {
	case w := <-asked:
		return w
	case <-time.After(time.Minute):
		l.t.Fatal("for a minute the server asks for nothing")
		panic("unreachable")
	}
}

// block puts somebody on the block list and returns the id of the entry.
func (l *life) block(n int) string {
	number, name := person(n)
	saved := do(l.t, l.client.SaveContactBlockList, outboundbot.CreateSaveContactBlockListRequest, func(r *outboundbot.SaveContactBlockListRequest) {
		r.InstanceId = l.instance
		r.ContactBlockListsJson = `[{"phoneNumber":"` + number + `","name":"` + name + `","remark":"投诉"}]`
	})
	equal(l.t, "how many numbers were blocked", saved.AffectedRows, 1)
	list := l.blocked()
	equal(l.t, "the entry", []string{list[0].PhoneNumber, list[0].Name, list[0].Remark}, []string{number, name, "投诉"})
	return list[0].ContactBlockListId
}

func (l *life) blocked() []outboundbot.ContactBlockList {
	l.t.Helper()
	return do(l.t, l.client.GetContactBlockList, outboundbot.CreateGetContactBlockListRequest, func(r *outboundbot.GetContactBlockListRequest) {
		r.InstanceId, r.CountTotalRow = l.instance, requests.NewBoolean(true)
		r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(10)
	}).ContactBlocklistList.List
}

func (l *life) unblock(entry string) {
	do(l.t, l.client.DeleteContactBlockList, outboundbot.CreateDeleteContactBlockListRequest, func(r *outboundbot.DeleteContactBlockListRequest) {
		r.InstanceId, r.ContactBlockListId = l.instance, entry
	})
	equal(l.t, "how many numbers are blocked still", len(l.blocked()), 0)
}

// choose suspends, resumes or cancels jobs: of a group, by id, or by reference.
func (l *life) choose(what, group, job, reference string) {
	l.t.Helper()
	list := func(id string) *[]string {
		if id == "" {
			return nil
		}
		return &[]string{id}
	}
	switch what {
	case "suspend":
		do(l.t, l.client.SuspendJobs, outboundbot.CreateSuspendJobsRequest, func(r *outboundbot.SuspendJobsRequest) {
			r.InstanceId, r.JobGroupId, r.JobId, r.JobReferenceId = l.instance, group, list(job), list(reference)
		})
	case "resume":
		do(l.t, l.client.ResumeJobs, outboundbot.CreateResumeJobsRequest, func(r *outboundbot.ResumeJobsRequest) {
			r.InstanceId, r.JobGroupId, r.JobId, r.JobReferenceId = l.instance, group, list(job), list(reference)
		})
	case "cancel":
		do(l.t, l.client.CancelJobs, outboundbot.CreateCancelJobsRequest, func(r *outboundbot.CancelJobsRequest) {
			r.InstanceId, r.JobGroupId, r.JobId, r.JobReferenceId = l.instance, group, list(job), list(reference)
		})
	}
}

// fail tells that a call did not come about, after asking whose it is.
func (l *life) fail(call webhook, code string) {
	l.t.Helper()
	task := do(l.t, l.client.TaskPreparing, outboundbot.CreateTaskPreparingRequest, func(r *outboundbot.TaskPreparingRequest) {
		r.InstanceId, r.JobId = l.instance, call.JobID
	}).TaskId
	equal(l.t, "the task of the job", task, call.TaskID)
	do(l.t, l.client.RecordFailure, outboundbot.CreateRecordFailureRequest, func(r *outboundbot.RecordFailureRequest) {
		r.InstanceId, r.TaskId, r.CallId, r.DispositionCode = l.instance, call.TaskID, "call-"+call.TaskID, code
		r.CalledNumber, r.CallingNumber, r.ActualTime = call.CalledNumber, call.CallingNumber, millis(time.Now().UnixMilli())
	})
}

// giveUp tells that nothing is heard of a call.
func (l *life) giveUp(call webhook) {
	do(l.t, l.client.InflightTaskTimeout, outboundbot.CreateInflightTaskTimeoutRequest, func(r *outboundbot.InflightTaskTimeoutRequest) {
		r.InstanceId, r.TaskId = l.instance, call.TaskID
	})
}

// tell tells what a callee said or did, and returns what to say.
func (l *life) tell(call webhook, utterance, action string) outboundbot.Feedback {
	l.t.Helper()
	return do(l.t, l.client.Dialogue, outboundbot.CreateDialogueRequest, func(r *outboundbot.DialogueRequest) {
		r.InstanceId, r.TaskId, r.CallId, r.CallType = l.instance, call.TaskID, "call-"+call.TaskID, "Outbound"
		r.CalledNumber, r.CallingNumber, r.Utterance, r.ActionKey = call.CalledNumber, call.CallingNumber, utterance, action
	}).Feedback
}

func (l *life) terminate(call webhook) {
	do(l.t, l.client.TerminateCall, outboundbot.CreateTerminateCallRequest, func(r *outboundbot.TerminateCallRequest) {
		r.InstanceId, r.CallId = l.instance, "call-"+call.TaskID
	})
}

// ends says what became of each job of a group, in the order they were given.
func (l *life) ends(group string) []string {
	l.t.Helper()
	jobs := do(l.t, l.client.ListJobsByGroup, outboundbot.CreateListJobsByGroupRequest, func(r *outboundbot.ListJobsByGroupRequest) {
		r.InstanceId, r.JobGroupId = l.instance, group
		r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(100)
	}).Jobs.List
	byReference := make(map[string]string)
	for _, j := range jobs {
		byReference[j.ReferenceId] = strings.Join([]string{j.Status, j.FailureReason}, " ")
	}
	ends := make([]string, len(jobs))
	for i := range ends {
		ends[i] = byReference["crm-"+string(rune('0'+i))]
	}
	return ends
}
