package api

import (
	"context"
	"errors"
	"strconv"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/voice"
)

// voiceActions are the actions on the voice of a script.
func (s *service) voiceActions() []rpc.Action {
	return []rpc.Action{
		act("ModifyTTSConfig", s.modifyTTSConfig),
		act("DescribeTTSConfig", s.describeTTSConfig),
		act("DescribeTTSDemo", s.describeTTSDemo),
		act("ListScriptVoiceConfigs", s.listScriptVoiceConfigs),
		act("DescribeScriptVoiceConfig", s.describeScriptVoiceConfig),
		act("ModifyScriptVoiceConfig", s.modifyScriptVoiceConfig),
	}
}

// ttsConfig is the one voice of a script, so the script's id is its own.
type ttsConfig struct {
	InstanceID  string `rpc:"InstanceId"`
	ScriptID    string `rpc:"ScriptId"`
	TTSConfigID string `rpc:"TTSConfigId"`
	Voice       string `rpc:"Voice"`
	SpeechRate  string `rpc:"SpeechRate"`
	Volume      string `rpc:"Volume"`
}

func (k scriptKey) ttsConfig(v voice.Settings) ttsConfig {
	return ttsConfig{
		InstanceID: k.InstanceID, ScriptID: k.ScriptID, TTSConfigID: k.ScriptID,
		Voice: v.Voice, SpeechRate: strconv.Itoa(v.SpeechRate), Volume: strconv.Itoa(v.Volume),
	}
}

// voiceSettings are how to speak, as requests say it. The reference prints the
// two ranges swapped.
type voiceSettings struct {
	Voice      string `rpc:"Voice,required,max=64"`
	SpeechRate int    `rpc:"SpeechRate,required,min=-500,max=500"`
	Volume     int    `rpc:"Volume,required,min=0,max=100"`
}

type modifyTTSConfigRequest struct {
	scriptKey
	voiceSettings
}

type modifyTTSConfigResponse struct {
	TTSConfig ttsConfig `rpc:"TTSConfig"`
}

func (s *service) modifyTTSConfig(ctx context.Context, req *modifyTTSConfigRequest) (*modifyTTSConfigResponse, error) {
	settings := voice.Settings(req.voiceSettings)
	if err := s.voices.Set(ctx, req.InstanceID, req.ScriptID, settings); err != nil {
		return nil, err
	}
	return &modifyTTSConfigResponse{req.ttsConfig(settings)}, nil
}

type describeTTSConfigRequest struct{ scriptKey }

type describeTTSConfigResponse struct {
	TTSConfig struct {
		ttsConfig
		ID string `rpc:"Id"` // Its name in the reference's table; TTSConfigId everywhere else.
	} `rpc:"TTSConfig"`
}

func (s *service) describeTTSConfig(ctx context.Context, req *describeTTSConfigRequest) (*describeTTSConfigResponse, error) {
	settings, err := s.voices.Settings(ctx, req.InstanceID, req.ScriptID)
	if err != nil {
		return nil, err
	}
	resp := new(describeTTSConfigResponse)
	resp.TTSConfig.ttsConfig, resp.TTSConfig.ID = req.ttsConfig(settings), req.ScriptID
	return resp, nil
}

type describeTTSDemoRequest struct {
	scriptKey
	voiceSettings
	PitchRate int    `rpc:"PitchRate,min=-500,max=500"`
	Text      string `rpc:"Text,required,max=500,text"`
}

type describeTTSDemoResponse struct {
	AuditionURL string `rpc:"AuditionUrl"`
}

func (s *service) describeTTSDemo(ctx context.Context, req *describeTTSDemoRequest) (*describeTTSDemoResponse, error) {
	wav, err := s.voices.Sample(ctx, req.InstanceID, req.ScriptID, voice.Utterance{
		Text: req.Text, Settings: voice.Settings(req.voiceSettings), PitchRate: req.PitchRate,
	})
	switch {
	case errors.Is(err, voice.ErrNoSpeech):
		return nil, rpc.ServiceUnavailable("Nothing on this server can speak. Install espeak-ng on it (Debian: apt-get install espeak-ng), then try again.", err)
	case err != nil:
		return nil, err
	case s.files == nil:
		return nil, noFiles(nil)
	}
	url, err := s.files.Put(ctx, "sample.wav", "audio/wav", wav)
	return &describeTTSDemoResponse{url}, err
}

