package eval

import (
	"testing"
	"unicode"
)

func TestDailyCharacters(t *testing.T) {
	characters := dailyCharacters()
	if len(characters) != 3755 || characters[0] != '啊' || characters[3754] != '座' {
		t.Fatalf("%d characters, want 3755 from 啊 to 座", len(characters))
	}
	for _, r := range characters {
		if !unicode.Is(unicode.Han, r) || syllableOf(r) == "" {
			t.Errorf("%q has no syllable", r)
		}
	}
}

func TestMishearing(t *testing.T) {
	const text = "喂，我想问一下这个月的账单为什么比上个月多了那么多 APP 12"
	whole := newMishearing(1, 1).text(text)
	for i, r := range []rune(text) {
		heard := []rune(whole)[i]
		switch {
		case !unicode.Is(unicode.Han, r):
			if heard != r {
				t.Errorf("%q became %q", r, heard)
			}
		case syllableOf(heard) != syllableOf(r):
			t.Errorf("%q became %q, which is no homophone", r, heard)
		case heard == r && len(newMishearing(1, 1).heard[syllableOf(r)]) > 1:
			t.Errorf("%q stayed", r)
		}
	}
	if again := newMishearing(1, 1).text(text); again != whole {
		t.Errorf("the same seed heard %q, then %q", whole, again)
	}
	if other := newMishearing(1, 2).text(text); other == whole {
		t.Errorf("two seeds heard the same: %q", whole)
	}
	if none := newMishearing(0, 1).text(text); none != text {
		t.Errorf("a share of 0 heard %q", none)
	}
	// 丢 is the only daily character of its syllable; 龘 is read da, but is rare.
	if got := newMishearing(1, 1).text("丢"); got != "丢" {
		t.Errorf("丢 became %q", got)
	}
	if got := newMishearing(1, 1).text("龘"); syllableOf([]rune(got)[0]) != "da" || got == "龘" {
		t.Errorf("龘 became %q", got)
	}
}

func TestMishearingShare(t *testing.T) {
	m := newMishearing(0.2, 1)
	changed, all := 0, 0
	for _, r := range dailyCharacters() {
		text := string(r) + "一个人说的话"
		heard := []rune(m.text(text))
		for i, r := range []rune(text) {
			changed += count(heard[i] != r)
			all++
		}
	}
	if got := float64(changed) / float64(all); got < 0.19 || got > 0.21 {
		t.Errorf("a share of %.3f was replaced, want 0.2", got)
	}
}
