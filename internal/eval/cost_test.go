package eval

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/nlu"
)

// TestCost takes the cost on a machine whose clock moves by known steps.
func TestCost(t *testing.T) {
	now, step := time.Unix(0, 0), 30*time.Millisecond
	live, allocations := uint64(1000), uint64(0)
	m := Machine{
		Now:         func() time.Time { now = now.Add(step); step += time.Millisecond; return now },
		LiveBytes:   func() uint64 { live += 4096; return live },
		Allocations: func() uint64 { allocations += 5; return allocations },
	}
	j, cost := m.train(pairs())
	// The first run took 31 ms, the others longer.
	if diff := cmp.Diff(Cost{CompileMS: 31, ModelBytes: 4096}, cost); diff != "" {
		t.Errorf("training (-want +got):\n%s", diff)
	}
	step = 0
	rows := []Row{{Text: "账单"}, {Text: "课程"}, {Text: "你好"}, {Text: "再见"}}
	m.match(j, rows, &cost)
	// Round r times row i in (8r+2i+1) ms; the median round is the fourth.
	want := Cost{P50: 29e6 / matches, P99: 31e6 / matches, Allocs: 1.25, CompileMS: 31, ModelBytes: 4096}
	if diff := cmp.Diff(want, cost); diff != "" {
		t.Errorf("matching (-want +got):\n%s", diff)
	}
}

func TestThisMachine(t *testing.T) {
	m := ThisMachine(time.Now)
	before := m.LiveBytes()
	const size, slack = 8 << 20, 1 << 20 // Others may free or take a little meanwhile.
	kept := make([]byte, size)
	if grown := int64(m.LiveBytes()) - int64(before); grown < size-slack || grown > size+slack {
		t.Errorf("%d bytes kept made the heap grow by %d", size, grown)
	}
	kept[0] = 1 // It lives until here.
	var escaped *[64]byte
	if n := m.allocations(func() { escaped = new([64]byte) }); n < 1 || n > 10 {
		t.Errorf("one allocation counted as %d", n)
	}
	if escaped == nil || m.Now().IsZero() {
		t.Error("no clock")
	}
	result := m.Test(pairs(), []Row{{Intent: "bill", Text: "账单金额查询"}}, Options{})
	if result.ModelBytes < 1000 || result.CompileMS <= 0 || result.P50 <= 0 || result.P99 < result.P50 {
		t.Errorf("costs %+v", result.Cost)
	}
}

func TestEvenly(t *testing.T) {
	rows := []Row{{Text: "0"}, {Text: "1"}, {Text: "2"}, {Text: "3"}, {Text: "4"}}
	if diff := cmp.Diff([]Row{rows[0], rows[2]}, evenly(rows, 2)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := evenly(rows, 5); len(got) != 5 {
		t.Errorf("%d rows of 5", len(got))
	}
}

func TestJudge(t *testing.T) {
	classes := []nlu.Class{{Name: "a", Examples: []string{"好的"}}, {Name: "b", Examples: []string{"好的"}}, {Name: "c"}}
	training := &Training{Classes: classes, Threshold: nlu.Threshold}
	model, _ := nlu.Train(classes, nlu.Config{})
	j := newJudge(model, training)
	for _, test := range []struct {
		row        Row
		best       string
		score, own Score
	}{
		{Row{Intent: "b", Text: "好的"}, "a", 1, 1}, // The earlier of equals.
		{Row{Intent: "c", Text: "好的"}, "a", 1, 0},
		{Row{Intent: OutOfScope, Text: "…"}, "", 0, 0},
	} {
		if got := j.judge(test.row); got.Best != test.best || got.Score != test.score || got.Own != test.own {
			t.Errorf("%v: best %q %v, own %v; want %q %v, own %v", test.row, got.Best, got.Score, got.Own, test.best, test.score, test.own)
		}
	}
}
