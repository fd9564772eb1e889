package rpc

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// shape is how the values of one type are written. It is made once for a type
// and used for both formats. Members of a struct stand in the order of their
// names.
type shape struct {
	kind    reflect.Kind // String, Bool, Int64 for all integers, Float64, Struct, Slice or Pointer.
	element *shape       // Of a Slice or Pointer.
	members []member     // Of a Struct.
}

type member struct {
	path      []int
	name      string
	omitEmpty bool
	shape     *shape
}

// maxShapeDepth bounds how deep responses nest; only a type that holds itself
// comes near it.
const maxShapeDepth = 16

// shapeOf prepares the encoding of a type: a struct whose fields have `rpc`
// tags and are strings, bools, numbers, structs, pointers to structs (left out
// when nil), or slices of strings, numbers or structs. What an embedded struct
// has is the response's own.
func shapeOf(t reflect.Type, depth int) (*shape, error) {
	if depth > maxShapeDepth {
		return nil, fmt.Errorf("rpc: response type %v nests deeper than %d", t, maxShapeDepth)
	}
	switch kind := t.Kind(); {
	case kind == reflect.String, kind == reflect.Bool, kind == reflect.Float64:
		return &shape{kind: kind}, nil
	case kind >= reflect.Int && kind <= reflect.Int64:
		return &shape{kind: reflect.Int64}, nil
	case kind == reflect.Struct:
		members, err := membersOf(t, depth)
		return &shape{kind: kind, members: members}, err
	case kind == reflect.Slice && t.Elem().Kind() != reflect.Slice && t.Elem().Kind() != reflect.Pointer,
		kind == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		element, err := shapeOf(t.Elem(), depth+1)
		return &shape{kind: kind, element: element}, err
	}
	return nil, fmt.Errorf("rpc: a response cannot hold %v", t)
}

func membersOf(t reflect.Type, depth int) ([]member, error) {
	fields, err := fieldsOf(t)
	if err != nil {
		return nil, err
	}
	members := make([]member, 0, len(fields))
	for _, field := range fields {
		s, err := shapeOf(field.Type, depth+1)
		if err != nil {
			return nil, fmt.Errorf("%v.%s: %w", t, field.Name, err)
		}
		omit := field.tag.omitEmpty || s.kind == reflect.Pointer
		members = append(members, member{path: field.path, name: field.tag.name, omitEmpty: omit, shape: s})
	}
	slices.SortFunc(members, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	return members, nil
}

// left reports whether the member is left out of the struct v.
func (m *member) left(v reflect.Value) bool { return m.omitEmpty && v.FieldByIndex(m.path).IsZero() }
