package script

import (
	"bytes"
	"context"
	"errors"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// ErrReviewChanged says that something else is in review than what was looked at.
var ErrReviewChanged = errors.New("something else is in review than what was looked at")

// Reviewed is what is in review of a script: the bundle as it was submitted,
// which is what Approve publishes, whatever became of the draft since.
type Reviewed struct {
	Hash    session.Hash
	archive []byte
}

// InReview returns what is in review, ErrNotInReview where nothing is.
func (s *Scripts) InReview(ctx context.Context, instance, script string) (*Reviewed, error) {
	row, err := s.store.Script(ctx, instance, script)
	if err != nil {
		return nil, err
	}
	if row.Status != Reviewing || len(row.ReviewHash) != len(session.Hash{}) {
		return nil, ErrNotInReview
	}
	r := &Reviewed{Hash: session.Hash(row.ReviewHash)}
	if r.archive, err = s.store.Bundle(ctx, r.Hash); err != nil {
		return nil, err
	}
	return r, nil
}

// Document returns the bundle as one JSON document.
func (r *Reviewed) Document() ([]byte, error) {
	files, err := openArchive(r.archive)
	if err != nil {
		return nil, err
	}
	bundle, err := flow.Load(files)
	if err != nil {
		return nil, err
	}
	return bundle.Document(), nil
}

// ExportInReview is Export for what is in review. It returns the hash, too,
// which Approve takes.
func (s *Scripts) ExportInReview(ctx context.Context, instance, script string) (url string, leftOut int, hash session.Hash, err error) {
	r, err := s.InReview(ctx, instance, script)
	if err != nil {
		return "", 0, session.Hash{}, err
	}
	url, leftOut, err = s.hand(ctx, instance, script, "in-review.zip", r.archive)
	return url, leftOut, r.Hash, err
}

// Approve publishes what is in review. Where what was looked at is given, by its
// hash, nothing else is approved: that is ErrReviewChanged.
func (s *Scripts) Approve(ctx context.Context, instance, script string, seen *session.Hash) (*store.Script, error) {
	return s.store.Transition(ctx, instance, script, func(row *store.Script) (*store.Version, error) {
		if seen != nil && row.Status == Reviewing && !bytes.Equal(row.ReviewHash, seen[:]) {
			return nil, ErrReviewChanged
		}
		return approve(row)
	})
}
