package voice

import (
	"context"
	"encoding/json"
)

// Settings are how the texts of a script are synthesised.
type Settings struct {
	Voice      string // A name that means something to whoever speaks; at most 64 characters.
	SpeechRate int    // -500, half the usual rate, to 500, twice the usual.
	Volume     int    // 0 to 100.
}

// DefaultSettings are those of a script of which nothing else is said.
var DefaultSettings = Settings{Voice: "xiaoyun", SpeechRate: 0, Volume: 50}

// The member of script.json that holds the settings, and its members.
const (
	voiceMember = "voice"
	keyVoice    = "voice"
	keyRate     = "speechRate"
	keyVolume   = "volume"
)

// Settings returns how a script is synthesised, the default for what it does
// not say.
func (v *Voices) Settings(ctx context.Context, instance, script string) (Settings, error) {
	row, err := v.store.Script(ctx, instance, script)
	if err != nil {
		return Settings{}, err
	}
	members := membersOf(row.Member(voiceMember))
	s := DefaultSettings
	read(members[keyVoice], &s.Voice, func(name string) bool { return name != "" })
	read(members[keyRate], &s.SpeechRate, func(n int) bool { return -500 <= n && n <= 500 })
	read(members[keyVolume], &s.Volume, func(n int) bool { return 0 <= n && n <= 100 })
	return s, nil
}

// Set says how a script is synthesised. What its bundle says beside that of its
// voice stays.
func (v *Voices) Set(ctx context.Context, instance, script string, to Settings) error {
	return v.store.EditMember(ctx, instance, script, voiceMember, func(was json.RawMessage) any {
		members := map[string]any{}
		for key, value := range membersOf(was) {
			members[key] = value
		}
		members[keyVoice], members[keyRate], members[keyVolume] = to.Voice, to.SpeechRate, to.Volume
		return members
	})
}

// membersOf returns the members of an object, none when it is not one: a
// bundle may have been written by hand.
func membersOf(object json.RawMessage) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil {
		return nil
	}
	return members
}

// read reads a value where it is one that may be.
func read[T any](text json.RawMessage, into *T, allowed func(T) bool) {
	value := *into // What null leaves.
	if json.Unmarshal(text, &value) == nil && allowed(value) {
		*into = value
	}
}
