package session

import (
	"encoding/hex"
	"errors"
	"fmt"
)

// Key names a call.
type Key struct {
	Instance string // InstanceId; may be empty where there is only one.
	Call     string // CallId, unique in the instance.
}

// Hash names a version of a script by its content (SHA-256).
type Hash [32]byte

// String returns the hash in lower-case hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads what String wrote.
func ParseHash(s string) (Hash, error) {
	var h Hash
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("session: %q is not a version hash: want %d hexadecimal digits", s, 2*len(h))
	}
	copy(h[:], b)
	return h, nil
}

// Nowhere is the node index of a call that ended before it entered a node.
const Nowhere = ^uint16(0)

// State is one call between two turns. It holds no pointer into a script, only
// indexes, so it can be written down and read back by another process.
//
// The zero State is a call that has not begun.
type State struct {
	Revision uint64 // Turns committed so far; a store swaps on it. 0: not begun.
	Version  Hash   // The version the call is pinned to.
	Begun    int64  // When the call began, Unix milliseconds.
	Touched  int64  // When the last turn came, Unix milliseconds.

	Flow, Node uint16  // Where the call rests.
	Callers    []Frame // The GotoFlow nodes that wait for a SubFlow to return, innermost last.

	Visit Visit  // Counters of the stay at Node.
	Turns uint32 // Speech, Silence and Digits turns so far.
	Spoke bool   // Whether a Speech or Digits turn ever came.

	Ended EndReason

	Vars   []Var    // The call's variables, sorted by name.
	Tags   []uint16 // Tags hit, in the order they were hit.
	Places []Place  // Where each used question is in its round of answers.

	Last Said // What the last turn said, for a retry of it.
}

// Frame is a node that entered a SubFlow.
type Frame struct{ Flow, Node uint16 }

// Visit counts what happened since the call came to its node.
type Visit struct {
	Unrecognized uint16 // No-matches.
	Silent       uint16 // Silences.
	Similar      uint16 // The next similar script, modulo how many there are.
}

// Var is a variable of the call.
type Var struct{ Name, Value string }

// Place is how many times a question of the script was used in this call.
type Place struct{ Question, Used uint16 }

// Said is the part of a [Feedback] that cannot be derived from the state and
// its version.
type Said struct {
	TurnID        string
	Action        string
	ActionParams  string
	Content       string
	Interruptible bool

	// Where the call ended; empty while it lives. An ended call answers from
	// its state alone, for its version may be gone.
	FlowID, NodeID string
}

// HasBegun reports whether the state is that of a call that has begun.
func (s *State) HasBegun() bool { return s.Revision > 0 }

// CopyFrom makes s a copy of src that shares no slice with it, reusing the
// slices s has.
func (s *State) CopyFrom(src *State) {
	callers, vars, tags, places := s.Callers[:0], s.Vars[:0], s.Tags[:0], s.Places[:0]
	*s = *src
	s.Callers = append(callers, src.Callers...)
	s.Vars = append(vars, src.Vars...)
	s.Tags = append(tags, src.Tags...)
	s.Places = append(places, src.Places...)
}

// Reset makes s the zero State, keeping its slices for reuse.
func (s *State) Reset() { s.CopyFrom(&State{}) }

// Use returns how often the question was used before in this call and counts
// one more use.
func (s *State) Use(question uint16) uint16 {
	for i := range s.Places {
		if s.Places[i].Question == question {
			used := s.Places[i].Used
			s.Places[i].Used++
			return used
		}
	}
	s.Places = append(s.Places, Place{Question: question, Used: 1})
	return 0
}

// Tag records that a tag was hit and reports whether that was the first time.
func (s *State) Tag(tag uint16) bool {
	for _, t := range s.Tags {
		if t == tag {
			return false
		}
	}
	s.Tags = append(s.Tags, tag)
	return true
}

// ErrCorrupt is wrapped by every error about a state that cannot be right:
// bytes that are no snapshot, or indexes its version does not have.
var ErrCorrupt = errors.New("session: corrupt state")
