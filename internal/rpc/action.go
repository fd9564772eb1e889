package rpc

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Action is one entry of the API. Make one with [Handle].
type Action struct {
	name              string
	request, response reflect.Type
	err               error // Why these types cannot be used.

	// run decodes the request in x, does the action and writes the answer to x.out.
	run func(ctx context.Context, x *exchange) error
}

// Name returns the name of the action.
func (a Action) Name() string { return a.name }

// Types returns the struct types of the action's request and response.
func (a Action) Types() (request, response reflect.Type) { return a.request, a.response }

// JSONAppender is a response that writes its own JSON answer, for an action
// whose speed counts.
type JSONAppender interface {
	// AppendJSON appends what [Encoder.Append] would. False means that it
	// appended nothing and this response is one for the Encoder.
	AppendJSON(dst []byte, requestID string) ([]byte, bool)
}

// Handle makes an action of a function. Req and Resp are structs whose fields
// have `rpc` tags; see [New] for when they are checked.
//
// The function is called on many goroutines at once. Its context ends with the
// client's connection. It returns an [Error] to choose the answer; it may keep
// the request.
func Handle[Req, Resp any](name string, do func(context.Context, *Req) (*Resp, error)) Action {
	a := Action{name: name, request: reflect.TypeFor[Req](), response: reflect.TypeFor[Resp]()}
	plan, planErr := planRequest(a.request)
	encoder, encoderErr := NewEncoder(name, a.response)
	if a.err = errors.Join(planErr, encoderErr); a.err != nil {
		return a
	}
	a.run = func(ctx context.Context, x *exchange) error {
		req := new(Req)
		if err := plan.decode(&x.params, reflect.ValueOf(req).Elem()); err != nil {
			return err
		}
		resp, err := do(ctx, req)
		if err != nil {
			return err
		}
		if resp == nil {
			return fmt.Errorf("rpc: action %s returned neither a response nor an error", name)
		}
		x.answer = resp
		x.out = appendAnswer(x.out[:0], encoder, x.format, x.caller.RequestID, resp)
		return nil
	}
	return a
}

func appendAnswer(dst []byte, e *Encoder, f Format, requestID string, resp any) []byte {
	if own, ok := resp.(JSONAppender); ok && f == JSON {
		if out, ok := own.AppendJSON(dst, requestID); ok {
			return out
		}
	}
	return e.Append(dst, f, requestID, resp)
}
