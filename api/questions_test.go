package api

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuestions(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		made := c.must("ListGlobalQuestions", key...).at(t, "GlobalQuestions", "TotalCount").(float64) // Every script begins with some.
		id := c.must("CreateGlobalQuestion", with(key, "GlobalQuestionName", "谁", "GlobalQuestionType", "common",
			"Questions", `["你是谁","哪位",""]`, "Answers.1", "我是\n小李", "Answers.2", "<小李>")...).at(t, "GlobalQuestionId").(string)
		want := map[string]any{
			"ScriptId": key[3], "GlobalQuestionId": id, "GlobalQuestionName": "谁", "GlobalQuestionType": "COMMON",
			"Questions": `["你是谁","哪位"]`, "Answers": `["我是\n小李","<小李>"]`,
		}
		if diff := cmp.Diff(want, c.must("DescribeGlobalQuestion", with(key, "GlobalQuestionId", id)...).at(t, "GlobalQuestion")); diff != "" {
			t.Errorf("DescribeGlobalQuestion (-want +got):\n%s", diff)
		}
		page := c.must("ListGlobalQuestions", with(key, "PageSize", "1")...).at(t, "GlobalQuestions")
		if diff := cmp.Diff(map[string]any{"List": []any{want}, "PageNumber": 1.0, "PageSize": 1.0, "TotalCount": made + 1}, page); diff != "" {
			t.Errorf("ListGlobalQuestions (-want +got):\n%s", diff)
		}

		// A role is kept until another is given or the question is none of the system's.
		modify := func(kind, role string) any {
			got := c.must("ModifyGlobalQuestion", with(key, "GlobalQuestionId", id, "GlobalQuestionName", "好", "GlobalQuestionType", kind,
				"Questions", "[]", "Answers", "在吗", "Role", role)...)
			if got.at(t, "DialogueQuestionId") != id || got.at(t, "GlobalQuestionId") != id {
				t.Errorf("ModifyGlobalQuestion answered %v", got)
			}
			return c.must("DescribeGlobalQuestion", with(key, "GlobalQuestionId", id)...).at(t, "GlobalQuestion")
		}
		for _, step := range []struct{ kind, role, want string }{
			{"SYSTEM", "Silence", "silence"}, {"System", "", "silence"}, {"SYSTEM", "repeat", "repeat"}, {"COMMON", "", ""}, {"SYSTEM", "", ""},
		} {
			want := map[string]any{
				"ScriptId": key[3], "GlobalQuestionId": id, "GlobalQuestionName": "好", "GlobalQuestionType": strings.ToUpper(step.kind),
				"Questions": "[]", "Answers": `["在吗"]`,
			}
			if step.want != "" {
				want["Role"] = step.want
			}
			if diff := cmp.Diff(want, modify(step.kind, step.role)); diff != "" {
				t.Errorf("modified to %v (-want +got):\n%s", step, diff)
			}
		}
		c.must("DeleteGlobalQuestion", with(key, "GlobalQuestionId", id)...)
		c.refused("NotExist.GlobalQuestion", "DescribeGlobalQuestion", with(key, "GlobalQuestionId", id)...)
	})
}

func TestQuestionsRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		content := []string{"GlobalQuestionName", "name", "GlobalQuestionType", "SYSTEM", "Questions", "[]", "Answers", "[]"}
		id := c.must("CreateGlobalQuestion", with(key, content...)...).at(t, "GlobalQuestionId").(string)
		foreign := c.newScript("two")
		before := c.must("ListGlobalQuestions", key...)
		// but returns the content with other values: of two the later is sent.
		but := func(changes ...string) []string { return with(with(key, content...), changes...) }
		for _, r := range []struct {
			code    string
			changes []string
		}{
			{"MissingParameter", []string{"GlobalQuestionName", ""}},
			{"MissingParameter", []string{"GlobalQuestionType", ""}},
			{"MissingParameter", []string{"Questions", ""}},
			{"MissingParameter", []string{"Answers", ""}},
			{"InvalidGlobalQuestionName.Duplicated", nil},
			{"InvalidParameter", []string{"GlobalQuestionType", "OTHER"}},
			{"InvalidParameter", []string{"GlobalQuestionName", strings.Repeat("x", 65)}},
			{"InvalidParameter", []string{"Questions", `["a"`}},
			{"InvalidParameter", []string{"Questions", `[1]`}},
			{"InvalidParameter", []string{"Questions", `[["a"]]`}},
			{"InvalidParameter", []string{"Questions", strings.Repeat("x", 1025)}},
			{"InvalidParameter", []string{"Questions", "a\nb"}},
			{"InvalidParameter", []string{"Answers", strings.Repeat("x", 4097)}},
			{"InvalidParameter", []string{"Answers", `["\u0000"]`}},
			{"InvalidParameter", []string{"Role", "other"}},
			{"InvalidParameter", []string{"GlobalQuestionType", "COMMON", "Role", "silence"}},
			{"NotExist.Script", []string{"ScriptId", foreign[3]}},
			{"NotExist.Script", []string{"InstanceId", foreign[1]}},
			{"NotExist.Instance", []string{"InstanceId", "none"}},
		} {
			c.refused(r.code, "CreateGlobalQuestion", but(r.changes...)...)
			if r.code != "InvalidGlobalQuestionName.Duplicated" {
				c.refused(r.code, "ModifyGlobalQuestion", append(but(r.changes...), "GlobalQuestionId", id)...)
			}
		}
		c.refused("NotExist.GlobalQuestion", "ModifyGlobalQuestion", append(but("GlobalQuestionName", "x"), "GlobalQuestionId", "none")...)
		for _, action := range []string{"DescribeGlobalQuestion", "DeleteGlobalQuestion"} {
			c.refused("NotExist.GlobalQuestion", action, with(foreign, "GlobalQuestionId", id)...)
			c.refused("NotExist.Script", action, "InstanceId", key[1], "ScriptId", foreign[3], "GlobalQuestionId", id)
			c.refused("MissingParameter", action, key...)
		}
		for _, page := range []string{"0", "-1", "x", "1.5", "99999999999999999999"} {
			c.refused("InvalidParameter", "ListGlobalQuestions", with(key, "PageNumber", page)...)
		}
		c.refused("InvalidParameter", "ListGlobalQuestions", with(key, "PageSize", "101")...)
		if got := c.must("ListGlobalQuestions", with(key, "PageNumber", "9007199254740993", "PageSize", "100")...); len(got.at(t, "GlobalQuestions", "List").([]any)) != 0 {
			t.Errorf("a page far behind the end has %v", got)
		}
		if diff := cmp.Diff(before, c.must("ListGlobalQuestions", key...)); diff != "" {
			t.Errorf("what was refused changed something:\n%s", diff)
		}
	})
}
