package store

import (
	"encoding/json"
	"fmt"

	"github.com/talkgraph/talkgraph/session"
)

// Events are what a turn did. They are kept as a JSON array of objects with the
// names of kinds, rules and reasons, and without what a kind does not fill:
//
//	[{"kind":"matched","flow":0,"node":1,"rule":"branch","branch":2,"index":4,"score":0.93},
//	 {"kind":"entered","flow":0,"node":3}]
//
// Flows, nodes, branches and indexes are those of the turn's version.
type Events []session.Event

// keptEvent is the JSON form of an event. Transcripts that were written with it
// are on people's disks: names may be added and never changed.
type keptEvent struct {
	Kind   string  `json:"kind"`
	Flow   uint16  `json:"flow"`
	Node   uint16  `json:"node"`
	Rule   string  `json:"rule,omitempty"`
	Branch uint16  `json:"branch,omitempty"`
	Index  int32   `json:"index,omitempty"`
	Count  uint16  `json:"count,omitempty"`
	Score  float64 `json:"score,omitempty"`
	Reason string  `json:"reason,omitempty"`
}

// text is what is kept of the events of a turn.
func (e Events) text() (string, error) {
	kept := make([]keptEvent, len(e))
	for i, event := range e {
		kept[i] = keptEvent{
			Kind: event.Kind.String(), Flow: event.Flow, Node: event.Node, Branch: event.Branch,
			Index: event.Index, Count: event.Count, Score: event.Score, Reason: event.Reason.String(),
		}
		if event.Kind == session.Matched {
			kept[i].Rule = event.Rule.String()
		}
	}
	text, err := json.Marshal(kept)
	return string(text), err
}

// Scan reads what text wrote. It implements [database/sql.Scanner].
func (e *Events) Scan(value any) error {
	var kept []keptEvent
	var err error
	switch text := value.(type) {
	case string:
		err = json.Unmarshal([]byte(text), &kept)
	case []byte:
		err = json.Unmarshal(text, &kept)
	default:
		err = fmt.Errorf("they are a %T", value)
	}
	if err != nil {
		return fmt.Errorf("store: the events of a turn: %w", err)
	}
	*e = make(Events, len(kept))
	for i, k := range kept {
		event := session.Event{
			Flow: k.Flow, Node: k.Node, Branch: k.Branch, Index: k.Index, Count: k.Count, Score: k.Score,
		}
		event.Kind, err = named(k.Kind, session.Ended, err)
		event.Reason, err = named(k.Reason, session.TimedOut, err)
		if k.Rule != "" {
			event.Rule, err = named(k.Rule, session.ByDefault, err)
		}
		if err != nil {
			return fmt.Errorf("store: the events of a turn: %w", err)
		}
		(*e)[i] = event
	}
	return nil
}

// named returns the value of that name, of those up to last.
func named[T interface {
	~uint8
	String() string
}](name string, last T, err error) (T, error) {
	for value := T(0); value <= last; value++ {
		if value.String() == name {
			return value, err
		}
	}
	return 0, fmt.Errorf("%q is not one of the names for a %T", name, last)
}
