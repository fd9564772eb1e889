package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
)

func newAuditCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "List what was changed, by whom, and when",
		Long: `Audit lists the uses of actions that change things, newest first, refused ones
too: when, the access key, the action, its answer, the instance, the ids that were
named or made, and the RequestId. What was changed from the command line is there,
with the operating system's name of the user. What calls did is in their
transcripts.`,
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
		fmt.Fprintln(table, "AT\tWHO\tACTION\tCODE\tINSTANCE\tTARGET\tREQUEST ID")
		for _, r := range records {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", moment(r.At), r.KeyID, r.Action, r.Code, r.InstanceID, r.Target, r.RequestID)
		}
		return table.Flush()
	})
}

// byHand returns the context for something that is changed from the command line
// rather than by a request. It is on record as an action is: when, who, what, in
// which instance, and the id of what it is about.
func byHand(ctx context.Context, action, instance, target string) context.Context {
	return store.Audited(ctx, store.Audit{
		RequestID: rpc.NewRequestID(), At: time.Now().UnixMilli(), KeyID: "command line, " + userName(),
		Action: action, InstanceID: instance, Target: target, Code: "OK",
	})
}

// userName is what the operating system calls who runs this, or the number where
// there is no name, as in a container.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return fmt.Sprint("user ", os.Getuid())
	}
	return u.Username
}
