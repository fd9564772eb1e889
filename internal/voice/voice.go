// Package voice is about how scripts are spoken: the voice of a script, and the
// recordings of its texts.
//
//	settings.go   the voice of a script
//	texts.go      the texts that a draft speaks
//	recording.go  how each of them is voiced, and recordings
//	relation.go   whether recordings cover a text
//	speech.go     speaking a text, a port
//	espeak.go     the same by espeak-ng
package voice

import "github.com/talkgraph/talkgraph/internal/store"

// Options are what voices need beside the store. All may be zero.
type Options struct {
	Speech Speech // What speaks samples; nil: espeak-ng.
}

// Voices is safe for concurrent use. Make one with [New].
type Voices struct {
	store  *store.Store
	speech Speech
}

// New returns the voices of a store.
func New(s *store.Store, o Options) *Voices {
	if o.Speech == nil {
		o.Speech = NewESpeak("")
	}
	return &Voices{store: s, speech: o.Speech}
}
