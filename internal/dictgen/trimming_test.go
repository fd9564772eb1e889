package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/talkgraph/talkgraph/nlu"
)

// TestTrimming shows what keeping fewer words does to the boundaries of
// keywords; go test -v prints the table. The scripts of testdata give the
// keywords and sentences callers say, boundaries.tsv pairs in which a keyword
// is a word or only looks like one.
func TestTrimming(t *testing.T) {
	source, err := openSource()
	if err != nil {
		t.Fatal(err)
	}
	full, err := io.ReadAll(source)
	if err != nil {
		t.Fatal(err)
	}
	_ = source.Close() // Only read.
	entries, err := read(bytes.NewReader(full))
	if err != nil {
		t.Fatal(err)
	}
	pairs := append(scriptPairs(t), ownPairs(t)...)
	whole := segmented(t, "full", full)
	want := whole.verdicts(pairs)

	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "words\tagree with full\tright\tload ms\theap MB\t\n")
	for _, words := range []int{20_000, 40_000, 60_000, 80_000, 0} {
		s := whole
		if words > 0 {
			kept, _ := split(slices.Clone(entries), words)
			s = segmented(t, fmt.Sprint(words), lines(kept))
		}
		got := s.verdicts(pairs)
		agree, right := agreement(pairs, want, got)
		fmt.Fprintf(w, "%s\t%.1f %%\t%.1f %%\t%.0f\t%.1f\t\n", s.name, 100*agree, 100*right, s.load.Seconds()*1000, s.heap)
		if words == 60_000 && (agree < 0.97 || right < 0.9) {
			t.Errorf("60,000 words agree with the full dictionary in %.3f of the verdicts, %.3f are right; want 0.97 and 0.9", agree, right)
		}
	}
	_ = w.Flush() // Into memory.
	t.Logf("%d hits\n%s", len(pairs), table.String())
}

// A pair is a sentence in which the letters of a keyword occur.
type pair struct {
	keyword, sentence string
	known, word       bool // whether it is a word there, when somebody said
}

// agreement returns the share of verdicts that are those of want, and of those
// that somebody has given that are right.
func agreement(pairs []pair, want, got []bool) (agree, right float64) {
	judged := 0
	for i, p := range pairs {
		if got[i] == want[i] {
			agree++
		}
		if p.known {
			judged++
			if got[i] == p.word {
				right++
			}
		}
	}
	return agree / float64(len(pairs)), right / float64(judged)
}

// A cutter is a segmenter over one dictionary, and what it cost to load.
type cutter struct {
	nlu.Segmenter
	name string
	load time.Duration
	heap float64 // MB
}

func segmented(t *testing.T, name string, dictionary []byte) cutter {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	s, err := nlu.NewSegmenter(bytes.NewReader(dictionary))
	if err != nil {
		t.Fatal(err)
	}
	load := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	return cutter{s, name, load, float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / (1 << 20)}
}

// verdicts reports of each pair whether the keyword hits.
func (c cutter) verdicts(pairs []pair) []bool {
	models := map[string]*nlu.Model{}
	hits := make([]bool, len(pairs))
	for i, p := range pairs {
		m, ok := models[p.keyword]
		if !ok {
			m, _ = nlu.Train([]nlu.Class{{Keywords: []string{p.keyword}}}, nlu.Config{Segmenter: c})
			models[p.keyword] = m
		}
		score := make([]float64, 1)
		m.Score(p.sentence, score)
		hits[i] = score[0] > nlu.Threshold
	}
	return hits
}

func lines(entries []entry) []byte {
	var b bytes.Buffer
	for _, e := range entries {
		fmt.Fprintf(&b, "%s %d\n", e.word, e.frequency)
	}
	return b.Bytes()
}

// scriptPairs are all keywords of the scripts of testdata in all their
// utterances.
func scriptPairs(t *testing.T) []pair {
	t.Helper()
	files, err := filepath.Glob("../../testdata/scripts/*/script.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts in testdata: %v", len(files), err)
	}
	var keywords, sentences []string
	for _, file := range files {
		var script struct {
			Intents []struct{ Utterances, Keywords []string }
		}
		if err := json.Unmarshal(readFile(t, file), &script); err != nil {
			t.Fatal(err)
		}
		for _, intent := range script.Intents {
			keywords = append(keywords, intent.Keywords...)
			sentences = append(sentences, intent.Utterances...)
		}
	}
	var pairs []pair
	for _, sentence := range sentences {
		for _, keyword := range keywords {
			if strings.Contains(nlu.Normalize(sentence), nlu.Normalize(keyword)) {
				pairs = append(pairs, pair{keyword: keyword, sentence: sentence})
			}
		}
	}
	return pairs
}

func ownPairs(t *testing.T) []pair {
	t.Helper()
	content, err := os.ReadFile("testdata/boundaries.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var pairs []pair
	for line := range strings.Lines(string(content)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) == 3 && !strings.HasPrefix(line, "#") {
			pairs = append(pairs, pair{fields[0], fields[1], true, fields[2] == "yes"})
		}
	}
	return pairs
}
