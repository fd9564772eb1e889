package nlu

import (
	"fmt"
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
