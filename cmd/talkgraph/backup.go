package main

import (
	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/internal/store"
)

func newBackupCommand() *cobra.Command {
	return onStore(&cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite database to a file, while the server runs or not",
		Long: `Backup writes a copy of the SQLite database to a file that does not exist yet. The
copy is of one moment; the server goes on meanwhile. To restore it, put it into an
empty folder as talkgraph.db and serve that.

Files, which are in the folder files beside it, are copied by other means. A
PostgreSQL database is copied by pg_dump.`,
		Example: `  talkgraph backup --data data monday.db`,
		Args:    cobra.ExactArgs(1),
	}, false, func(cmd *cobra.Command, args []string, s *store.Store) error {
		return s.Backup(cmd.Context(), args[0])
	})
}
