package campaign

import (
	"context"
	"errors"
	"time"
)

// Gateway places calls. What becomes of them it tells later, through
// [Campaigns]: Answered, Failed, Recorded. It must be safe for concurrent use.
type Gateway interface {
	// Dial asks for a call. It returns when the gateway has taken it, not when
	// somebody answers. Asking again for the same TaskID must not make a second
	// call. An error that is [ErrRefused] is final; after any other the call is
	// asked for again.
	Dial(ctx context.Context, c Call) error
	// HangUp ends the call of a task, at whatever state it is in. A task the
	// gateway does not know is no error.
	HangUp(ctx context.Context, taskID string) error
	// Capacity returns how many more calls the gateway can take now.
	Capacity(ctx context.Context) (int, error)
}

// ErrRefused says that a gateway will never place this call: the number is not
// one, say.
var ErrRefused = errors.New("campaign: the gateway refuses the call")

// Call is what a gateway needs to know to place a call.
type Call struct {
	TaskID        string // Names the call, for Dial and in every report of it.
	InstanceID    string
	JobID         string
	JobGroupID    string
	ScriptID      string
	CallingNumber string
	CalledNumber  string
	Ringing       time.Duration // How long to let it ring.
	Deadline      time.Time     // When it is no longer worth a try.
}

// NoGateway is a gateway that takes no calls: jobs wait.
type NoGateway struct{}

// Dial refuses to take the call for now.
func (NoGateway) Dial(context.Context, Call) error {
	return errors.New("campaign: there is no gateway")
}

// HangUp does nothing.
func (NoGateway) HangUp(context.Context, string) error { return nil }

// Capacity returns 0.
func (NoGateway) Capacity(context.Context) (int, error) { return 0, nil }
