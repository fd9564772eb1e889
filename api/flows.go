package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// flowActions are the actions on the dialogue flows.
func (s *service) flowActions() []rpc.Action { return nil }
