package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// instanceActions are the actions on the instances of the account.
func (s *service) instanceActions() []rpc.Action { return nil }
