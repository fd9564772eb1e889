// Package rpc is the protocol of the API without any of its actions: an RPC
// style over HTTP in which a request is a flat set of signed parameters and an
// answer is one JSON or XML document.
//
// A request goes through the same stations every time:
//
//	query + form ─▶ params ─▶ action, version ─▶ key, time, signature, nonce
//	             ─▶ typed request ─▶ the action's function ─▶ typed response
//	             ─▶ envelope in JSON or XML
//
// An action is a function from a request struct to a response struct, made into
// an [Action] by [Handle]; the `rpc` tags of the two structs are all that is to
// be said about the wire:
//
//	type describeTagRequest struct {
//		InstanceID string `rpc:"InstanceId,required,max=128"`
//		PageSize   int    `rpc:"PageSize,min=1,max=100,default=10"`
//	}
//
// [New] puts actions behind one http.Handler, [Server], which is safe for
// concurrent use. Whatever goes wrong leaves it as an [Error]: a status, a
// stable code and a sentence, never a stack trace.
package rpc
