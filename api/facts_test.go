package api

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/rpc"
)

// fact is what is documented of one action; see testdata/README.md.
type fact struct {
	Action   string
	Group    string
	Kind     string // read or write.
	Summary  string
	Params   []paramFact
	SDKOnly  []paramFact `json:"sdk_only_params"` // What the official SDK can send beside Params.
	Response responseFact
	Errors   []errorFact
	Aliases  map[string][]string `json:"safe_alias_fields"` // By path: names the reference's examples print.
}

type paramFact struct {
	Name     string // X.N for a list, X.N.Key for a member of a list's elements.
	Type     string
	SDKType  string `json:"sdk_type"`
	Required bool
}

type responseFact struct {
	Envelope []string
	Root     string `json:"xml_root"`
	Fields   []fieldFact
	SDKOnly  []string `json:"sdk_only_fields"` // "Name:type".
}

type fieldFact struct {
	Name    string
	Type    string
	Fields  []fieldFact
	SDKOnly []string `json:"sdk_only_fields"`
}

type errorFact struct {
	HTTP   int
	Code   string
	Format string `json:"message_format"`
}

// readFacts returns the facts in the order of the reference.
func readFacts(t testing.TB) []fact {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "openapi-facts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var facts []fact
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	if len(facts) != 73 {
		t.Fatalf("there are facts of %d actions, want 73", len(facts))
	}
	return facts
}

// registry returns every action of the API by name.
func registry() map[string]rpc.Action {
	actions := map[string]rpc.Action{}
	for _, a := range append(new(service).actions(), rpc.Handle("Dialogue", new(conversation).dialogue)) {
		actions[a.Name()] = a
	}
	return actions
}

// TestFacts holds every action to what is documented of it: that it is there,
// takes the parameters and answers the fields, by name and kind.
func TestFacts(t *testing.T) {
	actions := registry()
	documented := map[string]bool{}
	for _, f := range readFacts(t) {
		documented[f.Action] = true
		t.Run(f.Action, func(t *testing.T) {
			a, there := actions[f.Action]
			switch {
			case there && slices.Contains(pending, f.Action):
				t.Error("it is registered: take it off the list of pending actions")
			case there:
				request, response := a.Types()
				checkRequest(t, &f, request)
				checkFields(t, &f, "", f.Response.payload(), f.Response.SDKOnly, response)
			case !slices.Contains(pending, f.Action):
				t.Error("it is documented, and not registered")
			}
		})
	}
	for name := range actions {
		if _, more := extraActions[name]; !more && !documented[name] {
			t.Errorf("%s is registered, and neither documented nor among the extra actions", name)
		}
	}
}

// TestFactsExceptions looks for exceptions that except nothing any more.
func TestFactsExceptions(t *testing.T) {
	actions := registry()
	parameters, fields := map[string]bool{}, map[string]bool{}
	for name, a := range actions {
		request, response := a.Types()
		for _, p := range parametersOf(request) {
			parameters[name+" "+p.name] = true
			parameters["* "+p.name] = true
		}
		walkFields(name+" ", response, func(path string) { fields[path] = true })
	}
	for _, list := range []struct {
		what  string
		names map[string]string
		have  map[string]bool
	}{
		{"optional", optional, parameters},
		{"otherKind", otherKind, parameters},
		{"moreParameters", moreParameters, parameters},
		{"moreFields", moreFields, fields},
	} {
		for name, reason := range list.names {
			if !list.have[name] {
				t.Errorf("%s: %s is nowhere", list.what, name)
			}
			if reason == "" {
				t.Errorf("%s: %s has no reason", list.what, name)
			}
		}
	}
}

// payload returns the fields beside the envelope.
func (r *responseFact) payload() []fieldFact {
	return slices.DeleteFunc(slices.Clone(r.Fields), func(f fieldFact) bool { return slices.Contains(r.Envelope, f.Name) })
}

// checkRequest compares the parameters of a request struct with the documented.
func checkRequest(t *testing.T, f *fact, request reflect.Type) {
	have := map[string]parameter{}
	for _, p := range parametersOf(request) {
		have[p.name] = p
	}
	known := map[string]bool{}
	for _, want := range f.Params {
		name := f.Action + " " + want.Name
		got, there := have[want.Name]
		if list, isList := have[want.Name+".N"]; isList && want.Type == "JSON-string" {
			got, there = list, true // The codec reads every list in both ways.
		}
		known[got.name] = true
		if !there {
			t.Errorf("parameter %s is missing", want.Name)
			continue
		}
		if !slices.Contains(fitting[want.Type], got.kind) && otherKind[name] == "" {
			t.Errorf("parameter %s is %s, want one of %v for %s", want.Name, got.kind, fitting[want.Type], want.Type)
		}
		excepted := optional[name] != "" || optional["* "+want.Name] != ""
		if got.required != want.Required && (got.required || !excepted) {
			t.Errorf("parameter %s: required is %v, want %v", want.Name, got.required, want.Required)
		}
	}
	for _, want := range f.SDKOnly {
		known[want.Name] = true
		if got, there := have[want.Name]; there && !slices.Contains(fitting[want.SDKType], got.kind) {
			t.Errorf("parameter %s is %s, want one of %v for the SDK's %s", want.Name, got.kind, fitting[want.SDKType], want.SDKType)
		}
	}
	for name := range have {
		if !known[name] && moreParameters[f.Action+" "+name] == "" {
			t.Errorf("parameter %s is neither documented nor an extension", name)
		}
	}
}

