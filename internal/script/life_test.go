package script

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// Every step from every state: where it leads, or why it does not.
func TestLife(t *testing.T) {
	now := &build{hash: session.Hash{1}, revision: 7} // Of the draft as it is.
	old := &build{hash: session.Hash{2}, revision: 6} // Somebody edited while it was compiled.
	draft := store.Script{Status: Drafted, DebugStatus: Drafted, IsDrafted: true, IsDebugDrafted: true, Revision: 7}
	with := func(row store.Script, change func(*store.Script)) store.Script { change(&row); return row }
	live := with(draft, func(s *store.Script) { s.Status, s.IsDrafted, s.AppliedVersion = Published, false, 1000 })
	rejected := with(draft, func(s *store.Script) { s.Status, s.RejectReason = Rejected, "不合规" })
	review := func(row store.Script) store.Script {
		return with(row, func(s *store.Script) {
			s.Status, s.ReviewHash, s.ReviewRevision, s.ReviewRemark = Reviewing, now.hash[:], 7, "请审"
		})
	}
	edited := func(row store.Script) store.Script {
		return with(row, func(s *store.Script) { s.Revision, s.IsDrafted = 8, true })
	}

	publishing := func(b *build) step {
		return func(s *store.Script) (*store.Version, error) { return publish(s, b, "第一版") }
	}
	submitting := func(s *store.Script) (*store.Version, error) { return nil, submit(s, now, "请审") }
	withdrawing := func(s *store.Script) (*store.Version, error) { return nil, withdraw(s) }
	rejecting := func(s *store.Script) (*store.Version, error) { return nil, reject(s, "不合规") }
	rolling := func(v store.Version) step {
		return func(s *store.Script) (*store.Version, error) { rollback(s, &v); return nil, nil }
	}
	first := store.Version{Version: 900, Revision: 3}
	published := &store.Version{Hash: now.hash[:], Revision: 7, Remark: "第一版"}
	approved := &store.Version{Hash: now.hash[:], Revision: 7, Remark: "请审"}

	for _, tt := range []struct {
		name    string
		from    store.Script
		do      step
		to      store.Script
		version *store.Version
		err     error
	}{
		{"publish a draft", draft, publishing(now),
			with(draft, func(s *store.Script) { s.Status, s.IsDrafted = Published, false }), published, nil},
		{"publish what was edited meanwhile", draft, publishing(old),
			with(draft, func(s *store.Script) { s.Status = Published }), &store.Version{Hash: old.hash[:], Revision: 6, Remark: "第一版"}, nil},
		{"publish again", edited(live), publishing(now), edited(live), published, nil},
		{"publish what was rejected", rejected, publishing(now),
			with(draft, func(s *store.Script) { s.Status, s.IsDrafted = Published, false }), published, nil},
		{"publish past a review", review(draft), publishing(now), review(draft), nil, ErrInReview},
		{"publish for debugging", review(draft), func(s *store.Script) (*store.Version, error) { return publishForDebug(s, now), nil },
			with(review(draft), func(s *store.Script) { s.DebugStatus, s.IsDebugDrafted = Published, false }),
			&store.Version{Debug: true, Hash: now.hash[:], Revision: 7}, nil},

		{"submit a draft", draft, submitting, review(draft), nil, nil},
		{"submit the next version", edited(live), submitting, review(edited(live)), nil, nil},
		{"submit what was rejected", rejected, submitting, review(draft), nil, nil},
		{"submit twice", review(draft), submitting, review(draft), nil, ErrInReview},

		{"withdraw a draft", review(draft), withdrawing, draft, nil, nil},
		{"withdraw the next version", review(live), withdrawing, live, nil, nil},
		{"withdraw nothing", draft, withdrawing, draft, nil, ErrNotInReview},
		{"withdraw what is published", live, withdrawing, live, nil, ErrNotInReview},

		{"approve", review(draft), approve,
			with(draft, func(s *store.Script) { s.Status, s.IsDrafted = Published, false }), approved, nil},
		{"approve what was edited since", edited(review(draft)), approve,
			with(edited(draft), func(s *store.Script) { s.Status = Published }), approved, nil},
		{"approve nothing", draft, approve, draft, nil, ErrNotInReview},
		{"approve what is published", live, approve, live, nil, ErrNotInReview},

		{"reject", review(draft), rejecting, rejected, nil, nil},
		{"reject nothing", rejected, rejecting, rejected, nil, ErrNotInReview},

		{"roll back", live, rolling(first),
			with(live, func(s *store.Script) { s.AppliedVersion, s.IsDrafted = 900, true }), nil, nil},
		{"roll forward to what the draft is", with(edited(live), func(s *store.Script) { s.Revision = 3 }), rolling(first),
			with(live, func(s *store.Script) { s.AppliedVersion, s.Revision = 900, 3 }), nil, nil},
		{"roll back in review", review(live), rolling(first),
			with(review(live), func(s *store.Script) { s.AppliedVersion, s.IsDrafted = 900, true }), nil, nil},
		{"roll back after a rejection", with(live, func(s *store.Script) { s.Status, s.RejectReason = Rejected, "不合规" }), rolling(first),
			with(live, func(s *store.Script) { s.AppliedVersion, s.IsDrafted = 900, true }), nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := tt.from
			version, err := tt.do(&row)
			if !errors.Is(err, tt.err) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.to, row); diff != "" {
				t.Errorf("leads elsewhere (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.version, version); diff != "" {
				t.Errorf("publishes something else (-want +got):\n%s", diff)
			}
		})
	}
}

// step is a step in the life of a script.
type step = func(*store.Script) (*store.Version, error)
