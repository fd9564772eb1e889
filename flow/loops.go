package flow

// manyHops is more than any turn may take; sums of hops stay below it, however
// often flows enter each other.
const manyHops = 1 << 20

// passage is what a turn does from a node on, as long as it waits for nobody.
type passage struct {
	hops    int  // Nodes entered in the flow and in the flows it enters, at most manyHops.
	through bool // Whether it comes to the end of the flow and goes on in the caller.
	state   passageState
}

// passageState is how far a passage has been worked out.
type passageState uint8

const (
	unseen passageState = iota
	underway
	settled
)

// passages works out the passages of one flow after those of the flows it
// enters.
type passages struct {
	draft  *draft
	from   []passage         // By node.
	enter  func(int) passage // Of a flow, from its Start on.
	looped func(node int)    // Called for one node of each endless loop.
}

// follow returns the passage from a node on. A node that is not there is where
// the flow returns.
func (p *passages) follow(node int) passage {
	if node < 0 {
		return passage{through: true}
	}
	here := &p.from[node]
	switch here.state {
	case settled:
		return *here
	case underway:
		p.looped(node)
		return passage{hops: manyHops}
	}
	here.state = underway
	found := passage{hops: 1}
	switch n := &p.draft.Nodes[node]; {
	case n.Kind == Start || n.Kind == Transfer && n.Action == Pass:
		if n.Next >= 0 {
			found = found.then(p.follow(n.Next))
		}
	case n.Kind == Transfer && n.Action == Return:
		found.through = true
	case n.Kind == Transfer && n.Action == GotoFlow && n.Target >= 0:
		inside := p.enter(n.Target)
		found = found.then(inside)
		if inside.through {
			found = found.then(p.follow(n.Next))
		}
	}
	found.state = settled
	*here = found
	return found
}

// then returns the passage that goes on with another.
func (p passage) then(next passage) passage {
	return passage{hops: min(p.hops+next.hops, manyHops), through: next.through}
}

// checkLoops tells of loops that need no input and of turns that are too long.
func (c *compiler) checkLoops() {
	flows := make([]*passages, len(c.drafts))
	looped := false
	enter := func(f int) passage {
		if c.calls.circular[f] || len(c.drafts[f].starts) != 1 {
			return passage{}
		}
		inside := flows[f].follow(c.drafts[f].starts[0])
		inside.hops-- // A flow is entered at the node that Start leads to.
		return inside
	}
	for _, f := range c.calls.order {
		d := c.drafts[f]
		flows[f] = &passages{draft: d, from: make([]passage, len(d.Nodes)), enter: enter, looped: func(node int) {
			looped = true
			c.log.add(endlessLoop, d.places[node], "from here the flow comes back here without ever waiting for the caller: let it pass through a Switch node")
		}}
		for i := range d.Nodes {
			flows[f].follow(i)
		}
	}
	if !looped && c.program.Main >= 0 && !c.calls.circular[c.program.Main] {
		c.checkHops(flows)
	}
}

// checkHops tells of the nodes from which a turn takes too many hops. A turn
// begins at the Start of the MainFlow or where a branch leads.
func (c *compiler) checkHops(flows []*passages) {
	after := make([]int, len(flows)) // By flow: the most hops that follow its return.
	for i := len(c.calls.order) - 1; i >= 0; i-- {
		f := c.calls.order[i]
		for _, caller := range c.calls.callers[f] {
			next := flows[caller.flow].follow(c.drafts[caller.flow].Nodes[caller.node].Next)
			hops := next.hops
			if next.through {
				hops += after[caller.flow]
			}
			after[f] = max(after[f], min(hops, manyHops))
		}
	}
	for f, d := range c.drafts {
		told := make([]bool, len(d.Nodes))
		check := func(node int) {
			if node < 0 || told[node] {
				return
			}
			p := flows[f].follow(node)
			if p.through {
				p.hops += after[f]
			}
			if p.hops > maxHops {
				told[node] = true
				c.log.add(longChain, d.places[node],
					"a turn from here can pass through %d nodes, and more than %d end in an error at run time: shorten the way to the next Switch node",
					min(p.hops, manyHops), maxHops)
			}
		}
		for i := range d.Nodes {
			if d.Main && d.Nodes[i].Kind == Start {
				check(d.Nodes[i].Next)
			}
			for b := range d.Nodes[i].Branches {
				check(d.Nodes[i].Branches[b].Target)
			}
		}
	}
}
