package api

import (
	"strings"
	"testing"
)

// An instance from its creation to its end.
func TestInstances(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		first := c.must("CreateInstance", "InstanceName", "一号", "InstanceDescription", "a\tb\nc", "MaxConcurrentConversation", "5")
		id := first.at(t, "Instance", "InstanceId").(string)
		second := c.must("CreateInstance", "InstanceName", "O'; DROP TABLE instances; --", "MaxConcurrentConversation", "500").
			at(t, "Instance", "InstanceId").(string)
		if created := first.at(t, "Instance", "CreationTime").(float64); created < 1.7e12 || id == second {
			t.Errorf("created at %v, ids %s and %s", created, id, second)
		}

		list := c.must("ListInstances")
		if n := len(list["Instances"].([]any)); n != 2 {
			t.Fatalf("%d instances: %v", n, list)
		}
		if newest := list.at(t, "Instances", 0, "InstanceName"); newest != "O'; DROP TABLE instances; --" {
			t.Errorf("the newest instance is %v", newest)
		}

		changed := c.must("ModifyInstance", "InstanceId", id, "MaxConcurrentConversation", "7")
		if changed.at(t, "Instance", "MaxConcurrentConversation") != 7. || changed.at(t, "Instance", "InstanceName") != "一号" ||
			changed.at(t, "Instance", "InstanceDescription") != "a\tb\nc" {
			t.Errorf("a change of the cap alone gave %v", changed)
		}
		c.must("ModifyInstance", "InstanceId", id, "InstanceName", "壹", "InstanceDescription", "d", "MaxConcurrentConversation", "7")
		got := c.must("DescribeInstance", "InstanceId", id)
		if got.at(t, "Instance", "InstanceName") != "壹" || got.at(t, "Instance", "InstanceDescription") != "d" ||
			got.at(t, "Instance", "CreationTime") != first.at(t, "Instance", "CreationTime") {
			t.Errorf("described %v", got)
		}
		c.must("ModifyInstance", "InstanceId", id, "InstanceName", "壹", "MaxConcurrentConversation", "7") // Its own name is not taken.

		c.must("DeleteInstance", "InstanceId", id)
		c.refused("NotExist.Instance", "DescribeInstance", "InstanceId", id)
		c.refused("NotExist.Instance", "DeleteInstance", "InstanceId", id)
		c.refused("NotExist.Instance", "ModifyInstance", "InstanceId", id, "MaxConcurrentConversation", "1")
		c.must("DescribeInstance", "InstanceId", second)
	})
}

func TestInstancesRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		id := c.must("CreateInstance", "InstanceName", "a", "MaxConcurrentConversation", "1").at(t, "Instance", "InstanceId").(string)
		c.must("CreateInstance", "InstanceName", "b", "MaxConcurrentConversation", "1")
		before := c.must("ListInstances")
		for _, cap := range []string{"0", "-1", "1.5", "many", "99999999999999999999"} {
			c.refused("InvalidParameter", "CreateInstance", "InstanceName", "c", "MaxConcurrentConversation", cap)
			c.refused("InvalidParameter", "ModifyInstance", "InstanceId", id, "MaxConcurrentConversation", cap)
		}
		c.refused("MissingParameter", "CreateInstance", "InstanceName", "c")
		c.refused("MissingParameter", "CreateInstance", "MaxConcurrentConversation", "1")
		c.refused("MissingParameter", "CreateInstance", "InstanceName", "", "MaxConcurrentConversation", "1")
		c.refused("MissingParameter", "ModifyInstance", "InstanceId", id)
		c.refused("MissingParameter", "ModifyInstance", "MaxConcurrentConversation", "1")
		c.refused("MissingParameter", "DescribeInstance")
		c.refused("MissingParameter", "DeleteInstance")
		c.refused("InvalidParameter", "CreateInstance", "InstanceName", strings.Repeat("名", 65), "MaxConcurrentConversation", "1")
		c.refused("InvalidParameter", "CreateInstance", "InstanceName", "a\nb", "MaxConcurrentConversation", "1")
		c.refused("InvalidParameter", "CreateInstance", "InstanceName", "c", "InstanceDescription", strings.Repeat("d", 513), "MaxConcurrentConversation", "1")
		c.refused("InvalidInstanceName.Duplicated", "CreateInstance", "InstanceName", "a", "MaxConcurrentConversation", "1")
		c.refused("InvalidInstanceName.Duplicated", "ModifyInstance", "InstanceId", id, "InstanceName", "b", "MaxConcurrentConversation", "1")
		c.refused("LimitExceeded.ConcurrentConversation", "CreateInstance", "InstanceName", "c", "MaxConcurrentConversation", "501")
		c.refused("LimitExceeded.ConcurrentConversation", "ModifyInstance", "InstanceId", id, "MaxConcurrentConversation", "501")
		for _, unknown := range []string{"none", "../" + id, id + "' OR '1'='1", id + "%"} {
			c.refused("NotExist.Instance", "DescribeInstance", "InstanceId", unknown)
			c.refused("NotExist.Instance", "DeleteInstance", "InstanceId", unknown)
		}
		if after := c.must("ListInstances"); len(after["Instances"].([]any)) != 2 ||
			after.at(t, "Instances", 1, "InstanceName") != before.at(t, "Instances", 1, "InstanceName") {
			t.Errorf("refused requests changed %v to %v", before, after)
		}
	})
}
