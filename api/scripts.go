package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// scriptActions are the actions on the scripts.
func (s *service) scriptActions() []rpc.Action { return nil }
