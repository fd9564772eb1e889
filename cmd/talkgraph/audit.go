package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/store"
)

func newAuditCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "List what was changed, by which access key, and when",
		Long: `Audit lists the uses of actions that change things, newest first, refused ones
too: when, the access key, the action, its answer, the instance, the ids that were
named or made, and the RequestId. What calls did is in their transcripts.`,
		Example: `  talkgraph audit --data data --limit 20`,
		Args:    cobra.NoArgs,
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "how many to list at most")
	return onStore(cmd, false, func(cmd *cobra.Command, _ []string, s *store.Store) error {
		if limit < 1 {
			return usageError{fmt.Errorf("--limit is %d: it must be at least 1", limit)}
		}
		records, err := account.New(s, account.Options{}).Records(cmd.Context(), limit)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "AT\tKEY ID\tACTION\tCODE\tINSTANCE\tTARGET\tREQUEST ID")
		for _, r := range records {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", moment(r.At), r.KeyID, r.Action, r.Code, r.InstanceID, r.Target, r.RequestID)
		}
		return table.Flush()
	})
}
