package session_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/talkgraph/talkgraph/session"
)

// FuzzSnapshot puts a right checksum under what the fuzzer made, so that it
// gets past it and at the reader.
func FuzzSnapshot(f *testing.F) {
	s := typical()
	whole := s.AppendBinary(nil)
	f.Add(whole[:len(whole)-4])
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, body []byte) {
		snapshot := binary.LittleEndian.AppendUint32(body, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
		var s session.State
		if err := s.ReadSnapshot(string(snapshot)); err != nil {
			if !errors.Is(err, session.ErrCorrupt) {
				t.Fatalf("got %v, want ErrCorrupt", err)
			}
			return
		}
		var back session.State
		if err := back.ReadSnapshot(string(s.AppendBinary(nil))); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if diff := cmp.Diff(s, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
