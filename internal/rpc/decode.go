package rpc

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// requestPlan decodes parameters into one type of request struct. It is made
// once, so that a request costs a search and a copy a field.
type requestPlan struct{ fields []requestField }

type requestField struct {
	path []int
	name string
	tag  tag
	read reader
}

// reader reads a field of one kind from the parameters. It reports whether the
// parameter was there at all; an empty one counts as absent, because official
// clients cannot send one.
type reader func(p *params, f *requestField, dst reflect.Value) (present bool, err error)

// planRequest prepares the decoding of a struct type. Fields may be string,
// bool, int, int64, []string (a list, `X.N`), a slice of structs of these (a
// list, `X.N.Key`) and map[string]string (a JSON object); what an embedded
// struct has is the request's own.
func planRequest(t reflect.Type) (*requestPlan, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("rpc: request %v is not a struct", t)
	}
	fields, err := fieldsOf(t)
	if err != nil {
		return nil, err
	}
	plan := &requestPlan{}
	for _, field := range fields {
		tag := field.tag
		read, bounded := readerOf(field.Type)
		if field.Type.Kind() == reflect.Slice && field.Type.Elem().Kind() == reflect.Struct {
			element, err := planRequest(field.Type.Elem())
			if err != nil {
				return nil, err
			}
			read, bounded = element.readStructs, true
		}
		if read == nil {
			return nil, fmt.Errorf("%v: rpc: field %s: a request cannot hold %v", t, field.Name, field.Type)
		}
		if _, said := tag.numbers["max"]; bounded && !said {
			return nil, fmt.Errorf("%v: rpc: field %s: the tag needs max=", t, field.Name)
		}
		plan.fields = append(plan.fields, requestField{path: field.path, name: tag.name, tag: tag, read: read})
	}
	return plan, nil
}

// readerOf returns how a type is read and whether its tag must bound it.
func readerOf(t reflect.Type) (read reader, bounded bool) {
	switch t {
	case reflect.TypeFor[string]():
		return readString, true
	case reflect.TypeFor[bool]():
		return readBool, false
	case reflect.TypeFor[int](), reflect.TypeFor[int64]():
		return readInt, false
	case reflect.TypeFor[[]string]():
		return readList, true
	case reflect.TypeFor[map[string]string]():
		return readMap, true
	}
	return nil, false
}

// decode fills a struct of the plan's type. What it stores is copied and may be
// kept.
func (plan *requestPlan) decode(p *params, dst reflect.Value) error {
	return plan.decodeUnder("", p, dst)
}

// decodeUnder is decode for parameters whose names begin with a prefix.
func (plan *requestPlan) decodeUnder(prefix string, p *params, dst reflect.Value) error {
	for i := range plan.fields {
		f := &plan.fields[i]
		if prefix != "" {
			under := *f
			under.name = prefix + f.name
			f = &under
		}
		present, err := f.read(p, f, dst.FieldByIndex(f.path))
		if err != nil {
			return err
		}
		if !present && f.tag.required {
			return MissingParameter(f.name)
		}
	}
	return nil
}

func readString(p *params, f *requestField, dst reflect.Value) (bool, error) {
	value := p.get(f.name)
	if len(value) == 0 {
		return false, nil
	}
	if !f.tag.text && hasLayout(value) {
		return true, InvalidParameter(f.name, "It must not hold control characters.")
	}
	if most := f.tag.number("max", 0); int64(len(value)) > most && int64(utf8.RuneCount(value)) > most {
		return true, InvalidParameter(f.name, fmt.Sprintf("It may have at most %d characters.", most))
	}
	dst.SetString(string(value))
	return true, nil
}

// hasLayout reports whether text that passed bounds.IsText holds a tab or a line end.
func hasLayout(text []byte) bool {
	for _, c := range text {
		if c < ' ' {
			return true
		}
	}
	return false
}

func readBool(p *params, f *requestField, dst reflect.Value) (bool, error) {
	switch value := p.get(f.name); {
	case len(value) == 0:
		return false, nil
	case equalFold(value, "true"):
		dst.SetBool(true)
	case !equalFold(value, "false"):
		return true, InvalidParameter(f.name, "It must be true or false.")
	}
	return true, nil
}

func readInt(p *params, f *requestField, dst reflect.Value) (bool, error) {
	value := p.get(f.name)
	if len(value) == 0 {
		dst.SetInt(f.tag.number("default", 0))
		return false, nil
	}
	low, high := f.tag.number("min", math.MinInt64), f.tag.number("max", math.MaxInt64)
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil || n < low || n > high || dst.OverflowInt(n) {
		return true, InvalidParameter(f.name, "It must be a whole number"+between(low, high)+".")
	}
	dst.SetInt(n)
	return true, nil
}

// between says a range as a sentence goes on.
func between(low, high int64) string {
	switch {
	case low == math.MinInt64 && high == math.MaxInt64:
		return ""
	case low == math.MinInt64:
		return fmt.Sprintf(" of at most %d", high)
	case high == math.MaxInt64:
		return fmt.Sprintf(" of at least %d", low)
	}
	return fmt.Sprintf(" from %d to %d", low, high)
}
