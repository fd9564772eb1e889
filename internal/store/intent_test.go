package store_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// What a keyword finds is what a person would say has it: no character of it
// is anything but itself, and none of the list's own is part of it.
func TestIntentsByKeyword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		withScripts(t, s)
		for name, keywords := range map[string][]string{
			"percent": {"100%", "off"}, "line": {"a_b"}, "mark": {"a!b", `"`, `\`}, "case": {"ÉCOLE", "Hello"},
			"many": {"不是", "本人"}, "none": {}, "quote": {`it's`},
		} {
			_, err := s.CreateIntent(t.Context(), "i1", "s1", store.Intent{Name: name, Utterances: store.NewTexts([]string{"%"}), Keywords: store.NewTexts(keywords)})
			if err != nil {
				t.Fatal(err)
			}
		}
		for keyword, want := range map[string][]string{
			"%": {"percent"}, "0%": {"percent"}, "_": {"line"}, "a_b": {"line"}, "!": {"mark"}, `\`: {"mark"}, `"`: {"mark", "否"},
			"école": {"case"}, "École": {"case"}, "hELLO": {"case"}, "不": {"many", "否"}, "本人": {"many"}, "是本": {},
			",": {}, "[": {}, "'": {"quote"}, "' OR 1=1 --": {}, "a%b": {}, "nothing": {},
		} {
			rows, total, err := s.Intents(t.Context(), "i1", "s1", keyword, store.Page{Number: 1, Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, row := range rows {
				got = append(got, row.Name)
			}
			if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b string) bool { return a < b })); diff != "" || total != len(want) {
				t.Errorf("keyword %q: total %d, names (-want +got):\n%s", keyword, total, diff)
			}
		}
	})
}

// Pages tile the list, newest first.
func TestIntentPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		withScripts(t, s)
		want := []string{"否", "是"} // Of one moment, so by id: a, z.
		for i := range 5 {
			name := fmt.Sprint("intent ", i)
			if _, err := s.CreateIntent(t.Context(), "i1", "s1", store.Intent{Name: name}); err != nil {
				t.Fatal(err)
			}
			want = append([]string{name}, want...)
		}
		var got []string
		for page := 1; page <= 4; page++ {
			rows, total, err := s.Intents(t.Context(), "i1", "s1", "", store.Page{Number: page, Size: 3})
			if err != nil || total != len(want) {
				t.Fatalf("page %d: total %d, %v", page, total, err)
			}
			for _, row := range rows {
				got = append(got, row.Name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, number := range []int{4, 1 << 25, 1 << 31, 1<<32 + 1, math.MaxInt} {
			if rows, total, err := s.Intents(t.Context(), "i1", "s1", "", store.Page{Number: number, Size: 100}); err != nil || len(rows) != 0 || total != len(want) {
				t.Errorf("page %d behind the end: %d rows of %d, %v", number, len(rows), total, err)
			}
		}
	})
}

// A script has room for as many intents and utterances as a bundle. What does
// not fit changes nothing.
func TestIntentLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := someDraft("i", "s")
		d.Intents = nil
		for i := range 2000 {
			d.Intents = append(d.Intents, store.Intent{ID: fmt.Sprint(i), Name: fmt.Sprint(i), Utterances: store.NewTexts(make([]string, 100))})
		}
		if err := errors.Join(s.AddInstance(t.Context(), "i"), s.WriteDraft(t.Context(), d)); err != nil {
			t.Fatal(err)
		}
		refused := func(parameter string, err error) {
			t.Helper()
			var invalid *store.InvalidError
			if !errors.As(err, &invalid) || invalid.Parameter != parameter {
				t.Errorf("%v, want that %s is invalid", err, parameter)
			}
		}
		_, err := s.CreateIntent(t.Context(), "i", "s", store.Intent{Name: "one more"})
		refused("ScriptId", err)
		refused("Utterances", s.SetIntent(t.Context(), "i", "s", store.Intent{ID: "7", Name: "7", Utterances: store.NewTexts(make([]string, 101))}))
		if err := s.DeleteIntent(t.Context(), "i", "s", "8"); err != nil {
			t.Fatal(err)
		}
		_, err = s.CreateIntent(t.Context(), "i", "s", store.Intent{Name: "8", Utterances: store.NewTexts(make([]string, 101))})
		refused("Utterances", err)
		if err := s.SetIntent(t.Context(), "i", "s", store.Intent{ID: "7", Name: "7", Utterances: store.NewTexts(make([]string, 200))}); err != nil {
			t.Errorf("there is room, and yet: %v", err)
		}
		if _, err := s.CreateIntent(t.Context(), "i", "s", store.Intent{Name: "8"}); err != nil {
			t.Errorf("there is room, and yet: %v", err)
		}
	})
}
