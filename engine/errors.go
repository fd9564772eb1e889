package engine

import (
	"errors"

	"github.com/talkgraph/talkgraph/session"
)

// Errors of a turn. Each is wrapped with the call, script or version it is
// about; the call is then as it was before.
var (
	ErrUnknownCall    = errors.New("no such call: begin it first")
	ErrUnknownScript  = errors.New("no version of the script is published")
	ErrVersionMissing = errors.New("the version of the call is not at hand")
	ErrTooManyCalls   = session.ErrTooManyCalls // Of this engine's cap, or of the store's.
	ErrTooManyHops    = errors.New("the turn went through more nodes than a turn may")
	ErrTooDeep        = errors.New("SubFlows are nested deeper than they may be")
)
