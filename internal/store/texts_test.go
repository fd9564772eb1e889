package store_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"github.com/talkgraph/talkgraph/internal/store"
)

// Texts hold any list, in the form any JSON reader understands.
func TestTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.String()).Draw(t, "list")
		texts := store.NewTexts(list)
		if got := texts.List(); !slices.Equal(list, got) {
			t.Fatalf("List: %q", got)
		}
		var plain []string
		if err := json.Unmarshal([]byte(texts), &plain); err != nil || !slices.Equal(list, plain) {
			t.Fatalf("%s reads as %q, %v", texts, plain, err)
		}
		text, err := json.Marshal(struct{ Texts store.Texts }{texts})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ Texts store.Texts }
		if err := json.Unmarshal(text, &back); err != nil || back.Texts != texts {
			t.Fatalf("%s comes back as %s, %v", texts, back.Texts, err)
		}
	})
}

func TestTextsFromJSON(t *testing.T) {
	var texts store.Texts
	for text, want := range map[string]store.Texts{`null`: "[]", `[]`: "[]", ` [ "<a>\u0041" ] `: `["<a>A"]`} {
		if err := json.Unmarshal([]byte(text), &texts); err != nil || texts != want {
			t.Errorf("%s: %s, %v", text, texts, err)
		}
	}
	for _, text := range []string{`"a"`, `[1]`, `{}`} {
		if err := json.Unmarshal([]byte(text), &texts); err == nil {
			t.Errorf("%s is taken as %s", text, texts)
		}
	}
	if text, err := json.Marshal(store.Texts("")); err != nil || string(text) != "[]" {
		t.Errorf("nothing is %s, %v", text, err)
	}
}
