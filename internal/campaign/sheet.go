package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/talkgraph/talkgraph/internal/store"
)

// Sheets have a head that names the columns, and a row a job. These columns are
// known, by any of their names; every other is an extra of the job.
var columns = map[string][]string{
	"phonenumber": {"phonenumber", "phone", "phone number", "number", "电话", "电话号码", "手机", "手机号", "号码"},
	"name":        {"name", "姓名", "名字", "联系人"},
	"honorific":   {"honorific", "称呼"},
	"referenceId": {"referenceid", "reference", "id", "编号"},
}

// sheetMemory is how much of a sheet is unpacked in memory; the rest goes
// through a temporary file.
const sheetMemory = 16 << 20

// mostProblems is how many bad rows a report names.
const mostProblems = 50

// SheetError says which rows of a sheet are wrong, each with its number as
// spreadsheets count, and why.
type SheetError struct {
	Rows []string
	More int // Bad rows that are not named.
}

func (e *SheetError) Error() string {
	text := strings.Join(e.Rows, " ")
	if e.More > 0 {
		text += fmt.Sprintf(" And %d more rows are wrong.", e.More)
	}
	return text
}

func (e *SheetError) add(format string, args ...any) {
	if len(e.Rows) == mostProblems {
		e.More++
		return
	}
	e.Rows = append(e.Rows, fmt.Sprintf(format, args...))
}

// readSheet reads the jobs of the first sheet of an .xlsx file, row by row. see
// is called with the number of the row and either a job or what is wrong with it.
func readSheet(data []byte, see func(row int, job store.Job, wrong string) error) (err error) {
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipXMLSizeLimit: sheetMemory, UnzipSizeLimit: 8 << 30})
	if err != nil {
		return &SheetError{Rows: []string{"The file is no .xlsx workbook that can be read."}}
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	rows, err := file.Rows(file.GetSheetName(0))
	if err != nil {
		return &SheetError{Rows: []string{"The workbook has no sheet."}}
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var head []string
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return &SheetError{Rows: []string{fmt.Sprintf("Row %d cannot be read.", number)}}
		}
		switch {
		case head == nil:
			if head = headOf(cells); !slices.Contains(head, "phonenumber") {
				return &SheetError{Rows: []string{"Row 1 must name the columns; one must be phonenumber."}}
			}
		case !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }):
			continue // People leave blank rows.
		default:
			job, wrong := jobOfRow(head, cells)
			if err := see(number, job, wrong); err != nil {
				return err
			}
		}
	}
	return rows.Error()
}

// headOf returns the columns by the names we know; "" is a column without one.
func headOf(cells []string) []string {
	head := make([]string, len(cells))
	for i, cell := range cells {
		head[i] = strings.TrimSpace(cell)
		for known, names := range columns {
			if slices.Contains(names, strings.ToLower(head[i])) {
				head[i] = known
			}
		}
	}
	return head
}

// jobOfRow makes a job of a row, or says what is wrong with it.
func jobOfRow(head, cells []string) (store.Job, string) {
	p := person{Contacts: make([]struct {
		PhoneNumber string `json:"phonenumber"`
		Name        string `json:"name"`
		ReferenceID string `json:"referenceId"`
		Honorific   string `json:"honorific"`
	}, 1)}
	c := &p.Contacts[0]
	for i, cell := range cells {
		cell = strings.TrimSpace(cell)
		if i >= len(head) || head[i] == "" || cell == "" {
			continue
		}
		switch head[i] {
		case "phonenumber":
			c.PhoneNumber = cell
		case "name":
			c.Name = cell
		case "honorific":
			c.Honorific = cell
		case "referenceId":
			c.ReferenceID = cell
		default:
			p.Extras = append(p.Extras, Extra{Key: head[i], Value: cell})
		}
	}
	return p.job()
}

// checkSheet reads a whole sheet and returns how many jobs it has, or a
// *SheetError: malformed rows, and numbers that are there twice.
func checkSheet(data []byte) (jobs int64, err error) {
	var wrong SheetError
	first := make(map[string]int) // The row of each number.
	err = readSheet(data, func(row int, job store.Job, problem string) error {
		if problem != "" {
			wrong.add("Row %d: %s", row, problem)
			return nil
		}
		number := job.Contacts[0].PhoneNumber
		if before, twice := first[number]; twice {
			wrong.add("Row %d: the number is in row %d already.", row, before)
			return nil
		}
		first[number] = row
		jobs++
		return nil
	})
	switch {
	case err != nil:
		return 0, err
	case len(wrong.Rows) > 0:
		return 0, &wrong
	case jobs == 0:
		return 0, &SheetError{Rows: []string{"The sheet has no rows below its head."}}
	}
	return jobs, nil
}

// WriteTemplate writes an .xlsx file that people can fill in.
func WriteTemplate(w io.Writer) error {
	return writeSheet(w, func(row func(cells ...any) error) error {
		return errors.Join(
			row("phonenumber", "name", "honorific", "referenceId", "amount"),
			row("13800000000", "王芳", "女士", "crm-7", "1280"),
		)
	})
}

// writeSheet writes an .xlsx file of one sheet, row by row.
func writeSheet(w io.Writer, fill func(row func(cells ...any) error) error) (err error) {
	file := excelize.NewFile()
	defer func() { err = errors.Join(err, file.Close()) }()
	sheet, err := file.NewStreamWriter(file.GetSheetName(0))
	if err != nil {
		return err
	}
	number := 0
	err = fill(func(cells ...any) error {
		number++
		at, err := excelize.CoordinatesToCellName(1, number)
		if err != nil {
			return err
		}
		return sheet.SetRow(at, cells)
	})
	if err = errors.Join(err, sheet.Flush()); err != nil {
		return err
	}
	return file.Write(w)
}
