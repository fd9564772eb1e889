package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// questionActions are the actions on the global questions.
func (s *service) questionActions() []rpc.Action { return nil }
