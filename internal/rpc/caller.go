package rpc

import "context"

// Caller says who sent a request.
type Caller struct {
	KeyID     string // The access key, which proved right.
	RequestID string
	Action    string
	Remote    string // Where the connection came from, as host:port.
}

// CallerOf returns who sent the request that an action's context belongs to; the
// zero Caller when it belongs to none.
func CallerOf(ctx context.Context) Caller {
	if c, ok := ctx.Value(callerKey{}).(*callerContext); ok {
		return c.caller
	}
	return Caller{}
}

type callerKey struct{}

// callerContext is a context that knows the caller. It is one allocation, where
// context.WithValue would be two.
type callerContext struct {
	context.Context
	caller Caller
}

func (c *callerContext) Value(key any) any {
	if key == (callerKey{}) {
		return c
	}
	return c.Context.Value(key)
}
