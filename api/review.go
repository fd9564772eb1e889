package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// reviewActions are the actions on the life of a script from draft to published.
func (s *service) reviewActions() []rpc.Action { return nil }
