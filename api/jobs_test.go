package api

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// fakeGateway takes every call and remembers it.
type fakeGateway struct {
	mu     sync.Mutex
	calls  []campaign.Call
	hungUp []string
}

func (g *fakeGateway) Dial(_ context.Context, c campaign.Call) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls = append(g.calls, c)
	return nil
}

func (g *fakeGateway) HangUp(_ context.Context, task string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hungUp = append(g.hungUp, task)
	return nil
}

func (g *fakeGateway) Capacity(context.Context) (int, error) { return 100, nil }

// tick lets the scheduler do what is due and returns the calls that were placed.
func (c *served) tick() []campaign.Call {
	c.t.Helper()
	before := len(c.gateway.calls)
	if _, err := c.campaigns.Tick(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	return c.gateway.calls[before:]
}

// group makes an instance with a number, a published script, and a job group.
func (c *served) group() (instance, script, group string) {
	c.t.Helper()
	instance = c.newInstance("回访")
	c.must("CreateOutboundCallNumber", "InstanceId", instance, "Number", "95187", "RateLimitCount", "100", "RateLimitPeriod", "60")
	script = c.imported(instance, "hello")
	c.must("PublishScript", "InstanceId", instance, "ScriptId", script, "Description", "第一版")
	made := c.must("CreateJobGroup", "InstanceId", instance, "JobGroupName", "五月回访", "JobGroupDescription", "到期提醒", "ScriptId", script,
		"StrategyJson", `{"name":"工作日","maxAttemptsPerDay":2,"minAttemptInterval":30,"workingTime":[{"beginTime":"09:00:00","endTime":"20:30:00"}]}`,
		"CallingNumber.1", "95187", "RingingDuration", "30")
	return instance, script, made.at(c.t, "JobGroup", "JobGroupId").(string)
}

const wangFang = `{"contacts":[{"phonenumber":"138 0000 0000","name":"王芳","referenceId":"crm-7","honorific":"女士"}],"extras":[{"key":"amount","value":"1280"}]}`

// A job from its assignment to its result.
func TestAJobsLife(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance, script, group := c.group()
		assigned := c.must("AssignJobs", "InstanceId", instance, "JobGroupId", group, "JobsJson.1", wangFang)
		job := assigned.at(t, "JobsId", 0).(string)

		calls := c.tick()
		if len(calls) != 1 {
			t.Fatalf("%d calls were placed", len(calls))
		}
		task := calls[0].TaskID
		want := campaign.Call{
			TaskID: task, InstanceID: instance, JobID: job, JobGroupID: group, ScriptID: script,
			CallingNumber: "95187", CalledNumber: "13800000000", Ringing: 30 * time.Second, Deadline: calls[0].Deadline,
		}
		if diff := cmp.Diff(want, calls[0]); diff != "" {
			t.Errorf("the call: %s", diff)
		}
		if got := c.must("TaskPreparing", "InstanceId", instance, "JobId", job)["TaskId"]; got != task {
			t.Errorf("the task being prepared is %v", got)
		}

		// Nobody answers; half an hour later somebody does.
		c.must("RecordFailure", "InstanceId", instance, "TaskId", task, "ActualTime", strconv.FormatInt(c.clock.Now().UnixMilli(), 10),
			"CalledNumber", "13800000000", "CallingNumber", "95187", "CallId", "call-1", "DispositionCode", "NotAnswered")
		if again := c.tick(); len(again) != 0 {
			t.Fatalf("called again at once: %v", again)
		}
		c.clock.Advance(31 * time.Minute)
		task = c.tick()[0].TaskID
		named, variables, err := c.campaigns.Answered(t.Context(), instance, task, "call-2")
		if err != nil || named != script {
			t.Fatalf("answered: script %q, %v", named, err)
		}
		if diff := cmp.Diff(map[string]string{
			"name": "王芳", "honorific": "女士", "phonenumber": "13800000000", "referenceId": "crm-7", "amount": "1280",
		}, variables); diff != "" {
			t.Errorf("variables: %s", diff)
		}
		c.must("TerminateCall", "InstanceId", instance, "CallId", "call-2")
		if diff := cmp.Diff([]string{task}, c.gateway.hungUp); diff != "" {
			t.Errorf("hung up: %s", diff)
		}
		err = c.store.FinishTask(t.Context(), store.Conversation{
			Instance: instance, Call: "call-2", EndReason: "FINISHED", HangUpDirection: "client", Tags: []session.Tag{{Group: "意向", Name: "高"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		c.tick()

		got := c.must("DescribeJob", "InstanceId", instance, "JobId", job)
		for _, is := range []struct {
			path []any
			want any
		}{
			{[]any{"Job", "Status"}, "Succeeded"},
			{[]any{"Job", "FailureReason"}, ""},
			{[]any{"Job", "EndReason"}, 1.0},
			{[]any{"Job", "DsReport"}, "意向/高"},
			{[]any{"Job", "ReferenceId"}, "crm-7"},
			{[]any{"Job", "Contacts", 0, "ContactName"}, "王芳"},
			{[]any{"Job", "Extras", 0, "Value"}, "1280"},
			{[]any{"Job", "Summary", 0, "Content"}, "高"},
			{[]any{"Job", "Tasks", 0, "Status"}, "Failed"},
			{[]any{"Job", "Tasks", 0, "Brief"}, "NoAnswer"},
			{[]any{"Job", "Tasks", 1, "Status"}, "Succeeded"},
			{[]any{"Job", "Tasks", 1, "EndReason"}, "FINISHED"},
			{[]any{"Job", "Tasks", 1, "HangUpDirection"}, "client"},
			{[]any{"Job", "Tasks", 1, "CallingNumber"}, "95187"},
			{[]any{"Job", "Tasks", 1, "Contact", "Honorific"}, "女士"},
		} {
			if value := got.at(t, is.path...); value != is.want {
				t.Errorf("%v is %v, want %v", is.path, value, is.want)
			}
		}
		shown := c.must("DescribeJobGroup", "InstanceId", instance, "JobGroupId", group)
		for _, is := range []struct {
			path []any
			want any
		}{
			{[]any{"JobGroup", "Status"}, "Completed"},
			{[]any{"JobGroup", "ScriptName"}, "停水通知"},
			{[]any{"JobGroup", "Progress", "TotalJobs"}, 1.0},
			{[]any{"JobGroup", "Progress", "TotalCompleted"}, 1.0},
			{[]any{"JobGroup", "Progress", "TotalNotAnswered"}, 1.0},
			{[]any{"JobGroup", "Result", "FinishedNum"}, 1.0},
			{[]any{"JobGroup", "Strategy", "StrategyName"}, "工作日"},
			{[]any{"JobGroup", "Strategy", "WorkingTime", 0, "EndTime"}, "20:30:00"},
			{[]any{"JobGroup", "RingingDuration"}, 30.0},
		} {
			if value := shown.at(t, is.path...); value != is.want {
				t.Errorf("%v is %v, want %v", is.path, value, is.want)
			}
		}
		hits := c.must("DescribeTagHitsSummary", "InstanceId", instance, "JobGroupId", group)
		if hits.at(t, "TagHitsList", 0, "HitCount") != 1.0 || hits.at(t, "TagHitsList", 0, "TagName") != "高" {
			t.Errorf("tag hits %v", hits)
		}
	})
}

// A group that was cancelled takes no more jobs.
func TestNobodyIsAssignedToACancelledGroup(t *testing.T) {
	eachWhole(t, func(t *testing.T, w *whole) {
		x := w.newWorld()
		instance, script := x.names["$instance"], x.names["$script"]
		made := w.must("CreateJobGroup", "InstanceId", instance, "JobGroupName", "五月回访", "JobGroupDescription", "", "ScriptId", script)
		of := []string{"InstanceId", instance, "JobGroupId", made.at(t, "JobGroup", "JobGroupId").(string)}
		w.must("AssignJobs", append(of, "JobsJson.1", wangFang)...)
		w.must("CancelJobs", append(of, "All", "true")...)
		for _, action := range [][]string{{"AssignJobs", "JobsJson.1", wangFang}, {"StartJob", "JobJson", wangFang}} {
			w.refused("InvalidParameter", action[0], append(of, action[1:]...)...)
		}
		if shown := w.must("DescribeJobGroup", of...); shown.at(t, "JobGroup", "Status") != "Cancelled" {
			t.Errorf("the group is %v", shown.at(t, "JobGroup", "Status"))
		}
	})
}

// A failure that is told of a call in which something was said changes nothing,
// and call centres may name all calls alike that did not come about.
func TestFailuresThatAreToldLate(t *testing.T) {
	eachWhole(t, func(t *testing.T, w *whole) {
		x := w.newWorld()
		instance, script := x.names["$instance"], x.names["$script"]
		start := func() string {
			t.Helper()
			started := w.must("StartJob", "InstanceId", instance, "ScriptId", script, "CallingNumber.1", "95187",
				"JobJson", `{"contacts":[{"phonenumber":"13855556666"}]}`)
			return started.at(t, "TaskIds", 0, "Value").(string)
		}
		failed := func(task, call string) {
			t.Helper()
			w.must("RecordFailure", "InstanceId", instance, "TaskId", task, "ActualTime", "1", "CalledNumber", "13855556666",
				"CallingNumber", "95187", "CallId", call, "DispositionCode", "NotExists")
		}
		task := start()
		w.must("Dialogue", "InstanceId", instance, "TaskId", task, "CallId", "talk", "CallType", "Outbound", "CalledNumber", "13855556666", "CallingNumber", "95187")
		failed(task, "talk")
		hung := w.must("Dialogue", "InstanceId", instance, "TaskId", task, "CallId", "talk", "CallType", "Outbound", "CalledNumber", "13855556666",
			"CallingNumber", "95187", "ActionKey", "Hangup")
		if hung.at(t, "Feedback", "Action") != "Hangup" {
			t.Errorf("the call ended with %v", hung)
		}
		shown := w.must("GetTaskByUuid", "InstanceId", instance, "TaskId", task, "WithConversations", "true")
		if shown.at(t, "Task", "EndReason") != float64(session.NoInteraction) || shown.at(t, "Task", "CallId") != "talk" || len(shown["Conversation"].([]any)) != 2 {
			t.Errorf("the task is %v", shown)
		}
		for range 2 {
			task := start()
			failed(task, "0")
			if shown := w.must("GetTaskByUuid", "InstanceId", instance, "TaskId", task); shown.at(t, "Task", "EndTime") == 0.0 {
				t.Errorf("a failure was not written down: %v", shown)
			}
		}
	})
}
