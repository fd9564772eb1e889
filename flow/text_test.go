package flow

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/talkgraph/talkgraph/session"
)

var knownNames = map[string]bool{"name": true, "honorific": true, "phonenumber": true, "referenceId": true, "课程": true, "课程名": true}

func TestText(t *testing.T) {
	vars := []session.Var{{Name: "extra", Value: "多"}, {Name: "name", Value: "王芳@name"}, {Name: "n", Value: "N"}, {Name: "课程", Value: "钢琴"}, {Name: "\xe4", Value: "half a character"}, {Name: "", Value: "nothing"}}
	for _, c := range []struct {
		source, want string
		missing      int
		unknown      string // The runs told at compile time.
	}{
		{"您好", "您好", 0, ""},
		{"", "", 0, ""},
		{"您好@name", "您好王芳@name", 0, ""},
		{"@name您好", "王芳@name您好", 0, ""},
		{"@name 您好", "王芳@name 您好", 0, ""},
		{"@课程课", "钢琴课", 0, ""},
		{"@课程名称", "称", 1, ""},
		{"@honorific好", "好", 1, ""},
		{"@nobody", "Nobody"[:1] + "obody", 0, "nobody"},
		{"@zzz你好，@zz", "，", 2, "zzz你好 zz"},
		{"@extra要", "多要", 0, "extra要"},
		{"@Name", "", 1, "Name"},
		{"a@@b", "a@b", 0, ""},
		{"@@name", "@name", 0, ""},
		{"@@@name", "@王芳@name", 0, ""},
		{"@ @，@", "@ @，@", 0, ""},
		{"@name@name", "王芳@name王芳@name", 0, ""},
		{"@name_", "王芳@name_", 0, ""},
		{"@你", "", 1, "你"},
	} {
		var unknown []string
		text := parseText(c.source, knownNames, func(run string) { unknown = append(unknown, run) })
		got, missing := text.Append([]byte("> "), vars)
		if string(got) != "> "+c.want || missing != c.missing {
			t.Errorf("%q is said as %q with %d missing, want %q with %d", c.source, got[2:], missing, c.want, c.missing)
		}
		if told := strings.Join(unknown, " "); told != c.unknown {
			t.Errorf("%q tells of %q, want %q", c.source, told, c.unknown)
		}
		if text.Source() != c.source {
			t.Errorf("Source of %q is %q", c.source, text.Source())
		}
		if text.Empty() != (strings.TrimSpace(c.source) == "") {
			t.Errorf("Empty of %q is %v", c.source, text.Empty())
		}
		if literal, ok := text.Literal(); ok && literal != c.want {
			t.Errorf("Literal of %q is %q, want %q", c.source, literal, c.want)
		}
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	text := parseText("您好@name，您的@课程名称和@nobody都到期了", knownNames, func(string) {})
	vars := []session.Var{{Name: "name", Value: "王芳"}, {Name: "课程名", Value: "钢琴"}}
	dst := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() { dst, _ = text.Append(dst[:0], vars) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// slowText says a text as the rule reads: it looks up every prefix of a run,
// longest first.
func slowText(source string, known map[string]bool, vars []session.Var) (said string, missing int) {
	value := func(name string) (string, bool) {
		for _, v := range vars {
			if v.Name == name {
				return v.Value, true
			}
		}
		return "", false
	}
	runes := []rune(source)
	for i := 0; i < len(runes); i++ {
		if runes[i] != '@' {
			said += string(runes[i])
			continue
		}
		end := i + 1
		for end < len(runes) && (runes[end] == '_' || unicode.IsLetter(runes[end]) || unicode.IsDigit(runes[end])) {
			end++
		}
		if end == i+1 {
			said += "@"
			if end < len(runes) && runes[end] == '@' {
				i++
			}
			continue
		}
		name := end
		for ; name > i+1; name-- {
			prefix := string(runes[i+1 : name])
			if v, ok := value(prefix); ok {
				said += v
				break
			} else if known[prefix] {
				missing++
				break
			}
		}
		if name > i+1 {
			said += string(runes[name:end])
		} else {
			missing++
		}
		i = end - 1
	}
	return said, missing
}

// drawText draws a text in which names, and pieces of names, are frequent.
func drawText(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
		"@", "@", "@", "a", "ab", "abc", "名", "名字", "_", "1", " ", "，", "é", "٣",
	}), 0, 12).Draw(t, "text"), "")
}

func TestTextIsWhatTheRuleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SampledFrom([]string{"a", "ab", "abc", "abc名", "名", "名字", "_", "1", "aa", "٣"})
		known := make(map[string]bool)
		for _, name := range rapid.SliceOfN(names, 0, 4).Draw(t, "known") {
			known[name] = true
		}
		var vars []session.Var
		for _, name := range rapid.SliceOfNDistinct(names, 0, 4, func(s string) string { return s }).Draw(t, "vars") {
			vars = append(vars, session.Var{Name: name, Value: "<" + name + ">"})
		}
		source := drawText(t)
		want, missing := slowText(source, known, vars)
		text := parseText(source, known, func(string) {})
		got, n := text.Append(nil, vars)
		if string(got) != want || n != missing {
			t.Fatalf("%q is said as %q with %d missing, want %q with %d", source, got, n, want, missing)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, source := range []string{"您好@name", "@@name@", "@课程名称", "\xff@name\xff", "@" + strings.Repeat("长", 100)} {
		f.Add(source, "课程", "钢琴")
	}
	f.Fuzz(func(t *testing.T, source, name, value string) {
		text := parseText(source, knownNames, func(string) {})
		out, missing := text.Append(nil, []session.Var{{Name: name, Value: value}})
		if missing > strings.Count(source, "@") {
			t.Errorf("%d missing in %q", missing, source)
		}
		if literal, ok := text.Literal(); ok && (literal != string(out) || missing != 0) {
			t.Errorf("literal %q is said as %q", literal, out)
		}
		if most := len(source) + strings.Count(source, "@")*len(value); len(out) > most {
			t.Errorf("%q grew to %d bytes", source, len(out))
		}
	})
}
