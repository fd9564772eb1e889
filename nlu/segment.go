package nlu

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
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

//go:generate go run ../internal/dictgen -words 60000 -out dict.txt.gz

// words is the dictionary, "word frequency" a line; see NOTICE.
//
//go:embed dict.txt.gz
var words []byte

// DefaultSegmenter returns the segmenter all models share unless told
// otherwise: go-ego/gse over a trimmed dictionary of simplified Chinese, read
// when it is first asked to cut. Reading it takes about a tenth of a second and
// 30 MB of heap, once in a process.
func DefaultSegmenter() Segmenter { return sharedSegmenter }

var sharedSegmenter = newDictionarySegmenter(words)

// dictionarySegmenter is gse over one dictionary. gse is safe for concurrent
// readers only, so nothing is ever added to it: the script's own words are
// weighed against its cut instead, see keywords.
//
// It holds a function and not the *gse.Segmenter: what an interface can reach,
// a program that uses reflection keeps all methods of, and those of gse would
// bring its own dictionaries, 33 MB, into the binary.
type dictionarySegmenter struct {
	load func() cutter
}

// cutter is what Segmenter.Cut does.
type cutter func(text []byte, ends []int) []int

func newDictionarySegmenter(zipped []byte) *dictionarySegmenter {
	return &dictionarySegmenter{load: sync.OnceValue(func() cutter {
		s := loadDictionary(zipped)
		return func(text []byte, ends []int) []int {
			for _, word := range s.Segment(text) {
				ends = append(ends, word.End())
			}
			return ends
		}
	})}
}

// Cut is the shortest path through the dictionary's words, without a hidden
// Markov model: what the dictionary does not know stays single characters.
func (d *dictionarySegmenter) Cut(text []byte, ends []int) []int { return d.load()(text, ends) }

// loadDictionary panics when the embedded dictionary is damaged: that is a
// broken build, not a broken input.
func loadDictionary(zipped []byte) *gse.Segmenter {
	reader, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		panic(fmt.Sprintf("nlu: embedded dictionary: %v", err))
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic(fmt.Sprintf("nlu: embedded dictionary: %v", err))
	}
	s := &gse.Segmenter{SkipLog: true, NotLoadHMM: true}
	if err := s.LoadDictStr(string(text)); err != nil {
		panic(fmt.Sprintf("nlu: embedded dictionary: %v", err))
	}
	return s
}
