//go:build !race

// Under the race detector pools forget at random, so nothing can be said of
// allocations there.

package benchmarks

import (
	"runtime"
	"testing"
)

// TestAllocations holds what does not depend on how fast the machine is.
func TestAllocations(t *testing.T) {
	tests := []struct {
		name string
		run  func()
		most float64
	}{
		{"match without a keyword", newRest(t, question, withoutKeyword).match, 0},
		{"step to a fixed text", newRest(t, plainQuestion, withoutKeyword).step, 0},
		{"step to a text with variables", newRest(t, question, withoutKeyword).step, 1},
		{"turn", newTurn(t), 2},
	}
	for _, tt := range tests {
		if n := testing.AllocsPerRun(1000, tt.run); n > tt.most {
			t.Errorf("%s: %v allocations, promised are at most %v", tt.name, n, tt.most)
		}
	}
}

// TestSessionBytes takes enough calls that what is not theirs does not show.
func TestSessionBytes(t *testing.T) {
	const most = 700
	c := gather(t, 20_000)
	if c.bytes > most {
		t.Errorf("a live session takes %.0f bytes of heap, promised are at most %d", c.bytes, most)
	}
	runtime.KeepAlive(c)
}
