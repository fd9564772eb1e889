package main

import (
	"errors"
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

// options says where the storage is.
func (p *place) options() (store.Options, error) {
	if p.none() {
		return store.Options{}, usageError{errors.New("say where things are kept: --data FOLDER or --database URL")}
	}
	o := store.Options{Database: p.database, Now: time.Now}
	if p.database == "" {
		o.File = filepath.Join(p.data, store.FileName)
	}
	return o, nil
}

// onPlace makes a command of a function on a place, and gives it the flags that
// name the place.
func onPlace(cmd *cobra.Command, do func(cmd *cobra.Command, args []string, o store.Options) error) *cobra.Command {
	p, flags := new(place), pflag.NewFlagSet("", pflag.ContinueOnError)
	p.register(flags)
	nameVariables(flags)
	cmd.Flags().AddFlagSet(flags)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := readVariables(flags); err != nil {
			return err
		}
		o, err := p.options()
		if err != nil {
			return err
		}
		return do(cmd, args, o)
	}
	return cmd
}

// onStore is onPlace for a function on the storage there, which only a command
// that begins things may make. None of them changes the schema: that is serve's.
func onStore(cmd *cobra.Command, begins bool, do func(cmd *cobra.Command, args []string, s *store.Store) error) *cobra.Command {
	return onPlace(cmd, func(cmd *cobra.Command, args []string, o store.Options) (err error) {
		o.Existing = !begins
		s, err := store.Open(cmd.Context(), o)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		return do(cmd, args, s)
	})
}

// groupOf makes a command that only holds others.
func groupOf(cmd *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	cmd.Args = cobra.NoArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(commands...)
	return cmd
}
