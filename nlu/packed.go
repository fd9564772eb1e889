package nlu

import "math"

// A match adds up one row of weights for each feature of the utterance, a
// weight for every class. Memory and additions are what it costs, so the
// weights are whole numbers of a common step, four to a machine word: one
// addition serves four classes. Whole numbers also add up to the same sum in
// any order.

const (
	// lanes is how many weights are in a word, laneBits how wide each is.
	lanes, laneBits = 4, 16
	// levels is how far a weight may go either way from zero, in steps: less
	// than a hundredth of what any one feature is worth.
	levels = 819
	// batch is how many rows fit into a lane: batch × 2 × levels < 2^16. It is
	// a little more than the syllables of a turn of 12 characters.
	batch = 40
	// chunk is how many words are added up at a time, in registers.
	chunk = 5
	// width is how many classes a chunk serves.
	width = lanes * chunk
)

// packed is a dense table of weights by row and class. Read only.
type packed struct {
	words  [][chunk]uint64 // row by row
	stride int             // chunks a row
	step   float32
}

// pack rounds dense, the weights of classes by row.
func pack(dense []float32, classes int) packed {
	top := float32(0)
	for _, w := range dense {
		top = max(top, w, -w)
	}
	p := packed{stride: (classes + width - 1) / width, step: max(top, math.SmallestNonzeroFloat32*levels) / levels}
	rows := len(dense) / max(classes, 1)
	p.words = make([][chunk]uint64, rows*p.stride)
	for row := range rows {
		for class := range p.stride * width {
			level := uint64(levels)
			if class < classes {
				level = uint64(dense[row*classes+class]/p.step + levels + 0.5) // Rounded: it is never negative.
			}
			p.words[row*p.stride+class/width][class%width/lanes] |= level << (class % lanes * laneBits)
		}
	}
	return p
}

// of returns the weight of a class in a row.
func (p *packed) of(row int32, class int) float32 {
	word := p.words[int(row)*p.stride+class/width][class%width/lanes]
	level := uint16(word >> (class % lanes * laneBits))
	return float32(int(level)-levels) * p.step
}

// addTo adds scale times the weights of the rows to the sums, one a class,
// whose capacity is stride × width.
func (p *packed) addTo(sums []float32, rows []int32, scale float32) {
	sums = sums[:p.stride*width]
	unit := p.step * scale
	for len(rows) > 0 {
		n := min(len(rows), batch)
		zero := int32(n * levels)
		for at := range p.stride {
			var a, b, c, d, e uint64
			for _, row := range rows[:n] {
				w := &p.words[int(row)*p.stride+at]
				a += w[0]
				b += w[1]
				c += w[2]
				d += w[3]
				e += w[4]
			}
			out := (*[width]float32)(sums[at*width:])
			spread((*[lanes]float32)(out[:]), a, zero, unit)
			spread((*[lanes]float32)(out[lanes:]), b, zero, unit)
			spread((*[lanes]float32)(out[2*lanes:]), c, zero, unit)
			spread((*[lanes]float32)(out[3*lanes:]), d, zero, unit)
			spread((*[lanes]float32)(out[4*lanes:]), e, zero, unit)
		}
		rows = rows[n:]
	}
}

// spread adds the lanes of a word to four sums.
func spread(sums *[lanes]float32, word uint64, zero int32, unit float32) {
	sums[0] += float32(int32(word&0xffff)-zero) * unit
	sums[1] += float32(int32(word>>16&0xffff)-zero) * unit
	sums[2] += float32(int32(word>>32&0xffff)-zero) * unit
	sums[3] += float32(int32(word>>48)-zero) * unit
}
