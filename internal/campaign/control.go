package campaign

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Suspend keeps the chosen jobs from being called until [Campaigns.Resume].
// Calls in progress go on.
func (c *Campaigns) Suspend(ctx context.Context, instance string, choice store.JobChoice) error {
	return c.move(ctx, instance, choice, []string{store.JobScheduling}, store.JobPaused)
}

// Resume lets the chosen jobs be called again.
func (c *Campaigns) Resume(ctx context.Context, instance string, choice store.JobChoice) error {
	return c.move(ctx, instance, choice, []string{store.JobPaused}, store.JobScheduling)
}

// Cancel ends the chosen jobs that are not being called.
func (c *Campaigns) Cancel(ctx context.Context, instance string, choice store.JobChoice) error {
	return c.move(ctx, instance, choice, []string{store.JobDrafted, store.JobScheduling, store.JobPaused}, store.JobCancelled)
}

func (c *Campaigns) move(ctx context.Context, instance string, choice store.JobChoice, from []string, to string) error {
	if !choice.All && choice.Group == "" && choice.Scenario == "" && len(choice.IDs) == 0 && len(choice.References) == 0 {
		return &store.MissingError{Parameter: "All"}
	}
	_, err := c.o.Store.MoveJobs(ctx, instance, choice, from, to)
	return err
}
