package voice

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
)

// pieces are contents, each with a recording, but for those that begin with -.
func pieces(contents ...string) []store.VoicePiece {
	var list []store.VoicePiece
	for _, content := range contents {
		variable, is := strings.CutPrefix(content, "-")
		piece := store.VoicePiece{Content: variable, WaveformID: "w"}
		if is {
			piece.WaveformID = ""
		}
		list = append(list, piece)
	}
	return list
}

func TestCover(t *testing.T) {
	known := map[string]bool{"name": true, "课程": true}
	for _, c := range []struct {
		text   string
		pieces []store.VoicePiece
		ok     bool
	}{
		{"您好，请问是本人吗？", pieces("您好，请问是本人吗？"), true},
		{"您好，请问是本人吗？", pieces("您好，", "请问是本人吗？"), true},
		{"您好，请问是本人吗？", pieces("您好", "请问是本人吗"), true},
		{"您好，请问是本人吗？", pieces("您好", "，请问是本人吗？"), true},
		{"您好，请问是本人吗？", pieces("您好", "。", "请问是本人吗"), true},
		{"您好，请问是本人吗？", pieces("您好"), false},
		{"您好，请问是本人吗？", pieces("请问是本人吗"), false},
		{"您好，请问是本人吗？", pieces("请问是本人吗", "您好"), false},
		{"您好，请问是本人吗？", pieces("您好", "您好", "请问是本人吗"), false},
		{"您好，请问是本人吗？", pieces("您好", "请问是本人吗", "再见"), false},
		{"您好，请问是本人吗？", pieces("您好请问是本人吗"), false},
		{"您好，请问是本人吗？", pieces("，"), false},
		{"您好，请问是本人吗？", nil, false},
		{"您好@name，请问", pieces("您好", "请问"), true},
		{"您好@name，请问", pieces("您好", "-@name", "请问"), true},
		{"您好@name，请问", pieces("您好", "-@name", "-@name", "请问"), false},
		{"您好@name，请问", pieces("您好", "-@other", "请问"), false},
		{"您好@name，请问", pieces("-@name", "您好", "请问"), false},
		{"您好@name，请问", pieces("您好@name", "请问"), false},
		{"您好@name，请问", pieces("-您好", "请问"), false},
		{"您好@name，请问", pieces("您好"), false},
		{"@name您好", pieces("您好"), true}, // The known name ends where the words begin.
		{"@name您好", pieces("好"), false},
		{"@课程开课了", pieces("开课了"), true},
		{"请看@unknown 谢谢", pieces("请看", "谢谢"), true},
		{"请看@unknown谢谢", pieces("请看"), true}, // Nothing of an unknown run is said.
		{"@name", pieces("-@name"), false},
		{"发到 a@@b", pieces("发到 a@@b"), true},
		{"打八折 @ 100%", pieces("打八折 @ 100%"), true},
		{"打八折 @ 100%", pieces("打八折 @ 100"), false},
		{"one two", pieces("one", "two"), true},
	} {
		err := cover(c.text, known, c.pieces)
		if (err == nil) != c.ok {
			t.Errorf("%s by %v: %v", c.text, c.pieces, err)
		}
		var invalid *store.InvalidError
		if err != nil && (!errors.As(err, &invalid) || invalid.Parameter != "ScriptWaveformRelation") {
			t.Errorf("%s by %v: %v", c.text, c.pieces, err)
		}
	}
}

func TestParseRelation(t *testing.T) {
	for text, want := range map[string]int{
		`[]`: 0, `[{"ScriptContent":"a","ScriptWaveformId":"w"}]`: 1, `[{"ScriptContent":"a","More":1}]`: 1, `[{}]`: -1,
		``: -1, `null`: -1, `{}`: -1, `[`: -1, `["a"]`: -1, `[{"ScriptContent":1}]`: -1,
		strings.Repeat("[", 20_000):                    -1,
		"[" + strings.Repeat("{},", maxPieces) + "{}]": -1,
	} {
		got, err := parseRelation(text)
		if (err == nil) != (want >= 0) || err == nil && len(got) != want {
			t.Errorf("%.40s: %v %v", text, got, err)
		}
	}
	const text = `[{"ScriptContent":"<您好>","ScriptWaveformId":"w1"},{"ScriptContent":"@name","ScriptWaveformId":""}]`
	if got, err := parseRelation(text); err != nil || Relation(got) != text {
		t.Error(Relation(got), err)
	}
}

func FuzzCover(f *testing.F) {
	f.Add("您好@name，请问@@", "您好", "-@name", "请问@@")
	f.Fuzz(func(t *testing.T, text, a, b, c string) {
		known := map[string]bool{"name": true}
		whole := ""
		for _, segment := range cut(text, known) {
			whole += segment.text
		}
		if whole != text {
			t.Fatalf("%q was cut into %q", text, whole)
		}
		_ = cover(text, known, pieces(a, b, c))
	})
}

func TestSpoken(t *testing.T) {
	flows := []store.Flow{
		{Definition: `{"nodes":[
			{"type":"start","script":"nothing"},
			{"type":"Switch","script":"一","similarScripts":["二","一"," "],"questions":["not this"]},
			{"type":"Switch","script":7,"similarScripts":["三",null]},
			"no node", {"type":"Transfer","script":"四"}]}`},
		{Definition: ``}, {Definition: `{"nodes":{}}`}, {Definition: `[[[`}, {Definition: strings.Repeat("[", 20_000)},
	}
	questions := []store.Question{{Answers: store.NewTexts([]string{"一", "五"})}, {}}
	want := []store.SpokenText{
		{Content: "一", Source: "DIALOGUE_FLOW"}, {Content: "二", Source: "DIALOGUE_FLOW"}, {Content: "三", Source: "DIALOGUE_FLOW"},
		{Content: "四", Source: "DIALOGUE_FLOW"}, {Content: "五", Source: "GLOBAL_QUESTION"},
	}
	if diff := cmp.Diff(want, spoken(flows, questions)); diff != "" {
		t.Error(diff)
	}
}
