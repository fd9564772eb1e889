package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

const (
	// chunk is how many jobs one transaction brings in, or one page of an export
	// has. A turn of a call in flight waits behind one of them at most: after each
	// the import rests.
	chunk = 100
	rest  = 10 * time.Millisecond
	// transferLease is how long a server has for one chunk before another takes
	// the transfer over.
	transferLease = time.Minute
)

// assignment is what the jobs of a file have in common.
type assignment struct {
	Numbers []string
}

// CreateGroupFrom makes a group whose jobs come from an .xlsx file, by its id.
// The file is read by [Campaigns.Transfer]; until all its jobs are there the
// group is a draft. With submitted it dials then, if no row of the file is wrong.
func (c *Campaigns) CreateGroupFrom(ctx context.Context, instance string, d GroupDraft, submitted bool) (*store.JobGroup, error) {
	if d.JobFile == "" {
		return c.CreateGroup(ctx, instance, d, submitted)
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	if err := c.scenario(ctx, instance, &d); err != nil {
		return nil, err
	}
	if err := errors.Join(c.published(ctx, instance, d.ScriptID), c.fileThere(ctx, d.JobFile)); err != nil {
		return nil, err
	}
	g := &store.JobGroup{InstanceID: instance, Status: store.GroupDraft}
	d.put(g)
	if err := c.o.Store.AddJobGroupFrom(ctx, g, &store.Transfer{Direction: store.TransferIn, FileID: d.JobFile, Submit: submitted}); err != nil {
		return nil, err
	}
	return c.o.Store.JobGroup(ctx, instance, g.ID)
}

// ModifyGroupFrom changes a draft, and lets its jobs come from another file when
// it names one. With submitted it dials when they are there.
func (c *Campaigns) ModifyGroupFrom(ctx context.Context, instance, group string, d GroupDraft, submitted bool) (*store.JobGroup, error) {
	before, err := c.o.Store.JobGroup(ctx, instance, group)
	if err != nil {
		return nil, err
	}
	fresh := d.JobFile != "" && d.JobFile != before.JobFile
	if fresh {
		if err := c.fileThere(ctx, d.JobFile); err != nil {
			return nil, err
		}
	}
	g, err := c.ModifyGroup(ctx, instance, group, d)
	switch {
	case err != nil:
		return nil, err
	case fresh:
		err = c.o.Store.AddTransfer(ctx, &store.Transfer{
			InstanceID: instance, GroupID: group, Direction: store.TransferIn, FileID: d.JobFile, Submit: submitted,
		})
	case submitted:
		err = c.SubmitGroup(ctx, instance, group)
	}
	if err != nil {
		return nil, err
	}
	return c.o.Store.JobGroup(ctx, instance, g.ID)
}

// AssignFile adds the jobs of an .xlsx file to a group, chunk by chunk, once all
// its rows are found good.
func (c *Campaigns) AssignFile(ctx context.Context, instance, group, file string, numbers []string) error {
	g, err := c.o.Store.JobGroup(ctx, instance, group)
	if err != nil {
		return err
	}
	if numbers, err = callingNumbers(numbers); err != nil {
		return err
	}
	if err := errors.Join(c.published(ctx, instance, g.ScriptID), c.fileThere(ctx, file)); err != nil {
		return err
	}
	text, err := json.Marshal(assignment{numbers})
	if err != nil {
		return err
	}
	return c.o.Store.AddTransfer(ctx, &store.Transfer{
		InstanceID: instance, GroupID: group, Direction: store.TransferIn, FileID: file, Assignment: string(text),
	})
}

// fileThere returns an error unless a file was uploaded.
func (c *Campaigns) fileThere(ctx context.Context, id string) error {
	if c.o.Files == nil {
		return ErrNoFiles
	}
	_, _, err := c.o.Files.Download(ctx, id)
	var missing *store.NotFoundError
	if errors.As(err, &missing) {
		return &store.InvalidError{Parameter: "JobFilePath", Allowed: "It must be the id of a file that was uploaded, as GenerateUploadUrl gives it."}
	}
	return err
}

// LastTransfer returns the newest transfer of a group in a direction, nil for none.
func (c *Campaigns) LastTransfer(ctx context.Context, g *store.JobGroup, direction string) (*store.Transfer, error) {
	return c.o.Store.LastTransfer(ctx, g.ID, direction)
}

// Transfer takes up one file that is on its way into a group or out of it, and
// sees it through. It reports whether there was one. Call it every second or so,
// beside Tick: a big file takes minutes.
func (c *Campaigns) Transfer(ctx context.Context) (bool, error) {
	if c.o.Files == nil {
		return false, nil
	}
	t, err := c.o.Store.LeaseTransfer(ctx, c.o.Now().Add(transferLease).UnixMilli())
	if err != nil || t == nil {
		return false, err
	}
	through := c.bring
	if t.Direction == store.TransferOut {
		through = c.write
	}
	err = through(ctx, t)
	var wrong *SheetError
	var refused *store.InvalidError
	var missing *store.NotFoundError
	switch {
	case errors.Is(err, store.ErrLost):
		return true, nil
	case errors.As(err, &wrong), errors.As(err, &refused), errors.As(err, &missing):
		t.Status, t.Problem = store.TransferFailed, err.Error()
		if err = c.o.Store.Step(ctx, t, t.Done, nil); errors.Is(err, store.ErrLost) {
			err = nil
		}
	}
	return true, err
}

// bring brings the jobs of a file into a group: first it looks at every row,
// then it goes on from where it, or another server, came to.
func (c *Campaigns) bring(ctx context.Context, t *store.Transfer) error {
	data, err := c.o.Files.Bytes(ctx, t.FileID)
	if err != nil {
		return err
	}
	if t.Total == 0 {
		if t.Total, err = checkSheet(data); err != nil {
			return err
		}
		if err := c.step(ctx, t, 0, nil); err != nil {
			return err
		}
	}
	g, err := c.o.Store.JobGroup(ctx, t.InstanceID, t.GroupID)
	if err != nil {
		return err
	}
	var common assignment
	if t.Assignment != "" {
		if err := json.Unmarshal([]byte(t.Assignment), &common); err != nil {
			return err
		}
	}
	seen, through := int64(0), t.Done
	var jobs []store.Job
	flush := func() error {
		if err := c.schedule(g.Strategy, common.Numbers, jobs); err != nil {
			return err
		}
		t.Done += int64(len(jobs))
		if t.Done == t.Total {
			t.Status = store.TransferDone
		}
		err := c.step(ctx, t, t.Done-int64(len(jobs)), jobs)
		jobs = jobs[:0]
		return errors.Join(err, pause(ctx, rest))
	}
	err = readSheet(data, func(_ int, job store.Job, _ string) error {
		if seen++; seen <= through {
			return nil
		}
		if jobs = append(jobs, job); len(jobs) < chunk {
			return nil
		}
		return flush()
	})
	if err != nil || len(jobs) == 0 {
		return err
	}
	return flush()
}

// pause returns after a while, or when ctx ends.
func pause(ctx context.Context, while time.Duration) error {
	select {
	case <-time.After(while):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// step writes down how far a transfer has come, and asks for more time.
func (c *Campaigns) step(ctx context.Context, t *store.Transfer, from int64, jobs []store.Job) error {
	t.LeasedUntil = c.o.Now().Add(transferLease).UnixMilli()
	return c.o.Store.Step(ctx, t, from, jobs)
}
