package eval

import (
	"math/rand/v2"
	"slices"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// A mishearing writes homophones for some Han characters, as a speech
// recogniser does that knows the sounds but not the words. Homophones have the
// same syllable but for its tone, each character taken at its most common
// reading, and are characters of the first level of GB 2312: the 3,755 in daily
// use. Where there is no such homophone the character stays.
type mishearing struct {
	share float64
	seed  uint64
	heard map[string][]rune // By syllable: what can be written for it.
}

func newMishearing(share float64, seed uint64) *mishearing {
	m := &mishearing{share: share, seed: seed, heard: make(map[string][]rune)}
	for _, r := range dailyCharacters() {
		syllable := syllableOf(r)
		m.heard[syllable] = append(m.heard[syllable], r)
	}
	return m
}

// dailyCharacters returns the first level of GB 2312: its rows 16 to 55, which
// GBK encodes as two bytes from B0A1 to F7FE. Row 55 ends at D7F9.
func dailyCharacters() []rune {
	var encoded []byte
	for high := byte(0xb0); high <= 0xd7; high++ {
		for low := byte(0xa1); low <= 0xfe && (high < 0xd7 || low <= 0xf9); low++ {
			encoded = append(encoded, high, low)
		}
	}
	decoded, err := simplifiedchinese.GBK.NewDecoder().Bytes(encoded)
	if err != nil {
		return nil // Impossible: the decoder replaces what it does not know.
	}
	return []rune(string(decoded))
}

func syllableOf(r rune) string {
	readings := pinyin.SinglePinyin(r, pinyin.NewArgs())
	if len(readings) == 0 {
		return ""
	}
	return readings[0]
}

// text returns a text misheard. The same text is always misheard alike.
func (m *mishearing) text(text string) string {
	random := rand.New(rand.NewPCG(m.seed, draw(m.seed, text)))
	written := []rune(text)
	for i, r := range written {
		if !unicode.Is(unicode.Han, r) || random.Float64() >= m.share {
			continue
		}
		if syllable := syllableOf(r); syllable != "" {
			written[i] = another(m.heard[syllable], r, random)
		}
	}
	return string(written)
}

// another returns one of the characters that is not r, or r if there is none.
func another(characters []rune, r rune, random *rand.Rand) rune {
	n := len(characters) - count(slices.Contains(characters, r))
	if n == 0 {
		return r
	}
	// The last one stands in where r itself is drawn.
	if c := characters[random.IntN(n)]; c != r {
		return c
	}
	return characters[len(characters)-1]
}
