package api

import (
	"strings"
	"testing"

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
