package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/eval"
)

// evalOptions are the flags of eval.
type evalOptions struct {
	train, trainSplit string
	bundle            string
	test, testSplit   string
	folds             int
	draws             eval.Options
	confuse           string
	json              bool
	report            string
}

const (
	// mostConfused is what --confuse means without a value. No intent is named so,
	// since a pair has a comma.
	mostConfused = "most"
	// defaultFolds is what --confuse cross-validates in when nothing else is asked.
	defaultFolds = 5
)

func newEvalCommand() *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval (--train DATA | --bundle BUNDLE) (--test DATA | --cv K)",
		Short: "Measure how well utterances are understood",
		Long: `Eval trains a matcher, has it judge labelled utterances, and prints how often it
was right, how fast it was, and what it took for what.

DATA is a table: a line of UTF-8 text a row, cells separated by tabs, the first
line naming the columns split, intent and text. The intent __oos__ marks what
means none of the intents; such rows are never trained on. One file can be both
--train and --test. With --bundle the examples and keywords of the script are the
training set, and the labels are the names of its intents and global questions.

--cv K divides the training set into K parts, has each judged by a matcher trained
on the others, and lists the examples that contradict each other or seem to belong
elsewhere. --confuse shows utterances that flip between two intents of one node,
as they are or with a word dropped or doubled; alone it cross-validates in 5.

Accuracy counts the best class whatever its score; with rejection a score under
the threshold is wrong. AUROC is the chance that a row in scope scores above one
out of scope. With --json shares are fractions of 1, and null where no row could
tell.

The time of a match is that of one row: each row is matched 8 times in a row, in
each of 7 rounds over all rows (an even sample of 2,000 when there are more), and
its median round is its time; p50 and p99 are over the rows. Allocations are the
mean over the rows. Compiling is timed up to 5 times, the shortest counts. The
model's size is what it keeps on the heap. With --cv these are of the first part.`,
		Example: `  talkgraph eval --train data.tsv --test data.tsv --test-split dev --report out.html
  talkgraph eval --train data.tsv --test data.tsv --shots 10 --seed 1 --json
  talkgraph eval --bundle testdata/scripts/debt-reminder --cv 5
  talkgraph eval --bundle testdata/scripts/debt-reminder --confuse "愿意还款,拒绝还款"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(args); err != nil {
				return err
			}
			result, err := o.evaluate(cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			return o.show(cmd.OutOrStdout(), result)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.train, "train", "", "train on the rows of this `file`")
	flags.StringVar(&o.trainSplit, "train-split", "train", "the `split` of --train to train on")
	flags.StringVar(&o.bundle, "bundle", "", "train on the examples of this script, a `bundle`")
	flags.StringVar(&o.test, "test", "", "judge the rows of this `file`")
	flags.StringVar(&o.testSplit, "test-split", "test", "the `split` of --test to judge")
	flags.IntVar(&o.folds, "cv", 0, "cross-validate in this many `parts`, 2 to 100")
	flags.IntVar(&o.draws.Shots, "shots", 0, "train on this `number` of examples an intent, drawn by the seed; 0: all")
	flags.Float64Var(&o.draws.Homophones, "homophones", 0,
		"replace this `share` of the Han characters in judged rows by others of the same syllable, tones aside")
	flags.Uint64Var(&o.draws.Seed, "seed", 1, "a `number` that decides what is drawn")
	flags.StringVar(&o.confuse, "confuse", "", "show what flips between the two intents `A,B`; without a value, between those most confused")
	flags.Lookup("confuse").NoOptDefVal = mostConfused
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	flags.StringVar(&o.report, "report", "", "also write an HTML page to this `file`")
	return cmd
}

// check refuses what the flags cannot mean together. A pair of intents may
// follow --confuse after a blank, where pflag takes it for an argument.
func (o *evalOptions) check(args []string) error {
	if len(args) == 1 {
		if o.confuse != mostConfused {
			return usageError{fmt.Errorf("unexpected argument %q", args[0])}
		}
		o.confuse = args[0]
	}
	if o.confuse != "" && o.test == "" && o.folds == 0 {
		o.folds = defaultFolds
	}
	var problem string
	switch {
	case (o.train == "") == (o.bundle == ""):
		problem = "give one of --train and --bundle: what to train on"
	case (o.test == "") == (o.folds == 0):
		problem = "give one of --test and --cv: what to judge"
	case o.folds != 0 && (o.folds < 2 || o.folds > 100):
		problem = fmt.Sprintf("--cv is %d: it must be from 2 to 100", o.folds)
	case o.draws.Shots < 0:
		problem = fmt.Sprintf("--shots is %d: it must be 1 or more, or 0 for all examples", o.draws.Shots)
	case !(o.draws.Homophones >= 0 && o.draws.Homophones <= 1):
		problem = fmt.Sprintf("--homophones is %g: it must be a share from 0 to 1", o.draws.Homophones)
	default:
		return nil
	}
	return usageError{errors.New(problem)}
}

// evaluate does what the flags ask for.
func (o *evalOptions) evaluate(stderr io.Writer) (*eval.Result, error) {
	training, err := o.training(stderr)
	if err != nil {
		return nil, err
	}
	var a, b string
	if o.confuse != "" && o.confuse != mostConfused {
		if a, b, err = eval.ParsePair(training, o.confuse); err != nil {
			return nil, usageError{fmt.Errorf("--confuse: %w", err)}
		}
	}
	machine := eval.ThisMachine(time.Now)
	var result *eval.Result
	if o.folds > 0 {
		result = machine.CrossValidate(training, o.folds, o.draws)
	} else {
		rows, err := readSplit(o.test, o.testSplit)
		if err != nil {
			return nil, err
		}
		result = machine.Test(training, rows, o.draws)
	}
	if o.confuse != "" {
		result.Confuse(training, a, b)
	}
	return result, nil
}

// training reads what the matcher is to be trained on.
func (o *evalOptions) training(stderr io.Writer) (*eval.Training, error) {
	if o.bundle == "" {
		rows, err := readSplit(o.train, o.trainSplit)
		if err != nil {
			return nil, err
		}
		return inFile(o.train)(eval.FromRows(rows))
	}
	v, err := compile(o.bundle)
	var refused flow.Errors
	if errors.As(err, &refused) {
		if err := printDiagnostics(stderr, refused); err != nil {
			return nil, err
		}
		return nil, errReported
	}
	if err != nil {
		return nil, err
	}
	return inFile(o.bundle)(eval.FromProgram(v.Program()))
}

// inFile says in which file an error is.
func inFile(path string) func(*eval.Training, error) (*eval.Training, error) {
	return func(t *eval.Training, err error) (*eval.Training, error) {
		if err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
		return t, err
	}
}

func readSplit(path, split string) ([]eval.Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open data: %w", err)
	}
	defer f.Close() //nolint:errcheck // It was only read.
	rows, err := eval.ReadRows(f, path)
	if err != nil {
		return nil, err
	}
	if rows, err = eval.Select(rows, split); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}

// show prints the result, and writes the page if there is to be one.
func (o *evalOptions) show(stdout io.Writer, result *eval.Result) error {
	if o.report != "" {
		if err := o.writePage(result); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	if !o.json {
		return result.Print(stdout)
	}
	enc := json.NewEncoder(stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(result)
}

func (o *evalOptions) writePage(result *eval.Result) error {
	f, err := os.Create(o.report)
	if err != nil {
		return err
	}
	if err := result.WritePage(f, o.title()); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// title says what was trained and what was judged.
func (o *evalOptions) title() string {
	trained := filepath.Base(o.bundle)
	if o.train != "" {
		trained = fmt.Sprintf("%s (%s)", filepath.Base(o.train), o.trainSplit)
	}
	if o.folds > 0 {
		return fmt.Sprintf("%s, cross-validated in %d", trained, o.folds)
	}
	return fmt.Sprintf("%s, judging %s (%s)", trained, filepath.Base(o.test), o.testSplit)
}
