package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// tagActions are the actions on the tags.
func (s *service) tagActions() []rpc.Action { return nil }
