package flow

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	startNode  = `{"id": "s", "type": "Start"}`
	hangupNode = `{"id": "h", "type": "Transfer", "content": {"action": "Hangup"}}`
	leadsToH   = `{"source": "s", "target": "h"}`
	waitNode   = `{"id": "w", "type": "Switch", "script": "喂", "content": {"branches": [{"branchId": "b"}]}}`
	waits      = `{"source": "s", "target": "w"}, {"source": "b", "target": "h"}`
	subReturns = `{"id": "sub", "name": "答疑", "type": "SubFlow", "definition": {"nodes": [` + startNode + `, {"id": "r", "type": "Transfer"}], "transitions": [{"source": "s", "target": "r"}]}}`
)

// script is a bundle with one MainFlow of these nodes and transitions. Members
// of the script, and further flows, may follow.
func script(nodes, transitions string, rest ...string) fstest.MapFS {
	members, flows := "", ""
	if len(rest) > 0 && rest[0] != "" {
		members = ", " + rest[0]
	}
	if len(rest) > 1 {
		flows = ", " + rest[1]
	}
	return files("script.json", `{"name": "x", "flows": [{"id": "m", "type": "MainFlow", "definition": {"nodes": [`+
		nodes+`], "transitions": [`+transitions+`]}}`+flows+`]`+members+`}`)
}

// good is a script whose rest is under test.
func good(rest ...string) fstest.MapFS {
	return script(startNode+","+hangupNode, leadsToH, rest...)
}

// switchWith is a script whose Switch node has these members and content.
func switchWith(members, content string, rest ...string) fstest.MapFS {
	return script(startNode+`, {"id": "w", "type": "Switch", `+members+`"content": {`+content+`}}, `+hangupNode, waits, rest...)
}

// branchWith is a script whose one branch has these members.
func branchWith(members string, rest ...string) fstest.MapFS {
	return switchWith(`"script": "喂", `, `"branches": [{"branchId": "b", `+members+`}]`, rest...)
}

const yes = `"intents": [{"id": "i", "name": "是", "utterances": ["是"]}]`

