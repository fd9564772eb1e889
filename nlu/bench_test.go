package nlu

import (
	"fmt"
	"strings"
	"testing"
)

// invented makes n classes of examples each out of a small vocabulary, the
// same every time. No phrase is anybody's; only their number and length count.
func invented(n, examples int) []Class {
	subjects := []string{"我", "你们", "他", "这边", "客户", "家里", "公司", "朋友", "老师", "孩子"}
	verbs := []string{"想问", "需要", "同意", "取消", "办理", "查询", "投诉", "转接", "登记", "确认", "修改", "退订"}
	objects := []string{"课程", "账单", "利息", "合同", "时间", "地址", "费用", "号码", "套餐", "名字", "额度", "日期", "优惠", "发票"}
	random := generator(1)
	classes := make([]Class, n)
	for i := range classes {
		verb, object := verbs[i%len(verbs)], objects[i/len(verbs)%len(objects)]
		classes[i].Name = fmt.Sprintf("intent %d", i)
		for range examples {
			subject := subjects[random.next()%uint64(len(subjects))]
			other := objects[random.next()%uint64(len(objects))]
			classes[i].Examples = append(classes[i].Examples, subject+verb+object+"的"+other)
		}
	}
	return classes
}

// utterance has 12 characters and no keyword.
const utterance = "我想确认一下账单的日期吧"

func BenchmarkScore(b *testing.B) {
	for _, n := range []int{9, 13, 20, 75} {
		b.Run(fmt.Sprintf("classes=%d", n), func(b *testing.B) {
			classes := invented(n, 10)
			classes[0].Keywords = []string{"没有的词", "另一个词"}
			m, _ := Train(classes, Config{})
			scores := make([]float64, n)
			b.ReportAllocs()
			for b.Loop() {
				m.Score(utterance, scores)
			}
		})
	}
	b.Run("keyword", func(b *testing.B) {
		classes := invented(9, 10)
		classes[0].Keywords = []string{"账单"}
		m, _ := Train(classes, Config{})
		scores := make([]float64, len(classes))
		b.ReportAllocs()
		for b.Loop() {
			m.Score(utterance, scores)
		}
	})
}

func BenchmarkTrain(b *testing.B) {
	for _, n := range []int{13, 75} {
		b.Run(fmt.Sprintf("classes=%d", n), func(b *testing.B) {
			classes := invented(n, 10)
			for b.Loop() {
				Train(classes, Config{})
			}
		})
	}
}

func BenchmarkNormalize(b *testing.B) {
	for name, text := range map[string]string{
		"plain":    utterance,
		"repeated": "我我我知道了，知道了，知道了",
		"numbers":  "三百二十块我十二号还行不行",
		"english":  "um, yes yes I know about that bill",
	} {
		b.Run(name, func(b *testing.B) {
			var r reading
			b.ReportAllocs()
			for b.Loop() {
				r.normalize(text)
			}
		})
	}
}

func BenchmarkKeywords(b *testing.B) {
	for _, n := range []int{150, 2250} {
		m, _ := Train([]Class{{Keywords: inventedKeywords(n)}}, Config{})
		for name, text := range map[string]string{"hit": "我想查询一下账单可以吗谢谢", "miss": "明早八点钟我去火车站接他们"} {
			b.Run(fmt.Sprintf("phrases=%d/%s", n, name), func(b *testing.B) {
				var r reading
				r.read(text)
				b.ReportAllocs()
				for b.Loop() {
					m.keywords.search(&r, m.segmenter)
				}
			})
		}
	}
	b.Run("nested", func(b *testing.B) {
		m, text := nestedKeywords()
		scores := make([]float64, m.Len())
		b.ReportAllocs()
		for b.Loop() {
			m.Score(text, scores)
		}
	})
	b.Run("expression", func(b *testing.B) {
		m, _ := Train([]Class{{Keywords: []string{"re:(.*.*甲){20}乙|丙"}}}, Config{})
		text := strings.Repeat("丙丁", maxUtterance/6)
		scores := make([]float64, 1)
		for b.Loop() {
			m.Score(text, scores)
		}
	})
}

// inventedKeywords makes n distinct phrases of two to five characters.
func inventedKeywords(n int) []string {
	letters := []rune("查询账单利息合同时间地址费用号码套餐名字额度日期优惠发票取消办理投诉转接登记确认修改退订课程")
	random := generator(2)
	seen := map[string]bool{"查询": true}
	phrases := []string{"查询"}
	for len(phrases) < n {
		phrase := ""
		for range 2 + random.next()%4 {
			phrase += string(letters[random.next()%uint64(len(letters))])
		}
		if !seen[phrase] {
			seen[phrase] = true
			phrases = append(phrases, phrase)
		}
	}
	return phrases
}
