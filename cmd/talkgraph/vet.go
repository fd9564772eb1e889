package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
)

func newVetCommand() *cobra.Command {
	var format string
	var strict bool
	cmd := &cobra.Command{
		Use:   "vet BUNDLE",
		Short: "Check a script and list all that is wrong with it",
		Long: `Vet compiles the bundle and prints every error and warning, sorted by place, as

  path:line:column: severity CODE: what is wrong and what to do

Errors refuse the script, warnings do not. With --format json standard output is
an array of diagnostics, empty when there are none.

The exit code is 1 when there is an error, or with --strict a warning, else 0.`,
		Example: `  talkgraph vet testdata/scripts/debt-reminder
  talkgraph vet --strict --format json my-script.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, ok := map[string]report{"text": reportText, "json": reportJSON}[format]
			if !ok {
				return usageError{fmt.Errorf("--format is %q: it must be text or json", format)}
			}
			diagnostics, err := vet(args[0])
			if err != nil {
				return err
			}
			if err := report(cmd, diagnostics); err != nil {
				return err
			}
			if diagnostics.Refused() || strict && len(diagnostics) > 0 {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "how to print the diagnostics: text or json")
	cmd.Flags().BoolVar(&strict, "strict", false, "exit with 1 on a warning too")
	return cmd
}

// vet returns every diagnostic of the bundle at path. The error is about
// reading the bundle, not about what is in it.
func vet(path string) (flow.Errors, error) {
	v, err := compile(path)
	var refused flow.Errors
	switch {
	case errors.As(err, &refused):
		return refused, nil
	case err != nil:
		return nil, err
	}
	return located(path, v.Diagnostics()), nil
}

// compile compiles the bundle at path. A script that is refused gives
// flow.Errors whose files are paths an editor can open.
func compile(path string) (*engine.Version, error) {
	fsys, options, err := openBundle(path)
	if err != nil {
		return nil, err
	}
	v, err := engine.Compile(fsys, options...)
	var refused flow.Errors
	if errors.As(err, &refused) {
		return nil, located(path, refused)
	}
	return v, err
}

// report prints the diagnostics of one bundle.
type report func(cmd *cobra.Command, diagnostics flow.Errors) error

func reportText(cmd *cobra.Command, diagnostics flow.Errors) error {
	if err := printDiagnostics(cmd.OutOrStdout(), diagnostics); err != nil {
		return err
	}
	errs := 0
	for _, d := range diagnostics {
		if d.Severity == flow.Error {
			errs++
		}
	}
	_, err := fmt.Fprintf(cmd.ErrOrStderr(), "%s, %s\n", count(errs, "error"), count(len(diagnostics)-errs, "warning"))
	return err
}

func reportJSON(cmd *cobra.Command, diagnostics flow.Errors) error {
	if diagnostics == nil {
		diagnostics = flow.Errors{}
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(diagnostics)
}

func printDiagnostics(w io.Writer, diagnostics flow.Errors) error {
	for _, d := range diagnostics {
		if _, err := fmt.Fprintln(w, d); err != nil {
			return err
		}
	}
	return nil
}

// count returns "no errors", "1 error", "2 errors".
func count(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun + "s"
	case 1:
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
