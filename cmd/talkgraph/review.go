package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/session"
)

func newReviewCommand() *cobra.Command {
	return groupOf(&cobra.Command{
		Use:   "review",
		Short: "List the scripts that wait for approval, look at them, approve or reject them",
		Long: `Review ends the reviews that SubmitScriptReview begins where the server was
started with --review manual. What was approved is what new calls run on at once.`,
		Example: `  talkgraph review list --data data
  talkgraph review show --data data INSTANCE SCRIPT
  talkgraph review approve --data data --bundle HASH INSTANCE SCRIPT
  talkgraph review reject --data data --reason '不合规' INSTANCE SCRIPT`,
	}, newReviewListCommand(), newReviewShowCommand(), newReviewApproveCommand(), newReviewRejectCommand())
}

func newReviewListCommand() *cobra.Command {
	return onStore(&cobra.Command{
		Use:     "list",
		Short:   "List the scripts in review, of every instance",
		Example: `  talkgraph review list --data data`,
		Args:    cobra.NoArgs,
	}, false, func(cmd *cobra.Command, _ []string, s *store.Store) error {
		waiting, err := inReview(cmd.Context(), s)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "INSTANCE\tSCRIPT\tNAME\tREMARK")
		for _, w := range waiting {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", w.InstanceID, w.ID, harmless(w.Name, ""), harmless(w.ReviewRemark, ""))
		}
		return table.Flush()
	})
}

// inReview returns the scripts in review, instance by instance.
func inReview(ctx context.Context, s *store.Store) ([]store.Script, error) {
	instances, err := account.New(s, account.Options{}).Instances(ctx)
	if err != nil {
		return nil, err
	}
	scripts := script.New(s, script.Options{})
	var waiting []store.Script
	for _, instance := range instances {
		for page := (store.Page{Number: 1, Size: 100}); ; page.Number++ {
			rows, total, err := scripts.List(ctx, instance.ID, []string{script.Reviewing}, page)
			if err != nil {
				return nil, err
			}
			if waiting = append(waiting, rows...); page.Number*page.Size >= total {
				break
			}
		}
	}
	return waiting, nil
}

func newReviewShowCommand() *cobra.Command {
	return onStore(&cobra.Command{
		Use:   "show INSTANCE SCRIPT",
		Short: "Print what is in review of a script",
		Long: `Show prints what approving would publish: the script as it was submitted, not as its
author has edited it since. Standard output is one JSON document, which vet and
chat take. Standard error says how to approve of just that.`,
		Example: `  talkgraph review show --data data INSTANCE SCRIPT
  talkgraph review show --data data INSTANCE SCRIPT > submitted.json && talkgraph chat submitted.json`,
		Args: cobra.ExactArgs(2),
	}, false, func(cmd *cobra.Command, args []string, s *store.Store) error {
		r, err := script.New(s, script.Options{}).InReview(cmd.Context(), args[0], args[1])
		if err != nil {
			return reviewError(args, err)
		}
		document, err := r.Document()
		if err != nil {
			return reviewError(args, err)
		}
		var text bytes.Buffer
		if err := json.Indent(&text, document, "", "  "); err != nil {
			return err
		}
		text.WriteByte('\n')
		page := text.String()
		if isTerminal(cmd.OutOrStdout()) { // Where what cannot be seen could hide what can.
			page = harmless(page, "\n")
		}
		if _, err := io.WriteString(cmd.OutOrStdout(), page); err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.ErrOrStderr(), "to approve of this and nothing else: talkgraph review approve --bundle %s %s %s\n", r.Hash, args[0], args[1])
		return err
	})
}

func newReviewApproveCommand() *cobra.Command {
	var bundle string
	cmd := &cobra.Command{
		Use:     "approve INSTANCE SCRIPT",
		Short:   "Publish a script that is in review",
		Example: `  talkgraph review approve --data data --bundle HASH INSTANCE SCRIPT`,
		Args:    cobra.ExactArgs(2),
	}
	cmd.Flags().StringVar(&bundle, "bundle", "", "the hash that show told: fail where something else is in review by now")
	return onStore(cmd, false, func(cmd *cobra.Command, args []string, s *store.Store) error {
		var seen *session.Hash
		if bundle != "" {
			hash, err := session.ParseHash(bundle)
			if err != nil {
				return usageError{fmt.Errorf("--bundle is %q: it must be the hash that review show tells", bundle)}
			}
			seen = &hash
		}
		ctx := byHand(cmd.Context(), "ApproveScriptReview", args[0], "ScriptId="+args[1])
		_, err := script.New(s, script.Options{}).Approve(ctx, args[0], args[1], seen)
		return reviewError(args, err)
	})
}

func newReviewRejectCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:     "reject INSTANCE SCRIPT",
		Short:   "Send a script that is in review back to its author",
		Example: `  talkgraph review reject --data data --reason '不合规' INSTANCE SCRIPT`,
		Args:    cobra.ExactArgs(2),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "what the author is told")
	return onStore(cmd, false, func(cmd *cobra.Command, args []string, s *store.Store) error {
		if reason == "" {
			return usageError{errors.New("say why with --reason")}
		}
		ctx := byHand(cmd.Context(), "RejectScriptReview", args[0], "ScriptId="+args[1])
		_, err := script.New(s, script.Options{}).Reject(ctx, args[0], args[1], reason)
		return reviewError(args, err)
	})
}

// reviewError says what an error is about.
func reviewError(args []string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("script %s of instance %s: %w", args[1], args[0], err)
}
