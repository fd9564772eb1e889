package sdktest

import (
	"errors"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"

	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// do sends a request that has to succeed. What only reads is asked in every
// way there is: by GET and POST, in JSON and XML; the answers must be equal.
func do[Req, Resp any](t *testing.T, send func(*Req) (*Resp, error), create func() *Req, fill func(*Req)) *Resp {
	t.Helper()
	var first *Resp
	for i, way := range waysOf(create()) {
		request := create()
		fill(request)
		way.apply(request)
		response, err := send(request)
		if err != nil {
			t.Fatalf("%s by %s in %s: %v", action(request), way.method, way.format, err)
		}
		noteCalled(action(request))
		checkEnvelope(t, action(request), response)
		if i == 0 {
			first = response
			continue
		}
		same := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(*response, "BaseResponse", "RequestId")}
		if diff := cmp.Diff(first, response, same); diff != "" {
			t.Errorf("%s by %s in %s answers otherwise than before:\n%s", action(request), way.method, way.format, diff)
		}
	}
	return first
}

// way is how a request is sent and answered.
type way struct{ method, format string }

func (w way) apply(request any) {
	r := reflect.ValueOf(request).Elem()
	r.FieldByName("Method").SetString(w.method)
	r.FieldByName("AcceptFormat").SetString(w.format)
}

// reading matches the actions that change nothing and answer the same when
// asked again, which what signs an expiring URL does not.
var reading = regexp.MustCompile("^(List|Query|Describe)")

func waysOf(request any) []way {
	first := way{requests.POST, "JSON"} // As the SDK does unasked.
	switch name := action(request); {
	case !reading.MatchString(name), name == "DescribeTTSDemo", name == "DescribeJobGroupExportTaskProgress":
		return []way{first}
	}
	return []way{first, {requests.GET, "JSON"}, {requests.POST, "XML"}, {requests.GET, "XML"}}
}

func action(request any) string { return request.(requests.AcsRequest).GetActionName() }

// checkEnvelope checks what stands beside the payload of every answer.
func checkEnvelope(t *testing.T, action string, response any) {
	t.Helper()
	r := reflect.ValueOf(response).Elem()
	if !r.FieldByName("Code").IsValid() {
		return // The SDK leaves it out of one or two.
	}
	got := []any{
		r.FieldByName("Code").String(), r.FieldByName("Message").String(),
		r.FieldByName("HttpStatusCode").Int(), r.FieldByName("Success").Bool(),
	}
	if diff := cmp.Diff([]any{"OK", "Success", int64(http.StatusOK), true}, got); diff != "" {
		t.Errorf("%s: the envelope (-want +got):\n%s", action, diff)
	}
	if id := r.FieldByName("RequestId").String(); !requestID.MatchString(id) {
		t.Errorf("%s: the request id is %q", action, id)
	}
}

var requestID = regexp.MustCompile(`^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`)

// refused sends a request that has to fail, and holds the SDK's error to a
// status and a code. It returns the message.
func refused[Req, Resp any](
	t *testing.T, status int, code string, send func(*Req) (*Resp, error), create func() *Req, fill func(*Req),
) string {
	t.Helper()
	request := create()
	fill(request)
	_, err := send(request)
	var told *sdkerrors.ServerError
	if !errors.As(err, &told) {
		t.Errorf("%s: %v, want %s", action(request), err, code)
		return ""
	}
	if told.HttpStatus() != status || told.ErrorCode() != code {
		t.Errorf("%s: %d %s, want %d %s", action(request), told.HttpStatus(), told.ErrorCode(), status, code)
	}
	if !requestID.MatchString(told.RequestId()) || told.HostId() == "" || told.Message() == "" || strings.Contains(told.Message(), keySecret) {
		t.Errorf("%s: request id %q, host %q, message %q", action(request), told.RequestId(), told.HostId(), told.Message())
	}
	return told.Message()
}

// equal compares what came with what should have come.
func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
