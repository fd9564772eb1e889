package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// An instance goes with all that is in it, jobs under a strategy of their own
// and calls that ring among them.
func TestDeleteInstanceWithJobs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newThrong(t, s, 2, 3)
		w.ok(s.AddJobs(t.Context(), "inst", w.groups[0], `{"own":1}`, []store.Job{{Status: store.JobScheduling, Extras: "[]"}}))
		if err := s.DeleteInstance(t.Context(), "inst"); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"strategies", "job_groups", "jobs", "contacts", "tasks", "dial_days"} {
			if n, err := s.DB().NewSelect().Table(table).Count(t.Context()); err != nil || n > 0 {
				t.Errorf("%d rows of %s are left: %v", n, table, err)
			}
		}
	})
}

// What is put into an instance while it is deleted goes with it, or finds none.
func TestDeleteInstanceMeanwhile(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		place.NewID = rand.Text
		s := storetest.Open(t, place)
		for round := range 8 {
			id := fmt.Sprint("inst-", round)
			if _, err := s.CreateInstance(t.Context(), store.Instance{ID: id, Name: id, MaxCalls: 1}); err != nil {
				t.Fatal(err)
			}
			group := &store.JobGroup{InstanceID: id, Strategy: "{}"}
			if err := s.AddJobGroup(t.Context(), group); err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			for what, put := range puts(s, id, group.ID) {
				all.Go(func() {
					var missing *store.NotFoundError
					if err := put(t.Context()); err != nil && !errors.As(err, &missing) {
						t.Errorf("%s: %v", what, err)
					}
				})
			}
			all.Go(func() {
				if err := s.DeleteInstance(t.Context(), id); err != nil {
					t.Error(err)
				}
			})
			all.Wait()
		}
		if n := deadlocks(t, place); n > 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

// puts are all ways to put something into an instance, and into a group of it.
func puts(s *store.Store, id, group string) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"script": func(ctx context.Context) error {
			return s.CreateScript(ctx, &store.Draft{Script: store.Script{InstanceID: id, Name: "s", Extra: "{}"}})
		},
		"number": func(ctx context.Context) error {
			_, err := s.CreateOutboundNumber(ctx, store.OutboundNumber{InstanceID: id, Number: "95187"})
			return err
		},
		"blocked": func(ctx context.Context) error {
			_, err := s.BlockNumbers(ctx, id, []store.BlockedNumber{{Number: "13800000000"}})
			return err
		},
		"tags": func(ctx context.Context) error {
			return s.TagInstances(ctx, []string{id}, []store.TagPair{{Key: "k"}}, 20)
		},
		"group": func(ctx context.Context) error {
			return s.AddJobGroup(ctx, &store.JobGroup{InstanceID: id, Strategy: "{}"})
		},
		"group of a file": func(ctx context.Context) error {
			return s.AddJobGroupFrom(ctx, &store.JobGroup{InstanceID: id, Strategy: "{}"}, &store.Transfer{Direction: store.TransferIn})
		},
		"jobs": func(ctx context.Context) error {
			return s.AddJobs(ctx, id, group, "{}", []store.Job{{Status: store.JobScheduling, Extras: "[]"}})
		},
		"transfer": func(ctx context.Context) error {
			return s.AddTransfer(ctx, &store.Transfer{InstanceID: id, GroupID: group, Direction: store.TransferOut})
		},
	}
}

// However many tag an instance at once, it has no more tags than it may.
func TestTagsAreCountedTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const most = 20
		if _, err := s.CreateInstance(t.Context(), store.Instance{ID: "inst", Name: "inst", MaxCalls: 1}); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				var tags []store.TagPair
				for i := range 7 {
					tags = append(tags, store.TagPair{Key: fmt.Sprint(n, "-", i)})
				}
				var invalid *store.InvalidError
				if err := s.TagInstances(t.Context(), []string{"inst"}, tags, most); err != nil && !errors.As(err, &invalid) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		tags, err := s.ResourceTags(t.Context(), []string{"inst"}, nil, store.ResourceTag{}, 100)
		if err != nil || len(tags) != 14 {
			t.Errorf("of 8 times 7 tags %d were taken: %v", len(tags), err)
		}
	})
}
