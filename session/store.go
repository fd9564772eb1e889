package session

import (
	"context"
	"errors"
	"time"
)

// Store keeps the states of calls between turns. It must be safe for
// concurrent use.
type Store interface {
	// Load makes s the state of the call and reports whether there is one.
	// The strings of s must stay valid after the call's next Commit.
	Load(ctx context.Context, key Key, s *State) (bool, error)

	// Commit writes down a turn: the state that resulted and what is to be
	// kept of the way there. It returns [ErrConflict], and writes nothing,
	// unless the stored revision is one less than t.State.Revision (for
	// revision 1: unless the call is unknown). A store that caps how many
	// calls live at once returns [ErrTooManyCalls] for the first turn of one
	// too many. It must not keep t.
	Commit(ctx context.Context, t *Turn) error

	// Expired appends to keys at most limit live calls not touched since
	// idle, and may forget calls that ended before ended.
	Expired(ctx context.Context, idle, ended time.Time, limit int, keys []Key) ([]Key, error)
}

// Turn is one turn as it is written down and observed.
type Turn struct {
	Key      Key
	State    *State // After the turn.
	Input    *Input
	Feedback *Feedback
	Events   []Event

	// Hits are the tags that the call hit, all of them; set on the turn that
	// ends it, for the names cannot be told from State.Tags alone.
	Hits []Tag
}

// Tag is a tag by its names; a plain label has no group.
type Tag struct{ Group, Name string }

// ErrConflict says that another turn of the call was committed first.
var ErrConflict = errors.New("session: the call moved on meanwhile")

// ErrTooManyCalls says that no call may begin while so many live.
var ErrTooManyCalls = errors.New("session: the cap on concurrent calls is reached")
