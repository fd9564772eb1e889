package flow

// calls is which flow enters which.
type calls struct {
	order    []int         // Every flow, those that are entered before those that enter them.
	circular []bool        // By flow: whether it is in a circle, or enters one; such flows come last.
	callers  [][]nodePlace // By flow: the GotoFlow nodes that enter it.
}

// nodePlace is a node of a flow.
type nodePlace struct{ flow, node int }

// checkCalls finds out which flow enters which, and tells of circles, of flows
// nothing enters and of those that nest too deep.
func (c *compiler) checkCalls() {
	c.calls = newCalls(c.drafts)
	c.checkCircles()
	for f, d := range c.drafts {
		if !d.Main && len(c.calls.callers[f]) == 0 {
			c.log.add(unenteredFlow, c.flows[f].at, "no GotoFlow enters SubFlow %q: enter it, or remove it", d.ID)
		}
	}
	if main := c.program.Main; main >= 0 {
		nested := c.calls.nesting(c.drafts)
		d := c.drafts[main]
		for i := range d.Nodes {
			if t := d.Nodes[i].Target; t >= 0 && nested[t] >= maxCalls {
				c.log.add(deepCalls, d.places[i], "SubFlows nest deeper than %d from here, which ends in an error at run time: flatten them", maxCalls)
			}
		}
	}
}

// newCalls orders the flows. What it cannot order is in a circle, or enters
// one.
func newCalls(drafts []*draft) *calls {
	k := &calls{circular: make([]bool, len(drafts)), callers: make([][]nodePlace, len(drafts))}
	waiting := make([]int, len(drafts)) // How many GotoFlow nodes have a flow that is not in order yet.
	for f, d := range drafts {
		for i := range d.Nodes {
			if t := d.Nodes[i].Target; t >= 0 {
				k.callers[t] = append(k.callers[t], nodePlace{f, i})
				waiting[f]++
			}
		}
	}
	for f := range drafts {
		if waiting[f] == 0 {
			k.order = append(k.order, f)
		}
	}
	for i := 0; i < len(k.order); i++ {
		for _, caller := range k.callers[k.order[i]] {
			if waiting[caller.flow]--; waiting[caller.flow] == 0 {
				k.order = append(k.order, caller.flow)
			}
		}
	}
	for f := range drafts {
		if waiting[f] > 0 {
			k.circular[f] = true
			k.order = append(k.order, f)
		}
	}
	return k
}

// nesting returns how many SubFlows can stand inside each flow.
func (k *calls) nesting(drafts []*draft) []int {
	nested := make([]int, len(drafts))
	for _, f := range k.order {
		if k.circular[f] {
			continue
		}
		for i := range drafts[f].Nodes {
			if t := drafts[f].Nodes[i].Target; t >= 0 {
				nested[f] = max(nested[f], nested[t]+1)
			}
		}
	}
	return nested
}

// checkCircles tells of every GotoFlow that is part of a circle.
func (c *compiler) checkCircles() {
	circle := c.calls.components(c.drafts)
	for f, d := range c.drafts {
		for i := range d.Nodes {
			if t := d.Nodes[i].Target; t >= 0 && circle[t] == circle[f] {
				c.log.add(callCircle, d.places[i], "flow %q leads back to flow %q, so it would never end: break the circle", c.drafts[t].ID, d.ID)
			}
		}
	}
}

// components numbers the flows so that two have the same number exactly when
// each can be entered from the other (Tarjan's algorithm).
func (k *calls) components(drafts []*draft) []int {
	component := make([]int, len(drafts))
	seen, low := make([]int, len(drafts)), make([]int, len(drafts)) // 0: not yet.
	var stack []int
	number, count := 0, 0
	var visit func(f int)
	visit = func(f int) {
		number++
		seen[f], low[f] = number, number
		stack = append(stack, f)
		for i := range drafts[f].Nodes {
			t := drafts[f].Nodes[i].Target
			if t < 0 {
				continue
			}
			if seen[t] == 0 {
				visit(t)
			}
			if component[t] == 0 {
				low[f] = min(low[f], low[t])
			}
		}
		if low[f] != seen[f] {
			return
		}
		count++
		for component[f] == 0 {
			component[stack[len(stack)-1]] = count
			stack = stack[:len(stack)-1]
		}
	}
	for f := range drafts {
		if seen[f] == 0 {
			visit(f)
		}
	}
	return component
}
