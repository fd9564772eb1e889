package nlu

import "testing"

func TestSyllablesThatSoundAlike(t *testing.T) {
	tests := []struct {
		a, b rune
		want bool
	}{
		{'换', '环', true},  // tone
		{'利', '你', true},  // n, l
		{'飞', '灰', false}, // fei is taken for huei, which nobody writes
		{'方', '黄', true},  // f, h
		{'夫', '湖', true},
		{'知', '资', true}, // zh, z
		{'吃', '此', true},
		{'是', '四', true},
		{'按', '昂', true}, // -n, -ng
		{'今', '经', true},
		{'身', '僧', true},
		{'东', '吨', false}, // -ong is not confused with -un
		{'钱', '前', true},
		{'女', '怒', false}, // ü is not u
		{'我', '你', false},
	}
	sounds := readings()
	for _, tt := range tests {
		if got := sounds.of(uint64(tt.a)) == sounds.of(uint64(tt.b)); got != tt.want {
			t.Errorf("%c and %c sound alike: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestSyllableOfWhatHasNone(t *testing.T) {
	for _, id := range []uint64{'ひ', 0x20000, 0, wordID([]byte("vip"))} {
		if got := readings().of(id); got != id {
			t.Errorf("the syllable of %#x is %#x, want the character itself", id, got)
		}
	}
}

// TestMishearing says examples with characters that only sound right.
func TestMishearing(t *testing.T) {
	score := trained(t, []Class{
		{Name: "later", Examples: []string{"我下个月发工资再还", "过几天再还给你们"}},
		{Name: "price", Examples: []string{"这个课程要多少钱", "学费怎么收"}},
		{Name: "busy", Examples: []string{"我现在在开会", "正在开车不方便"}},
	})
	tests := []struct{ said, class string }{
		{"我下个月发公子再环", "later"},
		{"这个可成要多少前", "price"},
		{"我线在在开慧", "busy"},
		{"这个课层要多扫钱", "price"},
	}
	for _, tt := range tests {
		if got := score(tt.said, tt.class); got < Threshold {
			t.Errorf("%s scores %.3f for %s, want at least %.2f", tt.said, got, tt.class, Threshold)
		}
	}
}
