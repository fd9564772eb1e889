package api

import (
	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// job is somebody to be reached, as answers show it.
type job struct {
	ActualTime        int64      `rpc:"ActualTime"`
	CalledNumber      string     `rpc:"CalledNumber"`
	CallingNumbers    []string   `rpc:"CallingNumbers"`
	Contacts          []contact  `rpc:"Contacts"`
	DsReport          string     `rpc:"DsReport"`
	EndReason         int        `rpc:"EndReason"` // As in session.EndReason; 0 without a conversation.
	Extras            []keyValue `rpc:"Extras"`
	FailureReason     string     `rpc:"FailureReason"`
	InstanceID        string     `rpc:"InstanceId"`
	JobGroupID        string     `rpc:"JobGroupId"`
	JobID             string     `rpc:"JobId"`
	NextExecutionTime int64      `rpc:"NextExecutionTime"`
	Priority          int        `rpc:"Priority"`
	ReferenceID       string     `rpc:"ReferenceId"`
	ScenarioID        string     `rpc:"ScenarioId"`
	Status            string     `rpc:"Status"`
	StrategyID        string     `rpc:"StrategyId"`
	Summary           []summary  `rpc:"Summary"`
	SystemPriority    int        `rpc:"SystemPriority"`
	Tasks             []task     `rpc:"Tasks"`
}

type contact struct {
	ContactID   string `rpc:"ContactId"`
	ContactName string `rpc:"ContactName"`
	Honorific   string `rpc:"Honorific"`
	JobID       string `rpc:"JobId"`
	PhoneNumber string `rpc:"PhoneNumber"`
	ReferenceID string `rpc:"ReferenceId"`
	Role        string `rpc:"Role"`
	State       string `rpc:"State"`
}

// summary is a tag that a call hit.
type summary struct {
	Category             string `rpc:"Category"`
	Content              string `rpc:"Content"`
	ConversationDetailID string `rpc:"ConversationDetailId"`
	GroupID              string `rpc:"GroupId"`
	JobGroupID           string `rpc:"JobGroupId"`
	JobID                string `rpc:"JobId"`
	SummaryID            string `rpc:"SummaryId"`
	SummaryName          string `rpc:"SummaryName"`
	TaskID               string `rpc:"TaskId"`
}

// task is a call that was attempted.
type task struct {
	ActualTime      int64       `rpc:"ActualTime"`
	Brief           string      `rpc:"Brief"`
	CallID          string      `rpc:"CallId"`
	CalledNumber    string      `rpc:"CalledNumber"`
	CallingNumber   string      `rpc:"CallingNumber"`
	ChatbotID       string      `rpc:"ChatbotId"`
	Contact         contact     `rpc:"Contact"`
	Conversation    []utterance `rpc:"Conversation"`
	Duration        int         `rpc:"Duration"` // Seconds from the answer to the end.
	EndReason       string      `rpc:"EndReason"`
	EndTime         int64       `rpc:"EndTime"`
	HangUpDirection string      `rpc:"HangUpDirection"`
	JobID           string      `rpc:"JobId"`
	PlanedTime      int64       `rpc:"PlanedTime"`
	RingingDuration int64       `rpc:"RingingDuration"` // Seconds from the dial to the answer.
	ScenarioID      string      `rpc:"ScenarioId"`
	Status          string      `rpc:"Status"`
	TaskID          string      `rpc:"TaskId"`
}

// utterance is what one side of a conversation said.
type utterance struct {
	Action       string    `rpc:"Action"`
	ActionParams string    `rpc:"ActionParams"`
	Script       string    `rpc:"Script"`
	SequenceID   string    `rpc:"SequenceId"`
	Speaker      string    `rpc:"Speaker"` // Robot or Contact.
	Summary      []summary `rpc:"Summary"`
	Timestamp    int64     `rpc:"Timestamp"`
}

func jobOf(j *store.Job, r *campaign.Report) job {
	shown := job{
		ActualTime: j.ActualAt, CallingNumbers: j.CallingNumbers.List(), Contacts: []contact{}, DsReport: r.Tags(j), Extras: []keyValue{},
		FailureReason: j.FailureReason, InstanceID: j.InstanceID, JobGroupID: j.GroupID, JobID: j.ID,
		ReferenceID: j.ReferenceID, Status: j.Status, StrategyID: j.StrategyID, Summary: []summary{}, Tasks: []task{},
	}
	if g := r.Groups[j.GroupID]; g != nil {
		shown.ScenarioID, shown.Priority = g.ScenarioID, int(g.Priority)
		if len(shown.CallingNumbers) == 0 {
			shown.CallingNumbers = g.CallingNumbers.List()
		}
	}
	if j.Status == store.JobScheduling {
		shown.NextExecutionTime = j.NextAt
	}
	for _, e := range campaign.Extras(j) {
		shown.Extras = append(shown.Extras, keyValue{e.Key, e.Value})
	}
	for i := range j.Contacts {
		shown.Contacts = append(shown.Contacts, contactOf(&j.Contacts[i]))
	}
	for i := range j.Tasks {
		t := &j.Tasks[i]
		shown.Tasks = append(shown.Tasks, taskOf(j, t, shown.ScenarioID, r))
		shown.CalledNumber, shown.EndReason = t.CalledNumber, int(session.ParseEndReason(t.EndReason))
		for _, hit := range r.Hits[t.ID] {
			shown.Summary = append(shown.Summary, summaryOf(j, t, hit))
		}
	}
	return shown
}

func contactOf(c *store.Contact) contact {
	return contact{
		ContactID: c.ID, ContactName: c.Name, Honorific: c.Honorific, JobID: c.JobID, PhoneNumber: c.PhoneNumber,
		ReferenceID: c.ReferenceID, State: c.State,
	}
}

// summaryOf shows a tag that was hit; it is named by its task and its name.
func summaryOf(j *store.Job, t *store.Task, hit session.Tag) summary {
	return summary{
		Category: "tag", Content: hit.Name, GroupID: j.GroupID, JobGroupID: j.GroupID, JobID: j.ID,
		SummaryID: t.ID + "/" + hit.Group + "/" + hit.Name, SummaryName: hit.Group, TaskID: t.ID,
	}
}

func taskOf(j *store.Job, t *store.Task, scenario string, r *campaign.Report) task {
	shown := task{
		ActualTime: t.ActualAt, CallID: t.CallID, CalledNumber: t.CalledNumber, CallingNumber: t.CallingNumber,
		Conversation: []utterance{}, EndReason: t.EndReason, EndTime: t.EndedAt, HangUpDirection: t.HangUpDirection,
		JobID: t.JobID, PlanedTime: t.PlannedAt, ScenarioID: scenario, Status: t.Status, TaskID: t.ID,
		Brief: t.FailureReason,
	}
	const second = 1000
	if t.AnsweredAt > 0 {
		shown.RingingDuration = max(0, t.AnsweredAt-t.ActualAt) / second
		if t.EndedAt > 0 {
			shown.Duration = int(max(0, t.EndedAt-t.AnsweredAt) / second)
		}
	}
	if int(t.Contact) < len(j.Contacts) {
		shown.Contact = contactOf(&j.Contacts[t.Contact])
	}
	for _, turn := range r.Turns[t.ID] {
		shown.Conversation = append(shown.Conversation, utterancesOf(&turn)...)
	}
	return shown
}

// utterancesOf is what a turn adds to a conversation: the words of the caller,
// where there were any, and those of the robot.
func utterancesOf(t *store.Turn) []utterance {
	var said []utterance
	if t.Utterance != "" {
		said = append(said, utterance{Speaker: "Contact", Script: t.Utterance, Timestamp: t.At, SequenceID: t.TurnID, Summary: []summary{}})
	}
	return append(said, utterance{
		Speaker: "Robot", Script: t.Content, Action: t.Action, ActionParams: t.ActionParams, Timestamp: t.At, SequenceID: t.TurnID, Summary: []summary{},
	})
}
