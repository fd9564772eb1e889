package script

import (
	"context"
	"errors"

	"github.com/talkgraph/talkgraph/internal/bounds"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// The states of a script. A script that was edited stays in its state: whether
// the draft is another than what calls run on is said beside it.
const (
	Drafted   = "DRAFTED"   // Nothing was published.
	Reviewing = "REVIEWING" // A draft waits for approval.
	Published = "PUBLISHED" // New calls run on the applied version.
	Rejected  = "REJECTED"  // The last draft in review was not approved.
)

// Errors of a script's life.
var (
	ErrInReview     = errors.New("the script is in review")
	ErrNotInReview  = errors.New("the script is not in review")
	ErrNotPublished = errors.New("nothing was published of the script")
)

// Publish makes the draft the version that new calls run on, without a review,
// and returns its number. A draft that does not compile is a
// [NotCompiledError]; one that is in review is ErrInReview.
func (s *Scripts) Publish(ctx context.Context, instance, script, remark string) (int64, error) {
	b, err := s.build(ctx, instance, script)
	if err != nil {
		return 0, err
	}
	row, err := s.store.Transition(ctx, instance, script, func(row *store.Script) (*store.Version, error) {
		return publish(row, b, remark)
	})
	if err != nil {
		return 0, err
	}
	return row.AppliedVersion, nil
}

// PublishForDebug makes the draft the version that new debug calls run on.
func (s *Scripts) PublishForDebug(ctx context.Context, instance, script string) error {
	b, err := s.build(ctx, instance, script)
	if err != nil {
		return err
	}
	_, err = s.store.Transition(ctx, instance, script, func(row *store.Script) (*store.Version, error) {
		return publishForDebug(row, b), nil
	})
	return err
}

// Submit sends the draft to review, with a remark for who reviews it. What is
// reviewed is the draft as it is now, whatever becomes of it meanwhile. Unless
// reviews are manual it is approved at once.
func (s *Scripts) Submit(ctx context.Context, instance, script, remark string) error {
	b, err := s.build(ctx, instance, script)
	if err != nil {
		return err
	}
	_, err = s.store.Transition(ctx, instance, script, func(row *store.Script) (*store.Version, error) {
		if !s.o.ManualReview {
			return publish(row, b, remark)
		}
		return nil, submit(row, b, remark)
	})
	return err
}

// Withdraw takes a script back out of review.
func (s *Scripts) Withdraw(ctx context.Context, instance, script string) (*store.Script, error) {
	return s.store.Transition(ctx, instance, script, func(row *store.Script) (*store.Version, error) {
		return nil, withdraw(row)
	})
}

// Reject ends a review without publishing. A reason that no description may be
// is a store.InvalidError.
func (s *Scripts) Reject(ctx context.Context, instance, script, reason string) (*store.Script, error) {
	if problem := bounds.Description.Problem(reason); problem != "" {
		return nil, &store.InvalidError{Parameter: "RejectReason", Allowed: "It " + problem + "."}
	}
	return s.store.Transition(ctx, instance, script, func(row *store.Script) (*store.Version, error) {
		return nil, reject(row, reason)
	})
}

// Rollback makes an earlier version the one that new calls run on. The draft
// is left alone.
func (s *Scripts) Rollback(ctx context.Context, instance, script string, version int64) error {
	v, err := s.store.Version(ctx, instance, script, version)
	if err != nil {
		return err
	}
	if v.Debug {
		return &store.NotFoundError{Thing: "ScriptVersion"}
	}
	_, err = s.store.Transition(ctx, instance, script, func(row *store.Script) (*store.Version, error) {
		rollback(row, v)
		return nil, nil
	})
	return err
}

// Histories returns a page of what was published and how much there is: of one
// script or, with an empty id, of all of an instance.
func (s *Scripts) Histories(ctx context.Context, instance, script string, p store.Page) ([]store.Version, int, error) {
	return s.store.Versions(ctx, instance, script, p)
}

// Running returns the bundle that new calls of a script run on: that of its
// applied version or, for debug calls, of its debug version.
func (s *Scripts) Running(ctx context.Context, instance, script string, debug bool) (session.Hash, error) {
	running, err := s.store.Running(ctx, instance, script, debug)
	if err != nil {
		return session.Hash{}, err
	}
	hash, ok := running.Bundle()
	if !ok {
		return session.Hash{}, ErrNotPublished
	}
	return hash, nil
}

// OnlyRunning returns the only script of an instance that new calls can run
// on, and its bundle; ok is false when there is none, or another.
func (s *Scripts) OnlyRunning(ctx context.Context, instance string, debug bool) (script string, hash session.Hash, ok bool, err error) {
	running, err := s.store.OnlyRunning(ctx, instance, debug)
	if err != nil || running == nil {
		return "", session.Hash{}, false, err
	}
	hash, ok = running.Bundle()
	return running.ScriptID, hash, ok, nil
}

// What follows are the steps from state to state. Each changes the row, or
// leaves it alone and returns an error.

func publish(row *store.Script, b *build, remark string) (*store.Version, error) {
	if row.Status == Reviewing {
		return nil, ErrInReview
	}
	row.Status, row.IsDrafted, row.RejectReason = Published, row.Revision != b.revision, ""
	return &store.Version{Hash: b.hash[:], Revision: b.revision, Remark: remark}, nil
}

func publishForDebug(row *store.Script, b *build) *store.Version {
	row.DebugStatus, row.IsDebugDrafted = Published, row.Revision != b.revision
	return &store.Version{Debug: true, Hash: b.hash[:], Revision: b.revision}
}

func submit(row *store.Script, b *build, remark string) error {
	if row.Status == Reviewing {
		return ErrInReview
	}
	row.Status, row.RejectReason = Reviewing, ""
	row.ReviewHash, row.ReviewRevision, row.ReviewRemark = b.hash[:], b.revision, remark
	return nil
}

// endReview takes away what is in review, if anything is.
func endReview(row *store.Script) error {
	if row.Status != Reviewing {
		return ErrNotInReview
	}
	row.ReviewHash, row.ReviewRevision, row.ReviewRemark = nil, 0, ""
	return nil
}

// withdraw leads back to where the script was, which is not DRAFTED when calls
// run on an earlier version.
func withdraw(row *store.Script) error {
	if err := endReview(row); err != nil {
		return err
	}
	row.Status = Drafted
	if row.AppliedVersion != 0 {
		row.Status = Published
	}
	return nil
}

func approve(row *store.Script) (*store.Version, error) {
	v := &store.Version{Hash: row.ReviewHash, Revision: row.ReviewRevision, Remark: row.ReviewRemark}
	if err := endReview(row); err != nil {
		return nil, err
	}
	row.Status, row.IsDrafted = Published, row.Revision != v.Revision
	return v, nil
}

func reject(row *store.Script, reason string) error {
	if err := endReview(row); err != nil {
		return err
	}
	row.Status, row.RejectReason = Rejected, reason
	return nil
}

func rollback(row *store.Script, v *store.Version) {
	row.AppliedVersion, row.IsDrafted = v.Version, row.Revision != v.Revision
	if row.Status != Reviewing {
		row.Status, row.RejectReason = Published, ""
	}
}
