package flow

// reach is what a flow can come to, for the flows that enter it.
type reach struct {
	returns bool // To the node that entered it.
	ends    bool // The call, or hands it over.
}

// checkReach tells of nodes that nothing leads to, and of nodes from which the
// call cannot end. A final prompt is no ending: it is for trouble.
func (c *compiler) checkReach() {
	reaches := make([]reach, len(c.drafts))
	for f, d := range c.drafts {
		if c.calls.circular[f] || d.faulty() {
			reaches[f] = reach{returns: true, ends: true} // What is wrong has been told.
		}
	}
	for _, f := range c.calls.order {
		d := c.drafts[f]
		if d.faulty() {
			c.tellOrphans(d)
			continue
		}
		w := ways{draft: d, reaches: reaches}
		reached := w.forward(d.starts[0])
		ending := w.backward()
		for i := range d.Nodes {
			switch {
			case !reached[i]:
				c.log.add(unreachableNode, d.places[i], "no way leads from Start to this node: lead a transition to it, or remove it")
			case !ending[i]:
				c.log.add(noEnding, d.places[i], "no way leads from this node to the end of the call, a hand-over or a Return: add one")
			}
		}
		if !c.calls.circular[f] {
			reaches[f] = w.summary(reached)
		}
	}
}

// tellOrphans tells of the nodes that no transition at all leads to, in a draft
// where it cannot be said what else is out of reach: they are where its faulty
// transitions may have been meant to lead.
func (c *compiler) tellOrphans(d *draft) {
	led := make([]bool, len(d.Nodes))
	lead := func(to int) {
		if to >= 0 {
			led[to] = true
		}
	}
	for i := range d.Nodes {
		lead(d.Nodes[i].Next)
		for b := range d.Nodes[i].Branches {
			lead(d.Nodes[i].Branches[b].Target)
		}
	}
	for i := range d.Nodes {
		if !led[i] && d.Nodes[i].Kind != Start {
			c.log.add(unreachableNode, d.places[i], "no transition leads to this node: lead one to it, or remove it")
		}
	}
}

// faulty reports whether the draft is too wrong to say what can be reached.
func (d *draft) faulty() bool {
	if d.broken || len(d.starts) != 1 {
		return true
	}
	for i := range d.Nodes {
		if d.Nodes[i].Kind == unknownNode {
			return true
		}
	}
	return false
}

// ways are the ways through one flow.
type ways struct {
	draft   *draft
	reaches []reach // Of the flows it enters.
}

// entered is what the flow that a GotoFlow node enters can come to.
func (w *ways) entered(n *Node) reach {
	if n.Target < 0 {
		return reach{returns: true, ends: true} // An error told already.
	}
	return w.reaches[n.Target]
}

// next calls visit for every node that a node can lead to.
func (w *ways) next(node int, visit func(to int)) {
	n := &w.draft.Nodes[node]
	for i := range n.Branches {
		if to := n.Branches[i].Target; to >= 0 {
			visit(to)
		}
	}
	if n.Next >= 0 && (n.Action != GotoFlow || w.entered(n).returns) {
		visit(n.Next)
	}
}

// own is what a node comes to by itself.
func (w *ways) own(n *Node) reach {
	if n.Kind != Transfer {
		return reach{}
	}
	switch n.Action {
	case Hangup, HandOver:
		return reach{ends: true}
	case Return:
		return reach{returns: true}
	case GotoFlow:
		inside := w.entered(n)
		return reach{ends: inside.ends, returns: inside.returns && n.Next < 0}
	}
	return reach{}
}

// forward returns which nodes can be reached from a node.
func (w *ways) forward(from int) []bool {
	return spread([]int{from}, len(w.draft.Nodes), w.next)
}

// backward returns from which nodes an ending can be reached.
func (w *ways) backward() []bool {
	before := make([][]int, len(w.draft.Nodes))
	var endings []int
	for i := range w.draft.Nodes {
		w.next(i, func(to int) { before[to] = append(before[to], i) })
		if w.own(&w.draft.Nodes[i]) != (reach{}) {
			endings = append(endings, i)
		}
	}
	return spread(endings, len(before), func(node int, visit func(int)) {
		for _, from := range before[node] {
			visit(from)
		}
	})
}

// summary is what the reached nodes come to, put together.
func (w *ways) summary(reached []bool) reach {
	var all reach
	for i := range w.draft.Nodes {
		if reached[i] {
			own := w.own(&w.draft.Nodes[i])
			all.returns = all.returns || own.returns
			all.ends = all.ends || own.ends
		}
	}
	return all
}

// spread returns which of count nodes can be reached from the ones given.
func spread(from []int, count int, next func(node int, visit func(to int))) []bool {
	reached := make([]bool, count)
	var queue []int
	visit := func(node int) {
		if !reached[node] {
			reached[node] = true
			queue = append(queue, node)
		}
	}
	for _, node := range from {
		visit(node)
	}
	for len(queue) > 0 {
		node := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		next(node, visit)
	}
	return reached
}
