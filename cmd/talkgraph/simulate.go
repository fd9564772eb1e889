package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/simulator"
)

// simulateOptions are the flags of simulate.
type simulateOptions struct {
	script  string
	calls   int
	profile string
	seed    uint64
	json    bool
}

func newSimulateCommand() *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use:   "simulate --script BUNDLE",
		Short: "Try a whole campaign on a script, in virtual time",
		Long: `Simulate calls a list of contacts with a script: by the hours, again when nobody
answers, a hundred at once, in virtual time. Callees answer and talk as a profile
says; without words of its own they say at each node what the author listens for.

It prints how many calls came to each node and how they went on, how they ended,
and what became of the contacts. The same seed gives the same campaign.`,
		Example: `  talkgraph simulate --script testdata/scripts/debt-reminder --calls 1000
  talkgraph simulate --script testdata/scripts/hello --calls 200 --profile callees.json --seed 2 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.script, "script", "", "the script, a `bundle`")
	flags.IntVar(&o.calls, "calls", 1000, "how many contacts there are")
	flags.StringVar(&o.profile, "profile", "", "what callees are like, a JSON `file`; else seven in ten attempts are answered")
	flags.Uint64Var(&o.seed, "seed", 1, "a `number` that decides what callees do")
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	return cmd
}

func (o *simulateOptions) run(cmd *cobra.Command) (err error) {
	const most = 1_000_000
	switch {
	case o.script == "":
		return usageError{errors.New("give --script: what is said")}
	case o.calls < 1 || o.calls > most:
		return usageError{fmt.Errorf("--calls is %d: it must be from 1 to %d", o.calls, most)}
	}
	v, err := compile(o.script)
	var refused flow.Errors
	if errors.As(err, &refused) {
		return errors.Join(printDiagnostics(cmd.ErrOrStderr(), refused), errReported)
	}
	if err != nil {
		return err
	}
	fsys, _, err := openBundle(o.script)
	if err != nil {
		return err
	}
	profile, err := readProfile(o.profile)
	if err != nil {
		return err
	}
	profile.Learn(v.Program())
	folder, err := os.MkdirTemp("", "talkgraph-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	trial := simulator.Trial{Bundle: fsys, Version: v, Profile: profile, Seed: o.seed, Calls: o.calls, Folder: folder}
	bar := progressBar(cmd.ErrOrStderr())
	trial.Progress = bar
	result, err := trial.Run(cmd.Context())
	if err != nil {
		return err
	}
	if bar != nil {
		bar(o.calls, o.calls)
		fmt.Fprintln(cmd.ErrOrStderr())
	}
	if o.json {
		enc := json.NewEncoder(cmd.OutOrStdout())
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(result)
	}
	printTrial(cmd.OutOrStdout(), result)
	return nil
}

// progressBar draws a bar on a terminal; nil where there is none.
func progressBar(w io.Writer) func(done, total int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done, total int) {
		const width = 40
		full := done * width / total
		fmt.Fprintf(w, "\r[%s%s] %d of %d", strings.Repeat("#", full), strings.Repeat(".", width-full), done, total)
	}
}

func printTrial(out io.Writer, r *simulator.Result) {
	fmt.Fprintf(out, "%s: %d contacts, %d calls, %d answered, in %s\n\n", r.Script, r.Contacts, r.Calls, r.Answered, r.End.Sub(r.Begin).Round(time.Minute))
	fmt.Fprintln(out, "   calls  share  node")
	for _, n := range r.Nodes {
		fmt.Fprintf(out, "%8d %s  %s/%s %s\n", n.Calls, percent(n.Calls, r.Answered), n.Flow, n.Node, n.Name)
		for _, b := range n.Branches {
			fmt.Fprintf(out, "%8d %s    -> %s\n", b.Calls, percent(b.Calls, n.Calls), b.Name)
		}
		if n.Ended > 0 && len(n.Branches) > 0 {
			fmt.Fprintf(out, "%8d %s    ended here\n", n.Ended, percent(n.Ended, n.Calls))
		}
	}
	printCounts(out, "calls", "how they ended", r.Ends, r.Calls)
	printCounts(out, "calls", "why nobody was talked to", r.Failures, r.Calls)
	printCounts(out, "contacts", "what became of them", r.Jobs, r.Contacts)
}

func printCounts(out io.Writer, of, title string, counts map[string]int, total int) {
	fmt.Fprintf(out, "\n%8s  share  %s\n", of, title)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(out, "%8d %s  %s\n", counts[name], percent(counts[name], total), name)
	}
}

// percent returns a share in six columns.
func percent(n, of int) string {
	if of == 0 {
		return "     -"
	}
	return fmt.Sprintf("%5.1f%%", 100*float64(n)/float64(of))
}
