package nlu

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestPackedAddsUp compares the sums of packed rows with plain arithmetic.
func TestPackedAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := rapid.IntRange(1, 90).Draw(t, "classes")
		weight := rapid.Float32Range(-3, 3)
		dense := rapid.SliceOfN(weight, classes, classes*4).Draw(t, "weights")
		dense = dense[:len(dense)/classes*classes]
		rows := rapid.SliceOfN(rapid.Int32Range(0, int32(len(dense)/classes)-1), 0, 3*batch).Draw(t, "rows")
		scale := rapid.Float32Range(0, 2).Draw(t, "scale")

		p := pack(dense, classes)
		sums := make([]float32, classes, p.stride*width)
		p.addTo(sums, rows, scale)
		for class, got := range sums {
			want := 0.0
			for _, row := range rows {
				want += float64(scale * p.of(row, class))
			}
			if math.Abs(float64(got)-want) > 1e-3 {
				t.Fatalf("class %d sums to %v, want %v", class, got, want)
			}
		}
		for i, w := range dense {
			if got := p.of(int32(i/classes), i%classes); math.Abs(float64(got-w)) > 3.0/levels {
				t.Fatalf("weight %v is packed as %v", w, got)
			}
		}
	})
}

func TestPackedZeroIsExact(t *testing.T) {
	p := pack([]float32{0, 2.5, 0, -1}, 2)
	for _, row := range []int32{0, 1} {
		if got := p.of(row, 0); got != 0 {
			t.Errorf("no weight is packed as %v", got)
		}
	}
}
