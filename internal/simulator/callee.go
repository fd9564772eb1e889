package simulator

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
)

// callee is somebody who is called once.
type callee struct {
	p      *Profile
	chance *rand.Rand
	exists bool
}

// callee returns who answers the call of a task to a number.
func (p *Profile) callee(seed uint64, task, called string) *callee {
	number := rand.New(rand.NewPCG(seed, hash(called)))
	return &callee{
		p: p, exists: number.Float64() >= p.NotExists,
		chance: rand.New(rand.NewPCG(seed^hash(called), hash(task))),
	}
}

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // Never fails.
	return h.Sum64()
}

// ring returns when something happens to a call that rings for so long at most,
// and why it fails; empty: somebody answers.
func (c *callee) ring(ringing time.Duration) (after time.Duration, failure campaign.Reason) {
	after = c.within(c.p.Ring)
	drawn := c.chance.Float64()
	if !c.exists {
		return min(after, time.Second), campaign.NotExists
	}
	for _, one := range []struct {
		share  float64
		reason campaign.Reason
		after  time.Duration
	}{
		{c.p.NoAnswer, campaign.NoAnswer, ringing},
		{c.p.Busy, campaign.Busy, min(after, time.Second)},
		{c.p.Rejected, campaign.Rejected, min(after, ringing)},
		{c.p.PoweredOff, campaign.PoweredOff, min(after, time.Second)},
		{c.p.OutOfService, campaign.OutOfService, min(after, time.Second)},
	} {
		if drawn < one.share {
			return one.after, one.reason
		}
		drawn -= one.share
	}
	if after >= ringing {
		return ringing, campaign.NoAnswer
	}
	return after, ""
}

// hear returns what a callee does after the robot has spoken, and how long it
// takes until then. spoken is how long the robot speaks; patience how long it
// waits for an answer.
func (c *callee) hear(node string, spoken, patience time.Duration) (after time.Duration, said Said) {
	think, drawn, choice, text := c.within(c.p.Think), c.chance.Float64(), c.chance.Float64(), c.chance.Float64()
	if drawn < c.p.HangUp {
		return time.Duration(choice * float64(spoken)), Said{ActionKey: "Hangup"}
	}
	words := c.words(node, choice)
	if drawn < c.p.HangUp+c.p.Silence || words == nil || think >= patience {
		return spoken + patience, Said{ActionKey: "Silence"}
	}
	return spoken + think, Said{Utterance: words.Texts[int(text*float64(len(words.Texts)))]}
}

// words draws what is said at a node; nil: there is nothing to say.
func (c *callee) words(node string, drawn float64) *Words {
	var list []*Words
	for _, at := range []string{node, ""} {
		var sum float64
		list = list[:0]
		for i := range c.p.Say {
			if w := &c.p.Say[i]; w.Node == at && len(w.Texts) > 0 {
				list, sum = append(list, w), sum+w.weight()
			}
		}
		drawn := drawn * sum
		for _, w := range list {
			if drawn -= w.weight(); drawn < 0 {
				return w
			}
		}
	}
	return nil
}

func (w *Words) weight() float64 {
	if w.Weight == 0 {
		return 1
	}
	return w.Weight
}

// within draws a time.
func (c *callee) within(r Range) time.Duration {
	return time.Duration((r[0] + c.chance.Float64()*(r[1]-r[0])) * float64(time.Second))
}
