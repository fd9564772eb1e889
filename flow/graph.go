package flow

import (
	"strings"

	"github.com/tidwall/gjson"
)

var (
	definitionKind = kindOf("definition", "nodes transitions")
	nodeKind       = kindOf("node", "id type shape name script similarScripts questions content interruptible collectedNumberEnabled labels index nodeIndex coordinates x y size")
	contentKind    = kindOf("content", "branches unrecognizingConfig silenceTimeoutConfig action actionParams label digits")
	labelKind      = kindOf("label", "id tagGroup tagName scriptId")
)

// unknownNode marks a node whose type is wrong, so that nothing more is said
// of it.
const unknownNode NodeKind = 0xff

// draft is a graph while it is compiled: what the checks need beside it.
type draft struct {
	*Graph
	at       place // Of the flow.
	places   []place
	byID     map[string]int
	byBranch map[string]branchPlace
	starts   []int
	broken   bool // Whether the wiring has faults, so that what cannot be reached says nothing.
}

// branchPlace is a branch of a draft.
type branchPlace struct {
	node, branch int
	at           place
}

// readFlows compiles the flows: all their nodes first, so that every GotoFlow
// finds its target, then the wiring.
func (c *compiler) readFlows() {
	mains := 0
	c.program.Main = none
	for i := range c.flows {
		f := &c.flows[i]
		main := c.flowType(f)
		if f.id == "" {
			c.log.add(missingValue, f.at, `the flow has neither id nor name: give it an "id"`)
		} else if !c.flowNames.add(f.id, f.name, i) {
			c.log.add(duplicateID, f.get("id").at, "flow id %q is there twice: give one another id", f.id)
		}
		if main {
			if mains++; mains > 1 {
				c.log.add(mainFlow, f.get("type").at, "a second MainFlow: make all but one a SubFlow")
			}
			c.program.Main = i
		}
		c.program.Flows = append(c.program.Flows, Graph{ID: f.id, Name: f.name, Main: main, First: none})
	}
	if mains == 0 {
		c.log.add(mainFlow, c.script.get("flows").at, "the script has no MainFlow: give one of its flows the type MainFlow")
	}
	for i := range c.flows {
		d := &draft{
			Graph: &c.program.Flows[i], at: c.flows[i].at,
			byID: make(map[string]int), byBranch: make(map[string]branchPlace),
		}
		c.drafts = append(c.drafts, d)
		c.readDefinition(d, c.flows[i].definition)
	}
}

// flowType reports whether a flow is the MainFlow.
func (c *compiler) flowType(f *loadedFlow) bool {
	switch word := f.text("type"); strings.ToLower(word) {
	case "mainflow":
		return true
	case "subflow":
		return false
	case "":
		c.log.add(missingValue, f.get("type").at, "flow %q has no type: write MainFlow or SubFlow", f.id)
	default:
		c.log.add(unknownWord, f.get("type").at, "%q is no type of flow: write MainFlow or SubFlow", word)
	}
	return false
}

// readDefinition reads one flow's nodes and transitions.
func (c *compiler) readDefinition(d *draft, v value) {
	if !v.Exists() {
		d.broken = true // The loader has said why.
		return
	}
	d.at = v.at
	definition, ok := c.log.object(v, &definitionKind)
	if !ok {
		d.broken = true
		return
	}
	definition.list("nodes", func(_ int, v value) bool {
		if !c.room(&c.nodes, maxNodes, "nodes", v.at) {
			return false
		}
		c.readNode(d, v)
		return true
	})
	switch len(d.starts) {
	case 0:
		d.broken = true
		c.log.add(startCount, d.at, "flow %q has no Start node: add one", d.ID)
	case 1:
	default:
		d.broken = true
		for _, i := range d.starts[1:] {
			c.log.add(startCount, d.places[i], "a flow has one Start node: remove this one")
		}
	}
	c.readTransitions(d, &definition)
	c.checkWiring(d)
}

// readNode reads one node. It keeps its place in the graph even when it is
// wrong, so that the others keep theirs.
func (c *compiler) readNode(d *draft, v value) {
	o, ok := c.log.object(v, &nodeKind)
	n := Node{ID: o.text("id"), Name: o.text("name"), Kind: unknownNode, Next: none, Target: none}
	if n.Name == "" {
		n.Name = n.ID
	}
	o.within(d.ID, n.ID, n.Name)
	index := len(d.Nodes)
	d.places = append(d.places, o.at)
	if !ok {
		d.Nodes = append(d.Nodes, n)
		return
	}
	if n.ID == "" {
		c.log.add(missingValue, o.get("id").at, `the node has no id: give it an "id"`)
	} else if d.named(n.ID) {
		c.log.add(duplicateID, o.get("id").at, "node id %q is there twice in this flow: give one another id", n.ID)
	} else {
		d.byID[n.ID] = index
	}
	n.Script = c.text(o.text("script"), o.get("script").at)
	n.Similar = c.texts(&o, "similarScripts")
	n.Interruptible = o.flag("interruptible", false)
	content := o.object("content", &contentKind)
	n.Labels = c.labels(&o, "labels", c.labels(&content, "label", nil))
	switch word := o.text("type"); strings.ToLower(word) {
	case "start":
		n = Node{ID: n.ID, Name: n.Name, Kind: Start, Next: none, Target: none} // It says nothing.
		d.starts = append(d.starts, index)
	case "switch":
		n.Kind = Switch
		c.readSwitch(d, &n, index, &o, &content)
	case "transfer":
		n.Kind = Transfer
		c.readTransfer(&n, &content)
	default:
		c.log.add(unknownNodeType, o.get("type").at, "%q is no type of node: write Start, Switch or Transfer", word)
	}
	d.Nodes = append(d.Nodes, n)
}

// named reports whether a node or branch of the flow has the id; transitions
// name both in the same key.
func (d *draft) named(id string) bool {
	_, node := d.byID[id]
	_, branch := d.byBranch[id]
	return node || branch
}

// labels appends the tags of a list of labels: objects, or plain names.
func (c *compiler) labels(o *object, key string, to []uint16) []uint16 {
	seen := make(map[uint16]bool, len(to))
	for _, tag := range to {
		seen[tag] = true
	}
	o.list(key, func(_ int, v value) bool {
		if tag, ok := c.label(v); ok && !seen[tag] {
			seen[tag] = true
			to = append(to, tag)
		}
		return true
	})
	return to
}

// label returns the tag of one label. A tag that the bundle does not declare
// is added to the program's.
func (c *compiler) label(v value) (uint16, bool) {
	var tag Tag
	if v.Type == gjson.String {
		tag.Name = v.Str
	} else {
		o, ok := c.log.object(v, &labelKind)
		if !ok {
			return 0, false
		}
		tag = Tag{ID: o.text("id"), Group: o.text("tagGroup"), Name: o.text("tagName")}
	}
	if tag.Name == "" {
		index, ok := c.tagIDs[tag.ID]
		if !ok {
			c.log.add(unresolvedLabel, v.at, "the label has no name and no tag has its id: remove it, or name the tag")
		}
		return index, ok
	}
	if index, ok := c.tags[Tag{Group: tag.Group, Name: tag.Name}]; ok {
		return index, true
	}
	return c.addTag(tag, v.at)
}
