package flow

import (
	"strings"
	"testing"
)

func TestCheckDefinition(t *testing.T) {
	for _, text := range []string{
		`{"nodes":[],"transitions":[]}`,
		"\ufeff { \"transitions\" : [] ,\r\n\t\"nodes\":[{}, 1, null], \"more\": {\"a\": [1e9]} } \n",
		`{"nodes":` + strings.Repeat("[", 510) + strings.Repeat("]", 510) + `,"transitions":[]}`,
		`{"nodes":[],"transitions":[]}` + strings.Repeat(" ", maxFlow-29),
	} {
		if err := CheckDefinition(text); err != nil {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	for text, want := range map[string]string{
		"":                                      "line 1, column 1: not valid JSON",
		"flow":                                  "line 1, column 2: not valid JSON",
		"{\n\"nodes\":[],\n \"transitions\":[]": "line 3, column 17: not valid JSON",
		`{"nodes":[],"transitions":[]}{}`:       "line 1, column 30: not valid JSON",
		"{\"nodes\":[\"\xff\"]}":                "line 1, column 12: byte 0xff is not valid UTF-8",
		`{"nodes":["\u0000"],"transitions":[]}`: "line 1, column 11: this text holds the control character U+0000",
		"[]":                                    "line 1, column 1: the definition must be an object, not an array",
		"null":                                  "must be an object, not null",
		`"{}"`:                                  "must be an object, not a string",
		"{}":                                    `"nodes" of the definition must be an array, not null`,
		`{"nodes":[]}`:                          `"transitions" of the definition must be an array, not null`,
		`{"nodes":{},"transitions":[]}`:         `line 1, column 10: "nodes" of the definition must be an array, not an object`,
		`{"nodes":[],"transitions":"[]"}`:       `"transitions" of the definition must be an array, not a string`,
		`{"nodes":[],"nodes":[],"transitions":[]}`:                        `the definition has "nodes" twice`,
		`{"nodes":` + strings.Repeat("[", 1<<20):                          "nest deeper than 512",
		strings.Repeat("[", 2<<20):                                        "nest deeper than 512",
		strings.Repeat(`{"a":`, 400_000):                                  "nest deeper than 512",
		`{"nodes":[],"transitions":[]}` + strings.Repeat(" ", maxFlow-28): "larger than 2 MiB",
	} {
		err := CheckDefinition(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// FuzzCheckDefinition holds the quick check to the compiler: what it lets pass,
// the compiler can read.
func FuzzCheckDefinition(f *testing.F) {
	for _, text := range []string{
		`{"nodes":[],"transitions":[]}`, `{"nodes":[{"id":"a","type":"Start"}],"transitions":[{}]}`, "{", "[]", "\ufeff{}", "\xff",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if CheckDefinition(text) != nil {
			return
		}
		bundle, err := Load(files("script.json", `{"name":"x","flows":[{"id":"m","type":"MainFlow","file":"m.json"}]}`, "m.json", text))
		if err != nil {
			t.Fatalf("it passes, and cannot be loaded: %v", err)
		}
		if got := string(bundle.Files()["m.json"]); got != text {
			t.Fatalf("it comes back as %q", got)
		}
	})
}
