package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// voiceActions are the actions on the voice of a script.
func (s *service) voiceActions() []rpc.Action { return nil }
