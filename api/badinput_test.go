package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/bounds"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// things are the parameters that name something which has to be there, with
// the kind of it. All others may be anything that their tag allows.
var things = map[string]string{
	"InstanceId":           "Instance",
	"ScriptId":             "Script",
	"SourceScriptId":       "Script",
	"DialogueFlowId":       "DialogueFlow",
	"GlobalQuestionId":     "GlobalQuestion",
	"IntentId":             "Intent",
	"ScriptVoiceConfigId":  "ScriptVoiceConfig",
	"ScriptWaveformId":     "ScriptWaveform",
	"OutboundCallNumberId": "OutboundCallNumber",
	"RollbackVersion":      "ScriptVersion",
	"FileId":               "File",
	"ResourceId.N":         "Instance",
	"JobGroupId":           "JobGroup",
	"JobId":                "Job",
	"TaskId":               "Task",
	"ContactBlockListId":   "ContactBlockList",
}

// filters are those of things that need not be there: they narrow what is found,
// or are a name of the call centre's own.
var filters = map[string]bool{"ListTagResources ResourceId.N": true, "Dialogue TaskId": true}

// chosen are the parameters that may only be one of a few words, or a number in
// a string, or a URL.
var chosen = []string{
	"DialogueFlowType", "GlobalQuestionType", "StatusList.N", "ResourceType", "Type", "Volume", "SpeechRate", "RollbackVersion", "SignatureUrl",
}

// documents are the parameters that hold JSON in a string.
var documents = []string{"DialogueFlowDefinition", "TagGroups", "Tags", "ScriptWaveformRelation"}

// hostile are texts that mean something to what may lie below: a path, a
// statement, patterns of LIKE.
var hostile = []string{"no-such", "../../etc/passwd", "'; DROP TABLE scripts; --", "' OR ''='", "%", "_", "$(id)", "\\", "😀"}

// badInput is a request that has to be refused.
type badInput struct {
	what    string
	request map[string]string
	encoded func(string) string // What is done to it once it is encoded, if anything.
	code    string              // Empty: whatever is not our failure.
}

// TestBadInput sends bad values of every parameter of every action. Each is
// refused with its documented code, and none changes anything.
func TestBadInput(t *testing.T) {
	eachWhole(t, func(t *testing.T, w *whole) {
		x := w.newWorld()
		before := dump(t, w)
		for name, action := range registry() {
			request, _ := action.Types()
			sample := x.sample(name)
			for _, p := range parametersOf(request) {
				for i, bad := range badInputs(name, sample, p) {
					by := ways[i%len(ways)]
					status, body := w.sendBy(by, bad.request, bad.encoded)
					if message := judge(status, body, bad.code); message != "" {
						t.Errorf("%s %s, %s by %s: %s", name, p.name, bad.what, by.method, message)
					}
				}
			}
			if after := dump(t, w); !cmp.Equal(before, after) {
				t.Errorf("%s: bad input changed something:\n%s", name, cmp.Diff(before, after))
				before = after
			}
		}
	})
}

// dump is everything that is stored, but the record of who asked for what.
func dump(t *testing.T, w *whole) map[string][]string {
	t.Helper()
	all := storetest.Dump(t, w.place)
	if len(all) < 15 {
		t.Fatalf("there are only %d tables in %v", len(all), w.place)
	}
	delete(all, "audit")
	return all
}

// judge says what is wrong with the answer to a request that had to be refused.
func judge(status int, body, code string) string {
	var got struct{ Code string }
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		return fmt.Sprintf("%v in %s", err, body)
	}
	switch {
	case status >= http.StatusInternalServerError:
		return "it is our failure: " + body
	case code != "" && (got.Code != code || status < http.StatusBadRequest):
		return fmt.Sprintf("%s, want %s", body, code)
	case status != http.StatusOK && !documentedCode.MatchString(got.Code):
		return "no page has this code: " + body
	}
	return ""
}

// documentedCode matches the codes of the reference and those of docs/api.md.
var documentedCode = regexp.MustCompile(`^(MissingParameter|InvalidParameter|InvalidScript\.\w+|Invalid\w+\.Duplicated|` +
	`NotExist\.\w+|LimitExceeded\.ConcurrentConversation|Throttling\.User|RequestTooLarge|UnsupportedOperation)$`)

