package benchmarks

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/store"
)

// instant is a gateway that takes every call at once.
type instant struct {
	mu    sync.Mutex
	tasks []string
}

func (g *instant) Dial(_ context.Context, c campaign.Call) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tasks = append(g.tasks, c.TaskID)
	return nil
}
func (*instant) HangUp(context.Context, string) error  { return nil }
func (*instant) Capacity(context.Context) (int, error) { return 1 << 20, nil }

// BenchmarkDispatch has a campaign of b.N jobs called, on SQLite that waits for
// the disk: planned, dialled, noted as ringing. ended/s is how many of the calls
// a second are then told to have failed, one by one. To reach: 1,000
// dispatches/s.
func BenchmarkDispatch(b *testing.B) {
	ctx := b.Context()
	s, err := store.Open(ctx, store.Options{File: filepath.Join(b.TempDir(), store.FileName), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	gateway := new(instant)
	c, err := campaign.New(campaign.Options{Store: s, Gateway: gateway, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	assignMany(b, s, b.N)
	b.ResetTimer()
	began := time.Now()
	for len(gateway.tasks) < b.N {
		if n, err := c.Tick(ctx); err != nil || n == 0 {
			b.Fatalf("%d of %d were dialled: %v", len(gateway.tasks), b.N, err)
		}
	}
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "dispatches/s")
	b.StopTimer()
	began = time.Now()
	for _, task := range gateway.tasks {
		if err := c.Failed(ctx, instanceID, task, campaign.Failure{Reason: campaign.NotExists}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "ended/s")
}

// assignMany makes an instance with a group of so many jobs that are due.
func assignMany(b *testing.B, s *store.Store, jobs int) {
	b.Helper()
	ctx := b.Context()
	if _, err := s.CreateInstance(ctx, store.Instance{ID: instanceID, Name: "campaign", MaxCalls: 1 << 20}); err != nil {
		b.Fatal(err)
	}
	d := &store.Draft{Script: store.Script{ID: "script", InstanceID: instanceID, Name: "script", Status: "PUBLISHED", AppliedVersion: 1}}
	if err := s.CreateScript(ctx, d); err != nil {
		b.Fatal(err)
	}
	g := &store.JobGroup{
		InstanceID: instanceID, ScriptID: "script", Name: "group", Status: store.GroupScheduling, CallingNumbers: store.NewTexts([]string{"95187"}),
	}
	if err := s.AddJobGroup(ctx, g); err != nil {
		b.Fatal(err)
	}
	list := make([]store.Job, jobs)
	for i := range list {
		list[i] = store.Job{
			Status: store.JobScheduling, Extras: "[]", NextAt: 1, Deadline: 1 << 60,
			Contacts: []store.Contact{{PhoneNumber: fmt.Sprintf("138%08d", i), State: store.Available}},
		}
	}
	if err := s.AddJobs(ctx, instanceID, g.ID, "", list); err != nil {
		b.Fatal(err)
	}
}
