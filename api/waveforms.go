package api

import "github.com/talkgraph/talkgraph/internal/rpc"

// waveformActions are the actions on the recordings.
func (s *service) waveformActions() []rpc.Action { return nil }
