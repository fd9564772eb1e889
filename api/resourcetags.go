package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// resourceTagActions are the actions on the resource tags.
func (s *service) resourceTagActions() []rpc.Action { return nil }
