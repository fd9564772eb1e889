package rpc

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/talkgraph/talkgraph/internal/bounds"
)

// tag is what the `rpc` tag of a struct field says: the name on the wire, then
// options, separated by commas.
//
// In a request:
//
//	required     absent or empty is MissingParameter
//	max=N        strings: at most N characters; numbers: at most N; lists and
//	             maps: at most N elements. Strings, lists and maps need it, so
//	             that every parameter has a bound.
//	min=N        numbers: at least N
//	each=N       lists and maps: every key and element at most N characters, 256 if not said
//	default=V    numbers: the value when absent or empty
//	text         strings: tab and line ends are allowed, as in documents
//	is=KIND      strings: a kind of package bounds, which stands for max and text;
//	             lists: every element is of that kind, which stands for each and text
//
// In a response:
//
//	omitempty    the zero value is left out
type tag struct {
	name      string
	required  bool
	text      bool
	omitEmpty bool
	numbers   map[string]int64 // min, max, each and default, where said.
}

// A field is one that has a tag: of the struct itself, or of a struct that it
// embeds, so that what many requests or responses share is written once.
type field struct {
	reflect.StructField
	path []int // Index by index, as in [reflect.Value.FieldByIndex].
	tag  tag
}

// fieldsOf returns the fields of a struct type in the order they are written.
func fieldsOf(t reflect.Type) ([]field, error) {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag == "" {
			embedded, err := fieldsOf(f.Type)
			if err != nil {
				return nil, err
			}
			for _, e := range embedded {
				e.path = append([]int{i}, e.path...)
				fields = append(fields, e)
			}
			continue
		}
		tag, err := parseTag(f)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", t, err)
		}
		fields = append(fields, field{StructField: f, path: []int{i}, tag: tag})
	}
	return fields, nil
}

// parseTag reads the tag of a field.
func parseTag(f reflect.StructField) (tag, error) {
	name, options, _ := strings.Cut(f.Tag.Get("rpc"), ",")
	t := tag{name: name, numbers: map[string]int64{}}
	if name == "" || !f.IsExported() {
		return t, fmt.Errorf("rpc: field %s: needs to be exported and to have an rpc tag with its name on the wire", f.Name)
	}
	if options == "" {
		return t, nil
	}
	for option := range strings.SplitSeq(options, ",") {
		key, value, _ := strings.Cut(option, "=")
		switch key {
		case "required":
			t.required = true
		case "text":
			t.text = true
		case "omitempty":
			t.omitEmpty = true
		case "is":
			if err := t.setKind(f, value); err != nil {
				return t, err
			}
		case "min", "max", "each", "default":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return t, fmt.Errorf("rpc: field %s: option %q needs a whole number", f.Name, option)
			}
			t.numbers[key] = n
		default:
			return t, fmt.Errorf("rpc: field %s: option %q is unknown", f.Name, option)
		}
	}
	return t, nil
}

// setKind says what the texts of a field may be.
func (t *tag) setKind(f reflect.StructField, name string) error {
	kind, known := bounds.Named(name)
	if !known {
		return fmt.Errorf("rpc: field %s: there is no kind of text %q", f.Name, name)
	}
	most := "max"
	if f.Type.Kind() != reflect.String {
		most = "each"
	}
	t.numbers[most], t.text = int64(kind.Most), kind.Layout
	return nil
}

// number returns a numeric option, or what stands for it when it is not said.
func (t *tag) number(option string, otherwise int64) int64 {
	if n, ok := t.numbers[option]; ok {
		return n
	}
	return otherwise
}
