package api

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// bindings returns what ListTagResources answers, as id:key=value.
func (c *served) bindings(parameters ...string) string {
	c.t.Helper()
	var all []string
	got := c.must("ListTagResources", append([]string{"RegionId", "cn-shanghai", "ResourceType", "instance"}, parameters...)...)
	for _, one := range got["TagResources"].([]any) {
		tag := one.(map[string]any)
		if tag["ResourceType"] != "instance" {
			c.t.Errorf("a tag of %v", tag)
		}
		all = append(all, fmt.Sprintf("%s:%s=%s", tag["ResourceId"], tag["TagKey"], tag["TagValue"]))
	}
	return strings.Join(all, " ")
}

func TestResourceTags(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		a, b := c.newInstance("a"), c.newInstance("b")
		ofType := []string{"ResourceType", "instance"}
		with := func(parameters ...string) []string { return append(parameters, ofType...) }

		c.must("TagResources", with("ResourceId.1", a, "ResourceId.2", b, "ResourceId.3", a, "Tag.1.Key", "team", "Tag.1.Value", "红", "Tag.2.Key", "cost")...)
		c.must("TagResources", with("ResourceId.1", b, "Tag.1.Key", "team", "Tag.1.Value", "blue")...)
		c.must("TagResources", with("ResourceId.1", b)...) // No tags: nothing to do.
		for want, search := range map[string][]string{
			a + ":cost= " + a + ":team=红 " + b + ":cost= " + b + ":team=blue": nil,
			a + ":cost= " + a + ":team=红":                                     {"ResourceId.1", a},
			a + ":team=红 " + b + ":team=blue":                                 {"Tag.1.Key", "team"},
			b + ":team=blue":                                                  {"Tag.1.Key", "team", "Tag.1.Value", "blue"},
			a + ":cost= " + b + ":cost= " + b + ":team=blue":                  {"Tag.1.Key", "team", "Tag.1.Value", "blue", "Tag.2.Key", "cost"},
			"": {"ResourceId.1", "none"},
		} {
			if got := c.bindings(search...); got != want {
				t.Errorf("%q: %s, want %s", search, got, want)
			}
		}

		c.must("UntagResources", with("ResourceId.1", a)...) // Neither keys nor All.
		c.must("UntagResources", with("ResourceId.1", a, "TagKey.1", "team", "All", "true")...)
		if got := c.bindings("ResourceId.1", a); got != a+":cost=" {
			t.Errorf("after one key was taken: %s", got)
		}
		c.must("UntagResources", with("ResourceId.1", a, "ResourceId.2", b, "All", "true")...)
		if got := c.bindings(); got != "" {
			t.Errorf("after all were taken: %s", got)
		}
		c.must("TagResources", with("ResourceId.1", a, "Tag.1.Key", "k")...)
		c.must("DeleteInstance", "InstanceId", a)
		if got := c.bindings(); got != "" {
			t.Errorf("after the instance was deleted: %s", got)
		}
	})
}

// A long list comes in pieces that fit together.
func TestResourceTagsPages(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		const instances, tags = 7, 15
		for i := range instances {
			parameters := []string{"ResourceType", "instance", "ResourceId.1", c.newInstance(fmt.Sprint(i))}
			for k := range tags {
				parameters = append(parameters, fmt.Sprintf("Tag.%d.Key", k+1), fmt.Sprintf("k-%02d", k))
			}
			c.must("TagResources", parameters...)
		}
		seen, token := map[string]bool{}, ""
		for pages := 1; ; pages++ {
			got := c.must("ListTagResources", "ResourceType", "instance", "NextToken", token)
			for _, one := range got["TagResources"].([]any) {
				seen[fmt.Sprint(one)] = true
			}
			if token = got["NextToken"].(string); token == "" {
				if pages != 2 || len(seen) != instances*tags {
					t.Errorf("%d bindings on %d pages, want %d on 2", len(seen), pages, instances*tags)
				}
				break
			}
		}
	})
}

func TestResourceTagsRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		id := c.newInstance("a")
		valid := []string{"ResourceType", "instance", "ResourceId.1", id}
		with := func(parameters ...string) []string { return append(append([]string{}, valid...), parameters...) }
		for _, action := range []string{"ListTagResources", "TagResources", "UntagResources"} {
			c.refused("MissingParameter", action, with("ResourceType", "")...)
			c.refused("InvalidParameter", action, with("ResourceType", "script")...)
			var many []string
			for i := range 51 {
				many = append(many, fmt.Sprintf("ResourceId.%d", i+1), id)
			}
			c.refused("InvalidParameter", action, append(many, "ResourceType", "instance")...)
		}
		for _, action := range []string{"TagResources", "UntagResources"} {
			c.refused("MissingParameter", action, "ResourceType", "instance")
			c.refused("NotExist.Instance", action, with("ResourceId.2", "none", "Tag.1.Key", "k", "All", "true")...)
		}
		c.refused("MissingParameter", "TagResources", with("Tag.1.Value", "v")...)
		c.refused("MissingParameter", "ListTagResources", with("Tag.1.Value", "v")...)
		c.refused("InvalidParameter", "TagResources", with("Tag.1.Key", strings.Repeat("k", 129))...)
		c.refused("InvalidParameter", "TagResources", with("Tag.1.Key", "k", "Tag.2.Key", "k")...)
		c.refused("InvalidParameter", "TagResources", with("Tag.x.Key", "k")...)
		for _, token := range []string{"?", "YQ", base64.RawURLEncoding.EncodeToString([]byte("a\x00\n")), base64.RawURLEncoding.EncodeToString([]byte("\xff\n"))} {
			c.refused("InvalidParameter", "ListTagResources", with("NextToken", token)...)
		}
		var twenty, more []string
		for i := range 20 {
			twenty = append(twenty, fmt.Sprintf("Tag.%d.Key", i+1), fmt.Sprintf("k%d", i))
			more = append(more, fmt.Sprintf("Tag.%d.Key", i+1), fmt.Sprintf("more%d", i))
		}
		c.refused("InvalidParameter", "TagResources", with(append(twenty, "Tag.21.Key", "k21")...)...)
		c.must("TagResources", with(twenty...)...)
		before := c.bindings()
		c.refused("InvalidParameter", "TagResources", with(more...)...)
		if after := c.bindings(); after != before {
			t.Errorf("a refused request changed the tags to %s", after)
		}
	})
}
