package flow

import (
	"math"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// value is a JSON value and where it stands.
type value struct {
	gjson.Result
	at place
}

// within is a value found inside v.
func (v value) within(found gjson.Result) value {
	at := v.at
	at.offset = found.Index
	return value{found, at}
}

// absent reports whether there is no value, or null.
func (v value) absent() bool { return v.Type == gjson.Null }

// jsonType is what JSON calls a value.
func (v value) jsonType() string {
	switch {
	case v.IsObject():
		return "an object"
	case v.IsArray():
		return "an array"
	case v.IsBool():
		return "true or false"
	case v.Type == gjson.String:
		return "a string"
	case v.Type == gjson.Number:
		return "a number"
	}
	return "null"
}

// kind is what objects of one kind are called and which keys they have.
type kind struct {
	name string
	keys []string
}

func kindOf(name, keys string) kind { return kind{name, strings.Fields(keys)} }

// object is a JSON object, its known keys found.
type object struct {
	at     place
	kind   *kind
	values []value // By place in kind.keys.
	log    *report
}

// object reads an object and reports whether v is one.
func (r *report) object(v value, k *kind) (object, bool) {
	o := object{at: v.at, kind: k, values: make([]value, len(k.keys)), log: r}
	if !v.IsObject() {
		r.add(wrongValue, v.at, "the %s must be an object, not %s", k.name, v.jsonType())
		return o, false
	}
	v.ForEach(func(key, found gjson.Result) bool {
		i := slices.Index(k.keys, key.Str)
		switch {
		case i < 0:
			r.addUnknown(k.name, key.Str, v.within(key).at)
		case o.values[i].Exists():
			r.add(repeatedKey, v.within(key).at, "the %s has %q twice: keep one of them", k.name, key.Str)
		default:
			o.values[i] = v.within(found)
		}
		return true
	})
	return o, true
}

// get returns the value of a key; where there is none, an absent one at the
// place of the object.
func (o *object) get(key string) value {
	v := o.values[slices.Index(o.kind.keys, key)]
	if !v.Exists() {
		v.at = o.at
	}
	return v
}

// object returns an object inside this one, empty where there is none.
func (o *object) object(key string, k *kind) object {
	v := o.get(key)
	if v.absent() {
		return object{at: v.at, kind: k, values: make([]value, len(k.keys)), log: o.log}
	}
	inner, _ := o.log.object(v, k)
	return inner
}

// within puts a flow and node to the places of all that the object holds.
func (o *object) within(flow, nodeID, nodeName string) {
	o.at.flow, o.at.nodeID, o.at.nodeName = flow, nodeID, nodeName
	for i := range o.values {
		at := &o.values[i].at
		at.flow, at.nodeID, at.nodeName = flow, nodeID, nodeName
	}
}

// wrong notes that a key has another type than it should.
func (o *object) wrong(key string, v value, want string) {
	o.log.add(wrongValue, v.at, "%q of the %s must be %s, not %s", key, o.kind.name, want, v.jsonType())
}

// text returns a string, "" where there is none.
func (o *object) text(key string) string {
	v := o.get(key)
	if v.absent() {
		return ""
	}
	if v.Type != gjson.String {
		o.wrong(key, v, "a string")
		return ""
	}
	return v.Str
}

// flag returns a boolean, fallback where there is none.
func (o *object) flag(key string, fallback bool) bool {
	v := o.get(key)
	if v.absent() {
		return fallback
	}
	if !v.IsBool() {
		o.wrong(key, v, "true or false")
		return fallback
	}
	return v.Type == gjson.True
}

// whole returns a whole number in [low, high], fallback where there is none.
func (o *object) whole(key string, low, high, fallback int) int {
	v := o.get(key)
	if v.absent() {
		return fallback
	}
	if v.Type != gjson.Number {
		o.wrong(key, v, "a number")
		return fallback
	}
	if v.Num != math.Trunc(v.Num) || v.Num < float64(low) || v.Num > float64(high) {
		o.log.add(outOfRange, v.at, "%q of the %s must be a whole number from %d to %d, not %s", key, o.kind.name, low, high, v.Raw)
		return fallback
	}
	return int(v.Num)
}

// list calls each for the elements of an array until it returns false.
func (o *object) list(key string, each func(i int, v value) bool) {
	v := o.get(key)
	if v.absent() {
		return
	}
	if !v.IsArray() {
		o.wrong(key, v, "an array")
		return
	}
	i := 0
	v.ForEach(func(_, found gjson.Result) bool {
		i++
		return each(i-1, v.within(found))
	})
}

// texts calls each for the strings of an array. Empty ones are noted, but
// passed on like all others, so that positions stay what the author sees.
func (o *object) texts(key string, each func(s string, v value) bool) {
	o.list(key, func(_ int, v value) bool {
		if v.Type != gjson.String {
			o.wrong(key, v, "an array of strings")
			return true
		}
		if blank(v.Str) {
			o.log.add(emptyText, v.at, "an empty text in %q of the %s does nothing: remove it", key, o.kind.name)
		}
		return each(v.Str, v)
	})
}

// blank reports whether a text has no words.
func blank(s string) bool { return strings.TrimSpace(s) == "" }
