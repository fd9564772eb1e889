package flow

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says whether a diagnostic refuses the script.
type Severity uint8

// The severities. Errors refuse the script, warnings do not.
const (
	Warning Severity = iota
	Error
)

// String returns "warning" or "error".
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// MarshalText writes what String returns.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is one thing an author should know of a script.
type Diagnostic struct {
	Code     string   `json:"code"` // Stable, e.g. TG021.
	Severity Severity `json:"severity"`
	File     string   `json:"file"`    // The file of the bundle.
	Line     int      `json:"line"`    // From 1; 0 where there is no place.
	Column   int      `json:"column"`  // In characters, from 1.
	Pointer  string   `json:"pointer"` // The JSON pointer (RFC 6901) in File.
	Flow     string   `json:"flow,omitempty"`
	NodeID   string   `json:"nodeId,omitempty"`
	NodeName string   `json:"nodeName,omitempty"`
	Message  string   `json:"message"` // A sentence that says what is wrong and what to do.
}

// String returns "file:line:column: severity CODE: message".
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s:%d:%d: %s %s: %s", d.File, d.Line, d.Column, d.Severity, d.Code, d.Message)
}

// Errors is every diagnostic of one compilation, sorted by place. As an error
// it says that a script was refused.
type Errors []Diagnostic

// Error returns the first error and how many more there are.
func (e Errors) Error() string {
	n := 0
	var first Diagnostic
	for _, d := range e {
		if d.Severity != Error {
			continue
		}
		if n == 0 {
			first = d
		}
		n++
	}
	switch n {
	case 0:
		return "flow: no errors"
	case 1:
		return first.String()
	}
	return fmt.Sprintf("%s (and %d more)", first, n-1)
}

// Refused reports whether one of the diagnostics is an error.
func (e Errors) Refused() bool {
	return slices.ContainsFunc(e, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sort orders the diagnostics by file, line, column, code and message.
func (e Errors) Sort() {
	slices.SortStableFunc(e, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message),
		)
	})
}
