package rpc

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type sampleRequest struct {
	ID  string `rpc:"Id,required,max=4"`
	Doc string `rpc:"Doc,max=20,text"`
	samplePage
	Owner   int64             `rpc:"Owner"`
	Low     int               `rpc:"Low,min=3"`
	High    int               `rpc:"High,max=3"`
	All     bool              `rpc:"All"`
	Numbers []string          `rpc:"Numbers,max=3,each=5"`
	Vars    map[string]string `rpc:"Vars,max=2,each=5"`
	Tags    []sampleTag       `rpc:"Tag,max=2"`
}

type sampleTag struct {
	Key   string `rpc:"Key,required,max=3"`
	Value string `rpc:"Value,max=3"`
	Low   int    `rpc:"Low,default=7"`
}

type samplePage struct {
	Page int `rpc:"Page,min=1,max=100,default=10"`
}

func TestDecode(t *testing.T) {
	plan, err := planRequest(reflect.TypeFor[sampleRequest]())
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]sampleRequest{
		"Id=a":                                  {ID: "a", samplePage: samplePage{10}},
		"Id=一二三四":                               {ID: "一二三四", samplePage: samplePage{10}},
		"Id=a&Page=100&Owner=-9007199254740993": {ID: "a", samplePage: samplePage{100}, Owner: -9007199254740993},
		"Id=a&Page=&Owner=&All=&Numbers=&Vars=": {ID: "a", samplePage: samplePage{10}},
		"Id=a&All=True":                         {ID: "a", samplePage: samplePage{10}, All: true},
		"Id=a&All=FALSE":                        {ID: "a", samplePage: samplePage{10}},
		"Id=a&Doc=x%0A%09y":                     {ID: "a", samplePage: samplePage{10}, Doc: "x\n\ty"},
		"Id=a&Numbers.10=c&Numbers.2=b":         {ID: "a", samplePage: samplePage{10}, Numbers: []string{"b", "c"}},
		`Id=a&Numbers=["1","二"]`:                {ID: "a", samplePage: samplePage{10}, Numbers: []string{"1", "二"}},
		"Id=a&Numbers=[]":                       {ID: "a", samplePage: samplePage{10}, Numbers: []string{}},
		"Id=a&Numbers=95187":                    {ID: "a", samplePage: samplePage{10}, Numbers: []string{"95187"}},
		`Id=a&Vars={"k":"v","名":""}`:            {ID: "a", samplePage: samplePage{10}, Vars: map[string]string{"k": "v", "名": ""}},
		"Id=a&Tag.10.Key=c&Tag.2.Key=b&Tag.2.Value=v&Tag.2.Low=1&Tag.2.Else=x": {ID: "a", samplePage: samplePage{10}, Tags: []sampleTag{{"b", "v", 1}, {"c", "", 7}}},
		"Id=a&id=b&Unknown=1&NumbersX.1=z&Vars.":                               {ID: "a", samplePage: samplePage{10}},
	} {
		var p params
		var got sampleRequest
		if err := p.parse(escaped(query), nil); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if err := plan.decode(&p, reflect.ValueOf(&got).Elem()); err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		clear(p.arena) // Nothing of the request may depend on it.
		if len(want.Tags) == 0 && len(got.Tags) == 0 {
			want.Tags = got.Tags
		}
		if len(want.Numbers) == 0 && len(got.Numbers) == 0 {
			want.Numbers = got.Numbers
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(sampleRequest{})); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	plan, err := planRequest(reflect.TypeFor[sampleRequest]())
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{ // The code, and what the message says.
		"":                             "MissingParameter: Id is mandatory for this action.",
		"Id=a&Tag.1.Value=v":           "MissingParameter: Tag.1.Key is mandatory",
		"Id=a&Tag.1.Key=abcd":          "Tag.1.Key is invalid. It may have at most 3 characters.",
		"Id=a&Tag.0.Key=a":             "Tag.0.Key is invalid. The elements of a list are numbered Tag.1.Key, Tag.2.Key and so on.",
		"Id=a&Tag.x.Key=a":             "Tag.x.Key is invalid.",
		"Id=a&Tag.01.Key=a":            "Tag.01.Key is invalid.",
		"Id=a&Tag=a":                   "Tag is invalid. The elements of a list are numbered Tag.1.Key, Tag.2.Key",
		"Id=a&Tag.1=a":                 "Tag.1 is invalid.",
		"Id=a&Tag.1.=a":                "Tag.1. is invalid.",
		"Id=a&Tag.1.Key=a&Tag.1.Low=x": "Tag.1.Low is invalid. It must be a whole number.",
		"Id=a&Tag.1.Key=a&Tag.2.Key=b&Tag.9.Key=c": "Tag is invalid. It may have at most 2 elements.",
		"Id=":                                         "MissingParameter: Id",
		"Id=abcde":                                    "InvalidParameter: The specified parameter Id is invalid. It may have at most 4 characters.",
		"Id=a%0A":                                     "InvalidParameter: The specified parameter Id is invalid. It must not hold control characters.",
		"Id=a&Page=0":                                 "Page is invalid. It must be a whole number from 1 to 100.",
		"Id=a&Low=2":                                  "Low is invalid. It must be a whole number of at least 3.",
		"Id=a&High=4":                                 "High is invalid. It must be a whole number of at most 3.",
		"Id=a&Page=101":                               "Page",
		"Id=a&Page=1.5":                               "Page",
		"Id=a&Page=99999999999999999999":              "Page",
		"Id=a&Owner=x":                                "Owner is invalid. It must be a whole number.",
		"Id=a&All=yes":                                "All is invalid. It must be true or false.",
		"Id=a&Numbers.0=x":                            "Numbers.0",
		"Id=a&Numbers.01=x":                           "Numbers.01",
		"Id=a&Numbers.-1=x":                           "Numbers.-1",
		"Id=a&Numbers.x=x":                            "Numbers.x",
		"Id=a&Numbers.1.Key=x":                        "Numbers.1.Key",
		"Id=a&Numbers.99999999999999999999=x":         "Numbers.99999999999999999999",
		"Id=a&Numbers.1=x&Numbers=y":                  "Numbers is invalid. It is given both whole and as Numbers.1.",
		"Id=a&Numbers=[1]":                            "Numbers is invalid. It must be a JSON array of strings",
		"Id=a&Numbers=[null]":                         "Numbers",
		"Id=a&Numbers=[":                              "Numbers",
		`Id=a&Numbers=["a","b","c","d"]`:              "Numbers is invalid. It may have at most 3 elements.",
		"Id=a&Numbers.1=abcdef":                       "Numbers is invalid. Each of its elements may have at most 5 characters.",
		`Id=a&Numbers=["\u0000"]`:                     "Numbers is invalid. Each of its elements must not hold control characters.",
		"Id=a&Numbers.1=a%09":                         "Numbers",
		`Id=a&Vars={"k":1}`:                           "Vars is invalid. It must be a JSON object whose values are strings.",
		`Id=a&Vars={"k":null}`:                        "Vars",
		"Id=a&Vars=null":                              "Vars",
		"Id=a&Vars=[]":                                "Vars",
		`Id=a&Vars={"a":"","b":"","c":""}`:            "Vars is invalid. It may have at most 2 members.",
		`Id=a&Vars={"k":"abcdef"}`:                    "Vars",
		`Id=a&Vars={"abcdef":""}`:                     "Vars",
		`Id=a&Vars={"k":"\u0007"}`:                    "Vars",
		"Id=a&Vars=" + strings.Repeat(`{"k":`, 20000): "Vars",
	} {
		var p params
		if err := p.parse(escaped(query), nil); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		err := plan.decode(&p, reflect.ValueOf(new(sampleRequest)).Elem())
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: got %v, want %s", query, err, want)
		}
	}
}

