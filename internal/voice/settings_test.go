package voice_test

import (
	"context"
	"errors"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/internal/voice"
)

// instanceOf makes an instance.
func instanceOf(t *testing.T, s *store.Store, name string) string {
	t.Helper()
	i, err := s.CreateInstance(t.Context(), store.Instance{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return i.ID
}

// put stores a draft as a new script of an instance and returns its id.
func put(t *testing.T, s *store.Store, instance string, d *store.Draft) string {
	t.Helper()
	d.Script.InstanceID, d.Script.ID = instance, ""
	if d.Script.Name == "" {
		d.Script.Name = s.NewID()
	}
	if err := s.CreateScript(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	return d.Script.ID
}

// A bundle may say anything of its voice, and nothing.
func TestSettingsOfBundle(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	v := voice.New(s, voice.Options{})
	instance := instanceOf(t, s, "a")
	standard := voice.DefaultSettings
	for extra, want := range map[string]voice.Settings{
		``:   standard,
		`{}`: standard,
		`{"script":{"voice":{"voice":"siyue","speechRate":-50,"volume":80}}}`:        {Voice: "siyue", SpeechRate: -50, Volume: 80},
		`{"script":{"voice":{"voice":"siyue"}}}`:                                     {Voice: "siyue", SpeechRate: 0, Volume: 50},
		`{"script":{"voice":{"voice":7,"speechRate":"fast","volume":null}}}`:         standard,
		`{"script":{"voice":{"voice":"","speechRate":501,"volume":101}}}`:            standard,
		`{"script":{"voice":{"voice":"","speechRate":1.5,"volume":-1},"other":[1]}}`: standard,
		`{"script":{"voice":"siyue"}}`:                                               standard,
		`{"script":{"voice":null}}`:                                                  standard,
	} {
		id := put(t, s, instance, &store.Draft{Script: store.Script{Extra: extra}})
		if got, err := v.Settings(t.Context(), instance, id); err != nil || got != want {
			t.Errorf("%s: %+v %v, want %+v", extra, got, err, want)
		}
	}
}

// Whatever else the bundle says stays as it is, byte for byte.
func TestSetKeepsTheRest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := voice.New(s, voice.Options{})
		instance, other := instanceOf(t, s, "a"), instanceOf(t, s, "b")
		id := put(t, s, instance, &store.Draft{Script: store.Script{
			Extra: `{"flows":{"f":{"x":1.50}},"script":{"a<b":"<&>","voice":{"pitch":1e3,"volume":1}}}`,
		}})
		to := voice.Settings{Voice: "小云 <&>", SpeechRate: 500, Volume: 100}
		if err := v.Set(t.Context(), instance, id, to); err != nil {
			t.Fatal(err)
		}
		row, err := s.Script(t.Context(), instance, id)
		if err != nil {
			t.Fatal(err)
		}
		want := `{"flows":{"f":{"x":1.50}},"script":{"a<b":"<&>","voice":{"pitch":1e3,"speechRate":500,"voice":"小云 <&>","volume":100}}}`
		if row.Extra != want {
			t.Errorf("%s, want %s", row.Extra, want)
		}
		if !row.IsDrafted || !row.IsDebugDrafted {
			t.Error("the script is no draft")
		}
		if got, err := v.Settings(t.Context(), instance, id); got != to || err != nil {
			t.Error(got, err)
		}
		for place, thing := range map[[2]string]string{
			{other, id}: "Script", {"nowhere", id}: "Instance", {instance, "nowhere"}: "Script",
		} {
			var missing *store.NotFoundError
			if _, err := v.Settings(t.Context(), place[0], place[1]); !errors.As(err, &missing) || missing.Thing != thing {
				t.Errorf("%v: %v", place, err)
			}
			missing = nil
			if err := v.Set(t.Context(), place[0], place[1], to); !errors.As(err, &missing) || missing.Thing != thing {
				t.Errorf("%v: %v", place, err)
			}
		}
	})
}
