package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadAndTrim(t *testing.T) {
	source := "苹果 30 n\n梨 900 n\n1号店 50 n\n香蕉 20 n\n坏行\n怪 x n\n一二三四五六七 99 n\n桃子 30 n\n"
	entries, err := read(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	kept, characters := split(entries, 2)
	packed, err := pack(kept)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := unpack(t, packed), "桃子 30\n苹果 30\n"; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
	if len(characters) != 1 || characters['梨'] != 900 {
		t.Errorf("characters %v, want 梨 900 times", characters)
	}
}

func TestDoubledFile(t *testing.T) {
	words := []entry{{"谢谢", 100}, {"看看", 5}, {"看见", 70}}
	file := string(doubledFile(words, map[rune]int{'谢': 200, '看': 900}))
	for _, want := range []string{"DO NOT EDIT", `doubledWords = "谢看"`, `mostlyDoubled = "谢"`} {
		if !strings.Contains(file, want) {
			t.Errorf("want %s in\n%s", want, file)
		}
	}
}

// TestGeneratedIsCommitted makes the committed files again. The bytes of gzip
// may differ from one Go to the next; the words may not.
func TestGeneratedIsCommitted(t *testing.T) {
	out, doubled := filepath.Join(t.TempDir(), "dict.txt.gz"), filepath.Join(t.TempDir(), "doubled.go")
	if err := run(60000, out, doubled); err != nil {
		t.Fatal(err)
	}
	if unpack(t, readFile(t, out)) != unpack(t, readFile(t, "../../nlu/dict.txt.gz")) {
		t.Error("dict.txt.gz is not what dictgen makes; run go generate ./nlu")
	}
	if !bytes.Equal(readFile(t, doubled), readFile(t, "../../nlu/doubled.go")) {
		t.Error("doubled.go is not what dictgen makes; run go generate ./nlu")
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestRunReportsWhereItCannotWrite(t *testing.T) {
	absent := filepath.Join(t.TempDir(), "absent", "file")
	if err := run(10, absent, os.DevNull); err == nil {
		t.Error("dictionary: want an error")
	}
	if err := run(10, os.DevNull, absent); err == nil {
		t.Error("doubled words: want an error")
	}
}

func unpack(t *testing.T, packed []byte) string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
