package api

import (
	"fmt"
	"testing"
)

// A number of an instance from its creation to its end.
func TestNumbers(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		here, there := c.newInstance("here"), c.newInstance("there")
		create := func(instance, number string) string {
			return c.must("CreateOutboundCallNumber", "InstanceId", instance, "Number", number,
				"RateLimitCount", "10", "RateLimitPeriod", "60")["OutboundCallNumberId"].(string)
		}
		id := create(here, "95187")
		create(there, "95187") // Unique in an instance only.
		for i := range 11 {
			create(here, fmt.Sprintf("+8613800000%03d", i))
		}

		page := c.must("ListOutboundCallNumbers", "InstanceId", here, "PageNumber", "2")
		list := page.at(t, "OutboundCallNumbers", "List").([]any)
		if len(list) != 2 || page.at(t, "OutboundCallNumbers", "TotalCount") != 12. || page.at(t, "OutboundCallNumbers", "PageSize") != 10. {
			t.Fatalf("page 2 is %v", page)
		}
		oldest := list[1].(map[string]any)
		if oldest["OutboundCallNumberId"] != id || oldest["RateLimitCount"] != "10" || oldest["RateLimitPeriod"] != "60" {
			t.Errorf("the oldest number is %v", oldest)
		}

		got := c.must("ModifyOutboundCallNumber", "InstanceId", here, "OutboundCallNumberId", id, "Number", "95188", "RateLimitCount", "1", "RateLimitPeriod", "86400")
		if got.at(t, "OutboundCallNumber", "Number") != "95188" || got.at(t, "OutboundCallNumber", "RateLimitPeriod") != "86400" {
			t.Errorf("modified to %v", got)
		}
		c.must("DeleteOutboundCallNumber", "InstanceId", here, "OutboundCallNumberId", id)
		c.refused("NotExist.OutboundCallNumber", "DeleteOutboundCallNumber", "InstanceId", here, "OutboundCallNumberId", id)

		// Deleting an instance deletes what is in it, and nothing else.
		c.must("DeleteInstance", "InstanceId", here)
		c.refused("NotExist.Instance", "ListOutboundCallNumbers", "InstanceId", here)
		if left := c.must("ListOutboundCallNumbers", "InstanceId", there); left.at(t, "OutboundCallNumbers", "TotalCount") != 1. {
			t.Errorf("the other instance has %v", left)
		}
	})
}

func TestNumbersRefuse(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		here, there := c.newInstance("here"), c.newInstance("there")
		valid := []string{"Number", "95187", "RateLimitCount", "10", "RateLimitPeriod", "60"}
		with := func(parameters ...string) []string { return append(append([]string{}, valid...), parameters...) }
		id := c.must("CreateOutboundCallNumber", with("InstanceId", here)...)["OutboundCallNumberId"].(string)
		c.must("CreateOutboundCallNumber", with("InstanceId", here, "Number", "95188")...)

		// An id of one instance opens nothing of another.
		c.refused("NotExist.OutboundCallNumber", "ModifyOutboundCallNumber", with("InstanceId", there, "OutboundCallNumberId", id)...)
		c.refused("NotExist.OutboundCallNumber", "DeleteOutboundCallNumber", "InstanceId", there, "OutboundCallNumberId", id)
		c.refused("NotExist.Instance", "ModifyOutboundCallNumber", with("InstanceId", "none", "OutboundCallNumberId", id)...)
		c.refused("NotExist.Instance", "DeleteOutboundCallNumber", "InstanceId", "none", "OutboundCallNumberId", id)
		c.refused("NotExist.Instance", "CreateOutboundCallNumber", with("InstanceId", "none")...)
		c.refused("NotExist.Instance", "ListOutboundCallNumbers", "InstanceId", "none")
		c.refused("MissingParameter", "ListOutboundCallNumbers")
		c.refused("InvalidNumber.Duplicated", "CreateOutboundCallNumber", with("InstanceId", here)...)
		c.refused("InvalidNumber.Duplicated", "ModifyOutboundCallNumber", with("InstanceId", here, "OutboundCallNumberId", id, "Number", "95188")...)
		for _, bad := range []string{"phone", "+", "1 2", "123456789012345678901234567890123", "1;2", "１２"} {
			c.refused("InvalidParameter", "CreateOutboundCallNumber", with("InstanceId", here, "Number", bad)...)
		}
		for _, bad := range []string{"0", "-1", "x", "1e3"} {
			c.refused("InvalidParameter", "CreateOutboundCallNumber", with("InstanceId", here, "RateLimitCount", bad)...)
			c.refused("InvalidParameter", "CreateOutboundCallNumber", with("InstanceId", here, "RateLimitPeriod", bad)...)
			c.refused("InvalidParameter", "ListOutboundCallNumbers", "InstanceId", here, "PageNumber", bad)
		}
		c.refused("InvalidParameter", "ListOutboundCallNumbers", "InstanceId", here, "PageSize", "101")
		for i := 0; i < len(valid); i += 2 {
			c.refused("MissingParameter", "CreateOutboundCallNumber", with("InstanceId", here, valid[i], "")...)
		}
		if got := c.must("ListOutboundCallNumbers", "InstanceId", here, "PageSize", "100"); got.at(t, "OutboundCallNumbers", "TotalCount") != 2. {
			t.Errorf("after all that: %v", got)
		}
	})
}

// newInstance makes an instance and returns its id.
func (c *served) newInstance(name string) string {
	c.t.Helper()
	return c.must("CreateInstance", "InstanceName", name, "MaxConcurrentConversation", "10").at(c.t, "Instance", "InstanceId").(string)
}
