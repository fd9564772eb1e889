package campaign

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// calling is a number that calls are shown to come from, and its limit.
type calling struct {
	store.OutboundNumber
	left  int       // Calls it may still make now; counted when it is first asked.
	frees time.Time // When the first of those that count no longer does.
	read  bool
}

// from chooses the number a call is shown to come from: the one of the last
// attempt on a retry, else the first that may still make a call. Where none
// may, next is when the first of them may again.
func (p *plan) from(ctx context.Context, g *store.JobGroup, j *jobState, called string) (chosen *calling, next time.Time, err error) {
	candidates := p.candidates(g, j)
	if j.strategy.Routing == LocalFirst {
		slices.SortStableFunc(candidates, func(a, b *calling) int {
			return cmp.Compare(sharedPrefix(b.Number, called), sharedPrefix(a.Number, called))
		})
	}
	for _, c := range candidates {
		free, err := p.free(ctx, c)
		if err != nil {
			return nil, next, err
		}
		if c.left > 0 {
			return c, next, nil
		}
		if next.IsZero() || free.Before(next) {
			next = free
		}
	}
	return nil, next, nil
}

// LocalFirst is the routing that prefers numbers of the callee's own area.
const LocalFirst = "LocalFirst"

// areaCode is how many digits two numbers of one area have in common at least.
const areaCode = 3

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n < areaCode {
		return 0
	}
	return n
}

// candidates returns the numbers a job may be called from: the job's own, else
// the group's, else all of the instance; on a retry the one of the last attempt,
// while it is one of them.
func (p *plan) candidates(g *store.JobGroup, j *jobState) []*calling {
	names := j.CallingNumbers.List()
	if len(names) == 0 {
		names = g.CallingNumbers.List()
	}
	shown := func(c *calling) bool { return c.Number == j.CallingNumber }
	if slices.Contains(names, j.CallingNumber) || len(names) == 0 && slices.ContainsFunc(p.numbers, shown) {
		names = []string{j.CallingNumber}
	}
	if len(names) == 0 {
		return slices.Clone(p.numbers)
	}
	candidates := make([]*calling, 0, len(names))
	for _, name := range names {
		candidates = append(candidates, p.number(name))
	}
	return candidates
}

// number returns a calling number. One that the instance does not have has no
// limit.
func (p *plan) number(name string) *calling {
	i := slices.IndexFunc(p.numbers, func(c *calling) bool { return c.Number == name })
	if i < 0 {
		i = len(p.numbers)
		p.numbers = append(p.numbers, &calling{OutboundNumber: store.OutboundNumber{Number: name}, left: unlimited, read: true})
	}
	return p.numbers[i]
}

const unlimited = 1 << 30

// free counts what a number may still do now, once, and returns when the first
// of its calls no longer counts: when it may call again if it may not now.
func (p *plan) free(ctx context.Context, c *calling) (time.Time, error) {
	if c.read {
		return c.frees, nil
	}
	c.read = true
	period := time.Duration(c.RateLimitPeriod) * time.Second
	made, err := p.d.Dialled(ctx, c.Number, p.now.Add(-period).UnixMilli(), c.RateLimitCount, p.retaken)
	if err != nil {
		return p.now, err
	}
	c.left = c.RateLimitCount - len(made)
	c.frees = p.now.Add(period)
	if len(made) > 0 {
		c.frees = time.UnixMilli(made[len(made)-1]).Add(period)
	}
	return c.frees, nil
}
