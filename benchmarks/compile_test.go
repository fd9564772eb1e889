package benchmarks

import (
	"os"
	"testing"

	"github.com/talkgraph/talkgraph/engine"
)

// BenchmarkCompile compiles the debt reminder, 17 nodes, from its files to a
// version. To reach: 20 ms.
func BenchmarkCompile(b *testing.B) {
	compile := func() {
		if _, err := engine.Compile(os.DirFS("../testdata/scripts/debt-reminder")); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		compile()
	}
	b.StopTimer()
	distribution(b, sampling{samples: 50, batch: 1}, compile)
}
