package sdktest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// giveVoice sets how the script is spoken: by which voice, and one of its texts
// by a recording.
func (l *life) giveVoice() {
	modified := do(l.t, l.client.ModifyTTSConfig, outboundbot.CreateModifyTTSConfigRequest, func(r *outboundbot.ModifyTTSConfigRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
		r.Voice, r.SpeechRate, r.Volume = "xiaoyun", "-20", "70"
	}).TTSConfig
	equal(l.t, "the voice", modified, outboundbot.TTSConfig{
		TTSConfigId: modified.TTSConfigId, InstanceId: l.instance, ScriptId: l.script, Voice: "xiaoyun", SpeechRate: "-20", Volume: "70",
	})
	described := do(l.t, l.client.DescribeTTSConfig, outboundbot.CreateDescribeTTSConfigRequest, func(r *outboundbot.DescribeTTSConfigRequest) {
		r.InstanceId, r.ScriptId = l.instance, l.script
	}).TTSConfig
	equal(l.t, "the voice described", described, modified)

	demo := do(l.t, l.client.DescribeTTSDemo, outboundbot.CreateDescribeTTSDemoRequest, func(r *outboundbot.DescribeTTSDemoRequest) {
		r.InstanceId, r.ScriptId, r.Text, r.Voice = l.instance, l.script, "您好", "xiaoyun"
		r.SpeechRate, r.Volume = requests.NewInteger(0), requests.NewInteger(50)
	}).AuditionUrl
	if sound := download(l.t, demo); !bytes.HasPrefix(sound, []byte("RIFF")) {
		l.t.Errorf("what speaks is no WAV: %.20q", sound)
	}
	l.record("明天停水，您知道了吗？")
}

// record has a text of the script spoken by a recording, and by the voice again.
func (l *life) record(text string) {
	file := l.upload("notice.wav", silence())
	recording := do(l.t, l.client.CreateScriptWaveform, outboundbot.CreateCreateScriptWaveformRequest,
		func(r *outboundbot.CreateScriptWaveformRequest) {
			r.InstanceId, r.ScriptId = l.instance, l.script
			r.FileId, r.FileName, r.ScriptContent = file, "notice.wav", text
		}).ScriptWaveformId
	query := func() []outboundbot.ScriptWaveform {
		return do(l.t, l.client.QueryScriptWaveforms, outboundbot.CreateQueryScriptWaveformsRequest,
			func(r *outboundbot.QueryScriptWaveformsRequest) {
				r.InstanceId, r.ScriptId, r.ScriptContent = l.instance, l.script, text
			}).ScriptWaveforms
	}
	equal(l.t, "the recordings", query(), []outboundbot.ScriptWaveform{
		{ScriptWaveformId: recording, ScriptId: l.script, ScriptContent: text, FileId: file, FileName: "notice.wav"},
	})

	configs := do(l.t, l.client.ListScriptVoiceConfigs, outboundbot.CreateListScriptVoiceConfigsRequest,
		func(r *outboundbot.ListScriptVoiceConfigsRequest) {
			r.InstanceId, r.ScriptId = l.instance, l.script
			r.PageNumber, r.PageSize = requests.NewInteger(1), requests.NewInteger(100)
		}).ScriptVoiceConfigs.List
	texts := ids(configs, func(c outboundbot.ScriptVoiceConfig) string { return c.ScriptContent })
	var config outboundbot.ScriptVoiceConfig
	for _, c := range configs {
		if c.ScriptContent == text {
			config = c
		}
	}
	equal(l.t, "how "+strings.Join(texts, "")+" are spoken", config, outboundbot.ScriptVoiceConfig{
		ScriptVoiceConfigId: config.ScriptVoiceConfigId, InstanceId: l.instance, ScriptId: l.script,
		ScriptContent: text, Source: "DIALOGUE_FLOW", Type: "TTS",
	})
	set := func(kind, relation string) outboundbot.ScriptVoiceConfig {
		return do(l.t, l.client.ModifyScriptVoiceConfig, outboundbot.CreateModifyScriptVoiceConfigRequest,
			func(r *outboundbot.ModifyScriptVoiceConfigRequest) {
				r.InstanceId, r.ScriptId, r.ScriptVoiceConfigId = l.instance, l.script, config.ScriptVoiceConfigId
				r.Type, r.ScriptWaveformRelation = kind, relation
			}).ScriptVoiceConfig
	}
	recorded := set("WAVEFORM", relation(l.t, text, recording))
	equal(l.t, "how it is spoken", recorded.Type, "WAVEFORM")
	described := do(l.t, l.client.DescribeScriptVoiceConfig, outboundbot.CreateDescribeScriptVoiceConfigRequest,
		func(r *outboundbot.DescribeScriptVoiceConfigRequest) {
			r.InstanceId, r.ScriptId, r.ScriptVoiceConfigId = l.instance, l.script, config.ScriptVoiceConfigId
		}).ScriptVoiceConfig
	equal(l.t, "how it is said to be spoken", described, recorded)

	equal(l.t, "how it is spoken again", set("TTS", "").Type, "TTS")
	do(l.t, l.client.DeleteScriptWaveform, outboundbot.CreateDeleteScriptWaveformRequest,
		func(r *outboundbot.DeleteScriptWaveformRequest) {
			r.InstanceId, r.ScriptId, r.ScriptWaveformId = l.instance, l.script, recording
		})
	equal(l.t, "the recordings left", len(query()), 0)
}

// relation says which recording speaks a text.
func relation(t *testing.T, text, recording string) string {
	t.Helper()
	data, err := json.Marshal([]struct{ ScriptContent, ScriptWaveformId string }{{text, recording}})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// upload posts a file to where GenerateUploadUrl says, as clients of object
// storage do, and returns its FileId.
func (l *life) upload(name string, content []byte) string {
	l.t.Helper()
	place, kind, form := l.uploadForm(name, content)
	response, err := http.Post(place.Host, kind, bytes.NewReader(form))
	if err != nil {
		l.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		l.t.Fatalf("uploading to %s: %s", place.Host, response.Status)
	}
	return strings.TrimSuffix(place.Folder, "/")
}

// uploadForm returns where to post a file, and what.
func (l *life) uploadForm(name string, content []byte) (place outboundbot.Data, contentType string, body []byte) {
	l.t.Helper()
	place = do(l.t, l.client.GenerateUploadUrl, outboundbot.CreateGenerateUploadUrlRequest, func(r *outboundbot.GenerateUploadUrlRequest) {
		r.FileName, r.Key = name, "recordings"
	}).Data
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for _, field := range [][2]string{
		{"key", place.Folder + name}, {"OSSAccessKeyId", place.AccessId}, {"policy", place.Policy}, {"signature", place.Signature},
	} {
		if err := w.WriteField(field[0], field[1]); err != nil {
			l.t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", name)
	if err != nil {
		l.t.Fatal(err)
	}
	if _, err := file.Write(content); err != nil {
		l.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		l.t.Fatal(err)
	}
	return place, w.FormDataContentType(), form.Bytes()
}

// silence is a tenth of a second of it: a WAV of 8,000 samples a second.
func silence() []byte {
	const samples = 800
	var wav bytes.Buffer
	wav.WriteString("RIFF")
	for _, part := range []any{
		uint32(36 + 2*samples), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(8000), uint32(16000), uint16(2), uint16(16),
		[]byte("data"), uint32(2 * samples), make([]byte, 2*samples),
	} {
		if err := binary.Write(&wav, binary.LittleEndian, part); err != nil {
			panic(err) // A buffer takes everything.
		}
	}
	return wav.Bytes()
}
