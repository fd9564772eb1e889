package voice

import (
	"context"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Configs returns a page of how the texts of a script's draft are voiced,
// newest first, and how many texts there are.
func (v *Voices) Configs(ctx context.Context, instance, script string, p store.Page) ([]store.VoiceConfig, int, error) {
	if err := v.store.SyncVoices(ctx, instance, script, spoken); err != nil {
		return nil, 0, err
	}
	return v.store.VoiceConfigs(ctx, instance, script, p)
}

// Config returns how a text of a script's draft is voiced.
func (v *Voices) Config(ctx context.Context, instance, script, id string) (*store.VoiceConfig, error) {
	if err := v.store.SyncVoices(ctx, instance, script, spoken); err != nil {
		return nil, err
	}
	return v.store.VoiceConfig(ctx, instance, script, id)
}

// Voice says how a text is voiced. Recorded, it is put together as the relation
// says, which must cover it and name waveforms of the script; else it is
// synthesised, and what the relation says beyond its form means nothing.
func (v *Voices) Voice(ctx context.Context, instance, script, id string, recorded bool, relation string) (*store.VoiceConfig, error) {
	if err := v.store.SyncVoices(ctx, instance, script, spoken); err != nil {
		return nil, err
	}
	var pieces []store.VoicePiece
	var malformed error
	if relation != "" {
		pieces, malformed = parseRelation(relation)
	}
	check := func(row *store.Script, config *store.VoiceConfig) error {
		if malformed != nil {
			return malformed // Only now: that there is the script and the text comes first.
		}
		if !recorded {
			return nil
		}
		return cover(config.Content, variablesOf(row), pieces)
	}
	if !recorded {
		pieces = nil
	}
	return v.store.SetVoicePieces(ctx, instance, script, id, pieces, check)
}

// Record makes a recording of a text from an uploaded file, and returns its id.
func (v *Voices) Record(ctx context.Context, instance, script string, w store.Waveform) (string, error) {
	return v.store.CreateWaveform(ctx, instance, script, w)
}

// DeleteRecording deletes a recording. One that a text is put together from is
// not deleted, because what callers hear would change unasked; texts that the
// draft speaks no more do not hold it.
func (v *Voices) DeleteRecording(ctx context.Context, instance, script, id string) error {
	if err := v.store.SyncVoices(ctx, instance, script, spoken); err != nil {
		return err
	}
	return v.store.DeleteWaveform(ctx, instance, script, id)
}

// Recordings returns the recordings of exactly this text, newest first.
func (v *Voices) Recordings(ctx context.Context, instance, script, content string) ([]store.Waveform, error) {
	return v.store.Waveforms(ctx, instance, script, content)
}
