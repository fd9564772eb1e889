package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/account"
	"github.com/talkgraph/talkgraph/internal/bounds"
	"github.com/talkgraph/talkgraph/internal/store"
)

func newKeysCommand() *cobra.Command {
	return groupOf(&cobra.Command{
		Use:   "keys",
		Short: "Make, list and disable access keys",
		Long: `Keys manages the access keys of a server, while it runs or not. A server that
runs knows of a change within two seconds.

What a key may do is said by its policy: AliyunOutboundbotFullAccess, which allows
everything, AliyunOutboundbotReadOnlyAccess, or a file of your own:

  {"Version": "1", "Statement": [
    {"Effect": "Allow", "Action": ["outboundbot:List*", "outboundbot:Dialogue"], "Resource": "*"},
    {"Effect": "Deny", "Action": "outboundbot:ListInstances", "Resource": "*"}
  ]}

What is not allowed is denied, and what is denied is denied whatever is allowed.`,
		Example: `  talkgraph keys add --data data --policy AliyunOutboundbotReadOnlyAccess --description reports
  talkgraph keys list --data data
  talkgraph keys disable --data data KEYID`,
	}, newKeysAddCommand(), newKeysListCommand(), newKeysDisableCommand())
}

func newKeysAddCommand() *cobra.Command {
	var policy, description string
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Make an access key and print it with its secret, this once",
		Example: `  talkgraph keys add --data data
  talkgraph keys add --data data --policy gateway.json --description 'the gateway in Berlin'`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().StringVar(&policy, "policy", account.FullAccess, "name of a policy, or file of one; it is then called as the file")
	cmd.Flags().StringVar(&description, "description", "", "what the key is for")
	return onStore(cmd, true, func(cmd *cobra.Command, _ []string, s *store.Store) error {
		if problem := (bounds.Kind{Most: bounds.Description.Most}).Problem(description); problem != "" {
			return usageError{errors.New("--description " + problem)}
		}
		accounts := account.New(s, account.Options{Actions: api.ActionNames()})
		name, err := addPolicy(cmd, accounts, policy)
		if err != nil {
			return err
		}
		key, err := accounts.AddKey(byHand(cmd.Context(), "AddKey", "", "PolicyName="+name), name, description)
		var missing *store.NotFoundError
		if errors.As(err, &missing) {
			return fmt.Errorf("--policy %s: there is neither a policy of that name nor such a file", policy)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "key id     %s\nkey secret %s\npolicy     %s\n", key.ID, key.Secret, key.Policy)
		return nil
	})
}

// addPolicy keeps the policy that is in a file and returns its name; what is no
// file is a name.
func addPolicy(cmd *cobra.Command, accounts *account.Accounts, policy string) (name string, err error) {
	document, err := os.ReadFile(policy)
	if errors.Is(err, os.ErrNotExist) {
		return policy, nil
	}
	if err != nil {
		return "", fmt.Errorf("--policy: %w", err)
	}
	name = strings.TrimSuffix(filepath.Base(policy), filepath.Ext(policy))
	err = accounts.AddPolicy(byHand(cmd.Context(), "AddPolicy", "", "PolicyName="+name), name, document)
	var taken *store.TakenError
	if errors.As(err, &taken) {
		return "", fmt.Errorf("--policy %s: there is another policy called %s, and policies do not change: call the file otherwise", policy, name)
	}
	if err != nil {
		return "", fmt.Errorf("--policy %s: %w", policy, err)
	}
	return name, nil
}

func newKeysListCommand() *cobra.Command {
	return onStore(&cobra.Command{
		Use:     "list",
		Short:   "List the access keys, without their secrets",
		Example: `  talkgraph keys list --data data`,
		Args:    cobra.NoArgs,
	}, false, func(cmd *cobra.Command, _ []string, s *store.Store) error {
		keys, err := account.New(s, account.Options{}).AllKeys(cmd.Context())
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
		fmt.Fprintln(table, "KEY ID\tSTATE\tMADE\tPOLICY\tDESCRIPTION")
		for _, k := range keys {
			state := "enabled"
			if !k.Enabled {
				state = "disabled"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", k.ID, state, moment(k.CreatedAt), harmless(k.Policy, ""), harmless(k.Description, ""))
		}
		return table.Flush()
	})
}

// moment writes a stored time.
func moment(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

func newKeysDisableCommand() *cobra.Command {
	return onStore(&cobra.Command{
		Use:     "disable KEYID",
		Short:   "Make an access key useless",
		Example: `  talkgraph keys disable --data data KEYID`,
		Args:    cobra.ExactArgs(1),
	}, false, func(cmd *cobra.Command, args []string, s *store.Store) error {
		err := account.New(s, account.Options{}).DisableKey(byHand(cmd.Context(), "DisableKey", "", "AccessKeyId="+args[0]), args[0])
		var missing *store.NotFoundError
		if errors.As(err, &missing) {
			return fmt.Errorf("there is no key %s", args[0])
		}
		return err
	})
}
