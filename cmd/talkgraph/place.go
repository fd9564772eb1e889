package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/talkgraph/talkgraph/internal/store"
)

// place is where the things of a server are kept.
type place struct{ data, database string }

func (p *place) register(flags *pflag.FlagSet) {
	flags.StringVar(&p.data, "data", "", "folder of what is kept, with the database talkgraph.db; made when missing")
	flags.StringVar(&p.database, "database", "", "URL of a PostgreSQL database that is used instead, postgres://user@host/name")
}

func (p *place) none() bool { return p.data == "" && p.database == "" }

// open opens the storage. Only a command that begins things may make it.
func (p *place) open(ctx context.Context, begins bool) (*store.Store, error) {
	if p.none() {
		return nil, usageError{errors.New("say where things are kept: --data FOLDER or --database URL")}
	}
	o := store.Options{Database: p.database, Now: time.Now}
	if p.database == "" {
		o.File = filepath.Join(p.data, store.FileName)
		if _, err := os.Stat(o.File); err != nil && !begins {
			return nil, fmt.Errorf("--data %s: nothing is kept there: %w", p.data, err)
		}
	}
	return store.Open(ctx, o)
}

// onStore makes a command of a function on a storage, which only a command that
// begins things may make. It gives it the flags that say where the storage is.
func onStore(cmd *cobra.Command, begins bool, do func(cmd *cobra.Command, args []string, s *store.Store) error) *cobra.Command {
	p, flags := new(place), pflag.NewFlagSet("", pflag.ContinueOnError)
	p.register(flags)
	nameVariables(flags)
	cmd.Flags().AddFlagSet(flags)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if err := readVariables(flags); err != nil {
			return err
		}
		s, err := p.open(cmd.Context(), begins)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		return do(cmd, args, s)
	}
	return cmd
}

// groupOf makes a command that only holds others.
func groupOf(cmd *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	cmd.Args = cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(commands...)
	return cmd
}
