package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIntents(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		id := c.must("CreateIntent", with(key, "IntentName", "是本人", "IntentDescription", "a\nb",
			"Utterances", `["是的","it's <b>",""," "]`, "Keywords", "本人")...).at(t, "IntentId").(string)
		first := c.must("DescribeIntent", with(key, "IntentId", id)...).at(t, "Intent").(map[string]any)
		want := map[string]any{
			"ScriptId": key[3], "IntentId": id, "IntentName": "是本人", "IntentDescription": "a\nb",
			"Utterances": `["是的","it's <b>"]`, "Keywords": `["本人"]`,
			"CreateTime": first["CreateTime"], "UpdateTime": first["CreateTime"],
		}
		if diff := cmp.Diff(want, first); diff != "" {
			t.Errorf("DescribeIntent (-want +got):\n%s", diff)
		}

		if got := c.must("ModifyIntent", with(key, "IntentId", id, "IntentName", "是", "Utterances.1", "对", "Utterances.3", "对的", "Keywords", "[]")...); got.at(t, "IntentId") != id {
			t.Errorf("ModifyIntent answered %v", got)
		}
		changed := c.must("DescribeIntent", with(key, "IntentId", id)...).at(t, "Intent").(map[string]any)
		want = map[string]any{
			"ScriptId": key[3], "IntentId": id, "IntentName": "是", "IntentDescription": "",
			"Utterances": `["对","对的"]`, "Keywords": "[]",
			"CreateTime": first["CreateTime"], "UpdateTime": changed["UpdateTime"],
		}
		if diff := cmp.Diff(want, changed); diff != "" || changed["UpdateTime"].(float64) <= first["UpdateTime"].(float64) {
			t.Errorf("DescribeIntent after ModifyIntent (-want +got):\n%s", diff)
		}
		page := c.must("ListIntents", with(key, "Keyword", "")...).at(t, "Intents")
		if diff := cmp.Diff(map[string]any{"List": []any{changed}, "PageNumber": 1.0, "PageSize": 10.0, "TotalCount": 1.0}, page); diff != "" {
			t.Errorf("ListIntents (-want +got):\n%s", diff)
		}
		c.must("DeleteIntent", with(key, "IntentId", id)...)
		c.refused("NotExist.Intent", "DescribeIntent", with(key, "IntentId", id)...)
	})
}

func TestListIntentsByKeyword(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key := c.newScript("one")
		for i := range 12 {
			c.must("CreateIntent", with(key, "IntentName", fmt.Sprint(i), "Utterances", "全部", "Keywords", fmt.Sprintf(`["K%d","100%%"]`, i))...)
		}
		list := func(more ...string) any {
			return c.must("ListIntents", with(key, more...)...).at(t, "Intents", "TotalCount")
		}
		for keyword, want := range map[string]float64{"k1": 3, "K11": 1, "%": 12, "_": 0, "全部": 0, "','": 0} {
			if got := list("Keyword", keyword); got != want {
				t.Errorf("%v intents have a keyword with %q, want %v", got, keyword, want)
			}
		}
		second := c.must("ListIntents", with(key, "Keyword", "k1", "PageNumber", "2", "PageSize", "2")...)
		if got := second.at(t, "Intents", "List", 0, "IntentName"); got != "1" {
			t.Errorf("the oldest of three is %v", got)
		}
		c.refused("InvalidParameter", "ListIntents", with(key, "Keyword", strings.Repeat("x", 257))...)
	})
}

func TestIntentsRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		key, foreign := c.newScript("one"), c.newScript("two")
		id := c.must("CreateIntent", with(key, "IntentName", "name", "Utterances", "[]")...).at(t, "IntentId").(string)
		other := c.must("CreateIntent", with(key, "IntentName", "other", "Utterances", "[]")...).at(t, "IntentId").(string)
		c.must("CreateIntent", with(foreign, "IntentName", "name", "Utterances", "[]")...) // Names are the script's own.
		before := c.must("ListIntents", key...)
		for _, r := range []struct {
			code string
			key  []string
			more []string
		}{
			{"MissingParameter", key, []string{"Utterances", "x"}},
			{"MissingParameter", key, []string{"IntentName", "x"}},
			{"InvalidIntentName.Duplicated", key, []string{"IntentName", "name", "Utterances", "x"}},
			{"InvalidParameter", key, []string{"IntentName", strings.Repeat("名", 65), "Utterances", "x"}},
			{"InvalidParameter", key, []string{"IntentName", "x", "Utterances", strings.Repeat("名", 1025)}},
			{"InvalidParameter", key, []string{"IntentName", "x", "Utterances", `["a",]`}},
			{"InvalidParameter", key, []string{"IntentName", "x", "Utterances", `["a"]`, "Utterances.1", "b"}},
			{"InvalidParameter", key, []string{"IntentName", "x", "Utterances", "x", "Keywords", "[null]"}},
			{"InvalidParameter", key, []string{"IntentName", "x", "Utterances", "x", "IntentDescription", strings.Repeat("d", 513)}},
			{"NotExist.Script", with(key[:2], "ScriptId", foreign[3]), []string{"IntentName", "x", "Utterances", "x"}},
			{"NotExist.Script", with(foreign[:2], "ScriptId", key[3]), []string{"IntentName", "x", "Utterances", "x"}},
			{"NotExist.Instance", []string{"InstanceId", "../x", "ScriptId", key[3]}, []string{"IntentName", "x", "Utterances", "x"}},
		} {
			c.refused(r.code, "CreateIntent", with(r.key, r.more...)...)
			c.refused(r.code, "ModifyIntent", with(with(r.key, r.more...), "IntentId", other)...)
		}
		for _, action := range []string{"DescribeIntent", "DeleteIntent", "ModifyIntent"} {
			more := []string{"IntentName", "x", "Utterances", "x"}
			c.refused("NotExist.Intent", action, with(foreign, append(more, "IntentId", id)...)...)
			c.refused("NotExist.Intent", action, with(key, append(more, "IntentId", "' OR 1=1 --")...)...)
			c.refused("InvalidParameter", action, with(key, append(more, "IntentId", strings.Repeat("i", 129))...)...)
			c.refused("MissingParameter", action, with(key, more...)...)
		}
		if diff := cmp.Diff(before, c.must("ListIntents", key...)); diff != "" {
			t.Errorf("what was refused changed something:\n%s", diff)
		}
	})
}
