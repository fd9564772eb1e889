package store

import "testing"

func TestWhatBecomesOfAGroup(t *testing.T) {
	const begun = 1
	for _, tt := range []struct {
		name string
		g    standing
		want string
	}{
		{"nothing in it", standing{Status: GroupScheduling}, GroupScheduling},
		{"nothing in it yet", standing{Status: GroupScheduling, Arriving: true}, GroupScheduling},
		{"not begun", standing{Status: GroupScheduling, Scheduling: true}, GroupScheduling},
		{"begun", standing{Status: GroupScheduling, Executing: true, StartedAt: begun}, GroupExecuting},
		{"waits for retries", standing{Status: GroupExecuting, Scheduling: true, Failed: true, StartedAt: begun}, GroupExecuting},
		{"done", standing{Status: GroupExecuting, Succeeded: true, Failed: true, StartedAt: begun}, GroupCompleted},
		{"all failed", standing{Status: GroupExecuting, Failed: true, StartedAt: begun}, GroupCompleted},
		{"done, more to come", standing{Status: GroupExecuting, Succeeded: true, Arriving: true, StartedAt: begun}, GroupExecuting},
		{"more has come", standing{Status: GroupCompleted, Succeeded: true, Scheduling: true, StartedAt: begun}, GroupExecuting},

		{"some paused", standing{Status: GroupExecuting, Paused: true, Scheduling: true, StartedAt: begun}, GroupExecuting},
		{"all paused", standing{Status: GroupScheduling, Paused: true}, GroupPaused},
		{"all paused, one is called", standing{Status: GroupExecuting, Paused: true, Executing: true, StartedAt: begun}, GroupPaused},
		{"all paused, some are done", standing{Status: GroupExecuting, Paused: true, Succeeded: true, StartedAt: begun}, GroupPaused},
		{"resumed", standing{Status: GroupPaused, Scheduling: true, StartedAt: begun}, GroupExecuting},
		{"resumed before it began", standing{Status: GroupPaused, Scheduling: true}, GroupScheduling},

		{"all cancelled", standing{Status: GroupScheduling, Cancelled: true}, GroupCancelled},
		{"paused, then cancelled", standing{Status: GroupPaused, Cancelled: true, StartedAt: begun}, GroupCancelled},
		{"paused, then cancelled, one had succeeded", standing{Status: GroupPaused, Cancelled: true, Succeeded: true, StartedAt: begun}, GroupCompleted},
		{"paused, then cancelled, one is called", standing{Status: GroupPaused, Cancelled: true, Executing: true, StartedAt: begun}, GroupExecuting},
		{"cancelled, one had failed", standing{Status: GroupExecuting, Cancelled: true, Failed: true, StartedAt: begun}, GroupCancelled},
		{"cancelled, more to come", standing{Status: GroupExecuting, Cancelled: true, Arriving: true}, GroupScheduling},

		{"a draft", standing{Status: GroupDraft, Drafted: true}, GroupDraft},
		{"an empty draft", standing{Status: GroupDraft}, GroupDraft},
		{"a draft that is cancelled", standing{Status: GroupDraft, Cancelled: true}, GroupCancelled},
		{"a draft of which some are cancelled", standing{Status: GroupDraft, Cancelled: true, Drafted: true}, GroupDraft},
		{"a draft whose jobs are ready", standing{Status: GroupDraft, Scheduling: true, Arriving: true}, GroupDraft},

		{"stopped", standing{Status: GroupFailed, Failed: true, Executing: true, StartedAt: begun}, GroupFailed},
		{"stopped, one succeeded", standing{Status: GroupFailed, Failed: true, Succeeded: true, StartedAt: begun}, GroupFailed},
	} {
		if got := tt.g.becomes(); got != tt.want {
			t.Errorf("%s: it becomes %s, want %s", tt.name, got, tt.want)
		}
	}
}
