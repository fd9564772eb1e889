package flow

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

var spoken = Env{
	Utterance: "我明天下午三点有空", Intent: "有空", Score: 0.75,
	Vars: map[string]string{"course": "钢琴", "level": "3"}, Attempts: 2, Turns: 5,
}

func TestConditionHolds(t *testing.T) {
	for source, want := range map[string]bool{
		`true`:                                            true,
		`intent == "有空" and score >= 0.7`:                 true,
		`vars.course == "钢琴"`:                             true,
		`vars["course"] != "钢琴"`:                          false,
		`vars.nobody == ""`:                               true,
		`digits in ["1", "2"]`:                            false,
		`attempts > 1 && turns < 6`:                       true,
		`utterance matches "[三四]点"`:                       true,
		`utterance not contains "点"`:                      false,
		`any(["下午", "晚上"], utterance contains #)`:         true,
		`count(split(utterance, ""), # == "三") == 1`:      true,
		`int(vars.level) > 2`:                             true,
		`len(filter(["1", "12"], len(#) > 1)) == 1`:       true,
		`score > 0.5 ? turns > 4 : turns > 9`:             true,
		`not (not (not false))`:                           true,
		`- - 1 == 1`:                                      true,
		`1 < 2 and 2 < 3`:                                 true,
		`(1 < 2) == (2 < 3)`:                              true,
		`vars?.course == "钢琴"`:                            true,
		`(vars["x"] ?? "y") == ""`:                        true,
		"utterance == `" + spoken.Utterance + "` // said": true,
		`"[[[((({{{!!!" != utterance /* (((( */`:          true,
	} {
		c, err := newCondition(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if c.Source() != source {
			t.Errorf("Source is %q, want %q", c.Source(), source)
		}
		for range 2 { // A machine is used again.
			if got, err := c.Holds(&spoken); err != nil || got != want {
				t.Errorf("%s: holds %v, %v; want %v", source, got, err, want)
			}
		}
	}
}

func TestConditionsThatAreRefused(t *testing.T) {
	// Each level of these would double the program.
	comparisons, elvis := "1", "true"
	for range 60 {
		comparisons = "1<(" + comparisons + "<1?1:2)<1"
		elvis = "(" + elvis + "?:true)"
	}
	for source, want := range map[string]string{
		`score`:                            "bool",
		`score ==`:                         "unexpected token EOF (line 1, column 8)",
		`intnt == "a"`:                     "unknown name intnt (line 1, column 1)",
		"score > 1 and\n turns == \"a\"":   "mismatched types int and string) (line 2, column 8)",
		`"unclosed`:                        "literal not terminated",
		`now().Year() > 2020`:              "function now is not for conditions",
		`date("2020-01-01").Year() > 2020`: "function date is not for conditions",
		`1 in 1..1000000`:                  "ranges are not for conditions",
		`any(split(utterance, ""), any(split(utterance, ""), true))`: "its cost would multiply",
		`let a = utterance; a == ""`:                                 "let is not for conditions",
		`repeat(utterance, 9) == ""`:                                 "function repeat is not for conditions",
		`reduce(split(utterance, ""), #acc + #acc) == ""`:            "function reduce is not for conditions",
		`utterance matches utterance`:                                "the pattern of matches must be a string",
		`utterance matches "("`:                                      "missing closing )",
		`keys(vars)[0] == "a"`:                                       "function keys is not for conditions",
		`1 < 2 < 3`:                                                  "comparisons cannot follow each other",
		`score ?: 1`:                                                 "?: is not for conditions",
		`vars.a ? : "b"`:                                             "?: is not for conditions",
		comparisons:                                                  "comparisons cannot follow each other",
		elvis:                                                        "?: is not for conditions",
		strings.Repeat("(", 101) + "true" + strings.Repeat(")", 101): "nested deeper than 100",
		strings.Repeat("[", 101):                                     "nested deeper than 100",
		strings.Repeat("{", 101):                                     "nested deeper than 100",
		strings.Repeat("!", 101) + "true":                            "nested deeper than 100",
		strings.Repeat("- ", 101) + "1 == 1":                         "nested deeper than 100",
		strings.Repeat("not ", 101) + "true":                         "nested deeper than 100",
		strings.Repeat("true ? true : ", 101) + "true":               "nested deeper than 100",
		strings.Repeat("2 ** ", 101) + "2 == 1":                      "nested deeper than 100",
		strings.Repeat("len(", 101):                                  "nested deeper than 100",
		strings.Repeat("if true { true } else ", 101):                "nested deeper than 100",
		strings.Repeat("let a = 1; ", 101):                           "nested deeper than 100",
		strings.Repeat("vars[!", 51):                                 "nested deeper than 100",
	} {
		c, err := newCondition(source)
		if err == nil || c != nil || !strings.Contains(complaint(err), want) {
			t.Errorf("%.60s: %v, want %q", source, err, want)
		}
	}
}

func TestConditionsOfAHundredLevelsCompile(t *testing.T) {
	for _, source := range []string{
		strings.Repeat("(", 99) + "true" + strings.Repeat(")", 99),
		strings.Repeat("!", 100) + "true",
		strings.Repeat("true && ", 500) + "true",
		"any([" + strings.Repeat("(1),", 200) + "2], # == 2)",
		strings.Repeat("!(true) || ", 300) + "true",
	} {
		c, err := newCondition(source)
		if err != nil {
			t.Errorf("%.40s…: %v", source, err)
			continue
		}
		if holds, err := c.Holds(&Env{}); !holds || err != nil {
			t.Errorf("%.40s… holds %v, %v", source, holds, err)
		}
	}
}

func TestLongConditionsAreNotParsed(t *testing.T) {
	for _, part := range []string{"(", "[", "{", "!", "-", "not "} {
		if _, err := newCondition(strings.Repeat(part, 8<<20/len(part))); !errors.Is(err, errTooLong) {
			t.Errorf("8 MiB of %q: %v", part, err)
		}
	}
}

func TestConditionThatFailsDoesNotHold(t *testing.T) {
	for _, source := range []string{`int(utterance) > 1`, `[1][turns] == 1`, `turns % attempts == 0`, `[1, true][0]`} {
		c, err := newCondition(source)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		for range 2 {
			if holds, err := c.Holds(&Env{Turns: 3}); holds || err == nil || !strings.Contains(err.Error(), source) {
				t.Errorf("%s: holds %v, %v; want an error that names it", source, holds, err)
			}
		}
	}
}

func TestConditionsAreSafeForConcurrentUse(t *testing.T) {
	c, err := newCondition(`any(["三点", "四点"], utterance contains #) and vars.course == "钢琴"`)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if holds, err := c.Holds(&spoken); !holds || err != nil {
					t.Errorf("holds %v, %v", holds, err)
					return
				}
			}
		})
	}
	group.Wait()
}

func FuzzCondition(f *testing.F) {
	for _, source := range []string{
		`score > 0.5 and intent == "是"`, `any(split(utterance, ""), # in ["a"])`, `vars.a?.b ?? 1 == 1`,
		"1<(1<(1<1?1:2)<1?1:2)<1", "((true?:true)?:true)", "!!!!true", "let a = 1; a == 1", "{a: 1}.a == 1", "`a` | len() == 1", "if true {1} else {2}", `utterance[1:2] == "\u4f60"`,
	} {
		f.Add(source, "你好", 1)
	}
	f.Fuzz(func(t *testing.T, source, utterance string, turns int) {
		c, err := newCondition(source)
		if err != nil {
			if complaint(err) == "" {
				t.Errorf("%q is refused without a word", source)
			}
			return
		}
		env := Env{Utterance: utterance, Turns: turns, Vars: map[string]string{"a": utterance}}
		first, firstErr := c.Holds(&env)
		again, againErr := c.Holds(&env)
		if first != again || (firstErr == nil) != (againErr == nil) || firstErr != nil && first {
			t.Errorf("%q holds %v, %v and then %v, %v", source, first, firstErr, again, againErr)
		}
	})
}
