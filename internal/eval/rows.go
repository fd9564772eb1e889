package eval

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// OutOfScope is the label of an utterance that means none of the intents.
const OutOfScope = "__oos__"

// A Row is a labelled utterance.
type Row struct {
	Split  string // The part of the data it belongs to, such as train or test.
	Intent string // OutOfScope for none.
	Text   string
}

// columns are what a table must have; it may have others.
var columns = [...]string{"split", "intent", "text"}

// maxLine is the longest line that is read, in bytes: far more than anyone says.
const maxLine = 1 << 20

// ReadRows reads a table of UTF-8 text: a header that names the columns split,
// intent and text, in any order and among others, then a row a line, its cells
// separated by tabs and taken as they stand, quotes included. A byte-order
// mark, CRLF and empty lines are tolerated. Errors begin with name and the
// line.
func ReadRows(r io.Reader, name string) ([]Row, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	var t table
	var rows []Row
	n := 0
	for lines.Scan() {
		n++
		line := strings.TrimSuffix(lines.Text(), "\r")
		if n == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		} else if line == "" {
			continue
		}
		cells := strings.Split(line, "\t")
		if t.width == 0 {
			if err := t.readHeader(cells); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			continue
		}
		row, err := t.row(cells)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, n+1, err)
	}
	if t.width == 0 {
		return nil, fmt.Errorf("%s:1: the file is empty: its first line must name the columns split, intent and text", name)
	}
	return rows, nil
}

// A table knows where its columns are.
type table struct {
	width int
	at    [len(columns)]int
}

func (t *table) readHeader(cells []string) error {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	for i, column := range columns {
		t.at[i] = slices.Index(cells, column)
		if t.at[i] < 0 {
			return fmt.Errorf("there is no column %q: the first line must name the columns split, intent and text, separated by tabs", column)
		}
	}
	t.width = len(cells)
	return nil
}

func (t *table) row(cells []string) (Row, error) {
	if len(cells) != t.width {
		return Row{}, fmt.Errorf("there are %d cells, the header names %d columns: separate them by one tab each", len(cells), t.width)
	}
	row := Row{Split: cells[t.at[0]], Intent: cells[t.at[1]], Text: cells[t.at[2]]}
	if row.Intent == "" {
		return Row{}, fmt.Errorf("the intent is empty: write its name, or %s for an utterance that means none", OutOfScope)
	}
	return row, nil
}

// Select returns the rows of a split. A split without rows is an error that
// lists what there is.
func Select(rows []Row, split string) ([]Row, error) {
	counts := make(map[string]int)
	var selected []Row
	for _, row := range rows {
		counts[row.Split]++
		if row.Split == split {
			selected = append(selected, row)
		}
	}
	if len(selected) > 0 {
		return selected, nil
	}
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%q (%d rows)", name, counts[name])
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no rows of split %q: there are no rows at all", split)
	}
	return nil, fmt.Errorf("no rows of split %q: there are %s", split, strings.Join(names, ", "))
}
