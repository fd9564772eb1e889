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
	"github.com/talkgraph/talkgraph/session"
)

// instant is a gateway that takes every call at once.
type instant struct{ taken chan string }

func (g instant) Dial(_ context.Context, c campaign.Call) error {
	g.taken <- c.TaskID
	return nil
}
func (instant) HangUp(context.Context, string) error  { return nil }
func (instant) Capacity(context.Context) (int, error) { return 1 << 20, nil }

// campaignOf makes a campaign of b.N jobs that are due, on SQLite that waits for
// the disk.
func campaignOf(b *testing.B) (*store.Store, *campaign.Campaigns, instant) {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{File: filepath.Join(b.TempDir(), store.FileName), Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	gateway := instant{make(chan string, b.N)}
	c, err := campaign.New(campaign.Options{Store: s, Gateway: gateway, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	assignMany(b, s, b.N)
	return s, c, gateway
}

// BenchmarkDispatch has a campaign of b.N jobs called: planned, dialled, noted
// as ringing. To reach: 1,000 dispatches/s.
func BenchmarkDispatch(b *testing.B) {
	_, c, gateway := campaignOf(b)
	b.ResetTimer()
	for len(gateway.taken) < b.N {
		if n, err := c.Tick(b.Context()); err != nil || n == 0 {
			b.Fatalf("%d of %d were dialled: %v", len(gateway.taken), b.N, err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "dispatches/s")
}

// BenchmarkAttempt sees b.N attempts through, from the plan to the outcome, which
// is told at once by a telephony system that tells of 64 calls at the same time:
// nobody answers; or somebody does, hears a sentence, and hangs up. To reach:
// 1,000 attempts/s.
func BenchmarkAttempt(b *testing.B) {
	for name, outcome := range map[string]func(ctx context.Context, s *store.Store, c *campaign.Campaigns, task string) error{
		"unanswered": func(ctx context.Context, _ *store.Store, c *campaign.Campaigns, task string) error {
			return c.Failed(ctx, instanceID, task, campaign.Failure{Reason: campaign.NotExists, CallID: task})
		},
		"talk": talk,
	} {
		b.Run(name, func(b *testing.B) {
			s, c, gateway := campaignOf(b)
			ctx := b.Context()
			b.ResetTimer()
			var told sync.WaitGroup
			for range 64 {
				told.Go(func() {
					for task := range gateway.taken {
						if err := outcome(ctx, s, c, task); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for dialled := 0; dialled < b.N; {
				n, err := c.Tick(ctx)
				if dialled += n; err != nil || n == 0 {
					b.Fatalf("%d of %d were dialled: %v", dialled, b.N, err)
				}
			}
			close(gateway.taken)
			told.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "attempts/s")
			b.StopTimer()
			counted(b, s)
		})
	}
}

// talk is a call that is answered: it begins, and the callee hangs up.
func talk(ctx context.Context, s *store.Store, c *campaign.Campaigns, task string) error {
	if _, _, err := c.Answered(ctx, instanceID, task, task); err != nil {
		return err
	}
	state := session.State{Revision: 1, Begun: 1, Touched: 1, Last: session.Said{Content: "您好，请问是王芳女士吗？"}}
	turn := session.Turn{
		Key: session.Key{Instance: instanceID, Call: task}, State: &state,
		Input: &session.Input{Kind: session.Start}, Feedback: &session.Feedback{Content: state.Last.Content},
	}
	if err := s.Sessions().Commit(ctx, &turn); err != nil {
		return err
	}
	state.Revision, state.Ended = 2, session.ClientHangup
	turn.Input, turn.Hits = &session.Input{Kind: session.Hangup}, []session.Tag{{Group: "意向", Name: "高"}}
	return s.Sessions().Commit(ctx, &turn)
}

// counted makes sure that every job has ended.
func counted(b *testing.B, s *store.Store) {
	b.Helper()
	groups, _, err := s.JobGroups(b.Context(), instanceID, store.GroupFilter{}, store.Page{Number: 1, Size: 1})
	if err != nil {
		b.Fatal(err)
	}
	counts, err := s.CountGroup(b.Context(), groups[0].ID)
	if err != nil || counts.Jobs[store.JobSucceeded]+counts.Jobs[store.JobFailed] != b.N || groups[0].Status != store.GroupCompleted {
		b.Errorf("of %d jobs %v; the group is %s: %v", b.N, counts.Jobs, groups[0].Status, err)
	}
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
