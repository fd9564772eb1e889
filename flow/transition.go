package flow

var transitionKind = kindOf("transition", "id index source sourceBranchNode sourceAnchor target targetAnchor")

// readTransitions leads the branches, Start and Transfer nodes of a flow to
// where they go.
func (c *compiler) readTransitions(d *draft, definition *object) {
	ids := make(map[string]bool)
	definition.list("transitions", func(_ int, v value) bool {
		if !c.room(&c.transitions, maxBranches, "transitions", v.at) {
			return false
		}
		o, ok := c.log.object(v, &transitionKind)
		if !ok {
			d.broken = true
			return true
		}
		if id := o.text("id"); ids[id] {
			c.log.add(duplicateID, o.get("id").at, "transition id %q is there twice in this flow: give one another id", id)
		} else if id != "" {
			ids[id] = true
		}
		c.connect(d, &o)
		return true
	})
}

// connect follows one transition.
func (c *compiler) connect(d *draft, o *object) {
	source := o.text("source")
	b, branch := d.byBranch[source]
	from, node := d.byID[source]
	if branch {
		from = b.node
	}
	if !branch && !node {
		d.broken = true
		c.log.add(danglingTransition, o.get("source").at, "the transition comes from %q, which is no node or branch of this flow: correct its source, or remove it", source)
		c.target(d, o)
		return
	}
	n := &d.Nodes[from]
	o.within(d.ID, n.ID, n.Name)
	to := c.target(d, o)
	switch {
	case branch:
		c.connectBranch(n, &n.Branches[b.branch], o, to)
	case n.Kind == Switch:
		d.broken = true
		c.log.add(danglingTransition, o.get("source").at, "a Switch node is left by one of its branches: make a branchId of it the source")
	case n.Kind == Transfer && (n.Action == Hangup || n.Action == HandOver || n.Action == Return):
		c.log.add(neverTaken, o.at, "the node does %s, so this transition is never taken: remove it", n.ActionName)
	case n.Next != none:
		c.log.add(manyTransitions, o.at, "a transition leaves this node already: keep one of them")
	default:
		n.Next = to
	}
}

// target finds the node that a transition leads to.
func (c *compiler) target(d *draft, o *object) int {
	target := o.text("target")
	if to, ok := d.byID[target]; ok {
		return to
	}
	d.broken = true
	c.log.add(danglingTransition, o.get("target").at, "the transition leads to %q, which is no node of this flow: correct its target, or remove it", target)
	return astray
}

// connectBranch follows a transition that leaves a Switch node.
func (c *compiler) connectBranch(n *Node, b *Branch, o *object, to int) {
	if owner := o.text("sourceBranchNode"); owner != "" && owner != n.ID {
		c.log.add(wrongOwner, o.get("sourceBranchNode").at, "branch %q belongs to node %q, not to %q: correct sourceBranchNode", b.ID, n.ID, owner)
	}
	if b.Target != none {
		c.log.add(manyTransitions, o.at, "a transition leaves branch %q already: keep one of them", b.ID)
		return
	}
	b.Target = to
}

// checkWiring tells of what has no transition, and settles what Transfer nodes
// without an action do.
func (c *compiler) checkWiring(d *draft) {
	for i := range d.Nodes {
		n, at := &d.Nodes[i], d.places[i]
		switch n.Kind {
		case Start:
			if n.Next == none && len(d.starts) == 1 {
				d.broken = true
				c.log.add(noTransition, at, "no transition leaves the Start node: lead it to the node that speaks first")
			}
			if len(d.starts) == 1 {
				d.First = n.Next
			}
		case Switch:
			for b := range n.Branches {
				branch := &n.Branches[b]
				known, ok := d.byBranch[branch.ID]
				if branch.Target == none && ok && known.node == i && known.branch == b {
					d.broken = true
					c.log.add(noTransition, known.at, "no transition leaves branch %q: lead it to a node, or remove it", branch.ID)
				}
			}
		case Transfer:
			c.checkTransfer(d, n, at)
		}
	}
}

// checkTransfer settles where a Transfer node goes.
func (c *compiler) checkTransfer(d *draft, n *Node, at place) {
	switch {
	case n.Action == Pass && n.Next == none && !d.Main:
		n.Action = Return
	case !d.Main:
	case n.Action == Pass && n.Next == none:
		c.log.add(endsNowhere, at, "the node has neither action nor transition: give it one, such as Hangup")
	case n.Action == Return:
		c.log.add(endsNowhere, at, "the MainFlow cannot return: use Hangup, or lead on with a transition")
	case n.Action == GotoFlow && n.Next == none:
		c.log.add(endsNowhere, at, "nothing follows when the SubFlow returns: lead on with a transition")
	}
}
