package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// Turn is one turn of a call as the transcript keeps it: what came, what was
// answered, and what the call did in between.
type Turn struct {
	bun.BaseModel `bun:"table:turns"`

	InstanceID string
	CallID     string
	BeganAt    int64  // When the call began. Calls that had the same id differ in it.
	Revision   int64  // The number of the turn, from 1.
	Version    []byte // The hash of the bundle that the call runs on; flows and nodes in Events are of its program.
	TurnID     string // As the client named it; may be empty.
	At         int64

	Input     string // The kind: start, speech, digits, silence, hangup or expire.
	Utterance string // What the caller said or pressed; on start and hangup, words that were only kept.

	Action         string
	ActionParams   string
	Content        string
	Interruptible  bool
	FlowID, NodeID string // Where the call rests; after its end, where it ended.

	Events Events
}

// Turns returns the turns of a call, the oldest first. Those of calls that had
// the same id one after the other come one after the other.
func (s *Store) Turns(ctx context.Context, instance, call string) ([]Turn, error) {
	turns := []Turn{}
	err := s.turnsOf(instance, call).Scan(ctx, &turns)
	return turns, err
}

func (s *Store) turnsOf(instance, call string) *bun.SelectQuery {
	return s.read.NewSelect().Model((*Turn)(nil)).Where("instance_id = ? AND call_id = ?", instance, call).
		Order("began_at", "revision")
}

// newPending copies what is to be written of a turn.
func newPending(t *session.Turn) (*pending, error) {
	// The strings of a request may be pieces of it, and this key stays in memory.
	key := session.Key{Instance: strings.Clone(t.Key.Instance), Call: strings.Clone(t.Key.Call)}
	events, err := Events(t.Events).text()
	if err != nil {
		return nil, err
	}
	version := t.State.Version
	return &pending{
		key: key, snapshot: string(t.State.AppendBinary(make([]byte, 0, 512))), ended: t.State.Ended,
		touched: (t.State.Touched + touchedStep - 1) / touchedStep * touchedStep,
		row: Turn{
			InstanceID: key.Instance, CallID: key.Call, BeganAt: t.State.Begun, Revision: int64(t.State.Revision),
			Version: version[:], TurnID: t.Input.TurnID, At: t.State.Touched,
			Input: t.Input.Kind.String(), Utterance: t.Input.Text,
			Action: t.Feedback.Action, ActionParams: t.Feedback.ActionParams, Content: t.Feedback.Content,
			Interruptible: t.Feedback.Interruptible, FlowID: t.Feedback.FlowID, NodeID: t.Feedback.NodeID,
		},
		events: events,
		hits:   slices.Clone(t.Hits),
		entry:  newEntry(),
	}, nil
}

// GroupTurns calls see with every turn of the calls of a job group, call by
// call, each in the order of its turns.
func (s *Store) GroupTurns(ctx context.Context, group string, see func(t *Turn) error) error {
	rows, err := s.read.NewSelect().Model((*Turn)(nil)).
		Join("JOIN tasks AS task ON task.instance_id = turn.instance_id AND task.call_id = turn.call_id").
		Where("task.group_id = ? AND task.call_id <> ''", group).
		OrderExpr("turn.call_id, turn.began_at, turn.revision").Rows(ctx)
	if err != nil {
		return err
	}
	for err == nil && rows.Next() {
		t := new(Turn)
		if err = s.read.ScanRow(ctx, rows, t); err == nil {
			err = see(t)
		}
	}
	return errors.Join(err, rows.Err(), rows.Close())
}
