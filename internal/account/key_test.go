package account_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// eachEngine runs a test on the accounts of an empty store of each engine.
// Secrets are secret-1 and so on.
func eachEngine(t *testing.T, test func(t *testing.T, a *account.Accounts)) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		made := 0
		test(t, account.New(s, account.Options{NewSecret: func() string { made++; return fmt.Sprint("secret-", made) }}))
	})
}

const listOnly = `{"Version":"1","Statement":[{"Effect":"Allow","Action":"outboundbot:List*","Resource":"*"}]}`

func TestKeys(t *testing.T) {
	eachEngine(t, func(t *testing.T, a *account.Accounts) {
		ctx := t.Context()
		first, err := a.AddFirstKey(ctx)
		if err != nil || first == nil || first.Secret != "secret-1" || first.Policy != account.FullAccess {
			t.Fatalf("the first key: %+v, %v", first, err)
		}
		if again, err := a.AddFirstKey(ctx); again != nil || err != nil {
			t.Errorf("a first key beside another: %+v, %v", again, err)
		}
		for range 2 { // The same policy again is the same.
			if err := a.AddPolicy(ctx, "list-only", []byte(listOnly)); err != nil {
				t.Fatal(err)
			}
		}
		listing, err := a.AddKey(ctx, "list-only", "the crawler")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.AddKey(ctx, account.ReadOnlyAccess, ""); err != nil {
			t.Fatal(err)
		}
		allowed := func() string {
			keys, err := a.Keys(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, k := range keys {
				all = append(all, fmt.Sprintf("%s list:%v describe:%v delete:%v", k.Secret,
					k.Policy.Allows("ListTags"), k.Policy.Allows("DescribeIntent"), k.Policy.Allows("DeleteIntent")))
			}
			return strings.Join(all, "\n")
		}
		want := "secret-4 list:true describe:true delete:false\n" +
			"secret-3 list:true describe:false delete:false\n" +
			"secret-1 list:true describe:true delete:true"
		if got := allowed(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if err := a.DisableKey(ctx, listing.ID); err != nil {
			t.Fatal(err)
		}
		if got := allowed(); strings.Contains(got, "secret-3") || !strings.Contains(got, "secret-4") {
			t.Errorf("after a key was disabled:\n%s", got)
		}
		all, err := a.AllKeys(ctx)
		if err != nil || len(all) != 3 || all[1].Enabled || all[1].Description != "the crawler" || all[1].Document != listOnly {
			t.Errorf("listed %+v, %v", all, err)
		}
		if text := fmt.Sprintf("%+v", all); strings.Contains(text, "secret-") {
			t.Errorf("a list with secrets: %s", text)
		}
		// A key that is disabled is a key: no first one is made again.
		for _, k := range all {
			if err := a.DisableKey(ctx, k.ID); err != nil {
				t.Fatal(err)
			}
		}
		if again, err := a.AddFirstKey(ctx); again != nil || err != nil {
			t.Errorf("a first key beside disabled ones: %+v, %v", again, err)
		}
	})
}

func TestKeysRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, a *account.Accounts) {
		var missing *store.NotFoundError
		var taken *store.TakenError
		ctx := t.Context()
		for name, do := range map[string]func() error{
			"a key of no policy":  func() error { _, err := a.AddKey(ctx, "none", ""); return err },
			"a key of an odd one": func() error { _, err := a.AddKey(ctx, "x' OR '1'='1", ""); return err },
			"no such key":         func() error { return a.DisableKey(ctx, "none") },
		} {
			if err := do(); !errors.As(err, &missing) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := a.AddPolicy(ctx, account.ReadOnlyAccess, []byte(listOnly)); !errors.As(err, &taken) {
			t.Errorf("another document under the name of a policy: %v", err)
		}
		if err := a.AddPolicy(ctx, "broken", []byte("{}")); err == nil {
			t.Error("a broken policy is kept")
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := a.Keys(ended); err == nil {
			t.Error("keys were read after the context had ended")
		}
	})
}

func TestEnsureInstance(t *testing.T) {
	eachEngine(t, func(t *testing.T, a *account.Accounts) {
		for range 2 {
			if err := a.EnsureInstance(t.Context(), "demo"); err != nil {
				t.Fatal(err)
			}
		}
		all, err := a.Instances(t.Context())
		if err != nil || len(all) != 1 || all[0].ID != "demo" || all[0].Name != "demo" || all[0].MaxCalls < 1 {
			t.Errorf("instances: %+v, %v", all, err)
		}
		var invalid *store.InvalidError
		for _, id := range []string{"", "a b", "a\n", "例", strings.Repeat("i", 129)} {
			if err := a.EnsureInstance(t.Context(), id); !errors.As(err, &invalid) {
				t.Errorf("%q: %v", id, err)
			}
		}
	})
}

func TestRecords(t *testing.T) {
	eachEngine(t, func(t *testing.T, a *account.Accounts) {
		for i := range 5 {
			use := store.Audit{RequestID: fmt.Sprint("r-", i), At: int64(i / 2), KeyID: "k", Action: "CreateTag", InstanceID: "i", Target: "ScriptId=s", Code: "OK"}
			if err := a.Record(t.Context(), use); err != nil {
				t.Fatal(err)
			}
		}
		got, err := a.Records(t.Context(), 3)
		if err != nil || len(got) != 3 || got[0].RequestID != "r-4" || got[1].RequestID != "r-3" || got[2].Target != "ScriptId=s" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