// scriptVoiceConfig says how a text is voiced. Its relation is JSON in a string.
type scriptVoiceConfig struct {
	InstanceID             string `rpc:"InstanceId"`
	ScriptID               string `rpc:"ScriptId"`
	ScriptVoiceConfigID    string `rpc:"ScriptVoiceConfigId"`
	ScriptContent          string `rpc:"ScriptContent"`
	ScriptWaveformRelation string `rpc:"ScriptWaveformRelation"`
	Source                 string `rpc:"Source"`
	Type                   string `rpc:"Type"`
}

func (k scriptKey) voiceConfig(c *store.VoiceConfig) scriptVoiceConfig {
	return scriptVoiceConfig{
		InstanceID: k.InstanceID, ScriptID: k.ScriptID, ScriptVoiceConfigID: c.ID, ScriptContent: c.Content,
		ScriptWaveformRelation: voice.Relation(c.Pieces), Source: c.Source, Type: c.Type,
	}
}

type listScriptVoiceConfigsRequest struct {
	scriptKey
	pageRequest
}

type listScriptVoiceConfigsResponse struct {
	ScriptVoiceConfigs struct {
		List []scriptVoiceConfig `rpc:"List"`
		pageResponse
	} `rpc:"ScriptVoiceConfigs"`
}

func (s *service) listScriptVoiceConfigs(ctx context.Context, req *listScriptVoiceConfigsRequest) (*listScriptVoiceConfigsResponse, error) {
	configs, total, err := s.voices.Configs(ctx, req.InstanceID, req.ScriptID, req.page())
	if err != nil {
		return nil, err
	}
	resp := new(listScriptVoiceConfigsResponse)
	resp.ScriptVoiceConfigs.pageResponse = req.answer(total)
	for i := range configs {
		resp.ScriptVoiceConfigs.List = append(resp.ScriptVoiceConfigs.List, req.voiceConfig(&configs[i]))
	}
	return resp, nil
}

type describeScriptVoiceConfigRequest struct {
	scriptKey
	ScriptVoiceConfigID string `rpc:"ScriptVoiceConfigId,required,max=128"`
}

type scriptVoiceConfigResponse struct {
	ScriptVoiceConfig scriptVoiceConfig `rpc:"ScriptVoiceConfig"`
}

func (s *service) describeScriptVoiceConfig(ctx context.Context, req *describeScriptVoiceConfigRequest) (*scriptVoiceConfigResponse, error) {
	config, err := s.voices.Config(ctx, req.InstanceID, req.ScriptID, req.ScriptVoiceConfigID)
	if err != nil {
		return nil, err
	}
	return &scriptVoiceConfigResponse{req.voiceConfig(config)}, nil
}

type modifyScriptVoiceConfigRequest struct {
	scriptKey
	ScriptVoiceConfigID    string `rpc:"ScriptVoiceConfigId,required,max=128"`
	Type                   string `rpc:"Type,required,max=32"`
	ScriptWaveformRelation string `rpc:"ScriptWaveformRelation,max=65536,text"`
}

func (s *service) modifyScriptVoiceConfig(ctx context.Context, req *modifyScriptVoiceConfigRequest) (*scriptVoiceConfigResponse, error) {
	kind, err := oneOf("Type", req.Type, store.VoiceTTS, store.VoiceWaveform)
	if err != nil {
		return nil, err
	}
	recorded := kind == store.VoiceWaveform
	config, err := s.voices.Voice(ctx, req.InstanceID, req.ScriptID, req.ScriptVoiceConfigID, recorded, req.ScriptWaveformRelation)
	if err != nil {
		return nil, err
	}
	return &scriptVoiceConfigResponse{req.voiceConfig(config)}, nil
}
