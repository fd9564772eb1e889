package api

import (
	"strings"
	"testing"
	"time"
)

// A copy of a script is spoken by the same recordings, which are its own: what
// becomes of one script is nothing to the other, and an export says what it
// leaves out.
func TestRecordingsOfACopy(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("a")
		source := c.script(instance, "s")
		of := func(script string, parameters ...string) []string {
			return append(parameters, "InstanceId", instance, "ScriptId", script)
		}
		flow := c.must("CreateDialogueFlow", of(source, "DialogueName", "main", "DialogueFlowType", "MainFlow")...).at(t, "DialogueFlowId").(string)
		c.must("ModifyDialogueFlow", of(source, "DialogueFlowId", flow, "DialogueFlowDefinition", flowSaying("您好@name，请问"))...)
		file := c.put("hello.wav")
		record := func(text string) string {
			return c.must("CreateScriptWaveform", of(source, "FileId", file, "FileName", "hello.wav", "ScriptContent", text)...).at(t, "ScriptWaveformId").(string)
		}
		relation := func(first, second string) string {
			return `[{"ScriptContent":"您好","ScriptWaveformId":"` + first + `"},{"ScriptContent":"@name","ScriptWaveformId":""},` +
				`{"ScriptContent":"请问","ScriptWaveformId":"` + second + `"}]`
		}
		older, first, second := record("您好"), record("您好"), record("请问")
		config := c.configOf(of(source), "您好@name，请问")["ScriptVoiceConfigId"].(string)
		c.must("ModifyScriptVoiceConfig", of(source, "ScriptVoiceConfigId", config, "Type", "WAVEFORM", "ScriptWaveformRelation", relation(first, second))...)

		copied := c.must("DuplicateScript", "InstanceId", instance, "SourceScriptId", source, "Name", "copy").at(t, "ScriptId").(string)
		waveform := func(text string, i int) string {
			found := c.must("QueryScriptWaveforms", of(copied, "ScriptContent", text)...)
			if got := found.at(t, "ScriptWaveforms", i); got.(map[string]any)["FileId"] != file || got.(map[string]any)["FileName"] != "hello.wav" {
				t.Errorf("a copy of a recording: %v", got)
			}
			return found.at(t, "ScriptWaveforms", i, "ScriptWaveformId").(string)
		}
		first2, older2, second2 := waveform("您好", 0), waveform("您好", 1), waveform("请问", 0)
		ids := strings.Join([]string{"", older, first, second, ""}, " ")
		for _, id := range []string{first2, older2, second2} {
			if strings.Contains(ids, " "+id+" ") {
				t.Errorf("the copy has the recording %s of the source", id)
			}
		}
		spoken := c.configOf(of(copied), "您好@name，请问")
		if spoken["Type"] != "WAVEFORM" || spoken["ScriptWaveformRelation"] != relation(first2, second2) || spoken["ScriptVoiceConfigId"] == config {
			t.Errorf("the text in the copy: %v", spoken)
		}
		if got := c.must("ExportScript", of(copied)...).at(t, "WaveformsLeftOut"); got != 3.0 {
			t.Errorf("%v recordings are said to be left out", got)
		}

		// The source goes, and with time every file that nothing is made of.
		c.must("DeleteScript", of(source)...)
		c.clock.Advance(72 * time.Hour)
		if _, err := c.home.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.home.Bytes(t.Context(), file); err != nil {
			t.Errorf("the file of a copied recording: %v", err)
		}
		c.must("DeleteScript", of(copied)...)
		if n, err := c.home.Sweep(t.Context()); n != 1 || err != nil {
			t.Errorf("%d files are swept after both scripts, %v", n, err)
		}
	})
}
