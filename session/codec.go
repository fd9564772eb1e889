package session

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// The binary form of a State, format 1. Numbers are unsigned varints unless
// said otherwise, strings are their length and their bytes:
//
//	format     1 byte
//	touched    8 bytes, little-endian, so that a sweep can read it in place
//	flags      1 byte: ended reason (low 4 bits), spoke, last interruptible
//	version    32 bytes
//	revision, touched-begun (signed)
//	flow, node, callers (count, then flow and node of each)
//	unrecognized, silent, similar, turns
//	vars (count, then name and value), tags (count, then each), places (count, then question and used)
//	last turn: id, action, params, content, flow id, node id
//	checksum   4 bytes, little-endian CRC-32C of all before it
const (
	snapshotFormat = 1
	flagsAt        = 9
	versionAt      = 10
	bodyAt         = versionAt + len(Hash{})
	checksumSize   = 4

	flagSpoke         = 1 << 4
	flagInterruptible = 1 << 5
	reasonMask        = 1<<4 - 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendBinary appends the snapshot of s to dst.
func (s *State) AppendBinary(dst []byte) []byte {
	begin := len(dst)
	dst = append(dst, snapshotFormat)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(s.Touched))
	dst = append(dst, s.flags())
	dst = append(dst, s.Version[:]...)
	dst = binary.AppendUvarint(dst, s.Revision)
	dst = binary.AppendVarint(dst, s.Touched-s.Begun)
	dst = appendFrame(dst, Frame{s.Flow, s.Node})
	dst = binary.AppendUvarint(dst, uint64(len(s.Callers)))
	for _, f := range s.Callers {
		dst = appendFrame(dst, f)
	}
	dst = binary.AppendUvarint(dst, uint64(s.Visit.Unrecognized))
	dst = binary.AppendUvarint(dst, uint64(s.Visit.Silent))
	dst = binary.AppendUvarint(dst, uint64(s.Visit.Similar))
	dst = binary.AppendUvarint(dst, uint64(s.Turns))
	dst = binary.AppendUvarint(dst, uint64(len(s.Vars)))
	for _, v := range s.Vars {
		dst = appendString(appendString(dst, v.Name), v.Value)
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.Tags)))
	for _, t := range s.Tags {
		dst = binary.AppendUvarint(dst, uint64(t))
	}
	dst = binary.AppendUvarint(dst, uint64(len(s.Places)))
	for _, p := range s.Places {
		dst = binary.AppendUvarint(dst, uint64(p.Question))
		dst = binary.AppendUvarint(dst, uint64(p.Used))
	}
	dst = appendString(appendString(dst, s.Last.TurnID), s.Last.Action)
	dst = appendString(appendString(dst, s.Last.ActionParams), s.Last.Content)
	dst = appendString(appendString(dst, s.Last.FlowID), s.Last.NodeID)
	return binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[begin:], castagnoli))
}

// ReadSnapshot makes s the state that AppendBinary wrote, reusing the slices
// of s. Its strings are parts of snapshot. The error wraps [ErrCorrupt].
func (s *State) ReadSnapshot(snapshot string) error {
	body := len(snapshot) - checksumSize
	if body < bodyAt {
		return fmt.Errorf("%w: a snapshot of %d bytes", ErrCorrupt, len(snapshot))
	}
	if snapshot[0] != snapshotFormat {
		return fmt.Errorf("%w: snapshot format %d, this program reads %d", ErrCorrupt, snapshot[0], snapshotFormat)
	}
	if sum := littleEndian(snapshot[body:]); uint32(sum) != checksum(snapshot[:body]) {
		return fmt.Errorf("%w: wrong checksum", ErrCorrupt)
	}
	r := reader{in: snapshot[bodyAt:body]}
	s.Touched = touched(snapshot)
	flags := snapshot[flagsAt]
	s.Ended = EndReason(flags & reasonMask)
	s.Spoke = flags&flagSpoke != 0
	s.Last.Interruptible = flags&flagInterruptible != 0
	copy(s.Version[:], snapshot[versionAt:])
	s.Revision = r.uvarint(math.MaxUint64)
	s.Begun = s.Touched - r.varint()
	f := r.frame()
	s.Flow, s.Node = f.Flow, f.Node
	s.Callers = s.Callers[:0]
	for range r.count() {
		s.Callers = append(s.Callers, r.frame())
	}
	s.Visit = Visit{Unrecognized: r.uint16(), Silent: r.uint16(), Similar: r.uint16()}
	s.Turns = uint32(r.uvarint(math.MaxUint32))
	s.Vars = s.Vars[:0]
	for range r.count() {
		s.Vars = append(s.Vars, Var{Name: r.string(), Value: r.string()})
	}
	s.Tags = s.Tags[:0]
	for range r.count() {
		s.Tags = append(s.Tags, r.uint16())
	}
	s.Places = s.Places[:0]
	for range r.count() {
		s.Places = append(s.Places, Place{Question: r.uint16(), Used: r.uint16()})
	}
	s.Last.TurnID, s.Last.Action = r.string(), r.string()
	s.Last.ActionParams, s.Last.Content = r.string(), r.string()
	s.Last.FlowID, s.Last.NodeID = r.string(), r.string()
	if r.bad || r.in != "" {
		return fmt.Errorf("%w: a snapshot that does not end where it should", ErrCorrupt)
	}
	return nil
}

func (s *State) flags() byte {
	b := byte(s.Ended) & reasonMask
	if s.Spoke {
		b |= flagSpoke
	}
	if s.Last.Interruptible {
		b |= flagInterruptible
	}
	return b
}

func appendFrame(dst []byte, f Frame) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(dst, uint64(f.Flow)), uint64(f.Node))
}

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// touched and ended read a snapshot that this process wrote without decoding it.
func touched(snapshot string) int64 { return int64(littleEndian(snapshot[1:flagsAt])) }
func ended(snapshot string) bool    { return snapshot[flagsAt]&reasonMask != 0 }

func littleEndian(s string) (n uint64) {
	for i := len(s) - 1; i >= 0; i-- {
		n = n<<8 | uint64(s[i])
	}
	return n
}
