package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// SetTags replaces everything: what has an id keeps it under any name, also
// under that of another, what is left out is gone.
func TestSetTags(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		withScripts(t, s)
		b, err := s.CreateTag(t.Context(), "i1", "s1", "B", "b")
		if err != nil {
			t.Fatal(err)
		}
		groups, _, err := s.Tags(t.Context(), "i1", "s1")
		if err != nil || len(groups) != 3 {
			t.Fatal(groups, err)
		}
		// 意向 and B exchange names; the group without a name goes, one is new.
		newGroups := []store.TagGroup{{ID: groups[2].ID, Name: "意向"}, {ID: groups[0].ID, Name: "B"}, {Name: "C"}}
		newTags := []store.Tag{{ID: b, GroupName: "C", Name: "高"}, {GroupName: "意向", Name: "b"}, {ID: "t", GroupName: "意向", Name: "高"}}
		if err := s.SetTags(t.Context(), "i1", "s1", newGroups, newTags); err != nil {
			t.Fatal(err)
		}
		gotGroups, gotTags, err := s.Tags(t.Context(), "i1", "s1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(newGroups, gotGroups); diff != "" || newGroups[2].ID == "" {
			t.Errorf("groups (-set +got):\n%s", diff)
		}
		if diff := cmp.Diff(newTags, gotTags); diff != "" || newTags[1].ID == "" {
			t.Errorf("tags (-set +got):\n%s", diff)
		}
		if gotTags[0].Position != 0 || gotTags[2].Position != 2 || gotGroups[2].Position != 2 {
			t.Errorf("positions are not those of the lists: %+v %+v", gotGroups, gotTags)
		}
		if groups, tags, err := s.Tags(t.Context(), "i2", "s2"); err != nil || len(groups) != 2 || len(tags) != 2 {
			t.Errorf("another script has become %v %v %v", groups, tags, err)
		}
		if err := s.SetTags(t.Context(), "i1", "s1", nil, nil); err != nil {
			t.Error(err)
		}
		if groups, tags, err := s.Tags(t.Context(), "i1", "s1"); err != nil || len(groups)+len(tags) != 0 {
			t.Errorf("emptied, it has %v %v %v", groups, tags, err)
		}
	})
}

// SetTags changes all or nothing.
func TestSetTagsRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		withScripts(t, s)
		groups, tags, err := s.Tags(t.Context(), "i1", "s1")
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			groups []store.TagGroup
			tags   []store.Tag
			want   error
		}{
			"unknown group id": {[]store.TagGroup{{ID: "x", Name: "x"}}, nil, &store.NotFoundError{Thing: "TagGroup"}},
			"unknown tag id":   {[]store.TagGroup{{Name: "x"}}, []store.Tag{{ID: "x", GroupName: "x", Name: "x"}}, &store.NotFoundError{Thing: "Tag"}},
			"a group id twice": {[]store.TagGroup{{ID: "g", Name: "x"}, {ID: "g", Name: "y"}}, nil, &store.InvalidError{Parameter: "TagGroups", Allowed: "Two items have the same Id."}},
			"a tag id twice":   {[]store.TagGroup{{Name: "x"}}, []store.Tag{{ID: "t", GroupName: "x", Name: "x"}, {ID: "t", GroupName: "x", Name: "y"}}, &store.InvalidError{Parameter: "Tags", Allowed: "Two items have the same Id."}},
			"no such group":    {[]store.TagGroup{{Name: "x"}}, []store.Tag{{GroupName: "y", Name: "x"}}, &store.InvalidError{Parameter: "Tags", Allowed: "Every tag must be in one of the TagGroups."}},
			"a group twice":    {[]store.TagGroup{{Name: "x"}, {Name: "x"}}, nil, &store.TakenError{Field: "TagGroup"}},
			"a tag twice":      {[]store.TagGroup{{Name: "x"}}, []store.Tag{{GroupName: "x", Name: "x"}, {GroupName: "x", Name: "x"}}, &store.TakenError{Field: "TagName"}},
		} {
			err := s.SetTags(t.Context(), "i1", "s1", c.groups, c.tags)
			if err == nil || err.Error() != c.want.Error() {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		var missing *store.NotFoundError
		if err := s.SetTags(t.Context(), "i1", "s2", nil, nil); !errors.As(err, &missing) || missing.Thing != "Script" {
			t.Errorf("a script of another instance: %v", err)
		}
		gotGroups, gotTags, err := s.Tags(t.Context(), "i1", "s1")
		if diff := cmp.Diff(groups, gotGroups) + cmp.Diff(tags, gotTags); diff != "" || err != nil {
			t.Error(diff, err)
		}
	})
}
