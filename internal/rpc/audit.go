package rpc

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Use is one use of an action, as it is written down: who did what, when, to
// what, and what came of it.
type Use struct {
	Caller
	At         time.Time // When the request came.
	InstanceID string    // The instance it was about; "" when it was about none.
	Target     string    // The ids that the request named and the answer brought: "ScriptId=s IntentId=i".
	Code       string    // That of the answer, OK or an error.
}

// longestTarget bounds what is written down of the ids of one request, in bytes.
const longestTarget = 512

// use describes the use of an action that the exchange is. The answer is nil
// before there is one, and after an error. Whoever is refused wrote the parameters as well, so only those
// of the action are looked at.
func (x *exchange) use(a *Action, answer any, at time.Time) Use {
	u := Use{At: at, Code: x.code}
	u.Caller = x.caller
	fields, _ := fieldsOf(a.request) // It was checked when the action was made.
	for _, p := range x.params.pairs {
		name, _, _ := strings.Cut(string(p.name), ".")
		known := slices.ContainsFunc(fields, func(f field) bool { return f.tag.name == name })
		if known && strings.HasSuffix(name, "Id") {
			u.name(string(p.name), string(p.value))
		}
	}
	if answer != nil {
		u.nameAll(reflect.ValueOf(answer).Elem(), 2)
	}
	return u
}

// nameAll names the ids among the fields of a response, some floors deep.
func (u *Use) nameAll(v reflect.Value, floors int) {
	fields, _ := fieldsOf(v.Type()) // It was checked when the action was made.
	for _, f := range fields {
		switch value := v.FieldByIndex(f.path); {
		case value.Kind() == reflect.String && strings.HasSuffix(f.tag.name, "Id"):
			u.name(f.tag.name, value.String())
		case value.Kind() == reflect.Struct && floors > 1:
			u.nameAll(value, floors-1)
		}
	}
}

// name adds an id that is not there yet, so long and no longer, and on one line.
func (u *Use) name(kind, id string) {
	kind, id = clip(printable(kind)), clip(printable(id))
	switch kind {
	case "AccessKeyId", "RegionId", "InstanceOwnerId":
		return
	case "InstanceId":
		u.InstanceID = id
		return
	}
	text := kind + "=" + id
	if len(u.Target)+len(text) >= longestTarget || strings.Contains(" "+u.Target+" ", " "+text+" ") {
		return
	}
	if u.Target != "" {
		u.Target += " "
	}
	u.Target += text
}

// printable replaces what does not print, line ends among it, by U+FFFD.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}
