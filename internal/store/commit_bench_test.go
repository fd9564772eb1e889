package store_test

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// BenchmarkCommit commits turns of 64 calls at once, as 64 callers do who each
// wait for their answer.
func BenchmarkCommit(b *testing.B) {
	run := func(b *testing.B, o store.Options) {
		o.Lax = false
		s := storetest.Open(b, o)
		var calls atomic.Int64
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			key := session.Key{Instance: "0a1b2c3d-0000-4000-8000-00000000000a", Call: fmt.Sprintf("call-%031d", calls.Add(1))}
			in, feedback := session.Utterance("我回头跟家里人商量下再定"), session.Feedback{Action: session.ActionBroadcast}
			feedback.Content = "您好，请问是王芳女士吗？您的宽带套餐三百兆月底就要到期了，现在续费可以免费提速，还另外多送三个月，您看今天帮您办理好吗？"
			events := []session.Event{{Kind: session.Matched, Node: 2, Branch: 2, Index: 2, Score: 0.9}, {Kind: session.Entered, Node: 1}}
			next := state(0)
			next.Last.Content = feedback.Content
			for pb.Next() {
				next.Revision++
				next.Touched++
				turn := session.Turn{Key: key, State: &next, Input: &in, Feedback: &feedback, Events: events}
				if err := s.Sessions().Commit(context.Background(), &turn); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
	}
	b.Run("sqlite", func(b *testing.B) { run(b, storetest.SQLite(b)) })
	if os.Getenv(storetest.Variable) != "" {
		b.Run("postgres", func(b *testing.B) { run(b, storetest.Postgres(b)) })
	}
}
