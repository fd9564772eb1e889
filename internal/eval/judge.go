package eval

import (
	"encoding/json"
	"math"

	"github.com/talkgraph/talkgraph/nlu"
)

// A Score is what the matcher says of a class, in [0, 1].
type Score float64

// MarshalJSON writes the score with at most four digits after the point: what
// is behind them may differ from processor to processor.
func (s Score) MarshalJSON() ([]byte, error) { return json.Marshal(math.Round(float64(s)*1e4) / 1e4) }

// A Judgement is a row and what the matcher made of it.
type Judgement struct {
	Row
	Best  string // The class with the highest score, the first of equals; "" when all are 0.
	Score Score  // Of Best.
	Own   Score  // The score of the row's own intent; 0 when it has none.

	by *judge
}

// right reports whether the best class is the row's intent, whatever its score.
func (j *Judgement) right() bool { return j.Best == j.Intent }

func (j *Judgement) inScope() bool { return j.Intent != OutOfScope }

// A judge is a trained matcher with room for its scores.
type judge struct {
	model     *nlu.Model
	names     []string
	threshold float64
	scores    []float64
}

func newJudge(model *nlu.Model, t *Training) *judge {
	j := &judge{model: model, threshold: t.Threshold, scores: make([]float64, len(t.Classes))}
	for i := range t.Classes {
		j.names = append(j.names, t.Classes[i].Name)
	}
	return j
}

func (j *judge) judge(row Row) Judgement {
	j.model.Score(row.Text, j.scores)
	result := Judgement{Row: row, by: j}
	for i := range j.scores {
		score := Score(j.scores[i])
		if score > result.Score {
			result.Best, result.Score = j.names[i], score
		}
		if j.names[i] == row.Intent {
			result.Own = max(result.Own, score)
		}
	}
	return result
}

func (j *judge) judgeAll(rows []Row) []Judgement {
	judgements := make([]Judgement, len(rows))
	for i, row := range rows {
		judgements[i] = j.judge(row)
	}
	return judgements
}
