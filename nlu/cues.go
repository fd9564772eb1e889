package nlu

// cueIndex finds the longest cue that begins at a token. It is a lexicon that
// asks for the first two tokens at once: some characters begin dozens of cues
// (不, 没), and most of what follows them continues none. Built once, then only
// read.
type cueIndex struct {
	single, pair   cueFilter // ids of one token, and of the first two
	denies, denied cueFilter // the same, of cues by which something may be denied
	kinds          map[uint64]cueKind
	longer         map[uint64][]lexeme[cueKind] // by their first two tokens, longest first
}

// cueFilter tells most ids that are not in a set from those that are. With some
// 500 ids, 16,384 bits err on three in a hundred.
type cueFilter [256]uint64

func (f *cueFilter) add(id uint64) { f[id>>56] |= 1 << (id >> 50 & 63) }

func (f *cueFilter) may(id uint64) bool { return f[id>>56]&(1<<(id>>50&63)) != 0 }

// one and two hash the ids of a token and of two tokens, so that their upper
// bits are even. The multipliers are those of mix.
func one(a uint64) uint64 { return a * 0x9e3779b97f4a7c15 }

func two(a, b uint64) uint64 { return (a*0x9e3779b97f4a7c15 ^ b) * 0xd6e8feb86659fd93 }

func (x *cueIndex) add(phrase string, kind cueKind) {
	ids := x.ids(phrase)
	if len(ids) == 1 {
		x.single.add(one(ids[0]))
		if kind.matters() {
			x.denies.add(one(ids[0]))
		}
		x.kinds[ids[0]] = kind
		return
	}
	key := two(ids[0], ids[1])
	x.pair.add(key)
	if kind.matters() {
		x.denied.add(key)
	}
	list := x.longer[key]
	at := len(list)
	for at > 0 && len(list[at-1].ids) < len(ids) {
		at--
	}
	x.longer[key] = append(list[:at:at], append([]lexeme[cueKind]{{ids, kind}}, list[at:]...)...)
}

func (x *cueIndex) ids(phrase string) []uint64 {
	var r reading
	r.fold(phrase)
	ids := make([]uint64, len(r.tokens))
	for i, t := range r.tokens {
		ids[i] = t.id
	}
	return ids
}

// longest returns the kind of the longest cue beginning at tokens[0], and its
// length in tokens, 0 when none begins there.
func (x *cueIndex) longest(tokens []token) (kind cueKind, n int) {
	first := tokens[0].id
	if len(tokens) > 1 && !tokens[1].opens {
		if key := two(first, tokens[1].id); x.pair.may(key) {
			list := x.longer[key]
			for i := range list {
				if list[i].fits(tokens, false) {
					return list[i].value, len(list[i].ids)
				}
			}
		}
	}
	if !x.single.may(one(first)) {
		return cueNone, 0
	}
	kind, found := x.kinds[first]
	if !found {
		return cueNone, 0
	}
	return kind, 1
}

// mayDeny reports whether a word of denial may begin at some token; it errs on
// the side of yes.
func (x *cueIndex) mayDeny(tokens []token) bool {
	for i := range tokens {
		id := tokens[i].id
		if x.denies.may(one(id)) {
			return true
		}
		if i+1 < len(tokens) && x.denied.may(two(id, tokens[i+1].id)) {
			if kind, _ := x.longest(tokens[i:]); kind.matters() {
				return true
			}
		}
		if id == '什' && mocking(tokens, i) {
			return true
		}
	}
	return false
}

// mocking reports whether a verb may stand on both sides of 什么 at i.
func mocking(tokens []token, i int) bool {
	return i+2 < len(tokens) && (i > 0 && tokens[i-1].id == tokens[i+2].id || i > 1 && tokens[i-2].id == tokens[i+2].id)
}