// brokenBundles are small bundles with one fault each, and where it is.
func brokenBundles() []brokenBundle {
	const nodes, branches = "/flows/0/definition/nodes", "/flows/0/definition/nodes/1/content/branches"
	const transitions = "/flows/0/definition/transitions"
	gotoFlow := func(id, target string) string {
		return `{"id": "` + id + `", "type": "Transfer", "content": {"action": "GotoFlow", "actionParams": "` + target + `"}}`
	}
	subFlow := func(id, node, transitions string) string {
		return `{"id": "` + id + `", "type": "SubFlow", "definition": {"nodes": [` + startNode + `, ` + node + `], "transitions": [` + transitions + `]}}`
	}
	return []brokenBundle{
		{malformed, "trailing comma", files("script.json", "{\n \"name\": \"x\",\n}"), "script.json:3:1 "},
		{malformed, "flow cut short", files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"a.json"}]}`, "a.json", "{\n\"nodes\": ["), "a.json:2:10 "},
		{malformed, "in a string", files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","definition":"{]"}]}`), "script.json:1:63 /flows/0/definition"},
		{badUTF8, "", files("script.json", "{\"name\":\n \"你\xff\"}"), "script.json:2:4 "},
		{tooDeep, "", files("script.json", strings.Repeat("[", 600)), "script.json:1:516 "},
		{tooDeep, "outside the flows", good(`"x": ` + strings.Repeat("[", 512) + strings.Repeat("]", 512)), "script.json:1:746 /x" + strings.Repeat("/0", 511)},
		{tooDeep, "before the flows", files("script.json", `{"x":`+strings.Repeat("[", 512)+strings.Repeat("]", 512)+`,"name":"x","flows":[{"id":"m","type":"MainFlow","definition":{}}]}`), "script.json:1:517 /x" + strings.Repeat("/0", 511)},
		{tooDeep, "in a definition", good("", `{"id":"b","type":"SubFlow","definition":{"x":`+strings.Repeat("[", 512)+strings.Repeat("]", 512)+`}}`), ""},
		{overLimit, "condition", branchWith(`"condition": "` + strings.Repeat(" ", 4096) + `true"`), branches + "/0/condition"},
		{overLimit, "flow", files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"a.json"}]}`, "a.json", strings.Repeat(" ", 2<<20+1)), "/flows/0/file"},
		{overLimit, "inline flow", good("", `{"id":"b","type":"SubFlow","definition":{"x":"`+strings.Repeat("x", 2<<20)+`"}}`), "/flows/1/definition"},
		{overLimit, "nodes", script(startNode+","+hangupNode+strings.Repeat(`,{}`, 5000), leadsToH), nodes + "/5000"},
		{overLimit, "transitions", script(startNode+","+hangupNode, strings.Repeat("{},", 100_000)+leadsToH), transitions + "/100000"},
		{overLimit, "branches", switchWith("", `"branches": [`+strings.Repeat(`{},`, 100_000)+`{}]`), branches + "/100000"},
		{overLimit, "intents", good(`"intents": [` + strings.Repeat(`{},`, 2000) + `{}]`), "/intents/2000"},
		{overLimit, "phrases", good(`"intents": [{"id": "i", "utterances": [` + strings.Repeat(`"a",`, 200_000) + `"a"]}]`), "/intents/0/utterances/200000"},
		{overLimit, "answers", good(`"globalQuestions": [{"id": "i", "answers": [` + strings.Repeat(`"a",`, 200_000) + `"a", "a"]}]`), "/globalQuestions/0/answers/200000"},
		{overLimit, "tags", good(manyTags()), "/tags/65535"},
		{overLimit, "questions", good(strings.ReplaceAll(manyTags(), "tags", "globalQuestions")), "/globalQuestions/65535"},
		{overLimit, "variables", good(strings.ReplaceAll(manyTags(), "tags", "variables")), "/variables/65535"},
		{overLimit, "flows", good("", strings.Repeat(`{},`, 5000)+`{}`), "/flows/5000"},
		{unreadable, "no script", files(), "script.json:0:0 "},
		{unreadable, "folder", files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"a"}]}`, "a/b", ""), "/flows/0/file"},
		{badPath, "outside", files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"../m.json"}]}`), "/flows/0/file"},
		{badPath, "the script", files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"script.json"}]}`), "/flows/0/file"},
		{wrongValue, "script", files("script.json", `[]`), ""},
		{wrongValue, "object", good(`"tags": [7]`), "/tags/0"},
		{wrongValue, "array", good(`"tags": {}`), "/tags"},
		{wrongValue, "string", good(`"id": true`), "/id"},
		{wrongValue, "flag", good(`"matching": {"background": 1}`), "/matching/background"},
		{wrongValue, "whole", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "digits": {"min": "1"}`), nodes + "/1/content/digits/min"},
		{wrongValue, "share", good(`"matching": {"margin": "1"}`), "/matching/margin"},
		{wrongValue, "texts", good(`"intents": [{"id": "i", "keywords": [null]}]`), "/intents/0/keywords/0"},
		{wrongValue, "definition", good("", `{"id": "b", "type": "SubFlow", "definition": 7}`), "/flows/1/definition"},
		{wrongValue, "definition in a string", good("", `{"id": "b", "type": "SubFlow", "definition": "[]"}`), "/flows/1/definition"},
		{wrongValue, "file", good("", `{"id": "b", "type": "SubFlow", "file": 7}`), "/flows/1/file"},
		{wrongValue, "branch", switchWith(`"script": "喂", `, `"branches": [7]`), branches + "/0"},
		{wrongValue, "branch intent", branchWith(`"intents": ["i"]`, yes), branches + "/0/intents/0"},
		{wrongValue, "label", script(startNode+`, {"id": "h", "type": "Transfer", "labels": [7], "content": {"action": "Hangup"}}`, leadsToH), nodes + "/1/labels/0"},
		{wrongValue, "node", script(startNode+","+hangupNode+", 7", leadsToH), nodes + "/2"},
		{wrongValue, "transition", script(startNode+","+hangupNode, leadsToH+", 7"), transitions + "/1"},
		{wrongValue, "variable", good(`"variables": ["a"]`), "/variables/0"},
		{repeatedKey, "", good(`"name": "y"`), "/name"},
		{unknownKey, "", good(`"a/b~c": 1`), "/a~1b~0c"},
		{missingValue, "name", files("script.json", `{}`), ""},
		{missingValue, "node id", script(startNode+`, {"type": "Start"}, `+hangupNode, leadsToH), nodes + "/1"},
		{missingValue, "branch id", switchWith(`"script": "喂", `, `"branches": [{}, {"branchId": "b"}]`), branches + "/0"},
		{missingValue, "intent", good(`"intents": [{"utterances": ["a"]}]`), "/intents/0"},
		{missingValue, "tag", good(`"tags": [{"id": "t"}]`), "/tags/0"},
		{missingValue, "flow", good("", `{"type": "SubFlow", "definition": {}}`), "/flows/1"},
		{missingValue, "flow type", good("", `{"id": "b", "definition": {}}`), "/flows/1"},
		{duplicateID, "node", script(startNode+","+hangupNode+","+hangupNode, leadsToH), nodes + "/2/id"},
		{duplicateID, "branch", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}, {"branchId": "b", "condition": "true"}]`), branches + "/1"},
		{duplicateID, "transition", script(startNode+","+waitNode+","+hangupNode, `{"id": "t", "source": "s", "target": "w"}, {"id": "t", "source": "b", "target": "h"}`), transitions + "/1/id"},
		{duplicateID, "intent", good(`"intents": [{"id": "i"}, {"id": "i"}]`), "/intents/1/id"},
		{duplicateID, "question", good(`"globalQuestions": [{"id": "i"}, {"id": "i"}]`), "/globalQuestions/1/id"},
		{duplicateID, "variable", good(`"variables": [{"name": "a"}, {"name": "a"}]`), "/variables/1/name"},
		{duplicateID, "tag", good(`"tags": [{"name": "a"}, {"name": "a"}]`), "/tags/1"},
		{duplicateID, "tag id", good(`"tags": [{"id": "t", "name": "a"}, {"id": "t", "name": "b"}]`), "/tags/1/id"},
		{duplicateID, "flow", good("", `{"id": "m", "type": "SubFlow", "definition": {}}`), "/flows/1/id"},
		{oneDefinition, "a file that is null", good("", `{"id": "b", "type": "SubFlow", "file": null}`), "/flows/1"},
		{oneDefinition, "both", good("", `{"id": "b", "type": "SubFlow", "file": "b.json", "definition": {}}`), "/flows/1/definition"},
		{oneDefinition, "neither", good("", `{"id": "b", "type": "SubFlow"}`), "/flows/1"},
		{mainFlow, "none", files("script.json", `{"name": "x"}`), ""},
		{mainFlow, "two", good("", `{"id": "b", "type": "MAINFLOW", "definition": {}}`), "/flows/1/type"},
		{outOfRange, "threshold", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "unrecognizingConfig": {"threshold": 101}`), nodes + "/1/content/unrecognizingConfig/threshold"},
		{outOfRange, "timeout", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "silenceTimeoutConfig": {"timeout": 1.5}`), nodes + "/1/content/silenceTimeoutConfig/timeout"},
		{outOfRange, "endless", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "silenceTimeoutConfig": {"timeout": -1e999}`), nodes + "/1/content/silenceTimeoutConfig/timeout"},
		{outOfRange, "digits", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "digits": {"min": 5, "max": 4}`), nodes + "/1/content/digits/min"},
		{outOfRange, "matching", good(`"matching": {"threshold": 0}`), "/matching/threshold"},
		{unknownWord, "flow type", good("", `{"id": "b", "type": "Flow", "definition": {}}`), "/flows/1/type"},
		{unknownWord, "question type", good(`"globalQuestions": [{"id": "i", "type": "OWN"}]`), "/globalQuestions/0/type"},
		{unknownWord, "role", good(`"globalQuestions": [{"id": "i", "role": "king"}]`), "/globalQuestions/0/role"},
		{unknownWord, "prompt type", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "unrecognizingConfig": {"promptType": "Song"}`), nodes + "/1/content/unrecognizingConfig/promptType"},
		{unknownWord, "terminator", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "digits": {"terminator": "##"}`), nodes + "/1/content/digits/terminator"},
		{badVariable, "blank", good(`"variables": [{"name": "a b"}]`), "/variables/0/name"},
		{badVariable, "long", good(`"variables": [{"name": "` + strings.Repeat("长", 65) + `"}]`), "/variables/0/name"},
		{badCharacter, "zero byte", switchWith(`"script": "您\u0000好", `, `"branches": [{"branchId": "b"}]`), nodes + "/1/script"},
		{badCharacter, "behind other escapes", switchWith(`"script": "\"\\\t\n\r\u00e9\u000A\ud83d\ude00\u001B[2K", `, `"branches": [{"branchId": "b"}]`), nodes + "/1/script"},
		{badCharacter, "as it is", switchWith("\"script\": \"您\u0085\", ", `"branches": [{"branchId": "b"}]`), nodes + "/1/script"},
		{badCharacter, "delete", switchWith("\"script\": \"您\x7f\", ", `"branches": [{"branchId": "b"}]`), nodes + "/1/script"},
		{badCharacter, "form feed", good(`"globalQuestions": [{"id": "q", "questions": ["a"], "answers": ["b", "c\f"]}]`), "/globalQuestions/0/answers/1"},
		{badCharacter, "backspace", good(yes[:len(yes)-3] + `, "\b"]}]`), "/intents/0/utterances/1"},
		{badCharacter, "in a key", good(`"x\u0000": 1`), "/x\x00"},
		{badCharacter, "in a string", good("", `{"id": "b", "type": "SubFlow", "definition": "{\"nodes\": [], \"x\": \"\\u0000\"}"}`), "/flows/1/definition"},
		{badCharacter, "in a file", files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"a.json"}]}`, "a.json", `{"nodes": [{"id": "\u0001"}]}`), "a.json:1:19 /nodes/0/id"},

		{startCount, "none", script(hangupNode, ""), "/flows/0/definition"},
		{startCount, "two", script(startNode+`, {"id": "t", "type": "start"}, `+hangupNode, leadsToH), nodes + "/1"},
		{unknownNodeType, "", script(startNode+`, {"id": "h", "type": "Menu"}`, leadsToH), nodes + "/1/type"},
		{unknownAction, "", script(startNode+`, {"id": "h", "type": "Transfer", "content": {"action": "Dance"}}`, leadsToH), nodes + "/1/content/action"},
		{emptyScript, "absent", switchWith("", `"branches": [{"branchId": "b"}]`), nodes + "/1"},
		{emptyScript, "blank", switchWith(`"script": " ", `, `"branches": [{"branchId": "b"}]`), nodes + "/1/script"},
		{unknownIntent, "", branchWith(`"intents": [{"id": "i-no", "name": "否"}]`, yes), branches + "/0/intents/0"},
		{unknownIntent, "name of two", branchWith(`"intents": [{"name": "是"}]`, `"intents": [{"id": "i", "name": "是"}, {"id": "j", "name": "是"}]`), branches + "/0/intents/0"},
		{intentByName, "", branchWith(`"intents": [{"id": "old", "name": "是"}]`, yes), branches + "/0/intents/0"},
		{badCondition, "syntax", branchWith(`"condition": "score >"`), branches + "/0/condition"},
		{badCondition, "a pattern that repeats itself", branchWith(`"condition": "utterance matches \"(a?){600}(b?){600}\""`), branches + "/0/condition"},
		{badCondition, "type", branchWith(`"condition": "score + 1"`), branches + "/0/condition"},
		{danglingTransition, "target", script(startNode+","+hangupNode, leadsToH+`, {"source": "h", "target": "x"}`), transitions + "/1/target"},
		{danglingTransition, "source", script(startNode+","+hangupNode, leadsToH+`, {"source": "x", "target": "h"}`), transitions + "/1/source"},
		{danglingTransition, "whole Switch", script(startNode+","+waitNode+","+hangupNode, waits+`, {"source": "w", "target": "h"}`), transitions + "/2/source"},
		{noTransition, "start", script(startNode+","+hangupNode, ""), nodes + "/0"},
		{noTransition, "branch", script(startNode+","+waitNode+","+hangupNode, `{"source": "s", "target": "w"}`), branches + "/0"},
		{manyTransitions, "node", script(startNode+","+hangupNode, leadsToH+","+leadsToH), transitions + "/1"},
		{manyTransitions, "branch", script(startNode+","+waitNode+","+hangupNode, waits+`, {"source": "b", "target": "w"}`), transitions + "/2"},
		{neverTaken, "", script(startNode+","+hangupNode, leadsToH+`, {"source": "h", "target": "s"}`), transitions + "/1"},
		{wrongOwner, "", script(startNode+","+waitNode+","+hangupNode, `{"source": "s", "target": "w"}, {"source": "b", "sourceBranchNode": "s", "target": "h"}`), transitions + "/1/sourceBranchNode"},

		{badTarget, "nothing", script(startNode+","+gotoFlow("g", "x")+","+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`), nodes + "/1/content/actionParams"},
		{badTarget, "main", script(startNode+","+gotoFlow("g", "m")+","+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`), nodes + "/1/content/actionParams"},
		{badTarget, "name of two", script(startNode+","+gotoFlow("g", "答疑")+","+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`, "", subReturns+","+strings.Replace(subReturns, "sub", "sub2", 1)), nodes + "/1/content/actionParams"},
		{callCircle, "itself", script(startNode+","+gotoFlow("g", "a")+","+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`, "", subFlow("a", gotoFlow("g", "a"), `{"source": "s", "target": "g"}`)), "/flows/1/definition/nodes/1"},
		{callCircle, "two", script(startNode+","+gotoFlow("g", "a")+","+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`, "",
			subFlow("a", gotoFlow("g", "b"), `{"source": "s", "target": "g"}`)+","+subFlow("b", gotoFlow("g", "a"), `{"source": "s", "target": "g"}`)), "/flows/2/definition/nodes/1"},
		{endlessLoop, "nodes", script(startNode+`, {"id": "p", "type": "Transfer"}, {"id": "q", "type": "Transfer"}`, `{"source": "s", "target": "p"}, {"source": "p", "target": "q"}, {"source": "q", "target": "p"}`), nodes + "/1"},
		{endlessLoop, "back to Start", script(startNode+`, {"id": "p", "type": "Transfer"}`, `{"source": "s", "target": "p"}, {"source": "p", "target": "s"}`), nodes + "/0"},
		{endlessLoop, "through a SubFlow", script(startNode+","+gotoFlow("g", "sub"), `{"source": "s", "target": "g"}, {"source": "g", "target": "g"}`, "", subReturns), nodes + "/1"},
		{endsNowhere, "return", script(startNode+`, {"id": "h", "type": "Transfer", "content": {"action": "Return"}}`, leadsToH), nodes + "/1"},
		{endsNowhere, "nothing", script(startNode+`, {"id": "h", "type": "Transfer"}`, leadsToH), nodes + "/1"},
		{endsNowhere, "SubFlow", script(startNode+","+gotoFlow("h", "sub"), leadsToH, "", subReturns), nodes + "/1"},
		{deepCalls, "", script(startNode+","+gotoFlow("g", "f0")+","+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`, "", nestedFlows(17)), nodes + "/1"},
		{longChain, "", script(chainOf(65)), nodes + "/1"},
		{longChain, "after a SubFlow waits", longReturn(), "/flows/1/definition/nodes/2"},
		{unreachableNode, "", script(startNode+","+hangupNode+`, {"id": "i", "type": "Transfer", "content": {"action": "Hangup"}}`, leadsToH), nodes + "/2"},
		{unreachableNode, "behind a SubFlow that ends", script(startNode+","+gotoFlow("g", "a")+","+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`, "", subFlow("a", hangupNode, leadsToH)), nodes + "/2"},
		{unenteredFlow, "", good("", subReturns), "/flows/1"},
		{noEnding, "", script(startNode+","+waitNode, `{"source": "s", "target": "w"}, {"source": "b", "target": "w"}`), nodes + "/1"},

		{twiceListed, "", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b", "intents": [{"id": "i"}]}, {"branchId": "c", "condition": "true", "intents": [{"id": "i"}]}]`, yes), branches + "/1/intents/0"},
		{secondDefault, "", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}, {"branchId": "c"}]`), branches + "/1"},
		{emptyIntent, "", branchWith(`"intents": [{"id": "i"}]`, `"intents": [{"id": "i", "utterances": [" "]}]`), "/intents/0"},
		{unusedIntent, "", good(yes), "/intents/0"},
		{unknownVariable, "script", switchWith(`"script": "喂@nobody", `, `"branches": [{"branchId": "b"}]`), nodes + "/1/script"},
		{unknownVariable, "answer", good(`"globalQuestions": [{"id": "q", "questions": ["a"], "answers": ["@x"]}]`), "/globalQuestions/0/answers/0"},
		{unresolvedPrompt, "", switchWith(`"script": "喂", `, `"branches": [{"branchId": "b"}], "unrecognizingConfig": {"finalPromptType": "System", "finalPrompt": "x"}`), nodes + "/1/content/unrecognizingConfig/finalPrompt"},
		{unresolvedLabel, "", script(startNode+`, {"id": "h", "type": "Transfer", "content": {"action": "Hangup", "label": [{"id": "gone"}]}}`, leadsToH), nodes + "/1/content/label/0"},
		{idleRole, "COMMON", good(`"globalQuestions": [{"id": "q", "role": "closing", "questions": ["a"], "answers": ["b"]}]`), "/globalQuestions/0/role"},
		{idleRole, "taken", good(`"globalQuestions": [{"id": "q", "type": "SYSTEM", "role": "closing"}, {"id": "r", "type": "SYSTEM", "role": "closing"}]`), "/globalQuestions/1/role"},
		{idleQuestion, "", good(`"globalQuestions": [{"id": "q", "questions": ["a"]}]`), "/globalQuestions/0"},
		{emptyText, "", good(`"globalQuestions": [{"id": "q", "questions": ["a"], "answers": ["b", ""]}]`), "/globalQuestions/0/answers/1"},
		{tooMany, "", good(`"globalQuestions": [{"id": "q", "questions": ["a"], "answers": ["b"` + strings.Repeat(`, ""`, 1001) + `]}]`), ""},
	}
}

// brokenBundle is a bundle with one fault, and the end of the fault's
// "file:line:column pointer".
type brokenBundle struct {
	code code
	what string
	fsys fs.FS
	at   string
}

func manyTags() string {
	var b strings.Builder
	b.WriteString(`"tags": [`)
	for i := range 65_536 {
		fmt.Fprintf(&b, `{"name": "%d"},`, i)
	}
	return b.String() + `{"name": "last"}]`
}

// nestedFlows are SubFlows f0, f1, … of which each enters the next.
func nestedFlows(count int) string {
	var flows []string
	for i := range count {
		node := fmt.Sprintf(`{"id": "n", "type": "Transfer", "content": {"action": "GotoFlow", "actionParams": "f%d"}}`, i+1)
		if i == count-1 {
			node = `{"id": "n", "type": "Transfer"}`
		}
		flows = append(flows, fmt.Sprintf(`{"id": "f%d", "type": "SubFlow", "definition": {"nodes": [%s, %s], "transitions": [{"source": "s", "target": "n"}]}}`, i, startNode, node))
	}
	return strings.Join(flows, ", ")
}

// chainOf is a flow of so many nodes after Start, the last of which hangs up.
func chainOf(count int) (nodes, transitions string) {
	nodes, from := startNode, "s"
	for i := range count - 1 {
		nodes += fmt.Sprintf(`, {"id": "n%d", "type": "Transfer"}`, i)
		transitions += fmt.Sprintf(`{"source": "%s", "target": "n%d"}, `, from, i)
		from = fmt.Sprintf("n%d", i)
	}
	return nodes + ", " + hangupNode, transitions + `{"source": "` + from + `", "target": "h"}`
}

// longReturn is a script whose SubFlow waits, and then returns into a long
// chain.
func longReturn() fs.FS {
	nodes, transitions := chainOf(65)
	nodes = strings.Replace(nodes, `{"id": "n0", "type": "Transfer"}`, `{"id": "n0", "type": "Transfer", "content": {"action": "GotoFlow", "actionParams": "sub"}}`, 1)
	return script(nodes, transitions, "", `{"id": "sub", "type": "SubFlow", "definition": {"nodes": [`+startNode+`, `+waitNode+`, {"id": "h", "type": "Transfer", "content": {"action": "Return"}}], "transitions": [`+waits+`]}}`)
}

func TestEveryCodeIsGiven(t *testing.T) {
	given := make([]bool, len(codes))
	for _, c := range brokenBundles() {
		given[c.code] = true
		t.Run(codes[c.code].ID+" "+c.what, func(t *testing.T) {
			list, refused := diagnose(t, c.fsys)
			if want := codes[c.code].Severity == Error; want && !refused {
				t.Errorf("not refused")
			}
			var found []string
			for _, d := range list {
				place := fmt.Sprintf("%s:%d:%d %s", d.File, d.Line, d.Column, d.Pointer)
				if d.Code == codes[c.code].ID && d.Severity == codes[c.code].Severity && d.Message != "" && strings.HasSuffix(place, c.at) {
					return
				}
				found = append(found, place+": "+d.Code+": "+d.Message)
			}
			t.Errorf("no %s at …%s, but:\n%s", codes[c.code].ID, c.at, strings.Join(found[:min(len(found), 10)], "\n"))
		})
	}
	for c, ok := range given {
		if !ok {
			t.Errorf("no bundle here gives %s: %s", codes[c].ID, codes[c].When)
		}
	}
}

// diagnose compiles a bundle and returns all diagnostics.
func diagnose(t testing.TB, fsys fs.FS) (list Errors, refused bool) {
	t.Helper()
	p, err := Compile(fsys)
	if err == nil {
		return p.Diagnostics, false
	}
	if !errors.As(err, &list) {
		t.Fatalf("the error is %T, not Errors: %v", err, err)
	}
	if !list.Refused() || p != nil {
		t.Errorf("refused without an error, or with a program: %v", list)
	}
	return list, true
}

func TestCodesAreStable(t *testing.T) {
	list := Codes()
	if !slices.IsSortedFunc(list, func(a, b Code) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("codes are not in order")
	}
	seen := make(map[string]bool)
	for _, c := range list {
		if seen[c.ID] || len(c.ID) != 5 || !strings.HasPrefix(c.ID, "TG0") || !strings.HasSuffix(c.When, ".") {
			t.Errorf("bad or repeated code %+v", c)
		}
		seen[c.ID] = true
	}
	list[0].ID = "changed"
	if Codes()[0].ID == "changed" {
		t.Error("Codes gives out its own table")
	}
}

func TestGoodBundlesHaveNoDiagnostics(t *testing.T) {
	for name, fsys := range map[string]fs.FS{
		"small":       good(),
		"waits":       script(startNode+","+waitNode+","+hangupNode, waits),
		"64 nodes":    script(chainOf(63)),
		"nesting 512": files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","definition":{"nodes":[`+startNode+`,{"id":"h","type":"Transfer","x":0,"content":{"action":"Hangup"},"coordinates":`+strings.Repeat("[", 509)+strings.Repeat("]", 509)+`}],"transitions":[`+leadsToH+`]}}]}`),
		"a loop that waits in a SubFlow": script(startNode+`, {"id": "g", "type": "Transfer", "content": {"action": "GotoFlow", "actionParams": "sub"}}`, `{"source": "s", "target": "g"}, {"source": "g", "target": "g"}`, "",
			`{"id": "sub", "type": "SubFlow", "definition": {"nodes": [`+startNode+`, {"id": "w", "type": "Switch", "script": "喂", "content": {"branches": [{"branchId": "b", "condition": "turns > 1"}, {"branchId": "c"}]}}, `+hangupNode+`, {"id": "r", "type": "Transfer", "content": {"action": "Return"}}],
			"transitions": [`+waits+`, {"source": "c", "target": "r"}]}}`),
		"sixteen SubFlows":  script(startNode+`, {"id": "g", "type": "Transfer", "content": {"action": "GotoFlow", "actionParams": "f0"}}, `+hangupNode, `{"source": "s", "target": "g"}, {"source": "g", "target": "h"}`, "", nestedFlows(16)),
		"escapes and signs": switchWith(`"script": "\"\\\/\t\n\r\u00e9\u00A0é 你好\u4F60", `, `"branches": [{"branchId": "b"}]`),
		"both condition":    switchWith(`"script": "喂", `, `"branches": [{"branchId": "b", "condition": "turns > 1", "intents": [{"id": "i"}]}]`, yes),
	} {
		t.Run(name, func(t *testing.T) {
			list, refused := diagnose(t, fsys)
			for _, d := range list {
				if refused || d.Code != "TG009" {
					t.Error(d)
				}
			}
		})
	}
}
