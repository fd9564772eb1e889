package sdktest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
)

// TestErrors makes the mistakes that clients make, and holds what the SDK tells
// of them to what is documented.
func TestErrors(t *testing.T) {
	eachStorage(t, func(t *testing.T, s *server) {
		c := s.client(t, keyID, keySecret)
		instance := do(t, c.CreateInstance, outboundbot.CreateCreateInstanceRequest, func(r *outboundbot.CreateInstanceRequest) {
			r.InstanceName, r.MaxConcurrentConversation = "一", requests.NewInteger(5)
		}).Instance.InstanceId
		describe := func(id string) func(r *outboundbot.DescribeInstanceRequest) {
			return func(r *outboundbot.DescribeInstanceRequest) { r.InstanceId = id }
		}

		message := refused(t, http.StatusBadRequest, "SignatureDoesNotMatch", s.client(t, keyID, "another-secret").DescribeInstance,
			outboundbot.CreateDescribeInstanceRequest, describe(instance))
		if !strings.Contains(message, "server string to sign is:POST&%2F&") {
			t.Errorf("a wrong secret: the message is %q", message)
		}
		refused(t, http.StatusNotFound, "InvalidAccessKeyId.NotFound", s.client(t, "nobody", keySecret).DescribeInstance,
			outboundbot.CreateDescribeInstanceRequest, describe(instance))
		message = refused(t, http.StatusBadRequest, "MissingParameter", c.DescribeInstance,
			outboundbot.CreateDescribeInstanceRequest, describe(""))
		equal(t, "the message", message, "InstanceId is mandatory for this action.")
		message = refused(t, http.StatusNotFound, "NotExist.Instance", c.DescribeInstance,
			outboundbot.CreateDescribeInstanceRequest, describe("no-such"))
		equal(t, "the message", message, "The specified Instance does not exist.")
		refused(t, http.StatusNotFound, "NotExist.Script", c.DescribeScript, outboundbot.CreateDescribeScriptRequest,
			func(r *outboundbot.DescribeScriptRequest) { r.InstanceId, r.ScriptId = instance, "no-such" })
		message = refused(t, http.StatusBadRequest, "InvalidInstanceName.Duplicated", c.CreateInstance,
			outboundbot.CreateCreateInstanceRequest, func(r *outboundbot.CreateInstanceRequest) {
				r.InstanceName, r.MaxConcurrentConversation = "一", requests.NewInteger(5)
			})
		equal(t, "the message", message, "The specified InstanceName already exists.")
		message = refused(t, http.StatusBadRequest, "InvalidParameter", c.ListScripts, outboundbot.CreateListScriptsRequest,
			func(r *outboundbot.ListScriptsRequest) {
				r.InstanceId, r.PageNumber, r.PageSize = instance, requests.NewInteger(1), requests.NewInteger(101)
			})
		if !strings.HasPrefix(message, "The specified parameter PageSize is invalid.") {
			t.Errorf("a page of 101: the message is %q", message)
		}
		refused(t, http.StatusNotFound, "InvalidAction.NotFound", c.GetVersion, outboundbot.CreateGetVersionRequest,
			func(*outboundbot.GetVersionRequest) {})
	})
}

// TestReadOnly lets a key with the read-only policy look, and nothing more.
func TestReadOnly(t *testing.T) {
	eachStorage(t, func(t *testing.T, s *server) {
		c, reader := s.client(t, keyID, keySecret), s.addKey(t, "AliyunOutboundbotReadOnlyAccess")
		create := func(r *outboundbot.CreateInstanceRequest) {
			r.InstanceName, r.MaxConcurrentConversation = "一", requests.NewInteger(5)
		}
		instance := do(t, c.CreateInstance, outboundbot.CreateCreateInstanceRequest, create).Instance
		listed := do(t, reader.ListInstances, outboundbot.CreateListInstancesRequest, func(*outboundbot.ListInstancesRequest) {}).Instances
		equal(t, "what the reader sees", listed, []outboundbot.Instance{instance})
		message := refused(t, http.StatusForbidden, "Forbidden.RAM", reader.CreateInstance, outboundbot.CreateCreateInstanceRequest, create)
		if !strings.Contains(message, "CreateInstance") {
			t.Errorf("the message is %q", message)
		}
		refused(t, http.StatusForbidden, "Forbidden.RAM", reader.Dialogue, outboundbot.CreateDialogueRequest,
			func(r *outboundbot.DialogueRequest) {
				r.InstanceId, r.CallId, r.CallType, r.CalledNumber, r.CallingNumber = instance.InstanceId, "c", "Outbound", "1", "2"
			})
	})
}
