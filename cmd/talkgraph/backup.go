package main

import (
	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/internal/store"
)

func newBackupCommand() *cobra.Command {
	return onPlace(&cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite database to a file, while the server runs or not",
		Long: `Backup writes a copy of the SQLite database to a file that does not exist yet. The
copy is of one moment; the server goes on meanwhile. To restore it, put it into an
empty folder as talkgraph.db and serve that. The copy has the schema that the
database has, be it older or newer than this program: make one before an upgrade.

Files, which are in the folder files beside it, are copied by other means. A
PostgreSQL database is copied by pg_dump.`,
		Example: `  talkgraph backup --data data monday.db`,
		Args:    cobra.ExactArgs(1),
	}, func(cmd *cobra.Command, args []string, o store.Options) error {
		return store.Backup(cmd.Context(), o, args[0])
	})
}
