package eval

import (
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/talkgraph/talkgraph/nlu"
)

// A Machine is where time and memory are read.
type Machine struct {
	Now func() time.Time
	// LiveBytes returns what lives on the heap once garbage is collected.
	LiveBytes func() uint64
	// Allocations returns how many objects were ever allocated. It collects
	// nothing, so that pooled memory stays pooled.
	Allocations func() uint64
}

// ThisMachine reads the memory of the running process, and time from now.
func ThisMachine(now func() time.Time) Machine {
	var m runtime.MemStats
	return Machine{
		Now: now,
		LiveBytes: func() uint64 {
			// What a sync.Pool holds outlives one collection.
			runtime.GC()
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		},
		Allocations: func() uint64 {
			runtime.ReadMemStats(&m)
			return m.Mallocs
		},
	}
}

// A Cost is what a matcher takes.
type Cost struct {
	P50        int64   `json:"p50_ns"` // Of a match: the median row.
	P99        int64   `json:"p99_ns"` // Of a match: the row that 99 % of the rows are faster than.
	Allocs     float64 `json:"allocs"` // Of a match: the mean over the rows.
	CompileMS  float64 `json:"compile_ms"`
	ModelBytes int64   `json:"model_bytes"` // What the matcher keeps on the heap.
}

const (
	// compileRuns is how often a training is timed at most, compileTime how long
	// it is repeated. The shortest run counts: all else is the machine's.
	compileRuns = 5
	compileTime = 2 * time.Second
)

// train trains a matcher and takes the cost of it.
func (m Machine) train(t *Training) (*judge, Cost) {
	warmUp(t.Config)
	var model *nlu.Model
	shortest, total := time.Duration(math.MaxInt64), time.Duration(0)
	before := m.LiveBytes()
	for run := 0; run < compileRuns && total < compileTime; run++ {
		start := m.Now()
		model, _ = nlu.Train(t.Classes, t.Config)
		took := m.Now().Sub(start)
		shortest, total = min(shortest, took), total+took
	}
	after := m.LiveBytes()
	runtime.KeepAlive(model)
	return newJudge(model, t), Cost{
		CompileMS:  math.Round(float64(shortest)/1e4) / 100,
		ModelBytes: max(0, int64(after)-int64(before)),
	}
}

// warmUp reads the dictionaries that all matchers share, so that neither the
// time nor the size of one has them in it.
func warmUp(cfg nlu.Config) {
	model, _ := nlu.Train([]nlu.Class{{Name: "a", Examples: []string{"你好", "hello"}, Keywords: []string{"你好"}}}, cfg)
	model.Score("你好吗", make([]float64, 1))
}

const (
	// A row is timed in rounds of several matches, since a clock is not much
	// finer than a match. A round goes over all rows before the next begins, so
	// that a row meets the caches as others leave them; the median round is the
	// row's time.
	rounds  = 7
	matches = 8
	// timedRows bounds the measurement to about a second: of more rows an even
	// sample is timed.
	timedRows = 2000
)

// match adds the cost of matching the rows.
func (m Machine) match(j *judge, rows []Row, cost *Cost) {
	if len(rows) == 0 {
		return
	}
	sample := evenly(rows, timedRows)
	pass := func() {
		for _, row := range sample {
			j.model.Score(row.Text, j.scores)
		}
	}
	cost.Allocs = math.Round(100*float64(m.allocations(pass))/float64(len(sample))) / 100

	times := make([]int64, 0, len(sample))
	for _, byRound := range m.time(j, sample) {
		slices.Sort(byRound[:])
		times = append(times, byRound[rounds/2])
	}
	slices.Sort(times)
	cost.P50, cost.P99 = times[len(times)/2], times[len(times)*99/100]
}

// time returns how many nanoseconds a match of each row took in each round.
func (m Machine) time(j *judge, rows []Row) [][rounds]int64 {
	times := make([][rounds]int64, len(rows))
	for round := range rounds {
		for i, row := range rows {
			start := m.Now()
			for range matches {
				j.model.Score(row.Text, j.scores)
			}
			times[i][round] = int64(m.Now().Sub(start)) / matches
		}
	}
	return times
}

// allocations returns how many objects f allocates when it runs again.
func (m Machine) allocations(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // Nobody else allocates meanwhile.
	f()                                             // Makes scratch space, which each processor has of its own.
	before := m.Allocations()
	f()
	return m.Allocations() - before
}

// evenly returns n of the rows, or all when there are fewer.
func evenly(rows []Row, n int) []Row {
	if len(rows) <= n {
		return rows
	}
	sample := make([]Row, n)
	for i := range sample {
		sample[i] = rows[i*len(rows)/n]
	}
	return sample
}
