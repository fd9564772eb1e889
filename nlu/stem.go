package nlu

// stemEndings are taken from the end of a word, the first that fits, when the
// stem that is left has at least three letters. The letter pieces carry the
// rest of English morphology, so this need not be a full stemmer.
var stemEndings = []struct {
	ending string
	keep   int // how many letters of the ending stay
}{
	{"'s", 0}, {"ies", 1}, {"sses", 2}, {"ing", 0}, {"ied", 1}, {"ed", 0}, {"es", 0}, {"ss", 2}, {"s", 0}, {"e", 0},
}

// stemLength returns how many bytes of a folded word are its stem.
func stemLength(word []byte) int {
	for _, e := range stemEndings {
		stem := len(word) - len(e.ending)
		if stem >= 3 && string(word[stem:]) == e.ending {
			return stem + e.keep
		}
	}
	return len(word)
}
