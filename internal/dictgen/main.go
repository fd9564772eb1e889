// Command dictgen makes what package nlu knows of Chinese words from the
// dictionary that comes with github.com/go-ego/gse: the most frequent words, as
// gzipped lines of "word frequency", and a Go file of the characters that make
// a word when doubled.
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
	out := flag.String("out", "dict.txt.gz", "dictionary to write")
	doubled := flag.String("doubled", "doubled.go", "Go file of doubled words to write")
	flag.Parse()
	if err := run(*words, *out, *doubled); err != nil {
		fmt.Fprintln(os.Stderr, "dictgen:", err)
		os.Exit(1)
	}
}

func run(words int, out, doubled string) error {
	source, err := openSource()
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // Only read.
	entries, err := read(source)
	if err != nil {
		return err
	}
	kept, characters := split(entries, words)
	packed, err := pack(kept)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, packed, 0o644); err != nil {
		return err
	}
	return os.WriteFile(doubled, doubledFile(kept, characters), 0o644)
}

// openSource opens gse's dictionary of simplified Chinese.
func openSource() (*os.File, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-ego/gse").Output()
	if err != nil {
		return nil, fmt.Errorf("find gse in the module cache (run go mod download): %w", err)
	}
	return os.Open(filepath.Join(strings.TrimSpace(string(dir)), "data", "dict", "zh", "s_1.txt"))
}

type entry struct {
	word      string
	frequency int
}

// read returns the Chinese characters and words.
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
		if err != nil || n > longest || !chinese(fields[0]) {
			continue
		}
		entries = append(entries, entry{fields[0], frequency})
	}
	return entries, lines.Err()
}

func chinese(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
}

// split returns the words to keep, and how frequent each single character is.
// gse treats single characters alike whatever their frequency, so they are not
// among the words.
func split(entries []entry, words int) (kept []entry, characters map[rune]int) {
	characters = map[rune]int{}
	for _, e := range entries {
		if c, size := utf8.DecodeRuneInString(e.word); size == len(e.word) {
			characters[c] = e.frequency
			continue
		}
		kept = append(kept, e)
	}
	return trim(kept, words), characters
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
