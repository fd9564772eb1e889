package main

import (
	"context"
	"time"

	"github.com/talkgraph/talkgraph/api"
)

// chore is what a server does now and then beside answering.
type chore struct {
	every       time.Duration
	do          func(ctx context.Context) (done int, err error)
	did, failed string // What the log says of it.
}

// chores are those of the server. Files of campaigns are apart from their calls,
// for a big file takes minutes.
func chores(server *api.Server) []chore {
	return []chore{
		{sweepEvery, server.Sweep, "idle calls ended", "sweeping idle calls failed"},
		{tickEvery, server.Campaign, "calls placed", "placing the calls of campaigns failed"},
		{tickEvery, func(ctx context.Context) (int, error) {
			_, err := server.Transfer(ctx)
			return 0, err
		}, "", "a file of a campaign was not seen through; it is tried again"},
	}
}

// tickEvery is how often it is looked whom to call.
const tickEvery = time.Second

// keepUp does a chore until ctx ends. What takes long delays the next time: two
// never overlap.
func (f *front) keepUp(ctx context.Context, c chore) {
	ticker := time.NewTicker(c.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			done, err := c.do(ctx)
			if err != nil && ctx.Err() == nil {
				f.log.Error(c.failed, "error", err)
			}
			if done > 0 {
				f.log.Info(c.did, "calls", done)
			}
		}
	}
}
