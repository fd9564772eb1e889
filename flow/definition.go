package flow

import "fmt"

// CheckDefinition says what keeps a text from being the definition of a flow,
// even of one that is not finished: it must be valid JSON within the limits of
// a flow, without control characters in its texts, an object with an array of
// nodes and an array of transitions. What else is in them is for [Compile] to
// judge. It returns the first fault, nil for none.
//
// It is safe and quick for a text of any kind, such as one of a stranger.
func CheckDefinition(text string) error {
	if len(text) > maxFlow {
		return fmt.Errorf("it is larger than %d MiB, the limit of a flow: split it into SubFlows", maxFlow>>20)
	}
	log := newReport()
	src := newSource("", text)
	if src.check(maxNesting, src.start(), log) {
		if o, ok := log.object(src.root(src.start()), &definitionKind); ok {
			for _, key := range definitionKind.keys {
				if v := o.get(key); !v.IsArray() {
					o.wrong(key, v, "an array")
				}
			}
		}
	}
	for _, d := range log.sorted() {
		if d.Severity == Error {
			return fmt.Errorf("line %d, column %d: %s", d.Line, d.Column, d.Message)
		}
	}
	return nil
}
