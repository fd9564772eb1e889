package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// intentActions are the actions on the intents.
func (s *service) intentActions() []rpc.Action { return nil }
