package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// numberActions are the actions on the numbers an instance calls from.
func (s *service) numberActions() []rpc.Action { return nil }
