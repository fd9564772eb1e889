package store_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

type listing func(ctx context.Context, s *store.Store, instance, script string) error

// lists, with accountLists, voiceLists and campaignLists, is every method that
// reads or deletes many rows. A new one is added there, once for each shape of
// its query; the test sees for itself what SQL it runs. The script is one that
// withRecordings makes.
var lists = map[string]listing{
	"Instances": func(ctx context.Context, s *store.Store, _, _ string) error {
		_, err := s.Instances(ctx)
		return err
	},
	"Intents": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, _, err := s.Intents(ctx, instance, script, "", page)
		return err
	},
	"Intents by keyword": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, _, err := s.Intents(ctx, instance, script, "k", page)
		return err
	},
	"OutboundNumbers": func(ctx context.Context, s *store.Store, instance, _ string) error {
		_, _, err := s.OutboundNumbers(ctx, instance, page)
		return err
	},
	"Questions": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, _, err := s.Questions(ctx, instance, script, page)
		return err
	},
	"Scripts": func(ctx context.Context, s *store.Store, instance, _ string) error {
		_, _, err := s.Scripts(ctx, instance, nil, page)
		return err
	},
	"Scripts by status": func(ctx context.Context, s *store.Store, instance, _ string) error {
		_, _, err := s.Scripts(ctx, instance, []string{"PUBLISHED"}, page)
		return err
	},
	"Versions": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, _, err := s.Versions(ctx, instance, script, page)
		return err
	},
	"Versions of an instance": func(ctx context.Context, s *store.Store, instance, _ string) error {
		_, _, err := s.Versions(ctx, instance, "", page)
		return err
	},
	"OnlyRunning": func(ctx context.Context, s *store.Store, instance, _ string) error {
		_, err := s.OnlyRunning(ctx, instance, false)
		return err
	},
	"Turns": func(ctx context.Context, s *store.Store, instance, _ string) error {
		_, err := s.Turns(ctx, instance, "call")
		return err
	},
	"Expired": func(ctx context.Context, s *store.Store, _, _ string) error {
		_, err := s.Sessions().Expired(ctx, noon, noon, 100, nil)
		return err
	},
	"SweepBundles": func(ctx context.Context, s *store.Store, _, _ string) error {
		_, err := s.SweepBundles(ctx)
		return err
	},
	"Commit": func(ctx context.Context, s *store.Store, instance, _ string) error {
		next := state(1)
		return s.Sessions().Commit(ctx, &session.Turn{
			Key: session.Key{Instance: instance, Call: "c"}, State: &next, Input: &session.Input{}, Feedback: &session.Feedback{},
		})
	},
}

// wholes is every method that reads all there is of a kind in one script. It
// may sort what it read.
var wholes = map[string]listing{
	"Flows": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, _, err := s.Flows(ctx, instance, script)
		return err
	},
	"Tags": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, _, err := s.Tags(ctx, instance, script)
		return err
	},
	"Outline": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, err := s.Outline(ctx, instance, script)
		return err
	},
	"Draft": func(ctx context.Context, s *store.Store, instance, script string) error {
		_, err := s.Draft(ctx, instance, script)
		return err
	},
}

var page = store.Page{Number: 2, Size: 10}

// Every list finds its rows, and their order, through an index.
//
// In PostgreSQL, where the planner goes by how much there is, the test asks
// whether an index can serve: ways that read a whole table or sort are priced
// out, so a plan has one only when there is no other.
func TestEveryListUsesAnIndex(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		script := withRecordings(t, s)
		p := &planner{t: t, s: s, queries: new(recorder)}
		s.Record(p.queries)
		check := func(bad *regexp.Regexp, kinds ...map[string]listing) {
			for _, kind := range kinds {
				for name, list := range kind {
					p.check(name, bad, func() error { return list(t.Context(), s, script.InstanceID, script.ID) })
				}
			}
		}
		check(withoutIndex, lists, accountLists, voiceLists)
		check(wholeTable, wholes, voiceWholes)
	})
}

// planner looks at the plans of the queries that a list runs.
type planner struct {
	t       *testing.T
	s       *store.Store
	queries *recorder
}

// check runs a list and holds the plan of each of its queries against what it
// must not have.
func (p *planner) check(name string, bad *regexp.Regexp, list func() error) {
	p.t.Helper()
	p.queries.take()
	if err := list(); err != nil {
		p.t.Errorf("%s: %v", name, err)
	}
	ran := p.queries.take()
	if len(ran) == 0 {
		p.t.Errorf("%s ran no query", name)
	}
	for _, query := range ran {
		plan := explain(p.t, p.s, query)
		if found := bad.FindString(plan); found != "" {
			p.t.Errorf("%s: %s\n%s\n%s", name, found, query, plan)
		}
	}
}

// What is in the plan of a query that reads a table from one end to the other,
// or sorts: in SQLite's words, and in PostgreSQL's.
var (
	wholeTable   = regexp.MustCompile(`(?m)SCAN \w+( AS \w+)?$|Seq Scan on \w+`)
	withoutIndex = regexp.MustCompile(wholeTable.String() + `|USE TEMP B-TREE|\bSort\b`)
)

// explain returns the plan of a query.
func explain(t *testing.T, s *store.Store, query string) string {
	t.Helper()
	tx, err := s.DB().DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	how := "EXPLAIN QUERY PLAN "
	if s.IsPostgres() {
		how = "EXPLAIN "
		for _, way := range []string{"seqscan", "bitmapscan", "sort", "incremental_sort"} {
			if _, err := tx.Exec("SET LOCAL enable_" + way + " = off"); err != nil {
				t.Fatal(err)
			}
		}
	}
	rows, err := tx.QueryContext(t.Context(), how+query)
	if err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var plan strings.Builder
	for rows.Next() {
		cells := make([]any, len(columns)) // The last one says what is done.
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, *cells[len(cells)-1].(*any))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}

// recorder notes the queries that look for rows. A page and its count are
// looked for at once.
type recorder struct {
	mu      sync.Mutex
	queries []string
}

// take returns what was noted since the last time.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.queries
	r.queries = nil
	return taken
}

func (*recorder) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (r *recorder) AfterQuery(_ context.Context, event *bun.QueryEvent) {
	switch event.Operation() {
	case "SELECT", "UPDATE", "DELETE":
		r.mu.Lock()
		defer r.mu.Unlock()
		r.queries = append(r.queries, event.Query)
	}
}
