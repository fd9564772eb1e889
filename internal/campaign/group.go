package campaign

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// GroupDraft is a job group as it is made or changed.
type GroupDraft struct {
	Name           string
	Description    string
	ScriptID       string
	ScenarioID     string
	Strategy       string // JSON, as clients send it; empty: the default.
	Recall         string // JSON: emptyNumberIgnore, inArrearsIgnore, outOfServiceIgnore; empty: none.
	CallingNumbers []string
	Ringing        time.Duration // 0: 45 seconds.
	Priority       int           // The higher, the earlier its jobs are dialled.
	MinConcurrency int
	JobFile        string
}

// ErrNotPublished says that a script has no version that calls could run on.
var ErrNotPublished = errors.New("campaign: nothing was published of the script")

// published returns an error unless calls can begin on a script of the instance.
func (c *Campaigns) published(ctx context.Context, instance, script string) error {
	if script == "" {
		return &store.MissingError{Parameter: "ScriptId"}
	}
	s, err := c.o.Store.Script(ctx, instance, script)
	if err != nil {
		return err
	}
	if s.AppliedVersion == 0 {
		return ErrNotPublished
	}
	return nil
}

// scenario lets ScenarioId, which once named a script, do so where ScriptId
// does not.
func (c *Campaigns) scenario(ctx context.Context, instance string, d *GroupDraft) error {
	if d.ScriptID != "" || d.ScenarioID == "" {
		return nil
	}
	_, err := c.o.Store.Script(ctx, instance, d.ScenarioID)
	var missing *store.NotFoundError
	if err == nil {
		d.ScriptID = d.ScenarioID
	} else if errors.As(err, &missing) && missing.Thing == "Script" {
		err = nil
	}
	return err
}

// check reads the strategy and the recall rules of a draft, and refuses the
// draft where they or its numbers are wrong.
func (d *GroupDraft) check() error {
	if _, err := ParseStrategy(d.Strategy); err != nil {
		return strategyRefused(err)
	}
	recall, err := parseRecall(d.Recall)
	if err != nil {
		return err
	}
	d.Recall = recall
	d.CallingNumbers, err = callingNumbers(d.CallingNumbers)
	return err
}

// strategyRefused makes an error of a strategy one of the parameter it is in.
func strategyRefused(err error) error {
	return &store.InvalidError{Parameter: "StrategyJson", Allowed: err.Error()}
}

