package eval

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// Print writes the result for people: the figures as a table, then the
// mistakes with what was said. The error is the writer's.
func (r *Result) Print(w io.Writer) error {
	var b strings.Builder
	r.printFigures(&b)
	r.printConfusions(&b)
	r.printFindings(&b)
	r.printFlips(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// A line is one figure: its name, its value and what it is of.
type line struct{ Name, Value, Note string }

// lines are the figures in the order people read them.
func (r *Result) lines() []line {
	threshold := strconv.FormatFloat(r.Threshold, 'g', 3, 64)
	return []line{
		{"trained on", quantity(r.Train, "example"), quantity(r.Classes, "class")},
		{"judged", quantity(r.Test, "row"), strconv.Itoa(r.OOS) + " more out of scope"},
		{"accuracy", r.Accuracy.String(), "in scope, nothing rejected"},
		{"accuracy with rejection", r.AccuracyWithRejection.String(), "in scope, under " + threshold + " is wrong"},
		{"out-of-scope recall", r.OOSRecall.String(), "out of scope, under " + threshold + " is right"},
		{"macro-F1", r.MacroF1.String(), "mean over the intents, nothing rejected"},
		{"AUROC", r.AUROC.String(), "of pairs, the row in scope scores above the one out of scope"},
		{"a match, p50", duration(r.P50), "the median row"},
		{"a match, p99", duration(r.P99), "99 % of the rows are faster"},
		{"allocations a match", strconv.FormatFloat(r.Allocs, 'g', -1, 64), "mean"},
		{"compile", milliseconds(r.CompileMS), "training included, parsing not"},
		{"model", size(r.ModelBytes), "on the heap"},
	}
}

func (r *Result) printFigures(b *strings.Builder) {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, l := range r.lines() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", l.Name, l.Value, l.Note)
	}
	_ = table.Flush() // A builder takes everything.
	for _, note := range r.Notes {
		fmt.Fprintf(b, "note: %s\n", note)
	}
}

func (r *Result) printConfusions(b *strings.Builder) {
	if len(r.Confusions) == 0 {
		return
	}
	b.WriteString("\nmost frequent mistakes\n")
	for _, c := range r.Confusions {
		fmt.Fprintf(b, "%4d  %s -> %s\n", c.Count, c.Intent, nothing(c.TakenFor))
		for _, heard := range c.Samples {
			fmt.Fprintf(b, "      %.2f  %s\n", heard.Score, heard.Text)
		}
	}
}

func (r *Result) printFindings(b *strings.Builder) {
	if r.Findings == nil {
		return
	}
	fmt.Fprintf(b, "\nexamples to look at: %d\n", len(r.Findings))
	kind := FindingKind("")
	for _, f := range r.Findings {
		if f.Kind != kind {
			kind = f.Kind
			fmt.Fprintf(b, "  %s: %s\n", kind, kind.advice())
		}
		fmt.Fprintf(b, "      %s: %s", f.Intent, f.Text)
		if f.Kind == SameWords {
			fmt.Fprintf(b, "  (also of %s)\n", f.TakenFor)
			continue
		}
		fmt.Fprintf(b, "  %.2f, %s %.2f", f.Own, f.TakenFor, f.Score)
		if f.Near != "" {
			fmt.Fprintf(b, ", like %s", f.Near)
		}
		b.WriteByte('\n')
	}
}

func (r *Result) printFlips(b *strings.Builder) {
	if r.Flips == nil {
		return
	}
	if len(r.Flips) == 0 {
		b.WriteString("\nno two intents that meet were taken for each other\n")
	}
	for _, pair := range r.Flips {
		fmt.Fprintf(b, "\nbetween %s and %s: %s\n", pair.A, pair.B, quantity(len(pair.Flips), "utterance flips", "utterances flip"))
		for _, f := range pair.Flips {
			fmt.Fprintf(b, "  %s -> %s  %.2f to %.2f  %s", f.Intent, f.TakenFor, f.Score, f.Own, f.Changed)
			if f.Change != "" {
				fmt.Fprintf(b, "  (%s, %s)", f.Text, f.Change)
			}
			b.WriteByte('\n')
		}
	}
}

func nothing(intent string) string {
	if intent == "" {
		return "nothing"
	}
	return intent
}

// quantity returns "1 row" or "2 rows"; plural is for nouns without a plain s.
func quantity(n int, noun string, plural ...string) string {
	switch {
	case n == 1:
	case len(plural) > 0:
		noun = plural[0]
	case strings.HasSuffix(noun, "s"):
		noun += "es"
	default:
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func duration(ns int64) string {
	if ns < 1000 {
		return strconv.FormatInt(ns, 10) + " ns"
	}
	return strconv.FormatFloat(float64(ns)/float64(time.Microsecond), 'f', 2, 64) + " µs"
}

func milliseconds(ms float64) string { return strconv.FormatFloat(ms, 'f', 1, 64) + " ms" }

// size writes bytes in powers of 1024.
func size(bytes int64) string {
	units := [...]string{"B", "KiB", "MiB", "GiB"}
	unit := 0
	value := float64(bytes)
	for value >= 1024 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64) + " " + units[unit]
}
