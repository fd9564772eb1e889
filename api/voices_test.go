package api

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTTSConfig(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("a")
		id := c.script(instance, "s")
		key := []string{"InstanceId", instance, "ScriptId", id}
		want := func(got answer, voice, rate, volume string) {
			t.Helper()
			config := got.at(t, "TTSConfig").(map[string]any)
			delete(config, "Id") // An alias of DescribeTTSConfig's.
			if diff := cmp.Diff(map[string]any{
				"InstanceId": instance, "ScriptId": id, "TTSConfigId": id,
				"Voice": voice, "SpeechRate": rate, "Volume": volume,
			}, config); diff != "" {
				t.Error(diff)
			}
		}
		want(c.must("DescribeTTSConfig", key...), "xiaoyun", "0", "50")
		modify := append([]string{"Voice", "思静 <1>", "SpeechRate", "-500", "Volume", "100"}, key...)
		want(c.must("ModifyTTSConfig", modify...), "思静 <1>", "-500", "100")
		want(c.must("DescribeTTSConfig", key...), "思静 <1>", "-500", "100")

		for name, bad := range map[string][]string{
			"Voice":      {"Voice", strings.Repeat("x", 65), "SpeechRate", "0", "Volume", "0"},
			"SpeechRate": {"Voice", "x", "SpeechRate", "501", "Volume", "0"},
			"Volume":     {"Voice", "x", "SpeechRate", "0", "Volume", "-1"},
			"loud":       {"Voice", "x", "SpeechRate", "0", "Volume", "loud"},
			"fraction":   {"Voice", "x", "SpeechRate", "0.5", "Volume", "50"},
			"line end":   {"Voice", "x\n", "SpeechRate", "0", "Volume", "50"},
		} {
			t.Log(name)
			c.refused("InvalidParameter", "ModifyTTSConfig", append(bad, key...)...)
		}
		c.refused("MissingParameter", "ModifyTTSConfig", append([]string{"SpeechRate", "0", "Volume", "0"}, key...)...)
		want(c.must("DescribeTTSConfig", key...), "思静 <1>", "-500", "100")
	})
}

// The voice is part of the script: it goes with it, wherever it goes.
func TestTTSConfigGoesWithScript(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("a")
		id := c.imported(instance, "hello")
		c.must("ModifyTTSConfig", "InstanceId", instance, "ScriptId", id, "Voice", "siyue", "SpeechRate", "100", "Volume", "7")
		if drafted := c.must("DescribeScript", "InstanceId", instance, "ScriptId", id).at(t, "Script", "IsDrafted"); drafted != true {
			t.Error("the script is no draft")
		}
		copied := c.must("DuplicateScript", "InstanceId", instance, "SourceScriptId", id, "Name", "copy").at(t, "ScriptId").(string)
		got := c.must("DescribeTTSConfig", "InstanceId", instance, "ScriptId", copied)
		if got.at(t, "TTSConfig", "Voice") != "siyue" || got.at(t, "TTSConfig", "Volume") != "7" {
			t.Error(got)
		}
	})
}

// fakeESpeak writes a program in the place of espeak-ng, whose speech is the
// text.
func fakeESpeak(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "espeak-ng")
	script := "#!/bin/sh\nprintf RIFF0000WAVE000000000000000000000000data0000; cat\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// put uploads a recording and returns its id.
func (c *served) put(name string) string {
	c.t.Helper()
	data := c.must("GenerateUploadUrl", "FileName", name)
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPut, data.at(c.t, "Data", "UploadUrl").(string), strings.NewReader("RIFF0000WAVEfmt "+name))
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		c.t.Fatal(answer.Status)
	}
	return data.at(c.t, "Data", "FileId").(string)
}

// configOf returns the voice config of a text, nil when no text is spoken so.
func (c *served) configOf(key []string, text string) map[string]any {
	c.t.Helper()
	list, _ := c.must("ListScriptVoiceConfigs", append([]string{"PageSize", "100"}, key...)...).at(c.t, "ScriptVoiceConfigs", "List").([]any)
	for _, one := range list {
		if config := one.(map[string]any); config["ScriptContent"] == text {
			return config
		}
	}
	return nil
}

func flowSaying(text string) string {
	return `{"nodes":[{"id":"a","type":"Start"},{"id":"b","type":"Switch","script":"` + text + `","similarScripts":["还在吗"]}],"transitions":[]}`
}

