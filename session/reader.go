package session

import (
	"hash/crc32"
	"math"
	"unsafe"
)

// reader takes the parts of a snapshot off its front. A part that is not there
// or out of range sets bad; all further parts are then zero.
type reader struct {
	in  string
	bad bool
}

func (r *reader) uvarint(limit uint64) (n uint64) {
	for shift := uint(0); shift < 64 && len(r.in) > 0; shift += 7 {
		b := r.in[0]
		r.in = r.in[1:]
		if shift == 63 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			if n > limit {
				break
			}
			return n
		}
	}
	r.fail()
	return 0
}

func (r *reader) varint() int64 {
	u := r.uvarint(math.MaxUint64)
	return int64(u>>1) ^ -int64(u&1)
}

func (r *reader) uint16() uint16 { return uint16(r.uvarint(math.MaxUint16)) }

func (r *reader) frame() Frame { return Frame{Flow: r.uint16(), Node: r.uint16()} }

// count reads how many parts follow; each takes at least a byte, so a count
// beyond what is left is wrong and cannot make the caller reserve memory.
func (r *reader) count() uint64 { return r.uvarint(uint64(len(r.in))) }

func (r *reader) string() string {
	n := r.count()
	if n > uint64(len(r.in)) {
		r.fail()
		return ""
	}
	s := r.in[:n]
	r.in = r.in[n:]
	return s
}

func (r *reader) fail() { r.in, r.bad = "", true }

// checksum reads the string's bytes in place; crc32 does not write to them.
func checksum(s string) uint32 {
	return crc32.Checksum(unsafe.Slice(unsafe.StringData(s), len(s)), castagnoli)
}