// fitting has the kinds of Go fields by the documented type of a parameter.
var fitting = map[string][]string{
	"String":                         {"string"},
	"Integer":                        {"int", "int64"},
	"Long":                           {"int64"},
	"Boolean":                        {"bool"},
	"JSON-string":                    {"string", "[]string", "map[string]string"},
	"StringList(X.N)":                {"[]string"},
	"StringList(X.N) of JSON-string": {"[]string"},
	"string":                         {"string"},
	"*[]string":                      {"[]string"},
	"*[]ListInstancesTag":            {"[]struct"},
}

// parameter is one that a request struct reads.
type parameter struct {
	name     string // As the facts write it: X.N for a list.
	kind     string
	required bool
	options  string // What its tag says beside the name.
}

// parametersOf returns the parameters of a request struct.
func parametersOf(request reflect.Type) []parameter {
	var list []parameter
	for _, f := range taggedFields(request) {
		p := parameter{name: f.name, kind: f.Type.String(), options: f.options}
		p.required = p.says("required")
		switch {
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			for _, member := range parametersOf(f.Type.Elem()) {
				member.name = f.name + ".N." + member.name
				list = append(list, member)
			}
			continue
		case p.kind == "[]string":
			p.name += ".N"
		}
		list = append(list, p)
	}
	return list
}

// checkFields compares the fields of a response struct, at a path of the
// answer, with the documented.
func checkFields(t *testing.T, f *fact, path string, want []fieldFact, sdkOnly []string, got reflect.Type) {
	have := map[string]reflect.Type{}
	for _, g := range taggedFields(got) {
		have[g.name] = g.Type
	}
	known := map[string]bool{}
	for _, w := range want {
		known[w.Name] = true
		g, there := have[w.Name]
		if !there {
			t.Errorf("field %s%s is missing", path, w.Name)
			continue
		}
		if kind, element := wireKind(g); kind != w.Type {
			t.Errorf("field %s%s is %s, want %s", path, w.Name, kind, w.Type)
		} else if element != nil {
			below := path + w.Name + "."
			if strings.HasPrefix(kind, "List") {
				below = path + w.Name + "[]."
			}
			checkFields(t, f, below, w.Fields, w.SDKOnly, element)
		}
	}
	for _, only := range sdkOnly {
		name, kind, _ := strings.Cut(only, ":")
		known[name] = true
		g, there := have[name]
		scalar := map[string]string{"string": "String", "int": "Integer", "int64": "Long", "bool": "Boolean"}[kind]
		if got, _ := wireKind(g); there && scalar != "" && got != scalar {
			t.Errorf("field %s%s is %s, the SDK reads %s", path, name, got, kind)
		}
	}
	for _, alias := range f.Aliases[strings.TrimSuffix(path, ".")] {
		name, _, _ := strings.Cut(alias, "=")
		name, _, _ = strings.Cut(name, " ")
		known[name] = true
	}
	for name := range have {
		if at := path + name; !known[name] && moreFields[f.Action+" "+at] == "" {
			t.Errorf("field %s is neither documented nor an extension", at)
		}
	}
}

// wireKind returns the documented type that a Go type has on the wire, and the
// struct whose members are below it.
func wireKind(t reflect.Type) (kind string, members reflect.Type) {
	if t == nil {
		return "", nil
	}
	switch t.Kind() {
	case reflect.String:
		return "String", nil
	case reflect.Bool:
		return "Boolean", nil
	case reflect.Int:
		return "Integer", nil
	case reflect.Int64:
		return "Long", nil
	case reflect.Struct:
		return "Struct", t
	case reflect.Pointer:
		return wireKind(t.Elem())
	case reflect.Slice:
		kind, members := wireKind(t.Elem())
		return "List of " + kind, members
	}
	return t.String(), nil
}

// walkFields visits every field of an answer by its path; what is below a
// field that is an extension belongs to it.
func walkFields(path string, response reflect.Type, visit func(path string)) {
	for _, f := range taggedFields(response) {
		visit(path + f.name)
		if kind, members := wireKind(f.Type); members != nil && strings.HasPrefix(kind, "List") {
			walkFields(path+f.name+"[].", members, visit)
		} else if members != nil {
			walkFields(path+f.name+".", members, visit)
		}
	}
}

// taggedField is a field of a request or response struct, those of embedded
// structs included.
type taggedField struct {
	reflect.StructField
	name, options string
}

func taggedFields(t reflect.Type) []taggedField {
	var list []taggedField
	for _, f := range reflect.VisibleFields(t) {
		if tag, tagged := f.Tag.Lookup("rpc"); tagged {
			name, options, _ := strings.Cut(tag, ",")
			list = append(list, taggedField{f, name, options})
		}
	}
	return list
}
