package campaign

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Export begins to write the results of a group to an .xlsx file, and returns
// the id of the transfer.
func (c *Campaigns) Export(ctx context.Context, instance, group string) (string, error) {
	if c.o.Files == nil {
		return "", ErrNoFiles
	}
	t := &store.Transfer{InstanceID: instance, GroupID: group, Direction: store.TransferOut}
	err := c.o.Store.AddTransfer(ctx, t)
	return t.ID, err
}

// Exported returns how far an export has come and, once it is done, a URL to
// get the file from.
func (c *Campaigns) Exported(ctx context.Context, instance, id string) (t *store.Transfer, url string, err error) {
	t, err = c.o.Store.Transfer(ctx, instance, id)
	if err != nil || t.Status != store.TransferDone || c.o.Files == nil {
		return t, "", err
	}
	_, url, err = c.o.Files.Download(ctx, t.FileID)
	return t, url, err
}

// write writes the results of a group to a file. What a server wrote that was at
// it before is gone with that server, so it begins at the beginning.
func (c *Campaigns) write(ctx context.Context, t *store.Transfer) error {
	from := t.Done
	total, err := c.o.Store.CountJobs(ctx, t.GroupID)
	if err != nil {
		return err
	}
	t.Total, t.Done = int64(total), 0
	if err := c.step(ctx, t, from, nil); err != nil {
		return err
	}
	var out bytes.Buffer
	err = writeSheet(&out, func(row func(cells ...any) error) error { return c.results(ctx, t, row) })
	if err != nil {
		return err
	}
	if t.FileID, err = c.o.Files.Keep(ctx, t.GroupID+".xlsx", sheetType, out.Bytes()); err != nil {
		return err
	}
	t.Status, t.Total = store.TransferDone, t.Done
	err = c.step(ctx, t, t.Done, nil)
	if errors.Is(err, store.ErrLost) { // Nobody will ever know of this file.
		return errors.Join(err, c.o.Files.Discard(ctx, t.FileID))
	}
	return err
}

// results writes a row a job, page by page. Jobs that are added meanwhile are
// newer than all that follow, and left out.
func (c *Campaigns) results(ctx context.Context, t *store.Transfer, row func(cells ...any) error) error {
	if err := row("jobId", "referenceId", "name", "phonenumber", "status", "failureReason", "attempts", "callingNumber",
		"lastCallId", "endReason", "seconds", "tags", "extras"); err != nil {
		return err
	}
	var last *store.Job
	for {
		jobs, err := c.o.Store.JobsAfter(ctx, t.GroupID, last, chunk)
		if err != nil || len(jobs) == 0 {
			return err
		}
		report, err := c.Report(ctx, t.InstanceID, jobs, false)
		if err != nil {
			return err
		}
		for i := range jobs {
			if err := row(resultOf(&jobs[i], report)...); err != nil {
				return err
			}
		}
		last = &jobs[len(jobs)-1]
		from := t.Done
		t.Done += int64(len(jobs))
		t.Total = max(t.Total, t.Done)
		if err := c.step(ctx, t, from, nil); err != nil {
			return err
		}
	}
}

// sheetType is the type of an .xlsx file.
const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// resultOf is the row of a job in an export.
func resultOf(j *store.Job, r *Report) []any {
	var contact store.Contact
	var last store.Task
	if int(j.Contact) < len(j.Contacts) {
		contact = j.Contacts[j.Contact]
	}
	if n := len(j.Tasks); n > 0 {
		last = j.Tasks[n-1]
	}
	seconds := int64(0)
	if last.AnsweredAt > 0 && last.EndedAt > last.AnsweredAt {
		seconds = (last.EndedAt - last.AnsweredAt) / time.Second.Milliseconds()
	}
	return []any{
		j.ID, j.ReferenceID, contact.Name, contact.PhoneNumber, j.Status, j.FailureReason, strconv.Itoa(len(j.Tasks)), last.CallingNumber,
		last.CallID, last.EndReason, strconv.FormatInt(seconds, 10), r.Tags(j), j.Extras,
	}
}
