package campaign

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// Options are what campaigns are made of. Store, Gateway and Now are required.
type Options struct {
	Store   *store.Store
	Gateway Gateway
	Now     func() time.Time
	Zone    *time.Location // What days and hours are counted in; nil: Asia/Shanghai, as +08:00.
	Logger  *slog.Logger   // Told of gateways that fail, without phone numbers; nil: nobody is.

	Files Files // Where recordings are; nil: nowhere.

	// Program returns the program that calls on a version run, for statistics;
	// nil: there are none.
	Program func(ctx context.Context, hash session.Hash) (*flow.Program, error)

	Registerer prometheus.Registerer // Where metrics are registered; nil: nowhere.

	// MaxDials is how many calls the gateway is asked for at the same time; 0 is 16.
	MaxDials int
}

// Files is where recordings, contact lists and results are kept.
type Files interface {
	// Bytes returns a file that is there, or a store.NotFoundError.
	Bytes(ctx context.Context, id string) ([]byte, error)
	// Keep keeps a new file and returns its id.
	Keep(ctx context.Context, name, contentType string, data []byte) (id string, err error)
	// Discard deletes a file; there may be none.
	Discard(ctx context.Context, id string) error
	// Download returns the name of a file and a signed URL to get it from.
	Download(ctx context.Context, id string) (name, url string, err error)
}

// Campaigns runs job groups. It is safe for concurrent use; several processes
// on one database share the work. Make one with [New].
type Campaigns struct {
	o     Options
	meter *meter
}

// New returns the campaigns of a store. It returns an error when a required
// option is missing or the metrics cannot be registered.
func New(o Options) (*Campaigns, error) {
	if o.Store == nil || o.Gateway == nil || o.Now == nil {
		return nil, errors.New("campaign: Options need Store, Gateway and Now")
	}
	if o.Zone == nil {
		const offset = 8 * 60 * 60
		o.Zone = time.FixedZone("Asia/Shanghai", offset)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxDials == 0 {
		o.MaxDials = 16
	}
	meter, err := newMeter(o.Registerer)
	if err != nil {
		return nil, fmt.Errorf("campaign: registering metrics: %w", err)
	}
	return &Campaigns{o: o, meter: meter}, nil
}

// Tick does all that is due: it takes over tasks that another server left
// behind, gives up those nothing is heard of, and calls whom it is time to
// call. It returns how many calls the gateway took. Call it every second or so.
func (c *Campaigns) Tick(ctx context.Context) (dialled int, err error) {
	if c.meter == nil {
		return c.tick(ctx)
	}
	begun := c.o.Now()
	dialled, err = c.tick(ctx)
	due, failed := c.o.Store.CountDue(ctx, maxDueCounted)
	c.meter.ticked(c.o.Now().Sub(begun), due)
	return dialled, errors.Join(err, failed)
}

func (c *Campaigns) tick(ctx context.Context) (dialled int, err error) {
	if err := c.giveUpLate(ctx); err != nil {
		return 0, err
	}
	if dialled, err = c.redial(ctx); err != nil {
		return dialled, err
	}
	instances, err := c.o.Store.BusyInstances(ctx)
	if err != nil {
		return dialled, err
	}
	for _, instance := range instances {
		n, err := c.dispatch(ctx, instance)
		if dialled += n; err != nil {
			return dialled, fmt.Errorf("campaign: dispatching instance %q: %w", instance, err)
		}
	}
	return dialled, nil
}

// maxPlan bounds how many calls one transaction decides on, so that turns of
// calls in flight do not wait long behind it.
const maxPlan = 200

// dispatch plans an instance and has its calls placed, until there is no more
// to plan.
func (c *Campaigns) dispatch(ctx context.Context, instance string) (dialled int, err error) {
	for {
		capacity, err := c.o.Gateway.Capacity(ctx)
		if err != nil {
			c.o.Logger.Warn("the gateway does not say what it can take", "error", err)
			capacity = 0
		}
		var begun []store.Task
		err = c.o.Store.Dispatch(ctx, instance, func(ctx context.Context, d *store.Dispatch) error {
			p := &plan{d: d, zone: c.o.Zone, now: c.o.Now(), room: min(d.MaxCalls-d.Open, capacity, maxPlan)}
			err := p.run(ctx)
			begun = p.begun
			return err
		})
		if err != nil {
			return dialled, err
		}
		n, err := c.dialAll(ctx, begun)
		if dialled += n; err != nil || len(begun) < maxPlan {
			return dialled, err
		}
	}
}

// giveUpLate ends the tasks that nothing was heard of for too long.
func (c *Campaigns) giveUpLate(ctx context.Context) error {
	for {
		late, err := c.o.Store.LateTasks(ctx, maxPlan)
		if err != nil || len(late) == 0 {
			return err
		}
		var g errgroup.Group // Ends that come together share a transaction.
		for i := range late {
			g.Go(func() error { return c.giveUp(ctx, &late[i]) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
}

// giveUp ends a task that nothing was heard of: a conversation that never began
// or never ended, a call that rang, or one that the gateway never took. A
// conversation that has begun is given its time.
func (c *Campaigns) giveUp(ctx context.Context, t *store.Task) error {
	switch t.Status {
	case store.TaskExecuting:
		talks, err := c.talks(ctx, t)
		switch {
		case err != nil:
			return err
		case !talks: // Its call was announced, and refused when it was to begin, say.
			return c.failed(ctx, t.InstanceID, t.ID, Failure{Reason: GatewayError}, unheard)
		case t.MayTalk():
			return c.o.Store.TaskTalks(ctx, t.ID)
		}
		return c.o.Store.FinishTask(ctx, store.Conversation{Instance: t.InstanceID, Call: t.CallID, EndReason: session.TimedOut.String()})
	case store.TaskScheduled:
		return c.failed(ctx, t.InstanceID, t.ID, Failure{Reason: GatewayError}, unheard)
	}
	return c.failed(ctx, t.InstanceID, t.ID, Failure{Reason: NoAnswer}, unheard)
}
