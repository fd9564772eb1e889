// Command dictgen makes the dictionary that package nlu embeds: the most
// frequent simplified Chinese words of the dictionary that comes with
// github.com/go-ego/gse, as gzipped lines of "word frequency".
//
// It finds the source in the module cache, so it runs wherever the module
// builds, and writes the same bytes each time. Run it with go generate ./nlu.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many characters a word may have: longer entries are names
// and sayings that no keyword's boundary depends on.
const longest = 6

func main() {
	words := flag.Int("words", 60000, "how many words to keep")
	out := flag.String("out", "dict.txt.gz", "file to write")
	flag.Parse()
	if err := run(*words, *out); err != nil {
		fmt.Fprintln(os.Stderr, "dictgen:", err)
		os.Exit(1)
	}
}

func run(words int, out string) error {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-ego/gse").Output()
	if err != nil {
		return fmt.Errorf("find gse in the module cache (run go mod download): %w", err)
	}
	source, err := os.Open(filepath.Join(strings.TrimSpace(string(dir)), "data", "dict", "zh", "s_1.txt"))
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // Only read.
	entries, err := read(source)
	if err != nil {
		return err
	}
	packed, err := pack(trim(entries, words))
	if err != nil {
		return err
	}
	return os.WriteFile(out, packed, 0o644)
}

type entry struct {
	word      string
	frequency int
}

// read returns the words of two or more Chinese characters; gse treats single
// characters alike whatever their frequency.
func read(source io.Reader) ([]entry, error) {
	var entries []entry
	lines := bufio.NewScanner(source)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 {
			continue
		}
		n := utf8.RuneCountInString(fields[0])
		frequency, err := strconv.Atoi(fields[1])
		if err != nil || n < 2 || n > longest || !chinese(fields[0]) {
			continue
		}
		entries = append(entries, entry{fields[0], frequency})
	}
	return entries, lines.Err()
}

func chinese(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}

// trim keeps the most frequent words, in the order of their characters, which
// compresses best.
func trim(entries []entry, words int) []entry {
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.frequency, a.frequency), cmp.Compare(a.word, b.word))
	})
	entries = entries[:min(words, len(entries))]
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.word, b.word) })
	return entries
}

func pack(entries []entry) ([]byte, error) {
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, err := fmt.Fprintf(zip, "%s %d\n", e.word, e.frequency); err != nil {
			return nil, err
		}
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}
