package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBinaryGrowth builds a program with and without nlu. gse's own
// dictionaries would add 33 MB; see dictionarySegmenter for what keeps them out.
func TestBinaryGrowth(t *testing.T) {
	const limit = 8 << 20
	grown := binarySize(t, "with") - binarySize(t, "without")
	t.Logf("nlu with its dictionary adds %.1f MB to a binary", float64(grown)/(1<<20))
	if grown > limit {
		t.Errorf("nlu adds %d bytes to a binary, want at most %d", grown, limit)
	}
}

func binarySize(t *testing.T, program string) int64 {
	t.Helper()
	out := filepath.Join(t.TempDir(), program)
	if said, err := exec.Command("go", "build", "-o", out, "./testdata/"+program).CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", program, err, said)
	}
	info, err := os.Stat(out)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
