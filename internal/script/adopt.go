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

// Adopt publishes a bundle under the id of its version, v, and returns what new
// calls run on afterwards. It is for bundles that a server is started with, time
// and again: a bundle that was adopted once is left alone, so that what was
// edited and published since stays. Another one becomes the draft and is
// published, for debug calls too.
func (s *Scripts) Adopt(ctx context.Context, instance string, bundle fs.FS, v *engine.Version) (session.Hash, error) {
	id, remark := v.ScriptID(), "bundle "+v.Hash().String()
	adopted, err := s.store.WasPublished(ctx, instance, id, remark)
	if err != nil {
		return session.Hash{}, err
	}
	if !adopted {
		if err := s.adopt(ctx, instance, id, bundle); err != nil {
			return session.Hash{}, err
		}
		if err := s.PublishForDebug(ctx, instance, id); err != nil {
			return session.Hash{}, err
		}
		if _, err := s.Publish(ctx, instance, id, remark); err != nil {
			return session.Hash{}, err
		}
	}
	return s.Running(ctx, instance, id, false)
}

// adopt makes the bundle the draft of a script, new or not.
func (s *Scripts) adopt(ctx context.Context, instance, id string, bundle fs.FS) error {
	d, err := s.readFiles(bundle)
	if err != nil {
		return err
	}
	d.Script.ID, d.Script.InstanceID = id, instance
	var missing *store.NotFoundError
	var taken *store.TakenError
	write := s.store.ReplaceDraft
	if _, err := s.store.Script(ctx, instance, id); errors.As(err, &missing) {
		write = s.store.CreateScript
	}
	if err := write(ctx, d); errors.As(err, &taken) {
		return fmt.Errorf("another script has the id %q or the name %q: %w", id, d.Script.Name, err)
	} else if err != nil {
		return err
	}
	return nil
}
