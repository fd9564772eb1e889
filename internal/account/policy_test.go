package account

import (
	"fmt"
	"path"
	"strings"
	"testing"
)

// document is a policy of one statement.
func document(effect, action string) string {
	return fmt.Sprintf(`{"Version":"1","Statement":[{"Effect":%q,"Action":%s,"Resource":"*"}]}`, effect, action)
}

func TestPolicyAllows(t *testing.T) {
	for name, c := range map[string]struct {
		document      string
		allow, forbid string // Actions, separated by blanks.
	}{
		"everything":      {document("Allow", `"*"`), "Dialogue ListIntents", ""},
		"of the service":  {document("Allow", `"outboundbot:*"`), "Dialogue ListIntents", ""},
		"nothing":         {document("Deny", `"*"`), "", "Dialogue ListIntents"},
		"one":             {document("Allow", `"outboundbot:Dialogue"`), "Dialogue", "Dialogue2 Dialogu MyDialogue"},
		"any case":        {document("Allow", `"OutboundBot:dialogue"`), "Dialogue DIALOGUE", "Dialog"},
		"a list":          {document("Allow", `["outboundbot:Get*","outboundbot:List*"]`), "GetX Get ListIntents", "DeleteList"},
		"in the middle":   {document("Allow", `"outboundbot:*Script*"`), "Script CreateScript ScriptX ListScriptVoiceConfigs", "CreateScrip"},
		"stars":           {document("Allow", `"outboundbot:a**b*c"`), "abc aXbbYc axbxcxbc", "ab acb abcX"},
		"question marks":  {document("Allow", `"outboundbot:List????"`), "ListTags", "ListTag ListFlows List"},
		"both":            {document("Allow", `"outboundbot:?*"`), "A AB", ""},
		"deny wins":       {`{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"outboundbot:delete*","Resource":["*"]},{"Effect":"Allow","Action":"outboundbot:DeleteTag","Resource":"*"}]}`, "CreateTag", "DeleteTag DeleteInstance"},
		"with whitespace": {" \n" + document("Allow", `"*"`) + "\n", "Dialogue", ""},
	} {
		p, err := ParsePolicy([]byte(c.document))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for want, actions := range map[bool]string{true: c.allow, false: c.forbid} {
			for _, action := range strings.Fields(actions) {
				if p.Allows(action) != want {
					t.Errorf("%s: allows %s is %v", name, action, !want)
				}
			}
		}
	}
}

func TestPolicyRefuses(t *testing.T) {
	for document, want := range map[string]string{
		``:                                  "is not a JSON object",
		`{`:                                 "is not a JSON object",
		`[]`:                                "is not a JSON object",
		`null`:                              `Version is ""`,
		`{}`:                                `Version is ""; it must be "1"`,
		`{"Version":"2"}`:                   `Version is "2"`,
		`{"Version":1}`:                     "is not a JSON object",
		`{"Version":"1"}`:                   "there are 0 statements; there must be 1 to 100",
		`{"Version":"1","Statement":{}}`:    "is not a JSON object",
		`{"Version":"1","Statement":[{}]}`:  `statement 1: the Effect is ""; it must be Allow or Deny`,
		document("allow", `"*"`):            `Effect is "allow"`,
		document("Allow", `""`):             `Action is ""; it must be * or begin with outboundbot:`,
		document("Allow", `"ecs:*"`):        `Action is "ecs:*"`,
		document("Allow", `"Dialogue"`):     `Action is "Dialogue"`,
		document("Allow", `"outboundbot:"`): `Action is "outboundbot:"`,
		document("Allow", `"outboundbot:Get[a]"`):                         `Action is "outboundbot:Get[a]"`,
		document("Allow", `"outboundbot:查"`):                              `Action is "outboundbot:查"`,
		document("Allow", `[]`):                                           "it must be a string or a list of strings",
		document("Allow", `[null]`):                                       "it must be a string or a list of strings",
		document("Allow", `7`):                                            "it must be a string or a list of strings",
		document("Allow", `"*"`) + "x":                                    "there is something after the end",
		`{"Version":"1","Statement":[{"Effect":"Allow","Resource":"*"}]}`: "there is no Action",
		`{"Version":"1","Statement":[{"Effect":"Allow","Action":"*"}]}`:   `Resource is []; it must be "*"`,
		`{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"acs:oss:*:*:*"}]}`:                                                 `Resource is ["acs:oss:*:*:*"]`,
		`{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}]}`:                                              `unknown field "Condition"`,
		`{"Version":"1","Statement":[{"Effect":"Allow","NotAction":"*","Resource":"*"}]}`:                                                          `unknown field "NotAction"`,
		`{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}],"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`: `has "Statement" twice`,
		`{"Version":"1","Statement":[{"Effect":"Deny","Action":["*"],"effect":"Allow","Resource":"*"}]}`:                                           `has "effect" twice`,
		`{"Version":"1","Statement":[],"\u017ftatement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`:                                         `has "ſtatement" twice`,
		document("Allow", `"outboundbot:`+strings.Repeat("a", maxDocument)+`"`):                                                                    "it may have at most 6144",
	} {
		if _, err := ParsePolicy([]byte(document)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: got %v, want %s", document, err, want)
		}
	}
}

// FuzzPolicy holds the reader to not falling over, and the matcher to package
// path, whose patterns are the same where there is neither a slash nor a bracket.
func FuzzPolicy(f *testing.F) {
	f.Add(document("Allow", `"outboundbot:Get*"`), "GetThing")
	f.Add(document("Deny", `["*","outboundbot:a?b*"]`), "axb")
	f.Add(`{"Version":"1","Statement":[{"Effect":"Allow","Action":"outboundbot:*a*b*?","Resource":["*"]}]}`, "aabbab")
	f.Add(`{"Version":"1"`, "")
	f.Fuzz(func(t *testing.T, document, action string) {
		p, err := ParsePolicy([]byte(document))
		if err != nil || strings.ContainsAny(action, "/") || len(action) > 100 || strings.Count(document, "*") > 20 {
			return
		}
		name := strings.Map(func(r rune) rune {
			if r >= 0x80 {
				return 'x'
			}
			return r
		}, action)
		any := func(patterns []string) bool {
			for _, pattern := range patterns {
				if ok, err := path.Match(pattern, strings.ToLower(name)); ok || err != nil {
					return true
				}
			}
			return false
		}
		if got, want := p.Allows(name), any(p.allow) && !any(p.deny); got != want {
			t.Errorf("%s allows %q: %v, want %v", document, name, got, want)
		}
	})
}
