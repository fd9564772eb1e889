package store

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/session"
)

// liveCount is how many calls of an instance live, and how many may; 0 is no
// cap, and so is an instance that is not in the store.
type liveCount struct {
	bun.BaseModel `bun:"table:live_calls,alias:l"`

	InstanceID string
	Live       int64
	MaxCalls   int64 `bun:",scanonly"`
}

// room is how many more calls may begin; negative when a cap was lowered.
func (l liveCount) room() int64 {
	if l.MaxCalls <= 0 {
		return math.MaxInt64
	}
	return l.MaxCalls - l.Live
}

// beginAndCount writes first turns as far as the caps allow, and counts the
// calls that began and those of moves that ended; what was called for a campaign
// is done then. Only what lives on after its first turn takes a place under a cap.
func (c *Sessions) beginAndCount(ctx context.Context, tx bun.Tx, ledger ledger, begins, moves []*pending) error {
	change := make(map[string]int64) // Of the live calls of each instance.
	for _, turn := range moves {
		if turn.err == nil {
			change[turn.key.Instance] -= places(turn.ended != session.Live)
		}
	}
	for _, turn := range begins {
		change[turn.key.Instance] += 0
	}
	instances := slices.Sorted(maps.Keys(change))
	rooms, err := c.rooms(ctx, tx, instances)
	if err != nil {
		return err
	}
	var admitted, refused []*pending
	for _, turn := range begins {
		instance, lives := turn.key.Instance, turn.ended == session.Live
		if lives && change[instance] >= rooms[instance] {
			refused = append(refused, turn)
			continue
		}
		change[instance] += places(lives)
		admitted = append(admitted, turn)
	}
	if err := ledger.begin(ctx, admitted); err != nil {
		return err
	}
	for _, turn := range admitted {
		change[turn.key.Instance] -= places(turn.err != nil && turn.ended == session.Live)
	}
	if err := c.refuse(ctx, tx, refused); err != nil {
		return err
	}
	if err := c.s.finishTasks(ctx, tx, slices.Concat(moves, admitted)); err != nil {
		return err
	}
	by := make([]int64, len(instances))
	for i, instance := range instances {
		by[i] = change[instance]
	}
	return ledger.count(ctx, instances, by)
}

func places(takes bool) int64 {
	if takes {
		return 1
	}
	return 0
}

// rooms returns how many more calls may begin in each instance, and keeps
// other servers from changing that until the transaction ends.
func (c *Sessions) rooms(ctx context.Context, tx bun.Tx, instances []string) (map[string]int64, error) {
	rooms := make(map[string]int64, len(instances))
	for range 2 {
		var counts []liveCount
		query := tx.NewSelect().Model(&counts).Join("LEFT JOIN instances AS i ON i.id = l.instance_id").
			ColumnExpr("l.instance_id, l.live, COALESCE(i.max_calls, 0) AS max_calls").
			Where("l.instance_id IN (?)", bun.List(instances)).OrderExpr("l.instance_id")
		if c.s.postgres {
			query = query.For("UPDATE OF l")
		}
		if err := query.Scan(ctx); err != nil {
			return nil, err
		}
		for _, count := range counts {
			rooms[count.InstanceID] = count.room()
		}
		if len(counts) == len(instances) {
			break
		}
		if err := firstCount(ctx, tx, instances); err != nil {
			return nil, err
		}
	}
	return rooms, nil
}

// firstCount makes the counts that are not there yet.
func firstCount(ctx context.Context, tx bun.Tx, instances []string) error {
	rows := make([]liveCount, len(instances))
	for i, instance := range instances {
		rows[i].InstanceID = instance
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// refuse says of first turns that there is no room for them, unless their
// calls have begun elsewhere meanwhile and need none.
func (c *Sessions) refuse(ctx context.Context, tx bun.Tx, refused []*pending) error {
	if len(refused) == 0 {
		return nil
	}
	var begun []struct{ InstanceID, CallID string }
	keys := make([][]string, len(refused))
	for i, turn := range refused {
		keys[i] = []string{turn.key.Instance, turn.key.Call}
	}
	err := tx.NewSelect().Table("calls").Column("instance_id", "call_id").
		Where("(instance_id, call_id) IN ?", bun.Tuple(keys)).Scan(ctx, &begun)
	if err != nil {
		return err
	}
	for _, turn := range refused {
		turn.err = session.ErrTooManyCalls
		for _, call := range begun {
			if turn.key == (session.Key{Instance: call.InstanceID, Call: call.CallID}) {
				turn.err = session.ErrConflict
			}
		}
	}
	return nil
}
