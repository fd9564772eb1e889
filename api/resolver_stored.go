package api

import (
	"context"
	"errors"
	"maps"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/campaign"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// stored is the Resolver for the scripts of a store. It asks the store on
// every call, so that a version is in use on every server once it is published.
type stored struct {
	scripts   *script.Scripts
	campaigns *campaign.Campaigns
}

// Resolve chooses the script of the job group that TaskId leads to; else the one
// that ScriptId names; else the one ScenarioId names, if it is one; else the only
// one of the instance that calls can run on. The variables are those sent, and
// what the task knows of the contact comes before them.
func (s stored) Resolve(ctx context.Context, c Call) (engine.Opening, error) {
	if err := s.ofTask(ctx, &c); err != nil {
		return engine.Opening{}, unresolved(err)
	}
	id, hash, err := s.choose(ctx, &c)
	if err != nil {
		return engine.Opening{}, unresolved(err)
	}
	return engine.Opening{Script: id, Debug: c.Debug(), Version: hash, Variables: c.Variables}, nil
}

// ofTask lets the task of a call say what is said in it. A task that there is
// not, or that is another call's, says nothing where the call names a script.
func (s stored) ofTask(ctx context.Context, c *Call) error {
	if c.TaskID == "" {
		return nil
	}
	scriptID, known, err := s.campaigns.Answered(ctx, c.InstanceID, c.TaskID, c.CallID)
	if err != nil {
		if isMissing(err, "Task") && c.ScriptID+c.ScenarioID != "" {
			return nil
		}
		return err
	}
	c.ScriptID = scriptID
	variables := maps.Clone(c.Variables)
	if variables == nil {
		variables = known
	}
	maps.Copy(variables, known)
	c.Variables = variables
	return nil
}

func (s stored) choose(ctx context.Context, c *Call) (id string, hash session.Hash, err error) {
	if c.ScriptID != "" {
		hash, err = s.scripts.Running(ctx, c.InstanceID, c.ScriptID, c.Debug())
		return c.ScriptID, hash, err
	}
	if c.ScenarioID != "" {
		hash, err = s.scripts.Running(ctx, c.InstanceID, c.ScenarioID, c.Debug())
		if !isMissing(err, "Script") {
			return c.ScenarioID, hash, err
		}
	}
	id, hash, ok, err := s.scripts.OnlyRunning(ctx, c.InstanceID, c.Debug())
	if err == nil && !ok {
		err = ErrNoScriptNamed
	}
	return id, hash, err
}

// unresolved gives an error its meaning for who asked the Resolver.
func unresolved(err error) error {
	switch {
	case isMissing(err, "Instance"):
		return ErrUnknownInstance
	case isMissing(err, "Script"):
		return ErrUnknownScript
	case errors.Is(err, script.ErrNotPublished):
		return notPublished()
	}
	return answered(err)
}

// isMissing reports whether an error says that there is no such thing.
func isMissing(err error, thing string) bool {
	var missing *store.NotFoundError
	return errors.As(err, &missing) && missing.Thing == thing
}
