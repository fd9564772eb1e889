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
	packed, err := pack(trim(entries, 2))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := unpack(t, packed), "桃子 30\n苹果 30\n"; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
}

// TestDictionaryIsReproducible makes the committed dictionary again. The bytes
// of gzip may differ from one Go to the next; the words may not.
func TestDictionaryIsReproducible(t *testing.T) {
	out := filepath.Join(t.TempDir(), "dict.txt.gz")
	if err := run(60000, out); err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("../../nlu/dict.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	if unpack(t, made) != unpack(t, committed) {
		t.Error("dict.txt.gz is not what dictgen makes; run go generate ./nlu")
	}
}

func TestRunReportsWhereItCannotWrite(t *testing.T) {
	if err := run(10, filepath.Join(t.TempDir(), "absent", "dict")); err == nil {
		t.Error("want an error")
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
