package nlu

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// Speech recognition writes what it heard with the wrong characters: 课程 comes
// as 可成, 利息 as 你席. So a Han character is also a syllable, without its tone
// and with the sounds folded together that callers and recognisers confuse:
// n and l, f and h, zh ch sh and z c s, -ng and -n.

// The characters whose readings are known: the Unified Ideographs of Unicode's
// basic plane and their extension A.
const (
	firstRead = 0x3400
	lastRead  = 0x9fff
)

// syllables holds a hash of the folded syllable of each character, 0 where none
// is known. There are about 400 syllables, so 32 bits tell them apart. Read only.
type syllables [lastRead - firstRead + 1]uint32

// readings takes the dictionary's first, most common reading of each character,
// once, when the first script is trained.
var readings = sync.OnceValue(func() *syllables {
	s := new(syllables)
	for c, written := range pinyin.PinyinDict {
		if c >= firstRead && c <= lastRead {
			first, _, _ := strings.Cut(written, ",")
			s[c-firstRead] = uint32(wordID([]byte(foldSyllable(toneless(first)))))
		}
	}
	return s
})

// of returns an id of the syllable of a character, or of the character itself
// when it has no known reading.
func (s *syllables) of(id uint64) uint64 {
	if id >= firstRead && id <= lastRead && s[id-firstRead] != 0 {
		return 1<<32 | uint64(s[id-firstRead])
	}
	return id
}

// toneless removes the tone marks of a reading; ü becomes v.
func toneless(reading string) string {
	plain := make([]rune, 0, len(reading))
	for _, c := range norm.NFD.String(reading) {
		switch {
		case c < 0x300:
			plain = append(plain, c)
		case c == 0x308: // The two dots of ü.
			plain[len(plain)-1] = 'v'
		}
	}
	return string(plain)
}

// foldedInitials are the beginnings that are heard as one another. Before f
// became h it was hu: fang and huang, fei and hui.
var foldedInitials = strings.NewReplacer(
	"^zh", "z", "^ch", "c", "^sh", "s", "^n", "l", "^fu", "hu", "^fo", "huo", "^f", "hu", "^", "",
)

// foldSyllable folds a toneless syllable.
func foldSyllable(syllable string) string {
	folded := foldedInitials.Replace("^" + syllable)
	if strings.HasSuffix(folded, "ng") && !strings.HasSuffix(folded, "ong") {
		folded = folded[:len(folded)-1]
	}
	return folded
}
