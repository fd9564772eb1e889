package api

import (
	"context"
	"strconv"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/voice"
)

// voiceActions are the actions on the voice of a script.
func (s *service) voiceActions() []rpc.Action {
	return []rpc.Action{
		act("ModifyTTSConfig", s.modifyTTSConfig),
		act("DescribeTTSConfig", s.describeTTSConfig),
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
