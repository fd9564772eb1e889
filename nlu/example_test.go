package nlu_test

import (
	"fmt"

	"github.com/talkgraph/talkgraph/nlu"
)

func Example() {
	model, problems := nlu.Train([]nlu.Class{
		{Name: "本人", Examples: []string{"是", "是我", "对的"}, Keywords: []string{"本人"}},
		{Name: "打错", Examples: []string{"不是", "打错了", "你找谁"}},
	}, nlu.Config{})
	fmt.Println("problems:", len(problems))

	scores := make([]float64, model.Len())
	for _, text := range []string{"嗯，是我。", "我是他本人", "不是本人"} {
		model.Score(text, scores)
		fmt.Printf("%s 本人 %v 打错 %v\n", text, scores[0] >= nlu.Threshold, scores[1] >= nlu.Threshold)
	}
	// Output:
	// problems: 0
	// 嗯，是我。 本人 true 打错 false
	// 我是他本人 本人 true 打错 false
	// 不是本人 本人 false 打错 true
}

func ExampleModel_Explain() {
	model, _ := nlu.Train([]nlu.Class{
		{Name: "本人", Examples: []string{"是", "是我", "对的"}, Keywords: []string{"本人"}},
	}, nlu.Config{})
	e := model.Explain("不是本人")
	fmt.Println(e.Tokens)
	fmt.Println(e.Classes[0].Name, e.Classes[0].Kind, e.Classes[0].Keywords)
	// Output:
	// [不是 (negated) 本人 (negated)]
	// 本人 similar [本人: negated otherwise than the keyword]
}

func ExampleNormalize() {
	fmt.Println(nlu.Normalize("嗯，那个我想  问一下ＶＩＰ！"))
	// Output: 我想问一下vip
}
