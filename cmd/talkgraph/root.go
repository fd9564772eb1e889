package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Exit codes, the same for every command.
const (
	exitOK     = 0
	exitFailed = 1 // The command ran and could not do its work, or found what it looks for.
	exitUsage  = 2 // The command line itself is wrong; nothing was done.
)

// errReported ends a command with exitFailed after it has told all there is to
// tell.
var errReported = errors.New("reported")

// usageError is a mistake on the command line that only the command itself can
// see, such as a flag's value.
type usageError struct{ error }

// run runs one command line and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRootCommand()
	root.SetArgs(append([]string{}, args...)) // Never nil, which to cobra means os.Args.
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	parsed := false
	root.PersistentPreRun = func(*cobra.Command, []string) { parsed = true }

	cmd, err := root.ExecuteC()
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errReported) {
		return exitFailed
	}
	fmt.Fprintf(stderr, "talkgraph: %v\n", err)
	if usage := (usageError{}); !parsed || errors.As(err, &usage) {
		fmt.Fprintf(stderr, "Run '%s --help' for how to use it.\n", cmd.CommandPath())
		return exitUsage
	}
	return exitFailed
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "talkgraph",
		Short: "Check, try out and serve dialogue scripts for phone calls",
		Long: `Talkgraph runs phone dialogues that are drawn as graphs. A bundle is one script:
a folder with a script.json, or one JSON document.

Exit codes: 0 done, 1 the command failed or found errors, 2 wrong command line.`,
		Example: `  talkgraph vet testdata/scripts/hello
  talkgraph chat testdata/scripts/debt-reminder --var name=王芳 --var amount=1280`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(
		newChatCommand(), newVetCommand(), newServeCommand(), newSignCommand(), newEvalCommand(), newVersionCommand(),
		newKeysCommand(), newReviewCommand(), newAuditCommand(), newBackupCommand(), newTranscriptCommand(),
		newSimulateCommand(), newSimulateGatewayCommand(), newCampaignCommand(),
	)
	return root
}
