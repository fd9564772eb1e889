package script

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// Why a bundle that a server is started with is not published. The script goes on
// as it is, for what an author wrote is worth more than a start that can be
// repeated. ErrInReview is another reason.
var (
	ErrEdited = errors.New("its draft has edits that were never published: publish them, or delete the script, and start again")
	ErrOlder  = errors.New("it was published before, and another bundle since: change anything in it, or roll the script back")
)

// Adopt publishes a bundle under the id of its version, v, and returns what new
// calls run on afterwards. It is for bundles that a server is started with, time
// and again: a bundle that was adopted once is left alone, so that what was
// edited and published since stays. Another one becomes the draft and is
// published, for debug calls too, unless the script is in review or its draft was
// never published: left says so then. All of it takes place, or nothing.
func (s *Scripts) Adopt(ctx context.Context, instance string, bundle fs.FS, v *engine.Version) (running session.Hash, left, err error) {
	id, remark := v.ScriptID(), adopted+v.Hash().String()
	before, err := s.store.WasPublished(ctx, instance, id, remark)
	switch {
	case err != nil:
		return session.Hash{}, nil, err
	case before:
		last, err := s.store.LastRemark(ctx, id, adopted)
		if err != nil {
			return session.Hash{}, nil, err
		}
		if last != remark {
			left = ErrOlder
		}
	default:
		err := s.adopt(ctx, instance, id, remark, bundle)
		if errors.Is(err, ErrEdited) || errors.Is(err, ErrInReview) {
			left = err
		} else if err != nil {
			return session.Hash{}, nil, err
		}
	}
	running, err = s.Running(ctx, instance, id, false)
	return running, left, err
}

// adopted begins the remark of a version that was adopted.
const adopted = "bundle "

// adopt makes the bundle the draft of a script, new or not, and publishes it.
func (s *Scripts) adopt(ctx context.Context, instance, id, remark string, bundle fs.FS) error {
	d, err := s.readFiles(bundle)
	if err != nil {
		return err
	}
	d.Script.ID, d.Script.InstanceID = id, instance
	s.store.Complete(d)
	b, err := s.keep(ctx, d)
	if err != nil {
		return err
	}
	err = s.store.Adopt(ctx, d, store.Adoption{
		Remark:  remark,
		Replace: mayReplace,
		Publish: func(row *store.Script) []*store.Version {
			now := &build{b.hash, row.Revision}
			release, _ := publish(row, now, remark) // None that is in review comes here.
			return []*store.Version{publishForDebug(row, now), release}
		},
	})
	var taken *store.TakenError
	if !errors.As(err, &taken) {
		return err
	}
	if owner, err := s.store.InstanceOf(ctx, id); err == nil && owner != instance {
		return fmt.Errorf("the script %q is in the instance %q: start with that one, or give the bundle another id", id, owner)
	}
	return fmt.Errorf("another script of the instance has the name %q: %w", d.Script.Name, err)
}

// mayReplace says what is wrong with giving up the draft of a script.
func mayReplace(row *store.Script, published bool) error {
	switch {
	case row.Status == Reviewing:
		return ErrInReview
	case !published:
		return ErrEdited
	}
	return nil
}
