package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/peterh/liner"
)

// lineReader gives the lines that the user types.
type lineReader interface {
	// next returns the next line without its end, io.EOF after the last, and
	// errLongLine for a line that was too long and has been skipped.
	next() (string, error)
	close()
}

// maxLine is the longest line that is taken as an input, in bytes.
const maxLine = 1 << 20

var errLongLine = fmt.Errorf("a line of more than %d bytes was skipped: no caller says that much in one turn", maxLine)

// pipe reads lines that no one edits: of a pipe or a file.
type pipe struct{ r *bufio.Reader }

func newPipe(r io.Reader) *pipe { return &pipe{bufio.NewReaderSize(r, 64<<10)} }

func (p *pipe) next() (string, error) {
	var line []byte
	long := false
	for {
		part, err := p.r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine+len("\r\n"); !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			return "", errLongLine
		case errors.Is(err, io.EOF) && len(line) > 0, err == nil:
			return clean(string(line)), nil
		}
		return "", err
	}
}

func (p *pipe) close() {}

// clean takes off what an editor or a shell left around a line: its end, a
// byte-order mark, bytes that are no UTF-8.
func clean(line string) string {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	return strings.ToValidUTF8(strings.TrimPrefix(line, "\ufeff"), "\ufffd")
}

// terminal reads lines that the user can edit, with a history. It knows that
// Chinese characters take two columns, which golang.org/x/term does not.
type terminal struct{ state *liner.State }

func newTerminal() *terminal {
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	return &terminal{state}
}

func (t *terminal) next() (string, error) {
	line, err := t.state.Prompt("> ")
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", io.EOF
	}
	if err != nil {
		return "", err
	}
	if len(line) > maxLine {
		return "", errLongLine
	}
	if line != "" {
		t.state.AppendHistory(line)
	}
	return clean(line), nil
}

func (t *terminal) close() { _ = t.state.Close() } // It only restores the terminal, and nothing can be done where that fails.
