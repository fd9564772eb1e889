package nlu

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"math"
	"strconv"
	"sync"

	"github.com/go-ego/gse"
)

// A Segmenter tells where the words of a normalised text end. It must be safe
// for concurrent use.
type Segmenter interface {
	// Cut appends to ends the byte offset at which each word of text ends, in
	// order; the last is len(text). Every offset is at the end of a character.
	Cut(text []byte, ends []int) []int
}

//go:generate go run ../internal/dictgen -words 60000 -out dict.txt.gz -doubled doubled.go

// words is the dictionary, "word frequency" a line; see NOTICE.
//
//go:embed dict.txt.gz
var words []byte

// DefaultSegmenter returns the segmenter all models share unless told
// otherwise: go-ego/gse over a trimmed dictionary of simplified Chinese, read
// when it is first asked to cut. Reading it takes under a tenth of a second and
// 15 MB of heap, once in a process.
func DefaultSegmenter() Segmenter { return sharedSegmenter }

var sharedSegmenter = &dictionarySegmenter{load: sync.OnceValue(loadWords)}

// NewSegmenter returns a segmenter over a dictionary of the caller's, lines of
// "word frequency" in UTF-8; what follows on a line is ignored, and so is a
// word that comes again. A frequency is a positive number: of two ways to cut a
// text, the more frequent words win. An error names the line.
func NewSegmenter(dictionary io.Reader) (Segmenter, error) {
	cut, err := loadDictionary(dictionary)
	if err != nil {
		return nil, err
	}
	return &dictionarySegmenter{load: func() cutter { return cut }}, nil
}

// dictionarySegmenter is gse over one dictionary. gse is safe for concurrent
// readers only, so nothing is ever added to it: the script's own words are
// weighed against its cut instead, see keywords.
//
// It holds a function and not what gse made: what an interface can reach, a
// program that uses reflection keeps all methods of, and those of gse would
// bring its own dictionaries, 33 MB, into the binary.
type dictionarySegmenter struct {
	load func() cutter
}

// cutter is what Segmenter.Cut does.
type cutter func(text []byte, ends []int) []int

// Cut is the shortest path through the dictionary's words, without a hidden
// Markov model: what the dictionary does not know stays single characters.
func (d *dictionarySegmenter) Cut(text []byte, ends []int) []int { return d.load()(text, ends) }

// loadWords panics when the embedded dictionary is damaged: that is a broken
// build, not a broken input.
func loadWords() cutter {
	cut, err := loadZipped(words)
	if err != nil {
		panic(fmt.Sprintf("nlu: embedded dictionary: %v", err))
	}
	return cut
}

func loadZipped(zipped []byte) (cutter, error) {
	text, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, err
	}
	return loadDictionary(text)
}

// loadDictionary fills a gse dictionary. gse's own loader would also cut every
// word into smaller ones for search engines, which is half of its time and of
// its memory, and nothing a boundary needs.
func loadDictionary(text io.Reader) (cutter, error) {
	loader := gse.Segmenter{Dict: gse.NewDict()}
	lines, blank := bufio.NewScanner(text), []byte{' '}
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		word, rest, _ := bytes.Cut(line, blank)
		count, _, _ := bytes.Cut(rest, blank)
		frequency, err := strconv.ParseFloat(string(count), 64)
		if err != nil || !(frequency > 0) || math.IsInf(frequency, 1) {
			return nil, fmt.Errorf("dictionary line %d: the frequency of %q is %q; write a number above 0 after the word and a blank", n, word, count)
		}
		if err := loader.AddToken(string(word), frequency); err != nil {
			return nil, fmt.Errorf("dictionary line %d: %q cannot be indexed: %w", n, word, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	return newWordGraph(loader.Dict).cut, nil
}
