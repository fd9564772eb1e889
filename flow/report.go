package flow

import "fmt"

// report collects what a compilation finds. It keeps what it may list and
// formats nothing else, so a hostile script cannot make it grow.
type report struct {
	found   [ranks][]finding
	dropped bool
	unknown map[unknownIn]bool // The unknown keys told already.
}

// What is listed first where not all can be: limits, because past one of them
// the rest was not looked at.
const (
	rankLimit = iota
	rankError
	rankWarning
	ranks
)

// finding is a diagnostic whose place has not been worked out: that is done
// once, for all of them.
type finding struct {
	Diagnostic
	src    *source
	offset int
}

// unknownIn is a key that a kind of object does not have.
type unknownIn struct{ kind, key string }

func newReport() *report { return &report{unknown: make(map[unknownIn]bool)} }

// refused reports whether an error was found.
func (r *report) refused() bool { return len(r.found[rankLimit])+len(r.found[rankError]) > 0 }

// add notes a diagnostic at a place.
func (r *report) add(c code, at place, format string, args ...any) {
	rank := rankError
	if c == overLimit {
		rank = rankLimit
	} else if codes[c].Severity == Warning {
		rank = rankWarning
	}
	list := &r.found[rank]
	if len(*list) >= maxListed {
		r.dropped = true
		return
	}
	for at.src.outer != nil {
		at.src, at.offset = at.src.outer.src, at.src.outer.offset
		if at.nodeID != "" { // All places inside a string look alike.
			format, args = "node %q: "+format, append([]any{at.nodeID}, args...)
		}
	}
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = clip(s)
		}
	}
	*list = append(*list, finding{
		Diagnostic: Diagnostic{
			Code: codes[c].ID, Severity: codes[c].Severity, File: at.src.file,
			Flow: clip(at.flow), NodeID: clip(at.nodeID), NodeName: clip(at.nodeName),
			Message: fmt.Sprintf(format, args...),
		},
		src: at.src, offset: at.offset,
	})
}

// addUnknown notes a key that a kind of object does not have, once.
func (r *report) addUnknown(kind, key string, at place) {
	known := unknownIn{kind, key}
	if r.unknown[known] {
		return
	}
	if len(r.unknown) < maxListed {
		r.unknown[known] = true
	}
	r.add(unknownKey, at, "no %s has a key %q in this version: it is kept but does nothing; check the spelling", kind, key)
}

// sorted returns the diagnostics with their places.
func (r *report) sorted() Errors {
	var found []finding
	for _, list := range r.found {
		if room := maxListed - len(found); len(list) > room {
			list = list[:room]
			r.dropped = true
		}
		found = append(found, list...)
	}
	if len(found) == 0 {
		return nil
	}
	locate(found)
	list := make(Errors, len(found), len(found)+1)
	for i := range found {
		list[i] = found[i].Diagnostic
	}
	list.Sort()
	if r.dropped {
		last := list[len(list)-1]
		list = append(list, Diagnostic{
			Code: codes[tooMany].ID, Severity: codes[tooMany].Severity,
			File: last.File, Line: last.Line, Column: last.Column, Pointer: last.Pointer,
			Message: fmt.Sprintf("more than %d diagnostics: correct the ones listed and look again", maxListed),
		})
	}
	return list
}

// longest is how many characters of an author's word a diagnostic repeats.
const longest = 100

// clip shortens a word for a message.
func clip(s string) string {
	count := 0
	for i := range s {
		if count == longest {
			return s[:i] + "…"
		}
		count++
	}
	return s
}
