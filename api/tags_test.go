package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTags(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		create := func(group, name string) string {
			return c.must("CreateTag", with(key, "TagGroup", group, "TagName", name)...).at(t, "TagId").(string)
		}
		high, low, yes := create("意向", "高"), create("意向", "低"), create("本人", "是")
		groups := func(names ...string) []any {
			list := c.must("ListTags", key...).at(t, "TagGroups").([]any)
			want := make([]any, len(names))
			for i, name := range names {
				want[i] = map[string]any{"ScriptId": key[3], "TagGroup": name, "TagGroupId": list[i].(map[string]any)["TagGroupId"], "TagGroupIndex": float64(i)}
			}
			return want
		}
		tag := func(i int, id, group, name string) any {
			return map[string]any{"ScriptId": key[3], "TagGroup": group, "TagId": id, "TagIndex": float64(i), "TagName": name}
		}
		want := map[string]any{
			"TagGroups": groups("意向", "本人"),
			"Tags":      []any{tag(0, high, "意向", "高"), tag(1, low, "意向", "低"), tag(2, yes, "本人", "是")},
		}
		got := c.must("ListTags", key...).payload()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ListTags (-want +got):\n%s", diff)
		}

		// The groups exchange their places, one tag goes and one is new.
		list := got["TagGroups"].([]any)
		id := func(i int) any { return list[i].(map[string]any)["TagGroupId"] }
		set := c.must("ModifyTagGroups", with(key,
			"TagGroups", fmt.Sprintf(`[{"Id":%q,"ScriptId":%q,"TagGroup":"意愿","TagGroupIndex":7}, {"Id":%q,"TagGroup":"本人","TagGroupIndex":3,"Other":[]}]`, id(0), key[3], id(1)),
			"Tags", fmt.Sprintf(`[{"Id":%q,"TagGroup":"本人","TagName":"是"},{"TagGroup":"本人","TagName":"否"},{"Id":%q,"TagGroup":"意愿","TagName":"高"}]`, yes, high))...).payload()
		no := answer(set).at(t, "Tags", 1, "TagId").(string)
		want = map[string]any{
			"TagGroups": groups("本人", "意愿"),
			"Tags":      []any{tag(0, yes, "本人", "是"), tag(1, no, "本人", "否"), tag(2, high, "意愿", "高")},
		}
		if diff := cmp.Diff(want, set); diff != "" || answer(set).at(t, "TagGroups", 0, "TagGroupId") != id(1) {
			t.Errorf("ModifyTagGroups (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(set, c.must("ListTags", key...).payload()); diff != "" {
			t.Errorf("ListTags after ModifyTagGroups (-set +listed):\n%s", diff)
		}
		if empty := c.must("ModifyTagGroups", with(key, "TagGroups", "[]", "Tags", "[]")...).payload(); len(empty["TagGroups"].([]any))+len(empty["Tags"].([]any)) != 0 {
			t.Errorf("emptied, there is %v", empty)
		}
	})
}

func TestTagsRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key, foreign := c.newScript("one"), c.newScript("two")
		id := c.must("CreateTag", with(key, "TagGroup", "g", "TagName", "n")...).at(t, "TagId").(string)
		c.must("CreateTag", with(key, "TagGroup", "h", "TagName", "n")...) // Names are the group's own.
		theirs := c.must("CreateTag", with(foreign, "TagGroup", "g", "TagName", "n")...).at(t, "TagId").(string)
		before := c.must("ListTags", key...)
		const groups = `[{"TagGroup":"g"}]`
		for _, r := range []struct {
			code, action string
			more         []string
		}{
			{"MissingParameter", "CreateTag", []string{"TagGroup", "g"}},
			{"MissingParameter", "CreateTag", []string{"TagName", "n"}},
			{"InvalidTagName.Duplicated", "CreateTag", []string{"TagGroup", "g", "TagName", "n"}},
			{"InvalidParameter", "CreateTag", []string{"TagGroup", strings.Repeat("组", 65), "TagName", "n"}},
			{"InvalidParameter", "CreateTag", []string{"TagGroup", "g", "TagName", "a\tb"}},
			{"MissingParameter", "ModifyTagGroups", []string{"TagGroups", groups}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", "[null]", "Tags", "[]"}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", "[]", "Tags", "[null]"}},
			{"MissingParameter", "ModifyTagGroups", []string{"Tags", "[]"}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", "{}", "Tags", "[]"}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", "null", "Tags", "[]"}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", "[1]", "Tags", "[]"}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", "[", "Tags", "[]"}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", strings.Repeat("[", 100_000), "Tags", "[]"}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", groups, "Tags", `[{"TagGroup":"h","TagName":"n"}]`}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", groups, "Tags", `[{"TagGroup":"g"}]`}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", groups, "Tags", `[{"TagGroup":"g","TagName":"\u0000"}]`}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", groups, "Tags", `[{"TagGroup":"g","TagName":"` + strings.Repeat("n", 65) + `"}]`}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", `[{"TagGroup":"g","ScriptId":"` + foreign[3] + `"}]`, "Tags", "[]"}},
			{"InvalidTagGroup.Duplicated", "ModifyTagGroups", []string{"TagGroups", `[{"TagGroup":"g"},{"TagGroup":"g"}]`, "Tags", "[]"}},
			{"InvalidTagName.Duplicated", "ModifyTagGroups", []string{"TagGroups", groups, "Tags", `[{"TagGroup":"g","TagName":"n"},{"TagGroup":"g","TagName":"n"}]`}},
			{"NotExist.TagGroup", "ModifyTagGroups", []string{"TagGroups", `[{"Id":"' OR 1=1","TagGroup":"g"}]`, "Tags", "[]"}},
			{"NotExist.Tag", "ModifyTagGroups", []string{"TagGroups", groups, "Tags", `[{"Id":"` + theirs + `","TagGroup":"g","TagName":"n"}]`}},
			{"InvalidParameter", "ModifyTagGroups", []string{"TagGroups", groups, "Tags", `[{"Id":"` + id + `","TagGroup":"g","TagName":"n"},{"Id":"` + id + `","TagGroup":"g","TagName":"m"}]`}},
		} {
			c.refused(r.code, r.action, with(key, r.more...)...)
		}
		for action, more := range map[string][]string{
			"CreateTag": {"TagGroup", "x", "TagName", "x"}, "ModifyTagGroups": {"TagGroups", "[]", "Tags", "[]"}, "ListTags": nil,
		} {
			c.refused("NotExist.Script", action, with([]string{"InstanceId", key[1], "ScriptId", foreign[3]}, more...)...)
			c.refused("NotExist.Instance", action, with([]string{"InstanceId", "none", "ScriptId", key[3]}, more...)...)
			c.refused("MissingParameter", action, more...)
		}
		if diff := cmp.Diff(before, c.must("ListTags", key...)); diff != "" {
			t.Errorf("what was refused changed something:\n%s", diff)
		}
	})
}
