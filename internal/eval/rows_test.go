package eval

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadRows(t *testing.T) {
	want := []Row{{"train", "yes", "好的"}, {"test", OutOfScope, `say "hi"`}}
	for name, data := range map[string]string{
		"plain":           "split\tintent\ttext\ntrain\tyes\t好的\ntest\t__oos__\tsay \"hi\"\n",
		"no last newline": "split\tintent\ttext\ntrain\tyes\t好的\ntest\t__oos__\tsay \"hi\"",
		"windows":         "\ufeffsplit\tintent\ttext\r\ntrain\tyes\t好的\r\ntest\t__oos__\tsay \"hi\"\r\n",
		"other order":     "text\tsplit\tintent\n好的\ttrain\tyes\nsay \"hi\"\ttest\t__oos__\n",
		"more columns":    "id\tsplit\tintent\ttext\tnote\n1\ttrain\tyes\t好的\t\n2\ttest\t__oos__\tsay \"hi\"\tx\n",
		"empty lines":     "split\tintent\ttext\n\ntrain\tyes\t好的\n\r\ntest\t__oos__\tsay \"hi\"\n\n",
		"blanks in names": " split \tintent\t text\ntrain\tyes\t好的\ntest\t__oos__\tsay \"hi\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadRows(strings.NewReader(data), "data.tsv")
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("error %v; rows (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestReadRowsRefuses(t *testing.T) {
	for name, test := range map[string]struct{ data, message string }{
		"nothing":        {"", "data.tsv:1: the file is empty"},
		"no header":      {"train\tyes\t好的\n", `data.tsv:1: there is no column "split": the first line must name`},
		"missing column": {"split\ttext\ntrain\t好的\n", `data.tsv:1: there is no column "intent"`},
		"commas":         {"split,intent,text\n", `data.tsv:1: there is no column "split"`},
		"too few cells":  {"split\tintent\ttext\ntrain\tyes\t好\ntrain\tyes\n", "data.tsv:3: there are 2 cells, the header names 3 columns"},
		"too many cells": {"split\tintent\ttext\ntrain\tyes\t好\t的\n", "data.tsv:2: there are 4 cells"},
		"no intent":      {"split\tintent\ttext\ntrain\t\t好\n", "data.tsv:2: the intent is empty: write its name, or __oos__"},
		"endless line":   {"split\tintent\ttext\n" + strings.Repeat("x", maxLine+1), "data.tsv:2: "},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := ReadRows(strings.NewReader(test.data), "data.tsv")
			if err == nil || !strings.HasPrefix(err.Error(), test.message) || rows != nil {
				t.Errorf("rows %v, error %v, want one that begins with %q", rows, err, test.message)
			}
		})
	}
}

func FuzzReadRows(f *testing.F) {
	f.Add("split\tintent\ttext\ntrain\tyes\t好的\n")
	f.Add("\ufefftext\tsplit\tintent\r\n\r\na\tb\tc")
	f.Fuzz(func(t *testing.T, data string) {
		rows, err := ReadRows(strings.NewReader(data), "data.tsv")
		if err != nil && rows != nil {
			t.Errorf("rows beside the error %v", err)
		}
		for _, row := range rows {
			if row.Intent == "" || strings.ContainsAny(row.Split+row.Intent+row.Text, "\t\n") {
				t.Errorf("a row that no table has: %q", row)
			}
		}
	})
}

func TestSelect(t *testing.T) {
	rows := []Row{{"train", "a", "1"}, {"dev", "a", "2"}, {"train", "b", "3"}, {"", "b", "4"}}
	got, err := Select(rows, "train")
	if diff := cmp.Diff([]Row{rows[0], rows[2]}, got); err != nil || diff != "" {
		t.Errorf("error %v; rows (-want +got):\n%s", err, diff)
	}
	for _, test := range []struct {
		rows    []Row
		message string
	}{
		{rows, `no rows of split "test": there are "train" (2 rows), "" (1 rows), "dev" (1 rows)`},
		{nil, `no rows of split "test": there are no rows at all`},
	} {
		if _, err := Select(test.rows, "test"); err == nil || err.Error() != test.message {
			t.Errorf("error %v, want %s", err, test.message)
		}
	}
}
