package flow

import "regexp/syntax"

// patternSize returns about how many instructions the program of a regular
// expression has, without making it: a{1000} is four instructions to write and
// a thousand to run. A pattern that does not parse has none; expr says why.
func patternSize(pattern string) int {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	return instructions(parsed)
}

// hugePattern is more than any limit; no size is counted beyond it, so that none
// overflows.
const hugePattern = 1 << 20

// instructions adds up what the parts of an expression take. The parser bounds
// how deep they nest.
func instructions(e *syntax.Regexp) int {
	size := max(1, len(e.Rune))
	if e.Op == syntax.OpRepeat {
		return min(instructions(e.Sub[0])*max(e.Min, e.Max, 1), hugePattern)
	}
	for _, part := range e.Sub {
		size = min(size+instructions(part), hugePattern)
	}
	return size
}
