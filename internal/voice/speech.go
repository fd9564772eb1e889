package voice

import (
	"context"
	"errors"
)

// Utterance is a text and how it is to be spoken.
type Utterance struct {
	Text string
	Settings
	PitchRate int // -500 to 500; 0 is the voice's own.
}

// Speech is what speaks texts. [ESpeak] is one. It must be safe for concurrent
// use.
type Speech interface {
	// Speak returns the speech as a WAV file. An error that wraps ErrNoSpeech
	// says that there is nothing that could speak.
	Speak(ctx context.Context, u Utterance) (wav []byte, err error)
}

// ErrNoSpeech says that nothing is there that could speak.
var ErrNoSpeech = errors.New("nothing on this server can speak: install espeak-ng (Debian: apt-get install espeak-ng)")

// Sample speaks a text for somebody who has to choose a voice for a script.
func (v *Voices) Sample(ctx context.Context, instance, script string, u Utterance) (wav []byte, err error) {
	if _, err := v.store.Script(ctx, instance, script); err != nil {
		return nil, err
	}
	return v.speech.Speak(ctx, u)
}
