package simulator

import (
	"sync"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// NodeCount is how many calls came to a node, and how they went on.
type NodeCount struct {
	Flow     string        `json:"flow"`
	Node     string        `json:"node"`
	Name     string        `json:"name"`
	Calls    int           `json:"calls"`
	Branches []BranchCount `json:"branches"`
	Ended    int           `json:"ended"` // Calls that ended here.
}

// BranchCount is how many calls took a branch.
type BranchCount struct {
	Name  string `json:"name"`
	Calls int    `json:"calls"`
}

// funnel is an [engine.Observer] that counts calls of one version by where they
// went. A call that comes to a node twice counts once.
type funnel struct {
	mu    sync.Mutex
	seen  map[string]map[place]bool // By call, until it ends.
	calls map[place]int
	ended map[place]int
}

// place is a node, or with a branch from 1 on, a branch of it.
type place struct{ flow, node, branch uint16 }

func newFunnel() *funnel {
	return &funnel{seen: make(map[string]map[place]bool), calls: make(map[place]int), ended: make(map[place]int)}
}

// Observe implements [engine.Observer].
func (f *funnel) Observe(_ *engine.Version, t *session.Turn, _ time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.seen[t.Key.Call]
	if seen == nil {
		seen = make(map[place]bool)
		f.seen[t.Key.Call] = seen
	}
	for _, e := range t.Events {
		at := place{flow: e.Flow, node: e.Node}
		switch e.Kind {
		case session.Matched:
			at.branch = e.Branch + 1
		case session.Ended:
			f.ended[at]++
			delete(f.seen, t.Key.Call)
			continue
		case session.Entered:
		default:
			continue
		}
		if !seen[at] {
			seen[at] = true
			f.calls[at]++
		}
	}
}

// nodes returns what was counted, in the order of the script. Nodes where
// nobody is waited for and nothing ends are left out.
func (f *funnel) nodes(p *flow.Program) []NodeCount {
	var list []NodeCount
	for i := range p.Flows {
		graph := &p.Flows[i]
		for n := range graph.Nodes {
			node := &graph.Nodes[n]
			at := place{flow: uint16(i), node: uint16(n)}
			if node.Kind != flow.Switch && f.ended[at] == 0 {
				continue
			}
			count := NodeCount{
				Flow: graph.ID, Node: node.ID, Name: node.Name, Calls: f.calls[at], Ended: f.ended[at], Branches: []BranchCount{},
			}
			for b := range node.Branches {
				at.branch = uint16(b) + 1
				count.Branches = append(count.Branches, BranchCount{Name: node.Branches[b].Name, Calls: f.calls[at]})
			}
			list = append(list, count)
		}
	}
	return list
}
