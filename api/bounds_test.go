package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/bounds"
)

// A bundle may bring what an action may set, and nothing else. § stands for the
// text that is tried, a JSON string where JSON is.
func TestBundlesAndActionsTakeTheSame(t *testing.T) {
	places := map[string]struct {
		most   int
		layout bool
		action string // And its parameters beside the script.
		bundle string // Its members beside the name.
	}{
		"a script's industry":    {64, false, "ModifyScript ScriptName=~ Scene=s Industry=§", `"industry": §`},
		"a script's description": {512, true, "ModifyScript ScriptName=~ Industry=i Scene=s ScriptDescription=§", `"description": §`},
		"a flow's name": {
			64, false, "CreateDialogueFlow DialogueFlowType=SubFlow DialogueName=§",
			`"flows": [{"id": "f", "name": §, "type": "SubFlow", "definition": {}}]`,
		},
		"an intent's name":        {64, false, "CreateIntent Utterances.1=x IntentName=§", `"intents": [{"id": "i", "name": §}]`},
		"an intent's description": {512, true, "CreateIntent IntentName=n Utterances.1=x IntentDescription=§", `"intents": [{"id": "i", "description": §}]`},
		"an utterance":            {1024, false, "CreateIntent IntentName=n Utterances=[§]", `"intents": [{"id": "i", "utterances": [§]}]`},
		"a keyword":               {1024, false, "CreateIntent IntentName=n Utterances.1=x Keywords=[§]", `"intents": [{"id": "i", "keywords": [§]}]`},
		"a question's name": {
			64, false, "CreateGlobalQuestion GlobalQuestionType=COMMON Questions.1=x Answers.1=x GlobalQuestionName=§",
			`"globalQuestions": [{"id": "q", "name": §}]`,
		},
		"a question": {
			1024, false, "CreateGlobalQuestion GlobalQuestionName=n GlobalQuestionType=COMMON Answers.1=x Questions=[§]",
			`"globalQuestions": [{"id": "q", "questions": [§]}]`,
		},
		"an answer": {
			4096, true, "CreateGlobalQuestion GlobalQuestionName=n GlobalQuestionType=COMMON Questions.1=x Answers=[§]",
			`"globalQuestions": [{"id": "q", "answers": [§]}]`,
		},
		"a tag's name":  {64, false, "CreateTag TagGroup=g TagName=§", `"tags": [{"id": "t", "group": "g", "name": §}]`},
		"a tag's group": {64, false, "CreateTag TagName=n TagGroup=§", `"tags": [{"id": "t", "group": §, "name": "n"}]`},
	}
	spelled := strings.NewReplacer("\x7f", `\u007f`, "\u0085", `\u0085`)
	eachEngine(t, func(t *testing.T, c *served) {
		instance, scripts := c.newInstance("a"), 0
		fresh := func() string { scripts++; return "script " + strconv.Itoa(scripts) }
		for name, place := range places {
			for text, taken := range map[string]bool{
				strings.Repeat("长", place.most): true, strings.Repeat("长", place.most+1): false,
				"a\tb\nc": place.layout, "a\x07": false, "a\x7f": false, "a\u0085": false,
			} {
				marshalled, err := json.Marshal(text)
				if err != nil {
					t.Fatal(err)
				}
				encoded := spelled.Replace(string(marshalled))
				words := strings.Split(place.action, " ")
				own := fresh()
				parameters := []string{"InstanceId", instance, "ScriptId", c.script(instance, own)}
				for _, word := range words[1:] {
					key, value, _ := strings.Cut(word, "=")
					value = strings.NewReplacer("[§]", "["+encoded+"]", "§", text, "~", own).Replace(value)
					parameters = append(parameters, key, value)
				}
				// What is no text at all no action sees, but where it is spelled in JSON.
				if bounds.IsText([]byte(text)) || strings.Contains(place.action, "[§]") {
					if status, got := c.send(words[0], parameters...); (status == http.StatusOK) != taken {
						t.Errorf("%s of %.10q: %v", name, text, got)
					}
				}
				document := `{"name": "` + fresh() + `", ` + strings.ReplaceAll(place.bundle, "§", encoded) + `}`
				url, err := c.files.Put(t.Context(), "bundle.json", "application/json", []byte(document))
				if err != nil {
					t.Fatal(err)
				}
				if status, got := c.send("ImportScript", "InstanceId", instance, "SignatureUrl", url); (status == http.StatusOK) != taken {
					t.Errorf("a bundle with %s of %.10q: %v", name, text, got)
				}
			}
		}
	})
}
