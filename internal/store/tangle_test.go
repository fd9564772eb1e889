package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// throng is a campaign of several groups that all kinds of transactions are at
// at once.
type throng struct {
	*testing.T
	s      *store.Store
	groups []string
	tasks  []store.Task
}

// newThrong makes groups whose jobs are all being called, every other one in a
// call that was answered.
func newThrong(t *testing.T, s *store.Store, groups, jobs int) *throng {
	t.Helper()
	w := &throng{T: t, s: s}
	if _, err := s.CreateInstance(t.Context(), store.Instance{ID: "inst", Name: "inst", MaxCalls: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	for range groups {
		g := &store.JobGroup{InstanceID: "inst", ScriptID: "script", Name: "g", Status: store.GroupScheduling, Strategy: "{}"}
		if err := s.AddJobGroup(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		w.groups = append(w.groups, g.ID)
		w.add(t.Context(), g.ID, jobs)
	}
	w.dispatch(t.Context())
	for i := range w.tasks {
		if i%2 > 0 {
			continue
		}
		if _, err := s.TaskAnswered(t.Context(), "inst", w.tasks[i].ID, w.tasks[i].ID); err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, key(w.tasks[i].ID), state(1))
	}
	return w
}

func (w *throng) add(ctx context.Context, group string, n int) {
	jobs := make([]store.Job, n)
	for i := range jobs {
		jobs[i] = store.Job{Status: store.JobScheduling, Extras: "[]", Deadline: 1 << 60,
			Contacts: []store.Contact{{PhoneNumber: fmt.Sprint("138", i), State: store.Available}}}
	}
	w.ok(w.s.AddJobs(ctx, "inst", group, "", jobs))
}

// ok takes no error but that of a group that was deleted.
func (w *throng) ok(err error) {
	w.Helper()
	var missing *store.NotFoundError
	if err != nil && !errors.As(err, &missing) {
		w.Error(err)
	}
}

// dispatch has everybody called who waits.
func (w *throng) dispatch(ctx context.Context) {
	w.ok(w.s.DispatchInTurn(ctx, "inst", func(ctx context.Context, d *store.Dispatch) error {
		groups, err := d.Groups(ctx)
		if err != nil {
			return err
		}
		var all []store.Task
		for i := range groups {
			due, err := d.Due(ctx, groups[i].ID, 1000)
			if err != nil {
				return err
			}
			tasks, days := make([]store.Task, len(due)), make([]store.DialDay, len(due))
			for n := range due {
				tasks[n] = store.Task{JobID: due[n].ID, CallingNumber: "95187", CalledNumber: due[n].Contacts[0].PhoneNumber, Deadline: 1 << 60}
				days[n] = store.DialDay{CalledNumber: tasks[n].CalledNumber, Day: "2026-05-01"}
			}
			if err := d.Start(ctx, groups[i].ID, tasks, days); err != nil {
				return err
			}
			d.Settle(groups[i].ID)
			all = append(all, tasks...)
		}
		if w.tasks == nil {
			w.tasks = all
		}
		return nil
	}))
}

// end tells of a task that it failed; its job is tried again.
func (w *throng) end(ctx context.Context, t *store.Task) {
	_, err := w.s.EndTask(ctx, "inst", t.ID, func(_ context.Context, e *store.Ending) error {
		e.Task.Status, e.Job.Status = store.TaskFailed, store.JobScheduling
		return nil
	})
	w.ok(err)
}

// hangUp ends the call of a task.
func (w *throng) hangUp(ctx context.Context, t *store.Task) {
	over := state(2)
	over.Ended = session.ClientHangup
	w.ok(w.s.Sessions().Commit(ctx, &session.Turn{
		Key: key(t.ID), State: &over, Input: &session.Input{Kind: session.Hangup}, Feedback: &session.Feedback{},
	}))
}

// Calls end while operators suspend, resume, change and delete, and servers
// dispatch: all of it comes about, and in PostgreSQL nobody waits in a ring.
func TestCampaignsDoNotTangle(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		const groups, jobs, rounds = 4, 30, 6
		place.NewID = rand.Text
		place.Now = storetest.NewClock().Now
		s, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		w, ctx := newThrong(t, s, groups, jobs), t.Context()
		times := func(string) (next, deadline int64, err error) { return 1, 1 << 60, nil }
		var all sync.WaitGroup
		for i := range w.tasks {
			all.Go(func() {
				if i%2 == 0 {
					w.hangUp(ctx, &w.tasks[i])
				} else {
					w.end(ctx, &w.tasks[len(w.tasks)-i])
				}
			})
		}
		often := func(do func(round int)) {
			all.Go(func() {
				for round := range rounds {
					do(round)
				}
			})
		}
		often(func(int) { w.dispatch(ctx) })
		often(func(round int) { w.add(ctx, w.groups[round%groups], 20) })
		for _, to := range []string{store.JobPaused, store.JobScheduling} {
			from := map[string]string{store.JobPaused: store.JobScheduling, store.JobScheduling: store.JobPaused}[to]
			often(func(int) {
				_, err := s.MoveJobs(ctx, "inst", store.JobChoice{All: true}, []string{from}, to)
				w.ok(err)
			})
		}
		for server := range 2 {
			often(func(round int) {
				deadlines := map[string]int64{}
				for i := range w.tasks {
					deadlines[w.tasks[i].ID] = 1<<60 + int64(i%3+server)
				}
				w.ok(s.TasksRinging(ctx, deadlines))
			})
		}
		often(func(round int) {
			_, err := s.ChangeJobGroup(ctx, "inst", w.groups[round%groups], times, func(g *store.JobGroup) error {
				g.Strategy = fmt.Sprintf(`{"name":"%d"}`, round)
				return nil
			})
			w.ok(err)
		})
		all.Go(func() { w.ok(s.DeleteJobGroup(ctx, "inst", w.groups[groups-1])) })
		all.Wait()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if n := deadlocks(t, place); n > 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

// deadlocks returns how many there were in a database, as far as it tells.
func deadlocks(t *testing.T, place store.Options) (n int) {
	t.Helper()
	if place.Database == "" {
		return 0
	}
	db, err := sql.Open("pgx", place.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // It was only read.
	err = db.QueryRowContext(t.Context(), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Of changes of a group that come at once, none is lost.
func TestAGroupIsChangedByManyAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const changes = 20
		w := newThrong(t, s, 1, 1)
		var all sync.WaitGroup
		for range changes {
			all.Go(func() {
				_, err := s.ChangeJobGroup(t.Context(), "inst", w.groups[0], nil, func(g *store.JobGroup) error {
					g.Priority++
					return nil
				})
				w.ok(err)
			})
		}
		all.Wait()
		if g, err := s.JobGroup(t.Context(), "inst", w.groups[0]); err != nil || g.Priority != changes {
			t.Errorf("of %d changes %d are there: %v", changes, g.Priority, err)
		}
	})
}
