package campaign

import (
	"context"
	"errors"
	neturl "net/url"
	"path"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// Answered notes that a call is the one of a task, when it is first heard of,
// and returns what the call needs to know: the script, and the variables.
func (c *Campaigns) Answered(ctx context.Context, instance, task, call string) (script string, variables map[string]string, err error) {
	t, err := c.o.Store.TaskAnswered(ctx, instance, task, call)
	if err != nil {
		return "", nil, err
	}
	c.meter.attemptAnswered()
	j, err := c.o.Store.CalledJob(ctx, t)
	if err != nil {
		return "", nil, err
	}
	return j.ScriptID, Variables(&j.Job, int(t.Contact)), nil
}

// OpenTask returns the id of the task of a job that is being called. It returns
// a store.NotFoundError of a Task when the job is not.
func (c *Campaigns) OpenTask(ctx context.Context, instance, job string) (string, error) {
	j, err := c.o.Store.Job(ctx, instance, job)
	if err != nil {
		return "", err
	}
	for i := range j.Tasks {
		if j.Tasks[i].EndedAt == 0 {
			return j.Tasks[i].ID, nil
		}
	}
	return "", &store.NotFoundError{Thing: "Task"}
}

// TimedOut ends a task that a call centre has given up: as a conversation that
// fell silent when somebody had answered, else as a call that was not answered.
func (c *Campaigns) TimedOut(ctx context.Context, instance, task string) error {
	t, err := c.o.Store.Task(ctx, instance, task)
	if err != nil || t.EndedAt > 0 {
		return err
	}
	talks, err := c.talks(ctx, t)
	if err != nil {
		return err
	}
	if talks {
		return c.o.Store.FinishTask(ctx, store.Conversation{Instance: instance, Call: t.CallID, EndReason: session.TimedOut.String()})
	}
	return c.Failed(ctx, instance, task, Failure{Reason: NoAnswer})
}

// Terminate has the gateway hang up on a call. The call's end is told as any
// other. It returns a store.NotFoundError of a Task when no task has the call.
func (c *Campaigns) Terminate(ctx context.Context, instance, call string) error {
	t, err := c.o.Store.TaskOfCall(ctx, instance, call)
	if err != nil || t.EndedAt > 0 {
		return err
	}
	return c.o.Gateway.HangUp(ctx, t.ID)
}

// Recorded keeps where the recordings of a task are: the ids of files, or URLs.
// An empty one leaves what is there.
func (c *Campaigns) Recorded(ctx context.Context, instance, task, merged, sources string) error {
	return c.o.Store.SetRecording(ctx, instance, task, merged, sources)
}

// Recording returns the name of the recording of a task and a URL to get it
// from. It returns a store.NotFoundError of a Recording when there is none.
func (c *Campaigns) Recording(ctx context.Context, instance, task string) (name, url string, err error) {
	t, err := c.o.Store.Task(ctx, instance, task)
	switch {
	case err != nil:
		return "", "", err
	case t.Recording == "":
		return "", "", &store.NotFoundError{Thing: "Recording"}
	}
	if at, err := neturl.Parse(t.Recording); err == nil && at.Host != "" {
		return path.Base(at.Path), t.Recording, nil // The call centre keeps it itself.
	}
	if c.o.Files == nil {
		return "", "", ErrNoFiles
	}
	return c.o.Files.Download(ctx, t.Recording)
}

// ErrNoFiles says that a recording is in a file and there is nowhere to look
// for files.
var ErrNoFiles = errors.New("campaign: there is nowhere to keep files")

// Task returns a task, its job, and what became of both.
func (c *Campaigns) Task(ctx context.Context, instance, id string, conversation bool) (*store.Job, *store.Task, *Report, error) {
	t, err := c.o.Store.Task(ctx, instance, id)
	if err != nil {
		return nil, nil, nil, err
	}
	j, err := c.o.Store.Job(ctx, instance, t.JobID)
	if err != nil {
		return nil, nil, nil, err
	}
	shown := *j
	shown.Tasks = []store.Task{*t}
	r, err := c.Report(ctx, instance, []store.Job{shown}, conversation)
	return j, t, r, err
}

// TagHits returns the tag groups of a group's script, and how many of its calls
// hit each tag.
func (c *Campaigns) TagHits(ctx context.Context, g *store.JobGroup) ([]store.TagGroup, []store.TagCount, error) {
	groups, _, err := c.o.Store.Tags(ctx, g.InstanceID, g.ScriptID)
	var missing *store.NotFoundError
	if err != nil && !errors.As(err, &missing) { // The hits outlive the script.
		return nil, nil, err
	}
	hits, err := c.o.Store.CountTagHits(ctx, g.ID)
	return groups, hits, err
}
