package api

import (
	"context"
	"slices"
	"strings"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/rpc"
)

// Resolver says which version and which variables a call begins with. It must
// be safe for concurrent use.
type Resolver interface {
	// Resolve is asked on a call's first request only. Its error may be one
	// of those below, wrapped or not; any other is answered as InternalError.
	Resolve(ctx context.Context, c Call) (engine.Opening, error)
}

// Call is what the first request of a call says about it.
type Call struct {
	InstanceID    string
	CallID        string
	CallType      string
	CalledNumber  string
	CallingNumber string
	ScriptID      string            // May be empty.
	ScenarioID    string            // May be empty; in older clients the id of a script.
	TaskID        string            // May be empty.
	Variables     map[string]string // As sent; nil when none were.
}

// Errors of a Resolver.
var (
	ErrUnknownInstance error = rpc.NotExist("Instance")
	ErrUnknownScript   error = rpc.NotExist("Script")
	ErrNoScriptNamed   error = rpc.MissingParameter("ScriptId")
)

// Debug reports whether the call asks for the script's debug version.
func (c *Call) Debug() bool { return strings.EqualFold(c.CallType, "Debug") }

// Static is a Resolver for one instance with a fixed set of scripts.
type Static struct {
	Instance string
	Scripts  []string // The ids of the published scripts.
}

// Resolve chooses the script that ScriptId names; else the one ScenarioId names,
// if it is one; else the only script there is. The variables are those sent.
// There are no tasks, so TaskId is not looked at.
func (s Static) Resolve(_ context.Context, c Call) (engine.Opening, error) {
	o := engine.Opening{Debug: c.Debug(), Variables: c.Variables}
	switch {
	case c.InstanceID != s.Instance:
		return o, ErrUnknownInstance
	case c.ScriptID != "":
		if !slices.Contains(s.Scripts, c.ScriptID) {
			return o, ErrUnknownScript
		}
		o.Script = c.ScriptID
	case c.ScenarioID != "" && slices.Contains(s.Scripts, c.ScenarioID):
		o.Script = c.ScenarioID
	case len(s.Scripts) == 1:
		o.Script = s.Scripts[0]
	default:
		return o, ErrNoScriptNamed
	}
	return o, nil
}
