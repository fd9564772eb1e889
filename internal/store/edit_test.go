package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// edits are all changes of what is in a script, each on the draft of
// withScripts.
var edits = map[string]struct {
	thing string // What must be there; empty: nothing but the script.
	do    func(ctx context.Context, s *store.Store, instance, script, id string) error
}{
	"CreateFlow": {"", func(ctx context.Context, s *store.Store, instance, script, _ string) error {
		_, err := s.CreateFlow(ctx, instance, script, store.Flow{Name: "new", Type: store.SubFlow})
		return err
	}},
	"SetFlowDefinition": {"DialogueFlow", func(ctx context.Context, s *store.Store, instance, script, id string) error {
		return s.SetFlowDefinition(ctx, instance, script, id, "{}")
	}},
	"DeleteFlow": {"DialogueFlow", func(ctx context.Context, s *store.Store, instance, script, id string) error {
		return s.DeleteFlow(ctx, instance, script, id)
	}},
	"CreateQuestion": {"", func(ctx context.Context, s *store.Store, instance, script, _ string) error {
		_, err := s.CreateQuestion(ctx, instance, script, store.Question{Name: "new", Type: store.CommonQuestion})
		return err
	}},
	"SetQuestion": {"GlobalQuestion", func(ctx context.Context, s *store.Store, instance, script, id string) error {
		return s.SetQuestion(ctx, instance, script, store.Question{ID: id, Name: "new"})
	}},
	"DeleteQuestion": {"GlobalQuestion", func(ctx context.Context, s *store.Store, instance, script, id string) error {
		return s.DeleteQuestion(ctx, instance, script, id)
	}},
	"CreateIntent": {"", func(ctx context.Context, s *store.Store, instance, script, _ string) error {
		_, err := s.CreateIntent(ctx, instance, script, store.Intent{Name: "new"})
		return err
	}},
	"SetIntent": {"Intent", func(ctx context.Context, s *store.Store, instance, script, id string) error {
		return s.SetIntent(ctx, instance, script, store.Intent{ID: id, Name: "new"})
	}},
	"DeleteIntent": {"Intent", func(ctx context.Context, s *store.Store, instance, script, id string) error {
		return s.DeleteIntent(ctx, instance, script, id)
	}},
	"CreateTag": {"", func(ctx context.Context, s *store.Store, instance, script, _ string) error {
		_, err := s.CreateTag(ctx, instance, script, "new", "new")
		return err
	}},
	"SetTags": {"Tag", func(ctx context.Context, s *store.Store, instance, script, id string) error {
		return s.SetTags(ctx, instance, script, []store.TagGroup{{Name: "new"}}, []store.Tag{{ID: id, GroupName: "new", Name: "new"}})
	}},
}

// Every change makes a draft of its script, and of no other. One that is
// refused, because a thing is not there or is of another script, changes
// nothing at all.
func TestEdits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		withScripts(t, s)
		foreign := someDraft("i1", "s3")
		foreign.Flows[1].ID, foreign.Intents[1].ID, foreign.Questions[1].ID, foreign.Tags[0].ID = "own", "own", "own", "own"
		if err := s.WriteDraft(t.Context(), foreign); err != nil {
			t.Fatal(err)
		}
		other := readDraft(t, s, "i2", "s2")
		before := readDraft(t, s, "i1", "s1")
		for name, edit := range edits {
			for _, c := range []struct{ instance, script, id, thing string }{
				{"none", "s1", "a", "Instance"}, {"i1", "none", "a", "Script"}, {"i1", "s2", "a", "Script"}, {"i2", "s1", "a", "Script"},
				{"i1", "s1", "none", edit.thing}, {"i1", "s1", "own", edit.thing}, {"i1", "s1", "' OR ''='", edit.thing},
			} {
				if c.thing == "" {
					continue
				}
				var missing *store.NotFoundError
				if err := edit.do(t.Context(), s, c.instance, c.script, c.id); !errors.As(err, &missing) || missing.Thing != c.thing {
					t.Errorf("%s(%v): %v, want that there is no %s", name, c, err, c.thing)
				}
			}
		}
		if diff := cmp.Diff(before, readDraft(t, s, "i1", "s1")); diff != "" {
			t.Errorf("refused changes changed the draft:\n%s", diff)
		}
		ids := map[string]string{"": "", "DialogueFlow": "own", "GlobalQuestion": "own", "Intent": "own", "Tag": "own"}
		for name, edit := range edits {
			script := "of " + name
			d := someDraft("i1", script)
			d.Flows[1].ID, d.Intents[1].ID, d.Questions[1].ID, d.Tags[0].ID = "own", "own", "own", "own"
			if err := s.WriteDraft(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if err := edit.do(t.Context(), s, "i1", script, ids[edit.thing]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			after := readDraft(t, s, "i1", script)
			if !after.Script.IsDrafted || !after.Script.IsDebugDrafted || after.Script.UpdatedAt <= d.Script.UpdatedAt {
				t.Errorf("%s does not make a draft: %+v", name, after.Script)
			}
		}
		if diff := cmp.Diff(other, readDraft(t, s, "i2", "s2")); diff != "" {
			t.Errorf("changes of one script changed another:\n%s", diff)
		}
	})
}

func readDraft(t *testing.T, s *store.Store, instance, script string) *store.Draft {
	t.Helper()
	d, err := s.Draft(t.Context(), instance, script)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Changes of one script follow each other, whoever makes them: what may be
// there once is made once, and everything has a place of its own.
func TestEditsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := withScripts(t, s)
		if err := s.DeleteFlow(t.Context(), "i1", "s1", d.Flows[0].ID); err != nil {
			t.Fatal(err)
		}
		const writers = 8
		errs := make([]error, writers)
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				_, errs[i] = s.CreateFlow(t.Context(), "i1", "s1", store.Flow{Name: fmt.Sprint("main ", i), Type: store.MainFlow})
				_, err := s.CreateTag(t.Context(), "i1", "s1", "new", fmt.Sprint(i))
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		made := 0
		for _, err := range errs {
			var invalid *store.InvalidError
			if err == nil {
				made++
			} else if !errors.As(err, &invalid) || invalid.Parameter != "DialogueFlowType" {
				t.Error(err)
			}
		}
		if made != 1 {
			t.Errorf("%d MainFlows were made", made)
		}
		_, tags, err := s.Tags(t.Context(), "i1", "s1")
		if err != nil || len(tags) != 2+writers {
			t.Fatal(tags, err)
		}
		for i, tag := range tags {
			if tag.Position != int64(i) {
				t.Errorf("tag %d is at %d", i, tag.Position)
			}
		}
	})
}
