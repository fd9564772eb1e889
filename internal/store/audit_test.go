package store_test

import (
	"context"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// records returns what is on record, newest first.
func records(t *testing.T, s *store.Store) []store.Audit {
	t.Helper()
	rows, err := s.Audits(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A change is on record as soon as it is made, and nothing is before. What came
// of it in the end takes the place of what was written first.
func TestAudited(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := store.Audit{RequestID: "r-1", At: 1, KeyID: "k", Action: "CreateInstance", Code: "OK"}
		ctx := store.Audited(t.Context(), a)
		if _, err := s.Instance(ctx, "none"); err == nil {
			t.Error("there is an instance")
		}
		if err := s.DeleteInstance(ctx, "none"); err == nil || len(records(t, s)) > 0 {
			t.Errorf("%v, and on record are %+v", err, records(t, s))
		}
		for _, name := range []string{"a", "b"} { // The second is of the same use.
			if _, err := s.CreateInstance(ctx, store.Instance{Name: name}); err != nil {
				t.Fatal(err)
			}
			if rows := records(t, s); len(rows) != 1 || rows[0] != a {
				t.Errorf("on record are %+v", rows)
			}
		}
		for _, code := range []string{"OK", "InternalError"} {
			a.InstanceID, a.Target, a.Code = "i", "ThingId=t", code
			if err := s.AddAudit(ctx, a); err != nil {
				t.Fatal(err)
			}
			if rows := records(t, s); len(rows) != 1 || rows[0] != a {
				t.Errorf("in the end on record are %+v", rows)
			}
		}
	})
}

// What cannot be put on record is not done.
func TestNothingWithoutRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if _, err := s.DB().ExecContext(t.Context(), "DROP TABLE audit"); err != nil {
			t.Fatal(err)
		}
		ctx := store.Audited(t.Context(), store.Audit{RequestID: "r-1", At: 1})
		for what, do := range map[string]func(context.Context) error{
			"instance": func(ctx context.Context) error {
				_, err := s.CreateInstance(ctx, store.Instance{Name: "a"})
				return err
			},
			"policy": func(ctx context.Context) error { return s.AddPolicy(ctx, "p", "{}") },
			"key": func(ctx context.Context) error {
				_, err := s.AddKey(ctx, store.AccessKey{Policy: "AliyunOutboundbotFullAccess"})
				return err
			},
		} {
			if err := do(ctx); err == nil {
				t.Errorf("the %s was made without a record", what)
			}
		}
		instances, err := s.Instances(t.Context())
		keys, keysErr := s.Keys(t.Context())
		if len(instances)+len(keys) > 0 || err != nil || keysErr != nil {
			t.Errorf("there are %v, %v, %v, %v", instances, keys, err, keysErr)
		}
		if err := s.AddPolicy(t.Context(), "p", "[]"); err != nil {
			t.Errorf("the policy of before is in the way: %v", err)
		}
	})
}
