package flow

import "strings"

// action finds what an author's word does, and how the feedback spells it.
func (c *compiler) action(word string) (does Action, name string, ok bool) {
	switch lower := strings.ToLower(word); lower {
	case "":
		return Pass, "", true
	case "hangup":
		return Hangup, "Hangup", true
	case "transfertoagent":
		return HandOver, "TransferToAgent", true
	case "transfertonumber":
		return HandOver, "TransferToNumber", true
	case "transfertoqueue":
		return HandOver, "TransferToQueue", true
	case "gotoflow":
		return GotoFlow, "GotoFlow", true
	case "return":
		return Return, "Return", true
	default:
		name, ok = c.actions[lower]
		return HandOver, name, ok
	}
}

// readTransfer reads what a Transfer node has of its own.
func (c *compiler) readTransfer(n *Node, content *object) {
	word, params := content.text("action"), content.text("actionParams")
	var ok bool
	if n.Action, n.ActionName, ok = c.action(word); !ok {
		n.Kind = unknownNode
		c.log.add(unknownAction, content.get("action").at,
			"%q is no action: write Hangup, TransferToAgent, TransferToNumber, TransferToQueue, GotoFlow or Return, or register it", word)
		return
	}
	if n.Action == GotoFlow {
		n.Params = Text{source: params, said: params}
		n.Target = c.subFlow(params, content.get("actionParams").at)
		return
	}
	n.Params = c.text(params, content.get("actionParams").at)
}

// subFlow finds the SubFlow that a GotoFlow names by id or name.
func (c *compiler) subFlow(name string, at place) int {
	i := c.flowNames.byID(name)
	if i < 0 {
		i = c.flowNames.byName(name)
	}
	switch {
	case i == several:
		c.log.add(badTarget, at, "several flows are named %q: name one by its id", name)
	case i < 0:
		c.log.add(badTarget, at, `no flow has the id or name %q: write that of a SubFlow into "actionParams"`, name)
	case c.program.Flows[i].Main:
		c.log.add(badTarget, at, "%q is the MainFlow: GotoFlow enters SubFlows only", name)
	default:
		return i
	}
	return none
}