// A recording from its upload to the text it is part of, and back.
func TestRecordings(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("a")
		key := []string{"InstanceId", instance, "ScriptId", c.script(instance, "s")}
		with := func(parameters ...string) []string { return append(parameters, key...) }
		flow := c.must("CreateDialogueFlow", with("DialogueName", "main", "DialogueFlowType", "MainFlow")...).at(t, "DialogueFlowId").(string)
		say := func(text string) {
			c.must("ModifyDialogueFlow", with("DialogueFlowId", flow, "DialogueFlowDefinition", flowSaying(text))...)
		}
		say("您好@name，请问")
		config := c.configOf(key, "您好@name，请问")
		if config["Type"] != "TTS" || config["Source"] != "DIALOGUE_FLOW" || config["ScriptWaveformRelation"] != "" {
			t.Fatal(config)
		}
		if c.configOf(key, "还在吗") == nil {
			t.Error("a similar script has no config")
		}
		id := config["ScriptVoiceConfigId"].(string)

		file := c.put("hello.wav")
		first := c.must("CreateScriptWaveform", with("FileId", file+"/hello.wav", "FileName", "hello.wav", "ScriptContent", "您好")...).at(t, "ScriptWaveformId").(string)
		second := c.must("CreateScriptWaveform", with("FileId", c.put("ask.wav"), "FileName", "ask.wav", "ScriptContent", "请问")...).at(t, "ScriptWaveformId").(string)
		found := c.must("QueryScriptWaveforms", with("ScriptContent", "您好")...)
		if got := found.at(t, "ScriptWaveforms", 0, "FileId"); got != file || len(found.at(t, "ScriptWaveforms").([]any)) != 1 {
			t.Error(found)
		}

		part := `{"ScriptContent":"您好","ScriptWaveformId":"` + first + `"}`
		rest := `,{"ScriptContent":"请问","ScriptWaveformId":"` + second + `"}`
		for _, bad := range []string{"", "[]", "[" + part + "]", "[" + part + strings.Replace(rest, second, "id-999", 1) + "]", "{}"} {
			c.refused("InvalidParameter", "ModifyScriptVoiceConfig", with("ScriptVoiceConfigId", id, "Type", "WAVEFORM", "ScriptWaveformRelation", bad)...)
		}
		c.refused("InvalidParameter", "ModifyScriptVoiceConfig", with("ScriptVoiceConfigId", id, "Type", "SONG")...)
		relation := "[" + part + rest + "]"
		c.must("ModifyScriptVoiceConfig", with("ScriptVoiceConfigId", id, "Type", "WAVEFORM", "ScriptWaveformRelation", relation)...)
		got := c.must("DescribeScriptVoiceConfig", with("ScriptVoiceConfigId", id)...)
		if got.at(t, "ScriptVoiceConfig", "Type") != "WAVEFORM" || got.at(t, "ScriptVoiceConfig", "ScriptWaveformRelation") != relation {
			t.Error(got)
		}
		c.refused("InvalidParameter", "DeleteScriptWaveform", with("ScriptWaveformId", first)...)

		// A text that stays keeps its config; one that is gone loses it.
		say("您好@name，请问")
		if now := c.configOf(key, "您好@name，请问"); now["ScriptVoiceConfigId"] != id || now["Type"] != "WAVEFORM" {
			t.Error(now)
		}
		say("再见")
		c.refused("NotExist.ScriptVoiceConfig", "DescribeScriptVoiceConfig", with("ScriptVoiceConfigId", id)...)
		c.must("DeleteScriptWaveform", with("ScriptWaveformId", first)...)
		c.refused("NotExist.ScriptWaveform", "DeleteScriptWaveform", with("ScriptWaveformId", first)...)
		say("您好@name，请问")
		if now := c.configOf(key, "您好@name，请问"); now["ScriptVoiceConfigId"] == id || now["Type"] != "TTS" {
			t.Error(now)
		}
		c.must("DeleteScript", key...)
	})
}

// A file serves the instance that used it first, and no other.
func TestRecordingsOfFiles(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		one, other := c.newInstance("a"), c.newInstance("b")
		record := func(instance, file string) []string {
			return []string{"InstanceId", instance, "ScriptId", c.script(instance, c.store.NewID()), "FileId", file, "FileName", "x.wav", "ScriptContent", "您好"}
		}
		file := c.put("a.wav")
		c.must("CreateScriptWaveform", record(one, file)...)
		c.must("CreateScriptWaveform", record(one, file)...)
		c.refused("NotExist.File", "CreateScriptWaveform", record(other, file)...)
		c.refused("NotExist.File", "CreateScriptWaveform", record(one, "../"+file)...)
		awaited := c.must("GenerateUploadUrl", "FileName", "b.wav").at(t, "Data", "FileId").(string)
		c.refused("NotExist.File", "CreateScriptWaveform", record(one, awaited)...)
		c.refused("InvalidParameter", "GenerateUploadUrl", "FileName", "b.exe")
		unused := c.put("c.wav")
		c.clock.Advance(48 * time.Hour)
		c.refused("NotExist.File", "CreateScriptWaveform", record(one, unused)...) // It has expired.
		c.must("CreateScriptWaveform", record(one, file)...)                       // A recording is kept.
	})
}

func TestTTSDemo(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("a")
		id := c.script(instance, "s")
		demo := []string{"InstanceId", instance, "ScriptId", id, "Text", "您好", "Voice", "aixia", "SpeechRate", "100", "Volume", "50"}
		url := c.must("DescribeTTSDemo", demo...).at(t, "AuditionUrl").(string)
		r, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		wav, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "audio/wav" || !strings.HasSuffix(string(wav), "您好") {
			t.Errorf("%q %v %v", wav, r.Header, err)
		}
		demo[5] = strings.Repeat("好", 501)
		c.refused("InvalidParameter", "DescribeTTSDemo", demo...)
		demo[3] = "nowhere"
		demo[5] = "您好"
		c.refused("NotExist.Script", "DescribeTTSDemo", demo...)
	})
}
