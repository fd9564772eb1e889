package eval

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
)

// WritePage writes the result as one HTML page that needs nothing else: no
// script, no network. Title is the heading, such as the names of the files. All
// text of the rows is escaped. The error is the writer's.
func (r *Result) WritePage(w io.Writer, title string) error {
	page, err := template.New("page").Parse(pageText)
	if err != nil {
		return fmt.Errorf("the page's template: %w", err)
	}
	return page.Execute(w, report{
		Result:      r,
		Title:       title,
		Lines:       r.lines(),
		Reliability: newReliability(r.Judgements, r.Threshold),
		Histogram:   newHistogram(r.Judgements, r.Threshold),
		Intents:     worstFirst(PerIntent(r.Judgements, r.Threshold)),
	})
}

//go:embed page.html
var pageText string

// A report is what the page shows.
type report struct {
	*Result
	Title       string
	Lines       []line
	Reliability diagram
	Histogram   diagram
	Intents     []IntentFigure
}

// worstFirst orders intents by F1, the ones with the most rows first of equals.
func worstFirst(intents []IntentFigure) []IntentFigure {
	slices.SortStableFunc(intents, func(a, b IntentFigure) int {
		switch {
		case a.F1 != b.F1 && a.F1 < b.F1, a.F1 == b.F1 && a.Rows > b.Rows:
			return -1
		case a.F1 == b.F1 && a.Rows == b.Rows:
			return 0
		}
		return 1
	})
	return intents
}

// A diagram has scores from 0 to 1 to the right and shares from 0 to 1 upward.
// Bars and marks are in the units of the page's drawing.
type diagram struct {
	Bars      []bar
	Threshold float64 // Where the threshold is.
	Top       string  // What the upper edge stands for.
	Diagonal  bool    // Whether equal score and share are marked.
}

// A bar is a rectangle with what the page says when it is pointed at.
type bar struct {
	Kind        string // The class of the page's style.
	X, Y, W, H  float64
	Description string
}

// The drawing area of a diagram.
const (
	diagramWidth  = 400
	diagramHeight = 200
)

// bins is how many parts the scores are divided into.
const bins = 10

// binOf returns the part that a score is in; 1 is in the last.
func binOf(score Score) int { return max(0, min(bins-1, int(score*bins))) }

// newReliability shows how often the matcher is right at a score: what is out
// of scope never is.
func newReliability(judgements []Judgement, threshold float64) diagram {
	var rows, right [bins]int
	for i := range judgements {
		bin := binOf(judgements[i].Score)
		rows[bin]++
		right[bin] += count(judgements[i].right())
	}
	d := diagram{Threshold: threshold * diagramWidth, Top: "100 %", Diagonal: true}
	for bin := range bins {
		if rows[bin] > 0 {
			s := share(right[bin], rows[bin])
			d.add("right", bin, 0, 1, float64(s), fmt.Sprintf("score %s: %d of %d rows right, %s", span(bin), right[bin], rows[bin], s))
		}
	}
	return d
}

// newHistogram shows where the scores of rows in scope and out of scope lie,
// each as a share of its own kind, since one kind is often much rarer.
func newHistogram(judgements []Judgement, threshold float64) diagram {
	var in, out [bins]int
	inside, outside := 0, 0
	for i := range judgements {
		if bin := binOf(judgements[i].Score); judgements[i].inScope() {
			in[bin]++
			inside++
		} else {
			out[bin]++
			outside++
		}
	}
	highest := 0.0
	for bin := range bins {
		highest = max(highest, ratio(in[bin], inside), ratio(out[bin], outside))
	}
	d := diagram{Threshold: threshold * diagramWidth, Top: Share(highest).String()}
	for bin := range bins {
		for place, kind := range []struct {
			name     string
			rows, of int
			what     string
		}{{"in", in[bin], inside, "in scope"}, {"out", out[bin], outside, "out of scope"}} {
			if kind.rows > 0 {
				s := share(kind.rows, kind.of)
				d.add(kind.name, bin, place, 2, float64(s)/highest, fmt.Sprintf("score %s: %d rows %s, %s", span(bin), kind.rows, kind.what, s))
			}
		}
	}
	return d
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func span(bin int) string {
	return fmt.Sprintf("%.1f to %.1f", float64(bin)/bins, float64(bin+1)/bins)
}

// add draws the bar at a place of several in a bin, height in [0, 1].
func (d *diagram) add(kind string, bin, place, several int, height float64, description string) {
	const gap = 2
	room := float64(diagramWidth)/bins - 2*gap
	width := room / float64(several)
	tall := math.Round(height*diagramHeight*10) / 10
	d.Bars = append(d.Bars, bar{
		Kind: kind, Description: description,
		X: float64(bin)*diagramWidth/bins + gap + float64(place)*width, W: width,
		Y: diagramHeight - tall, H: tall,
	})
}
