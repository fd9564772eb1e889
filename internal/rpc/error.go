package rpc

import (
	"net/http"
	"strings"
	"time"
)

// Error is a request refused or failed, as the client is told of it. An action
// returns one to choose the answer; any other error becomes [InternalError].
type Error struct {
	Status  int    // The HTTP status, 400 to 599.
	Code    string // Stable, for programs.
	Message string // A sentence, for people: what is wrong and what is allowed.

	// RetryAfter is sent as the Retry-After header, in whole seconds; 0 sends none.
	RetryAfter time.Duration
	// Details is a struct with rpc tags, as a response is, whose members stand
	// beside code and message in the answer; nil: there are none.
	Details any
	// Cause is logged with the answer when Status is 500 or more; it is never sent.
	Cause error
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

func badRequest(code, message string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code, Message: message}
}

// MissingParameter says that a parameter the action needs is absent or empty.
func MissingParameter(name string) *Error {
	return badRequest("MissingParameter", name+" is mandatory for this action.")
}

// InvalidParameter says that a parameter has a value it may not have; allowed
// is a sentence that says which it may have.
func InvalidParameter(name, allowed string) *Error {
	return badRequest("InvalidParameter", "The specified parameter "+clip(name)+" is invalid. "+allowed)
}

// Duplicated says that a name is taken; field is the parameter that holds it,
// such as InstanceName.
func Duplicated(field string) *Error {
	return badRequest("Invalid"+field+".Duplicated", "The specified "+field+" already exists.")
}

// NotExist says that there is no such thing; thing is its kind, such as Script.
func NotExist(thing string) *Error {
	return &Error{
		Status:  http.StatusNotFound,
		Code:    "NotExist." + thing,
		Message: "The specified " + thing + " does not exist.",
	}
}

// TooManyConversations says that the cap on concurrent calls is reached.
func TooManyConversations() *Error {
	return badRequest("LimitExceeded.ConcurrentConversation", "The maximum number of concurrent conversations is exceeded.")
}

// Forbidden says that the key may not use the action.
func Forbidden(action string) *Error {
	return &Error{
		Status:  http.StatusForbidden,
		Code:    "Forbidden.RAM",
		Message: "The access key is not allowed to use " + action + ". Ask the owner of the account for a policy that allows it.",
	}
}

// Throttled says that the client sends too much; it may try again after the
// given time.
func Throttled(after time.Duration) *Error {
	return &Error{
		Status:     http.StatusTooManyRequests,
		Code:       "Throttling.User",
		Message:    "Too many requests. Wait as long as the Retry-After header says, then try again.",
		RetryAfter: max(after, time.Second),
	}
}

// ServiceUnavailable says that the server cannot do this now; why is a sentence.
func ServiceUnavailable(why string, cause error) *Error {
	return &Error{Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable", Message: why, Cause: cause}
}

// InternalError says that the server failed; cause is for the log.
func InternalError(cause error) *Error {
	return &Error{
		Status: http.StatusInternalServerError,
		Code:   "InternalError",
		Message: "An error occurred while processing your request. Please try again later. " +
			"Submit a ticket if the error still exists.",
		Cause: cause,
	}
}

func requestTooLarge(what string) *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Code: "RequestTooLarge", Message: what}
}

func unsupportedOperation(allowed string) *Error {
	return badRequest("UnsupportedOperation", "The specified operation is not supported. "+allowed)
}

func actionNotFound(name string) *Error {
	return &Error{
		Status:  http.StatusNotFound,
		Code:    "InvalidAction.NotFound",
		Message: "The specified action " + clip(name) + " is not found. Check the spelling of Action; case matters.",
	}
}

func invalidVersion(version string) *Error {
	return badRequest("InvalidVersion", "The specified Version is not supported. Send Version="+version+".")
}

func keyNotFound() *Error {
	return &Error{
		Status:  http.StatusNotFound,
		Code:    "InvalidAccessKeyId.NotFound",
		Message: "The specified AccessKeyId is not found.",
	}
}

func incompleteSignature(why string) *Error {
	return badRequest("IncompleteSignature", "The request signature is incomplete. "+why)
}

// longestToSign is how much of a string to sign an answer repeats: enough for
// every request a client makes, and no means to have us send out megabytes.
const longestToSign = 64 << 10

// signatureMismatch ends in the string the server signed, in the words by which
// official clients recognise that only the secret can be wrong.
func signatureMismatch(stringToSign []byte) *Error {
	if len(stringToSign) > longestToSign {
		stringToSign = append(stringToSign[:longestToSign:longestToSign], "... (cut)"...)
	}
	return badRequest("SignatureDoesNotMatch",
		"The specified signature does not match our calculation. server string to sign is:"+string(stringToSign))
}

func timestampExpired() *Error {
	return badRequest("InvalidTimeStamp.Expired",
		"The specified Timestamp is more than 15 minutes away from the time of the server. Check the clock of the client.")
}

func nonceUsed() *Error {
	return badRequest("SignatureNonceUsed",
		"The specified SignatureNonce has been used already. Send a new one with every request, retries included.")
}

// clip bounds what a message repeats of the request.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
