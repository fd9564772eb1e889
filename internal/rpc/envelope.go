package rpc

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
)

// Format is the language of an answer.
type Format uint8

// The formats. JSON is the zero value and what a request gets that asks for none.
const (
	JSON Format = iota
	XML
)

// envelope is what stands beside the payload in every answer.
type envelope struct {
	Code           string `rpc:"Code"`
	HostID         string `rpc:"HostId,omitempty"` // In errors only.
	HTTPStatusCode int    `rpc:"HttpStatusCode"`
	Message        string `rpc:"Message"`
	RequestID      string `rpc:"RequestId"`
	Success        bool   `rpc:"Success"`
}

// success is the envelope of an answer that went well.
func success(requestID string) *envelope {
	return &envelope{Code: "OK", HTTPStatusCode: http.StatusOK, Message: "Success", RequestID: requestID, Success: true}
}

// Encoder writes the answers of one action: payload and envelope side by side,
// sorted by name. It is immutable and safe for concurrent use.
type Encoder struct {
	root    string // The XML root element.
	members []answerMember
}

type answerMember struct {
	member
	ofEnvelope bool
}

// NewEncoder prepares the answers of an action from its response struct type.
func NewEncoder(action string, response reflect.Type) (*Encoder, error) {
	return newEncoder(action+"Response", response)
}

func newEncoder(root string, response reflect.Type) (*Encoder, error) {
	if response.Kind() != reflect.Struct {
		return nil, fmt.Errorf("rpc: response %v is not a struct", response)
	}
	payload, err := shapeOf(response, 0)
	if err != nil {
		return nil, err
	}
	around, err := shapeOf(reflect.TypeFor[envelope](), 0)
	if err != nil {
		return nil, err
	}
	e := &Encoder{root: root}
	for _, m := range around.members {
		e.members = append(e.members, answerMember{m, true})
	}
	for _, m := range payload.members {
		e.members = append(e.members, answerMember{m, false})
	}
	slices.SortStableFunc(e.members, func(a, b answerMember) int { return cmp.Compare(a.name, b.name) })
	for i := 1; i < len(e.members); i++ {
		if e.members[i].name == e.members[i-1].name {
			return nil, fmt.Errorf("rpc: response %v has two members named %s", response, e.members[i].name)
		}
	}
	return e, nil
}

// Append appends the answer that went well; response is a pointer to a struct
// of the encoder's type.
func (e *Encoder) Append(dst []byte, f Format, requestID string, response any) []byte {
	return e.append(dst, f, success(requestID), reflect.ValueOf(response).Elem())
}

func (e *Encoder) append(dst []byte, f Format, around *envelope, payload reflect.Value) []byte {
	outer := reflect.ValueOf(around).Elem()
	if f == XML {
		dst = append(dst, xmlDeclaration...)
		dst = appendXMLOpen(dst, e.root)
	} else {
		dst = append(dst, '{')
	}
	first := true
	for i := range e.members {
		m, from := &e.members[i], payload
		if m.ofEnvelope {
			from = outer
		}
		switch {
		case m.left(from):
			continue
		case f == XML:
			dst = m.shape.appendXML(dst, m.name, from.FieldByIndex(m.path))
		default:
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = m.appendJSON(dst, from)
		}
	}
	if f == XML {
		return appendXMLClose(dst, e.root)
	}
	return append(dst, '}')
}
