package eval

import (
	"cmp"
	"slices"
)

// shots returns the training with n examples of each class, drawn by the seed;
// a class with fewer keeps them all. Which are drawn depends on the class alone,
// not on its place or its neighbours. n = 0 keeps everything.
func (t *Training) shots(n int, seed uint64) *Training {
	if n == 0 {
		return t
	}
	few := *t
	few.Classes = slices.Clone(t.Classes)
	for i := range few.Classes {
		class := &few.Classes[i]
		drawn := slices.SortedFunc(slices.Values(class.Examples), func(a, b string) int {
			return cmp.Or(cmp.Compare(draw(seed, class.Name, a), draw(seed, class.Name, b)), cmp.Compare(a, b))
		})
		drawn = slices.Compact(drawn)
		class.Examples = drawn[:min(n, len(drawn))]
	}
	return &few
}
