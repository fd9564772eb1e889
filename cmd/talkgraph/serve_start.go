package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

// bundle is one that is published at the start.
type bundle struct {
	fs      fs.FS
	options []flow.Option
	id      string
	hash    session.Hash // Once it is published.
}

// checkBundles compiles every bundle and prints all diagnostics of all of them,
// before anything is touched.
func checkBundles(cmd *cobra.Command, paths []string) ([]*bundle, error) {
	var bundles []*bundle
	from := make(map[string]string) // Paths by script id.
	failed := false
	for _, path := range paths {
		v, err := compile(path)
		var diagnostics flow.Errors
		switch {
		case errors.As(err, &diagnostics):
			failed = true
		case err != nil:
			return nil, err
		default:
			diagnostics = located(path, v.Diagnostics())
			fsys, options, err := openBundle(path)
			if err != nil {
				return nil, err
			}
			bundles = append(bundles, &bundle{fs: fsys, options: options, id: v.ScriptID()})
			if other, twice := from[v.ScriptID()]; twice {
				return nil, fmt.Errorf("%s and %s have the same script id %q: give one of them another id", other, path, v.ScriptID())
			}
			from[v.ScriptID()] = path
		}
		if err := printDiagnostics(cmd.ErrOrStderr(), diagnostics); err != nil {
			return nil, err
		}
	}
	if failed {
		return nil, errReported
	}
	return bundles, nil
}

// start is what a server begins with, and what a client needs to know of it.
type start struct {
	address  string
	kept     bool // Whether anything outlives the process.
	instance string
	key      accessKey // One that was made now; else empty.
	bundles  []*bundle
}

// open opens the API and publishes the bundles.
func (s *start) open(ctx context.Context, config api.Config) (*api.Server, error) {
	server, err := api.Open(ctx, config)
	if err != nil {
		return nil, err
	}
	err = server.Alone(ctx, func() error { return errors.Join(s.publish(ctx, server), s.addKey(ctx, server, config)) })
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return server, nil
}

// addKey makes an access key where no request could be signed otherwise.
func (s *start) addKey(ctx context.Context, server *api.Server, config api.Config) (err error) {
	if len(config.Keys) == 0 {
		s.key.id, s.key.secret, err = server.AddFirstKey(byHand(ctx, "AddKey", "", ""))
	}
	return err
}

// publish puts the bundles into the instance. A server that keeps nothing has an
// instance even without any.
func (s *start) publish(ctx context.Context, server *api.Server) error {
	if err := s.chooseInstance(ctx, server); err != nil || s.instance == "" {
		return err
	}
	err := server.AddInstance(byHand(ctx, "CreateInstance", s.instance, ""), s.instance)
	var invalid *store.InvalidError
	if errors.As(err, &invalid) {
		return fmt.Errorf("--instance is %q: %s", s.instance, invalid.Allowed)
	}
	if err != nil {
		return err
	}
	for _, b := range s.bundles {
		var err error
		ctx := byHand(ctx, "ImportScript", s.instance, "ScriptId="+b.id)
		if b.hash, err = server.Import(ctx, s.instance, b.fs, b.options...); err != nil {
			return fmt.Errorf("publishing script %s: %w", b.id, err)
		}
	}
	return nil
}

// chooseInstance names an instance where nobody did: the one that the scripts are
// in since an earlier start, or a new one.
func (s *start) chooseInstance(ctx context.Context, server *api.Server) error {
	if s.instance != "" {
		return nil
	}
	var first string // The script that is in it.
	for _, b := range s.bundles {
		instance, err := server.InstanceOf(ctx, b.id)
		switch {
		case err != nil:
			return err
		case s.instance == "":
			s.instance, first = instance, b.id
		case instance != "" && instance != s.instance:
			return fmt.Errorf("the script %q is in the instance %q and %q in %q: start with those of one, and name it by --instance",
				first, s.instance, b.id, instance)
		}
	}
	if s.instance == "" && (!s.kept || len(s.bundles) > 0) {
		s.instance = rand.Text()
	}
	return nil
}

// announce prints it.
func (s *start) announce(out io.Writer) {
	fmt.Fprintf(out, "listening  %s\n", s.address)
	if !s.kept {
		fmt.Fprintln(out, "storage    none: nothing is kept; give --data or --database")
	}
	if s.instance != "" {
		fmt.Fprintf(out, "instance   %s\n", s.instance)
	}
	for _, b := range s.bundles {
		fmt.Fprintf(out, "script     %s  %s\n", b.id, b.hash)
	}
	if s.key.id != "" {
		fmt.Fprintf(out, "key id     %s\n", s.key.id)
		fmt.Fprintf(out, "key secret %s\n", s.key.secret)
	}
}
