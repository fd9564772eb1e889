package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// a draft of one of each and of two, as an import brings it.
func someDraft(instance, script string) *store.Draft {
	return &store.Draft{
		Script: store.Script{ID: script, InstanceID: instance, Name: script},
		Flows: []store.Flow{
			{ID: "z", Name: "主流程", Type: store.MainFlow, Definition: "{\"nodes\": [],\n\t\"transitions\":[]}"},
			{ID: "a", Name: "答疑", Type: store.SubFlow, Definition: `{"transitions":[],"nodes":[{"script":"it's ? 'a' \\ b"}]}`},
		},
		Intents: []store.Intent{
			{ID: "z", Name: "是", Utterances: store.NewTexts([]string{"是的", "<对>"}), Keywords: store.NewTexts(nil)},
			{ID: "a", Name: "否", Description: "d", Utterances: store.NewTexts(nil), Keywords: store.NewTexts([]string{`"不"`})},
		},
		Questions: []store.Question{
			{ID: "q", Name: "静音", Type: store.SystemQuestion, Role: "silence", Questions: store.NewTexts(nil), Answers: store.NewTexts([]string{"在吗"})},
			{ID: "b", Name: "谁", Type: store.CommonQuestion, Questions: store.NewTexts([]string{"你是谁"}), Answers: store.NewTexts([]string{"我\n是"})},
		},
		Groups: []store.TagGroup{{ID: "g", Name: "意向"}},
		Tags:   []store.Tag{{ID: "t", GroupName: "意向", Name: "高"}, {Name: "平", GroupName: ""}},
	}
}

// given leaves out what the store alone knows.
var given = cmp.Options{
	cmpopts.IgnoreFields(store.Flow{}, "CreatedAt", "UpdatedAt"),
	cmpopts.IgnoreFields(store.Intent{}, "CreatedAt", "UpdatedAt"),
	cmpopts.IgnoreFields(store.Question{}, "CreatedAt", "UpdatedAt"),
}

func TestDraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		written := withScripts(t, s)
		got, err := s.Draft(t.Context(), "i1", "s1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(written, got, given); diff != "" {
			t.Errorf("the draft comes back with a difference (-written +read):\n%s", diff)
		}
		if len(got.Groups) != 2 || got.Groups[1].ID == "" || got.Tags[1].ID == "" {
			t.Errorf("a tag and its group were not given ids: %+v %+v", got.Groups, got.Tags)
		}
	})
}

// An outline has the intents, without what they are matched by.
func TestOutline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		want := withScripts(t, s)
		want.Intents = []store.Intent{{ScriptID: "s1", ID: "z", Name: "是"}, {ScriptID: "s1", ID: "a", Name: "否"}}
		got, err := s.Outline(t.Context(), "i1", "s1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, given); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A script is there under its own instance only, and one that is not there
// has no draft.
func TestDraftOfNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		withScripts(t, s)
		for _, c := range []struct{ instance, script, thing string }{
			{"i1", "s2", "Script"}, {"i2", "s1", "Script"}, {"i1", "", "Script"}, {"none", "s1", "Instance"},
		} {
			_, err := s.Draft(t.Context(), c.instance, c.script)
			var missing *store.NotFoundError
			if !errors.As(err, &missing) || missing.Thing != c.thing {
				t.Errorf("Draft(%q, %q): %v, want that there is no %s", c.instance, c.script, err, c.thing)
			}
		}
	})
}

// What a draft may not hold twice is refused as a whole, by the name of the
// parameter that would have to be another.
func TestDraftTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		withScripts(t, s)
		for field, spoil := range map[string]func(*store.Draft){
			"DialogueFlowName":   func(d *store.Draft) { d.Flows[1].Name = d.Flows[0].Name },
			"IntentName":         func(d *store.Draft) { d.Intents[1].Name = d.Intents[0].Name },
			"GlobalQuestionName": func(d *store.Draft) { d.Questions[1].Name = d.Questions[0].Name },
			"TagGroup":           func(d *store.Draft) { d.Groups = append(d.Groups, d.Groups[0]) },
			"TagName":            func(d *store.Draft) { d.Tags = append(d.Tags, store.Tag{GroupName: "意向", Name: "高"}) },
		} {
			d := someDraft("i1", "new")
			spoil(d)
			var taken *store.TakenError
			if err := s.WriteDraft(t.Context(), d); !errors.As(err, &taken) || taken.Field != field {
				t.Errorf("%v, want that %s is taken", err, field)
			}
			if _, err := s.Draft(t.Context(), "i1", "new"); err == nil {
				t.Errorf("%s twice: the script is there", field)
			}
		}
	})
}

// withScripts makes scripts s1 in instance i1 and s2 in instance i2 with the
// same ids in them, and returns what was written of the first.
func withScripts(t *testing.T, s *store.Store) *store.Draft {
	t.Helper()
	first := someDraft("i1", "s1")
	for _, d := range []*store.Draft{first, someDraft("i2", "s2")} {
		if err := s.AddInstance(t.Context(), d.Script.InstanceID); err != nil {
			t.Fatal(err)
		}
		if err := s.WriteDraft(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	return first
}
