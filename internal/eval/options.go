package eval

// Options change what is trained on or judged. The zero value changes nothing.
type Options struct {
	Shots int // How many examples of an intent to train on; 0: all.
	// Homophones is the share of the Han characters in judged rows that is
	// replaced by homophones, in [0, 1].
	Homophones float64
	// Seed draws the shots, the homophones and the folds. The same seed draws
	// the same.
	Seed uint64
}

func (o Options) mishear(rows []Row) []Row {
	if o.Homophones == 0 {
		return rows
	}
	m := newMishearing(o.Homophones, o.Seed)
	misheard := make([]Row, len(rows))
	for i, row := range rows {
		misheard[i] = row
		misheard[i].Text = m.text(row.Text)
	}
	return misheard
}
