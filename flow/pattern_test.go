package flow

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestPatternSize(t *testing.T) {
	for pattern, want := range map[string][2]int{
		"abc": {1, 10}, "(a?){500}": {500, 5000}, "((a{10}){10}){10}": {1000, 4000}, "(" + strings.Repeat("(a{1000})", 2000) + ")": {hugePattern, hugePattern}, "[": {0, 0},
		"a{2,}": {2, 10}, "": {1, 1},
	} {
		if got := patternSize(pattern); got < want[0] || got > want[1] {
			t.Errorf("%q: %d, want %d to %d", pattern, got, want[0], want[1])
		}
	}
}

// TestPatternsHaveABudget spends the patterns of a bundle one condition at a time.
func TestPatternsHaveABudget(t *testing.T) {
	const branches = 120
	var exits, transitions []string
	for i := range branches {
		exits = append(exits, fmt.Sprintf(`{"branchId": "b%d", "condition": "utterance matches \"^(?:a?){450}\""}`, i))
		transitions = append(transitions, fmt.Sprintf(`{"source": "b%d", "target": "h"}`, i))
	}
	node := `{"id": "q", "type": "Switch", "script": "?", "content": {"branches": [` + strings.Join(exits, ",") + `]}}`
	_, err := Compile(script(startNode+","+node+","+hangupNode, `{"source": "s", "target": "q"},`+strings.Join(transitions, ",")))
	var refused Errors
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a refusal", err)
	}
	for _, d := range refused {
		if d.Code == "TG004" && strings.Contains(d.Message, "patterns of all conditions") {
			return
		}
	}
	t.Errorf("no word of the budget in %v", refused)
}