// callingNumbers reads the numbers that calls are to be shown to come from.
func callingNumbers(given []string) ([]string, error) {
	numbers := []string{}
	for _, text := range given {
		if text == "" {
			continue
		}
		number, ok := Number(text)
		if !ok {
			return nil, &store.InvalidError{Parameter: "CallingNumber", Allowed: "A number is 3 to 20 digits, which a + may precede."}
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}

// parseRecall reads recall rules as RecallStrategyJson carries them, and
// returns them as they are kept.
func parseRecall(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	var in struct {
		EmptyNumberIgnore  bool `json:"emptyNumberIgnore"`
		InArrearsIgnore    bool `json:"inArrearsIgnore"`
		OutOfServiceIgnore bool `json:"outOfServiceIgnore"`
	}
	if json.Unmarshal([]byte(text), &in) != nil {
		return "", &store.InvalidError{Parameter: "RecallStrategyJson",
			Allowed: "It must be a JSON object of emptyNumberIgnore, inArrearsIgnore and outOfServiceIgnore, each true or false."}
	}
	kept, err := json.Marshal(Recall{in.EmptyNumberIgnore, in.InArrearsIgnore, in.OutOfServiceIgnore})
	return string(kept), err
}

// put writes a draft into a group.
func (d *GroupDraft) put(g *store.JobGroup) {
	g.Name, g.Description, g.ScriptID, g.ScenarioID = d.Name, d.Description, d.ScriptID, d.ScenarioID
	g.Strategy, g.Recall, g.CallingNumbers, g.JobFile = d.Strategy, d.Recall, store.NewTexts(d.CallingNumbers), d.JobFile
	g.RingingSeconds, g.Priority, g.MinConcurrency = int64(d.Ringing/time.Second), int64(d.Priority), int64(d.MinConcurrency)
}

// CreateGroup makes a group. With submitted it dials as soon as it has jobs,
// otherwise it is a draft until [Campaigns.SubmitGroup].
func (c *Campaigns) CreateGroup(ctx context.Context, instance string, d GroupDraft, submitted bool) (*store.JobGroup, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if err := c.scenario(ctx, instance, &d); err != nil {
		return nil, err
	}
	if err := c.published(ctx, instance, d.ScriptID); err != nil {
		return nil, err
	}
	g := &store.JobGroup{InstanceID: instance, Status: store.GroupDraft}
	if submitted {
		g.Status = store.GroupScheduling
	}
	d.put(g)
	if err := c.o.Store.AddJobGroup(ctx, g); err != nil {
		return nil, err
	}
	return c.o.Store.JobGroup(ctx, instance, g.ID)
}

// ModifyGroup changes a group. What the draft leaves empty stays as it is. A
// new strategy holds for its jobs that have none of their own: the time they
// have begins anew, and retries keep their interval.
func (c *Campaigns) ModifyGroup(ctx context.Context, instance, group string, d GroupDraft) (*store.JobGroup, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	if d.ScriptID != "" {
		if err := c.published(ctx, instance, d.ScriptID); err != nil {
			return nil, err
		}
	}
	return c.o.Store.ChangeJobGroup(ctx, instance, group, c.times, func(g *store.JobGroup) error {
		filled := d // The group may be read anew, and then be another.
		filled.over(g)
		filled.put(g)
		return nil
	})
}

// over fills what a draft leaves empty with what the group has.
func (d *GroupDraft) over(g *store.JobGroup) {
	for _, text := range []struct {
		draft *string
		group string
	}{
		{&d.Name, g.Name}, {&d.Description, g.Description}, {&d.ScriptID, g.ScriptID}, {&d.ScenarioID, g.ScenarioID},
		{&d.Strategy, g.Strategy}, {&d.Recall, g.Recall}, {&d.JobFile, g.JobFile},
	} {
		if *text.draft == "" {
			*text.draft = text.group
		}
	}
	if len(d.CallingNumbers) == 0 {
		d.CallingNumbers = g.CallingNumbers.List()
	}
	if d.Ringing == 0 {
		d.Ringing = time.Duration(g.RingingSeconds) * time.Second
	}
	if d.Priority == 0 {
		d.Priority = int(g.Priority)
	}
	if d.MinConcurrency == 0 {
		d.MinConcurrency = int(g.MinConcurrency)
	}
}

// SubmitGroup lets a draft dial; the time its jobs have begins now. A group that
// is no draft stays as it is.
func (c *Campaigns) SubmitGroup(ctx context.Context, instance, group string) error {
	g, err := c.o.Store.JobGroup(ctx, instance, group)
	if err != nil {
		return err
	}
	if err := c.published(ctx, instance, g.ScriptID); err != nil {
		return err
	}
	if g.Status != store.GroupDraft {
		return nil
	}
	return c.o.Store.SubmitJobGroup(ctx, instance, group, c.times)
}

// Group returns a group.
func (c *Campaigns) Group(ctx context.Context, instance, group string) (*store.JobGroup, error) {
	return c.o.Store.JobGroup(ctx, instance, group)
}

// Groups returns a page of groups, newest first.
func (c *Campaigns) Groups(ctx context.Context, instance string, f store.GroupFilter, p store.Page) ([]store.JobGroup, int, error) {
	return c.o.Store.JobGroups(ctx, instance, f, p)
}

// Counts returns how far a group has come.
func (c *Campaigns) Counts(ctx context.Context, g *store.JobGroup) (*store.GroupCounts, error) {
	return c.o.Store.CountGroup(ctx, g.ID)
}

// DeleteGroup deletes a group with its jobs. Calls in flight go on.
func (c *Campaigns) DeleteGroup(ctx context.Context, instance, group string) error {
	return c.o.Store.DeleteJobGroup(ctx, instance, group)
}
