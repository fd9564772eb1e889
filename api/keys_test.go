package api

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// The system policies, and what is written into the audit log, part the actions
// as the reference does: those that read and those that write.
func TestActionsReadOrWrite(t *testing.T) {
	accounts := account.New(storetest.Open(t, storetest.SQLite(t)), account.Options{})
	policies := map[string]*account.Policy{}
	for _, name := range []string{account.FullAccess, account.ReadOnlyAccess} {
		if _, err := accounts.AddKey(t.Context(), name, name); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := accounts.AllKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if policies[row.Policy], err = account.ParsePolicy([]byte(row.Document)); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range readFacts(t) {
		reads := f.Kind == "read"
		if !policies[account.FullAccess].Allows(f.Action) || policies[account.ReadOnlyAccess].Allows(f.Action) != reads {
			t.Errorf("%s is a %s, which the system policies do not say", f.Action, f.Kind)
		}
		if want := !reads && f.Action != "Dialogue"; audited(f.Action) != want {
			t.Errorf("%s, a %s, is audited: %v", f.Action, f.Kind, !want)
		}
	}
}

func TestKeyring(t *testing.T) {
	var stored []account.Key
	var broken error
	asked := 0
	now := time.Unix(1_700_000_000, 0)
	ring := newKeyring(map[string]string{"fixed": "s"}, func(context.Context) ([]account.Key, error) {
		asked++
		return stored, broken
	})
	is := func(id, secret string) {
		t.Helper()
		key, err := ring.Key(t.Context(), []byte(id), now)
		if err != nil || (key == nil) != (secret == "") || key != nil && (key.Secret != secret || key.ID != id) {
			t.Errorf("key %s is %+v, %v", id, key, err)
		}
	}
	is("fixed", "s")
	is("a", "")
	stored = []account.Key{{ID: "a", Secret: "t"}, {ID: "fixed", Secret: "other"}}
	is("a", "") // Not asked again yet.
	now = now.Add(keyAge)
	is("a", "t")
	is("fixed", "s")
	stored = nil
	now = now.Add(keyAge - 1)
	is("a", "t")
	now = now.Add(1)
	is("a", "")
	stored = []account.Key{{ID: "a", Secret: "t"}}
	ring.forget()
	is("a", "t")
	if asked != 4 {
		t.Errorf("the store was asked %d times, want 4", asked)
	}

	now, broken = now.Add(time.Hour), errors.New("no database")
	if key, err := ring.Key(t.Context(), []byte("a"), now); key != nil || !errors.Is(err, broken) {
		t.Errorf("without the store: %+v, %v", key, err)
	}
	broken = nil
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { is("a", "t") })
	}
	all.Wait()
	if asked != 6 {
		t.Errorf("eight at once asked %d times, want once", asked-5)
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = ring.Key(t.Context(), []byte("a"), now) }); n > 0 {
		t.Errorf("a key costs %v allocations", n)
	}
}

// What changes things is written down, with who did it.
func TestAuditLog(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		id := c.newInstance("a")
		c.must("ListInstances")
		c.refused("InvalidInstanceName.Duplicated", "CreateInstance", "InstanceName", "a", "MaxConcurrentConversation", "1")
		c.must("DeleteInstance", "InstanceId", id)
		got, err := account.New(c.store, account.Options{}).Records(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		want := []store.Audit{
			{KeyID: "id", Action: "DeleteInstance", InstanceID: id, Code: "OK"},
			{KeyID: "id", Action: "CreateInstance", Code: "InvalidInstanceName.Duplicated"},
			{KeyID: "id", Action: "CreateInstance", InstanceID: id, Code: "OK"},
		}
		if len(got) != len(want) {
			t.Fatalf("%d records: %+v", len(got), got)
		}
		for i, g := range got {
			if g.At == 0 || g.RequestID == "" {
				t.Errorf("record %d: %+v", i, g)
			}
			if g.At, g.RequestID = 0, ""; g != want[i] {
				t.Errorf("record %d is %+v, want %+v", i, g, want[i])
			}
		}
	})
}

// changesNothing are actions that count as writing and write nothing: the record
// of them can only follow.
var changesNothing = map[string]bool{"TaskPreparing": true, "TerminateCall": true}

type auditing = func(context.Context, rpc.Use) (context.Context, func(rpc.Use))

// inTime has every test of an action look whether its record is there before the
// action has ended, so that no server can be killed between the two.
func inTime(t *testing.T, s *store.Store, audit auditing) auditing {
	return func(ctx context.Context, u rpc.Use) (context.Context, func(rpc.Use)) {
		ctx, ended := audit(ctx, u)
		return ctx, func(u rpc.Use) {
			recent, err := s.Audits(context.WithoutCancel(ctx), 20)
			there := slices.ContainsFunc(recent, func(a store.Audit) bool {
				return a.At == u.At.UnixMilli() && a.Action == u.Action && a.KeyID == u.KeyID
			})
			if want := u.Code == "OK" && !changesNothing[u.Action]; there != want || err != nil {
				t.Errorf("%s, %s: on record before its end: %v, %v", u.Action, u.Code, there, err)
			}
			ended(u)
		}
	}
}

// Policies may name what the API has, and nothing else.
func TestActionNames(t *testing.T) {
	names := ActionNames()
	slices.Sort(names)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(registry())), names); diff != "" {
		t.Errorf("(-there +named):\n%s", diff)
	}
}