// badInputs returns the bad values of one parameter.
func badInputs(action string, sample map[string]string, p parameter) []badInput {
	base, isList := strings.CutSuffix(p.name, ".N")
	name := strings.Replace(p.name, ".N", ".1", 1)
	if _, whole := sample[base]; whole {
		name = base
	}
	set := func(what, value, code string) badInput {
		request := maps.Clone(sample)
		request[name] = value
		return badInput{what: what, request: request, code: code}
	}
	replaced := func(what, with string) badInput {
		bad := set(what, "PLACEHOLDER", "InvalidParameter")
		bad.encoded = func(encoded string) string { return strings.ReplaceAll(encoded, "PLACEHOLDER", with) }
		return bad
	}
	list := []badInput{
		replaced("no UTF-8", "%FF%FE"), replaced("UTF-8 too long", "%C0%80"), replaced("a surrogate", "%ED%A0%80"),
		replaced("a zero", "a%00b"), replaced("an escape", "a%1Bb"), replaced("a C1 control", "a%C2%85b"), replaced("half an escape", "a%2"),
	}
	if p.name == "PageNumber" {
		list = append(list, set("a huge page", "9223372036854775807", "")) // Nothing is on it.
	}
	if p.required {
		missing := set("missing", "", "MissingParameter")
		maps.DeleteFunc(missing.request, func(key, _ string) bool {
			return key == name || isList && strings.HasPrefix(key, base+".")
		})
		list = append(list, missing)
		if !isList {
			list = append(list, set("empty", "", "MissingParameter"))
		}
	}
	switch p.kind {
	case "int", "int64":
		list = append(list, set("no number", "abc", "InvalidParameter"), set("a fraction", "1.5", "InvalidParameter"),
			set("an empty list", "[]", "InvalidParameter"), set("too big a number", "99999999999999999999", "InvalidParameter"))
		for option, step := range map[string]int64{"min": -1, "max": 1} {
			if limit, said := p.number(option); said {
				list = append(list, set("beyond "+option, strconv.FormatInt(limit+step, 10), "InvalidParameter"))
			}
		}
	case "bool":
		list = append(list, set("neither true nor false", "maybe", "InvalidParameter"), set("a number", "1", "InvalidParameter"))
	default:
		list = append(list, badTexts(action, p, set)...)
	}
	return list
}

// badTexts returns the bad values of a parameter that holds text, or a list or
// map of texts.
func badTexts(action string, p parameter, set func(what, value, code string) badInput) []badInput {
	var list []badInput
	most, bounded := p.number("max")
	if each, said := p.number("each"); said || p.kind != "string" {
		most, bounded = each, said
	}
	layout := p.says("text")
	if kind, said := p.is(); said {
		most, bounded, layout = int64(kind.Most), true, kind.Layout
	}
	if bounded && most < 1<<20 {
		list = append(list, set("over-long", strings.Repeat("长", int(most)+1), "InvalidParameter"))
	}
	if p.kind == "string" && !layout {
		list = append(list, set("a tab", "a\tb", "InvalidParameter"), set("a line end", "a\nb", "InvalidParameter"))
	}
	thing, isThing := things[p.name]
	if filters[action+" "+p.name] {
		isThing = false
	}
	switch {
	case slices.Contains(chosen, p.name):
		for _, value := range hostile {
			list = append(list, set(value, value, "InvalidParameter"))
		}
	case isThing:
		for _, value := range hostile {
			list = append(list, set(value, value, "NotExist."+thing))
		}
	case slices.Contains(documents, p.name), p.kind == "map[string]string":
		for _, value := range []string{"{", "[1,", `"x"`, "null", "true", "nonsense", `{"a":{}}`, `[{"tagName":1}]`, strings.Repeat("[", 10_000)} {
			list = append(list, set("JSON "+value[:min(len(value), 12)], value, "InvalidParameter"))
		}
	}
	if p.kind == "[]string" {
		list = append(list, badLists(p, set)...)
	}
	return list
}

// badLists returns the bad ways of sending a list.
func badLists(p parameter, set func(what, value, code string) badInput) []badInput {
	base := strings.TrimSuffix(p.name, ".N")
	numbered := func(what string, elements map[string]string) badInput {
		bad := set(what, "", "InvalidParameter")
		maps.DeleteFunc(bad.request, func(key, _ string) bool { return key == base || strings.HasPrefix(key, base+".") })
		for key, value := range elements {
			bad.request[base+key] = value
		}
		return bad
	}
	list := []badInput{
		numbered("element 0", map[string]string{".0": "x"}), numbered("element 01", map[string]string{".01": "x"}),
		numbered("no number", map[string]string{".x": "x"}), numbered("an endless number", map[string]string{".99999999999999999999": "x"}),
		numbered("broken JSON", map[string]string{"": `["x"`}), numbered("JSON of numbers", map[string]string{"": `[1]`}),
		numbered("JSON of null", map[string]string{"": `[null]`}), numbered("a control in JSON", map[string]string{"": `["\u0000"]`}),
		numbered("twice", map[string]string{"": `["x"]`, ".1": "x"}),
	}
	if most, said := p.number("max"); said && most < 5000 {
		many, err := json.Marshal(slices.Repeat([]string{"x"}, int(most)+1))
		if err != nil {
			panic(err) // Strings can be marshalled.
		}
		list = append(list, numbered("too many", map[string]string{"": string(many)}))
	}
	return list
}

// says reports whether the parameter's tag has an option.
func (p parameter) says(option string) bool {
	return slices.Contains(strings.Split(p.options, ","), option)
}

// is returns the kind of text that the parameter's tag names.
func (p parameter) is() (bounds.Kind, bool) {
	for said := range strings.SplitSeq(p.options, ",") {
		if name, ok := strings.CutPrefix(said, "is="); ok {
			return bounds.Named(name)
		}
	}
	return bounds.Kind{}, false
}

// number returns a numeric option of the parameter's tag.
func (p parameter) number(option string) (int64, bool) {
	for said := range strings.SplitSeq(p.options, ",") {
		if value, ok := strings.CutPrefix(said, option+"="); ok {
			n, err := strconv.ParseInt(value, 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
