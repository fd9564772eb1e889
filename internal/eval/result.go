package eval

// A Result is all that an evaluation found out.
type Result struct {
	Figures
	Cost
	Train int `json:"n_train"` // Examples trained on.
	Test  int `json:"n_test"`  // Rows in scope that were judged.
	OOS   int `json:"n_oos"`   // Rows out of scope that were judged.

	Confusions []Confusion `json:"confusions"`
	Findings   []Finding   `json:"findings,omitzero"` // Of a cross-validation.
	Flips      []Pair      `json:"flips,omitzero"`    // When they were asked for.
	// Notes say what the figures do not: rows that no class can be right for.
	Notes []string `json:"notes,omitempty"`

	Classes    int         `json:"-"` // Trained on.
	Judgements []Judgement `json:"-"`
	Threshold  float64     `json:"-"`
}

// maxConfusions is how many confusions a result lists.
const maxConfusions = 20

// Test trains a matcher and has it judge the rows.
func (m Machine) Test(t *Training, rows []Row, o Options) *Result {
	t, rows = t.shots(o.Shots, o.Seed), o.mishear(rows)
	j, cost := m.train(t)
	m.match(j, rows, &cost)
	return newResult(t, cost, j.judgeAll(rows))
}

func newResult(t *Training, cost Cost, judgements []Judgement) *Result {
	r := &Result{
		Figures:    Measure(judgements, t.Threshold),
		Cost:       cost,
		Train:      t.Examples(),
		Classes:    len(t.Classes),
		Confusions: Confusions(judgements, t.Threshold, maxConfusions),
		Judgements: judgements,
		Threshold:  t.Threshold,
	}
	strangers := 0
	for i := range judgements {
		j := &judgements[i]
		if !j.inScope() {
			r.OOS++
			continue
		}
		r.Test++
		strangers += count(t.class(j.Intent) < 0)
	}
	if strangers > 0 {
		r.Notes = append(r.Notes, quantity(strangers, "judged row has", "judged rows have")+" an intent that was not trained: wrong whatever it is taken for")
	}
	return r
}

// Confuse adds the utterances that flip between two intents, or, when a and b
// are empty, between the most confused pairs of intents that meet.
func (r *Result) Confuse(t *Training, a, b string) {
	pairs := [][2]string{{a, b}}
	if a == "" && b == "" {
		pairs = MostConfused(t, r.Judgements)
	}
	r.Flips = make([]Pair, 0, len(pairs))
	for _, pair := range pairs {
		r.Flips = append(r.Flips, FlipsBetween(pair[0], pair[1], r.Judgements))
	}
}
