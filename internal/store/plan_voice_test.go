package store_test

import (
	"context"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
)

// accountLists are the lists of what belongs to the account, or to no script.
var accountLists = map[string]listing{
	"ResourceTags": func(ctx context.Context, s *store.Store, _, _ string) error {
		_, err := s.ResourceTags(ctx, nil, nil, store.ResourceTag{}, 10)
		return err
	},
	"ResourceTags of instances": func(ctx context.Context, s *store.Store, instance, _ string) error {
		_, err := s.ResourceTags(ctx, []string{instance, "other"}, nil, store.ResourceTag{ResourceID: "a", TagKey: "k"}, 10)
		return err
	},
	"ResourceTags of tags": func(ctx context.Context, s *store.Store, instance, _ string) error {
		tags := []store.TagPair{{Key: "team"}, {Key: "city", Value: "Berlin"}}
		_, err := s.ResourceTags(ctx, []string{instance}, tags, store.ResourceTag{}, 10)
		return err
	},
	"Audits": func(ctx context.Context, s *store.Store, _, _ string) error {
		_, err := s.Audits(ctx, 10)
		return err
	},
	"ExpiredFiles": func(ctx context.Context, s *store.Store, _, _ string) error {
		_, err := s.ExpiredFiles(ctx, 1, 100)
		return err
	},
}

// voiceLists are the lists of how a script is spoken.
var voiceLists = map[string]listing{
	"VoiceConfigs": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, _, err := s.VoiceConfigs(ctx, instance, script, page)
		return err
	},
	"Waveforms": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, err := s.Waveforms(ctx, instance, script, "您好")
		return err
	},
	"CountWaveforms": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, err := s.CountWaveforms(ctx, instance, script)
		return err
	},
	"Recordings": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, err := s.Recordings(ctx, instance, script)
		return err
	},
}

// voiceWholes read all that a script speaks.
var voiceWholes = map[string]listing{
	"SyncVoices": func(ctx context.Context, s *store.Store, instance, script string) error {
		return s.SyncVoices(ctx, instance, script, spokenIn("再见"))
	},
}

// spokenIn says of every draft that it speaks these texts.
func spokenIn(texts ...string) func([]store.Flow, []store.Question) []store.SpokenText {
	return func([]store.Flow, []store.Question) []store.SpokenText {
		spoken := make([]store.SpokenText, len(texts))
		for i, text := range texts {
			spoken[i] = store.SpokenText{Content: text, Source: store.VoiceOfFlow}
		}
		return spoken
	}
}

// withRecordings is withScripts for a script with a text that is put together
// from a recording.
func withRecordings(t *testing.T, s *store.Store) *store.Script {
	t.Helper()
	script := &withScripts(t, s).Script
	file := &store.File{Name: "a.wav", ContentType: "audio/wav", State: store.FileThere, ExpiresAt: 1 << 50}
	if err := s.AddFile(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	waveform, err := s.CreateWaveform(t.Context(), script.InstanceID, script.ID, store.Waveform{Content: "您好", FileID: file.ID, FileName: "a.wav"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SyncVoices(t.Context(), script.InstanceID, script.ID, spokenIn("您好", "再见")); err != nil {
		t.Fatal(err)
	}
	configs, _, err := s.VoiceConfigs(t.Context(), script.InstanceID, script.ID, store.Page{Number: 1, Size: 10})
	if err != nil {
		t.Fatal(err)
	}
	for i := range configs {
		if configs[i].Content != "您好" {
			continue
		}
		pieces := []store.VoicePiece{{Content: "您好", WaveformID: waveform}}
		_, err = s.SetVoicePieces(t.Context(), script.InstanceID, script.ID, configs[i].ID, pieces,
			func(*store.Script, *store.VoiceConfig) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	return script
}