// escaped makes a query of a readable one: what JSON needs is percent-encoded,
// escapes that are there stay.
func escaped(query string) string {
	return strings.NewReplacer(`"`, "%22", "{", "%7B", "}", "%7D", "[", "%5B", "]", "%5D", `\`, "%5C",
		"一二三四", url.QueryEscape("一二三四"), "二", url.QueryEscape("二"), "名", url.QueryEscape("名")).Replace(query)
}

// A required list may be empty, but must be there.
func TestDecodeRequiredList(t *testing.T) {
	type request struct {
		List []string `rpc:"List,required,max=3"`
	}
	plan, err := planRequest(reflect.TypeFor[request]())
	if err != nil {
		t.Fatal(err)
	}
	for query, present := range map[string]bool{"": false, "List=": false, "List=[]": true, "List.1=": true, "List=[x]": false} {
		var p params
		if err := p.parse(escaped(query), nil); err != nil {
			t.Fatal(err)
		}
		err := plan.decode(&p, reflect.ValueOf(new(request)).Elem())
		if (err == nil) != present {
			t.Errorf("%q: %v", query, err)
		}
	}
}

func TestPlanRequestRefuses(t *testing.T) {
	for want, sample := range map[string]any{
		"is not a struct":      "",
		"needs to be exported": struct{ a string }{},
		"an rpc tag":           struct{ A string }{},
		"cannot hold float64": struct {
			A float64 `rpc:"A"`
		}{},
		"the tag needs max=": struct {
			A string `rpc:"A"`
		}{},
		`"max=x" needs a whole`: struct {
			A int `rpc:"A,max=x"`
		}{},
		`"maximum=1" is unknown`: struct {
			A int `rpc:"A,maximum=1"`
		}{},
	} {
		if _, err := planRequest(reflect.TypeOf(sample)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: got %v, want %s", sample, err, want)
		}
	}
}
