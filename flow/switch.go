package flow

import (
	"strings"

	"github.com/talkgraph/talkgraph/session"
)

var (
	branchKind       = kindOf("branch", "branchId branchName intents condition")
	branchIntentKind = kindOf("branch's intent", "id name")
	digitsKind       = kindOf("digits", "min max terminator timeout")
)

// Ranges of what a Switch node announces.
const (
	defaultTimeout  = 10 // Seconds.
	maxTimeout      = 600
	maxDigits       = 32
	maxDigitTimeout = 60
)

// readSwitch reads what a Switch node has of its own.
func (c *compiler) readSwitch(d *draft, n *Node, index int, o, content *object) {
	if n.Script.Empty() {
		c.log.add(emptyScript, o.get("script").at, `a Switch node must say something before it waits: give it a "script"`)
	}
	listed := newListing()
	defaults := 0
	content.list("branches", func(i int, v value) bool {
		if !c.room(&c.branches, maxBranches, "branches", v.at) {
			return false
		}
		b, fallback := c.readBranch(n, listed, i, v)
		if b.ID != "" {
			if d.named(b.ID) {
				c.log.add(duplicateID, v.at, "branch id %q is there twice in this flow: give one another id", b.ID)
			} else {
				d.byBranch[b.ID] = branchPlace{index, i, v.at}
			}
		}
		if fallback {
			if defaults++; defaults == 2 {
				c.log.add(secondDefault, v.at, "the node has a default branch already, so this one is never taken: give it intents or a condition, or remove it")
			}
		}
		n.Conditional = n.Conditional || b.Condition != nil
		n.Branches = append(n.Branches, b)
		return true
	})
	n.Unrecognized = c.reprompt(content.object("unrecognizingConfig", &unrecognizingKind), RoleUnrecognized)
	silence := content.object("silenceTimeoutConfig", &silenceKind)
	n.Silence = c.reprompt(silence, RoleSilence)
	if n.SilenceTimeout = silence.whole("timeout", 0, maxTimeout, 0); n.SilenceTimeout == 0 {
		n.SilenceTimeout = defaultTimeout
	}
	n.Collect = c.collect(content.object("digits", &digitsKind), o.flag("collectedNumberEnabled", false))
}

// listing is the intents that a node's branches have listed so far.
type listing struct {
	places map[int32]int32 // By index in the program: the place in Node.Intents.
	last   map[int32]int   // The last branch that listed it.
	bare   map[int32]bool  // Whether a branch without a condition did.
}

func newListing() *listing {
	return &listing{make(map[int32]int32), make(map[int32]int), make(map[int32]bool)}
}

// readBranch reads the i-th branch of a node, and reports whether its author
// means it to take what no other does.
func (c *compiler) readBranch(n *Node, listed *listing, i int, v value) (b Branch, fallback bool) {
	o, ok := c.log.object(v, &branchKind)
	b = Branch{ID: o.text("branchId"), Name: o.text("branchName"), Target: none}
	if b.Name == "" {
		b.Name = b.ID
	}
	if b.ID == "" && ok {
		c.log.add(missingValue, o.get("branchId").at, `the branch has no id, so no transition can leave by it: give it a "branchId"`)
	}
	b.Condition = c.readCondition(&o)
	fallback = ok && b.Condition == nil
	o.list("intents", func(_ int, v value) bool {
		fallback = false
		intent, ok := c.branchIntent(v)
		if !ok {
			return true
		}
		c.used[intent] = true
		place, seen := listed.places[intent]
		if !seen {
			place = int32(len(n.Intents))
			listed.places[intent] = place
			n.Intents = append(n.Intents, intent)
		} else if listed.last[intent] == i {
			return true
		} else if b.Condition == nil || listed.bare[intent] {
			c.log.add(twiceListed, v.at, "another branch of this node lists intent %q: remove it from one of them, or give both a condition", c.program.Intents[intent].Name)
		}
		listed.last[intent] = i
		listed.bare[intent] = listed.bare[intent] || b.Condition == nil
		b.Intents = append(b.Intents, place)
		return true
	})
	return b, fallback
}

// branchIntent finds the intent that a branch lists.
func (c *compiler) branchIntent(v value) (int32, bool) {
	o, ok := c.log.object(v, &branchIntentKind)
	if !ok {
		return 0, false
	}
	id, name := o.text("id"), o.text("name")
	if i := c.intents.byID(id); i >= 0 && id != "" {
		return int32(i), true
	}
	i := c.intents.byName(name)
	switch {
	case i == several:
		c.log.add(unknownIntent, v.at, "no intent has the id %q and several have the name %q: name one by its id", id, name)
	case i < 0 && name == "":
		c.log.add(unknownIntent, v.at, "no intent has the id %q: add it to the script, or correct the branch", id)
	case i < 0:
		c.log.add(unknownIntent, v.at, "no intent has the id %q or the name %q: add it to the script, or correct the branch", id, name)
	default:
		c.log.add(intentByName, v.at, "no intent has the id %q, so the one named %q is used: write its id %q", id, name, c.program.Intents[i].ID)
	}
	return int32(i), i >= 0
}

// collect reads how many keys a node collects, and how. Without collecting
// there is nothing to announce.
func (c *compiler) collect(o object, enabled bool) session.Collect {
	keys := session.Collect{Enabled: enabled}
	keys.Min = o.whole("min", 0, maxDigits, 0)
	keys.Max = o.whole("max", 0, maxDigits, 0)
	keys.Timeout = o.whole("timeout", 0, maxDigitTimeout, 0)
	keys.Terminator = o.text("terminator")
	if keys.Max > 0 && keys.Min > keys.Max {
		c.log.add(outOfRange, o.get("min").at, "\"min\" of the digits is %d, more than \"max\", %d: exchange them", keys.Min, keys.Max)
	}
	if t := keys.Terminator; t != "" && (len(t) != 1 || !strings.Contains("0123456789*#", t)) {
		c.log.add(unknownWord, o.get("terminator").at, "%q is no key of a telephone: write one of 0-9, * and #", t)
	}
	if !enabled {
		return session.Collect{}
	}
	return keys
}
