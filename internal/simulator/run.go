package simulator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
)

// Trial is a campaign to be tried: everybody of a list is called, in virtual
// time, two times a day and an hour apart at most, from nine to half past eight
// in the evening, for seven days, a hundred at once.
type Trial struct {
	Bundle   fs.FS
	Version  *engine.Version // The bundle compiled.
	Profile  Profile
	Seed     uint64
	Calls    int                   // How many contacts there are.
	Folder   string                // Where the storage is kept meanwhile; empty at first.
	Progress func(done, total int) // Told now and then how many contacts are done; nil: nobody is.
}

// Result is what became of a trial.
type Result struct {
	Script   string         `json:"script"`
	Contacts int            `json:"contacts"`
	Calls    int            `json:"calls"` // Attempts.
	Answered int            `json:"answered"`
	Begin    time.Time      `json:"begin"`
	End      time.Time      `json:"end"`
	Nodes    []NodeCount    `json:"nodes"`
	Ends     map[string]int `json:"ends"` // Of the calls that were answered, by EndReason.
	Failures map[string]int `json:"failures"`
	Jobs     map[string]int `json:"jobs"` // Contacts by what became of them.
}

const (
	trialInstance = "trial"
	trialCalls    = 100 // At once.
	trialRate     = 1000
	trialStrategy = `{"maxAttemptsPerDay":2,"minAttemptInterval":60,"repeatBy":"Day","followUpStrategy":"CONTINUE",
		"workingTime":[{"beginTime":"09:00:00","endTime":"20:30:00"}]}`
)

// trial is a Trial while it runs.
type trial struct {
	Trial
	clock     *Clock
	store     *store.Store
	campaigns *campaign.Campaigns
	exchange  *Exchange
	funnel    *funnel
	group     string
}

// Run tries a campaign. The same Trial gives the same Result.
func (t Trial) Run(ctx context.Context) (result *Result, err error) {
	const morning = 9
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	begin := time.Date(2026, 5, 4, morning, 0, 0, 0, zone) // A Monday.
	r := &trial{Trial: t, clock: NewClock(begin), funnel: newFunnel()}
	made := 0
	r.store, err = store.Open(ctx, store.Options{
		File: filepath.Join(t.Folder, store.FileName), Lax: true, Now: r.clock.Now,
		NewID: func() string { made++; return fmt.Sprintf("id-%08d", made) },
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.store.Close()) }()
	if err := r.wire(ctx, zone); err != nil {
		return nil, err
	}
	if err := r.assign(ctx); err != nil {
		return nil, err
	}
	if err := r.play(ctx); err != nil {
		return nil, err
	}
	return r.result(ctx, begin)
}

// wire puts scripts, campaigns, the engine and the exchange on the store.
func (r *trial) wire(ctx context.Context, zone *time.Location) error {
	later := &lateGateway{}
	var err error
	r.campaigns, err = campaign.New(campaign.Options{Store: r.store, Gateway: later, Now: r.clock.Now, Zone: zone, MaxDials: 1})
	if err != nil {
		return err
	}
	if _, err := r.store.CreateInstance(ctx, store.Instance{ID: trialInstance, Name: trialInstance, MaxCalls: trialCalls}); err != nil {
		return err
	}
	scripts := script.New(r.store, script.Options{})
	version, _, err := scripts.Adopt(ctx, trialInstance, r.Bundle, r.Version)
	if err != nil {
		return err
	}
	calls, err := engine.New(engine.Options{
		Now: r.clock.Now, Store: r.store.Sessions(), Observers: []engine.Observer{r.funnel}, Load: scripts.Load,
	})
	if err != nil {
		return err
	}
	r.exchange, err = New(Options{
		Profile: r.Profile, Seed: r.Seed, Now: r.clock.Now, After: r.clock.After,
		Center: Local{Campaigns: r.campaigns, Engine: calls, Version: version},
	})
	later.Gateway = r.exchange
	return err
}

// lateGateway is a gateway that campaigns are made with before it is there.
type lateGateway struct{ campaign.Gateway }

// assign makes a number, a group, and a job for every contact.
func (r *trial) assign(ctx context.Context) error {
	_, err := r.store.CreateOutboundNumber(ctx, store.OutboundNumber{
		InstanceID: trialInstance, Number: "95187", RateLimitCount: trialRate, RateLimitPeriod: 1,
	})
	if err != nil {
		return err
	}
	g, err := r.campaigns.CreateGroup(ctx, trialInstance, campaign.GroupDraft{
		Name: trialInstance, ScriptID: r.Version.ScriptID(), Strategy: trialStrategy,
	}, true)
	if err != nil {
		return err
	}
	r.group = g.ID
	for first := 0; first < r.Calls; {
		jobs := make([]store.Job, 0, campaign.MaxAssigned)
		for ; first < r.Calls && len(jobs) < campaign.MaxAssigned; first++ {
			jobs = append(jobs, store.Job{Extras: "[]", Contacts: []store.Contact{{
				Name: fmt.Sprintf("%d", first+1), PhoneNumber: fmt.Sprintf("138%08d", first), State: store.Available,
			}}})
		}
		if _, err := r.campaigns.Assign(ctx, trialInstance, campaign.Assignment{Group: r.group, Jobs: jobs}); err != nil {
			return err
		}
	}
	return nil
}

// play lets time pass until there is nothing left to do.
func (r *trial) play(ctx context.Context) error {
	for ticks := 0; ; ticks++ {
		if _, err := r.campaigns.Tick(ctx); err != nil {
			return err
		}
		if err := r.report(ctx, ticks); err != nil {
			return err
		}
		next, more := r.clock.Next()
		due, err := r.store.NextDue(ctx)
		if err != nil {
			return err
		}
		if at := time.UnixMilli(due + 1); due > 0 && (!more || at.Before(next)) {
			next, more = at, true
		}
		if !more {
			return ctx.Err()
		}
		if second := r.clock.Now().Add(time.Second); next.Before(second) { // As often as a server looks.
			next = second
		}
		r.clock.Advance(ctx, next)
	}
}

// report tells how far it is.
func (r *trial) report(ctx context.Context, ticks int) error {
	const often = 32
	if r.Progress == nil || ticks%often > 0 {
		return ctx.Err()
	}
	counts, err := r.store.CountGroup(ctx, r.group)
	if err != nil {
		return err
	}
	r.Progress(counts.Jobs[store.JobSucceeded]+counts.Jobs[store.JobFailed], r.Calls)
	return ctx.Err()
}

func (r *trial) result(ctx context.Context, begin time.Time) (*Result, error) {
	counts, err := r.store.CountGroup(ctx, r.group)
	if err != nil {
		return nil, err
	}
	rings := r.exchange.Rings()
	if n := rings.Ends[endLost]; n > 0 {
		return nil, fmt.Errorf("%d calls went wrong: their turns could not be taken", n)
	}
	result := &Result{
		Script: r.Version.ScriptID(), Contacts: r.Calls, Calls: rings.Rings, Begin: begin, End: r.clock.Now().In(begin.Location()),
		Nodes: r.funnel.nodes(r.Version.Program()), Ends: map[string]int{}, Failures: map[string]int{}, Jobs: counts.Jobs,
	}
	for reason, n := range counts.EndReasons {
		if n > 0 && reason != "" && reason != "-" {
			result.Ends[reason] = n
			result.Answered += n
		}
	}
	for end, n := range rings.Ends {
		if end != endRobot && end != endCallee && end != endCut {
			result.Failures[end] = n
		}
	}
	return result, nil
}
