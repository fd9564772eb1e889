package rpc

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParamsRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		query, form string
		code, names string // The code, and the parameter that the message names.
	}{
		"bad percent":               {query: "A=1&Bad=%zz", code: "InvalidParameter", names: "Bad"},
		"cut percent":               {query: "Bad=%2", code: "InvalidParameter", names: "Bad"},
		"bad percent in a name":     {query: "Ba%=1", code: "InvalidParameter", names: "Ba"},
		"semicolon":                 {query: "Bad=1;C=2", code: "InvalidParameter", names: "Bad"},
		"twice in the query":        {query: "Bad=1&Bad=2", code: "InvalidParameter", names: "Bad"},
		"twice, query and form":     {query: "Bad=1", form: "Bad=2", code: "InvalidParameter", names: "Bad"},
		"three times, the last new": {query: "Bad=1&Bad=1&Bad=2", code: "InvalidParameter", names: "Bad"},
		"invalid UTF-8":             {query: "Bad=%ff", code: "InvalidParameter", names: "Bad"},
		"surrogate":                 {query: "Bad=%ed%a0%80", code: "InvalidParameter", names: "Bad"},
		"character across the =":    {query: "Bad%e4%bd=%a0", code: "InvalidParameter", names: "Bad"},
		"NUL":                       {form: "Bad=a%00b", code: "InvalidParameter", names: "Bad"},
		"DEL":                       {form: "Bad=%7f", code: "InvalidParameter", names: "Bad"},
		"C1 control":                {form: "Bad=%c2%85", code: "InvalidParameter", names: "Bad"},
		"control in a name":         {form: "B%01d=1", code: "InvalidParameter", names: "B\x01d"},
		"too many":                  {query: strings.Repeat("a&", maxParams+1), code: "RequestTooLarge", names: "65536"},
	} {
		t.Run(name, func(t *testing.T) {
			var p params
			err := p.parse(c.query, []byte(c.form))
			var e *Error
			if !errors.As(err, &e) || e.Code != c.code || !strings.Contains(e.Message, c.names) {
				t.Errorf("got %v, want %s naming %q", err, c.code, c.names)
			}
		})
	}
}

func TestParamsMerge(t *testing.T) {
	var p params
	for range 2 { // Parameters are used again for the next request.
		err := p.parse("b=2&a=%E4%BD%A0+%2b&&same=x", []byte("c&same=x&d==%3D&="))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, one := range p.pairs {
			got[string(one.name)] = string(one.value)
		}
		want := map[string]string{"": "", "a": "你 +", "b": "2", "c": "", "d": "==", "same": "x"}
		if diff := cmp.Diff(want, got); diff != "" || len(p.pairs) != len(want) {
			t.Error(diff)
		}
		for name, value := range want {
			if string(p.get(name)) != value {
				t.Errorf("get(%q) = %q, want %q", name, p.get(name), value)
			}
		}
		if p.get("e") != nil || p.get("B") != nil {
			t.Error("get finds what is not there")
		}
	}
}

// Few and many parameters are sorted in different ways.
func TestParamsSort(t *testing.T) {
	for _, n := range []int{1, 2, 63, 64, 65, 500} {
		names := rand.New(rand.NewPCG(1, uint64(n))).Perm(n)
		var query strings.Builder
		for _, name := range names {
			fmt.Fprintf(&query, "&X.%d=%d", name, name)
		}
		checkAgainstReference(t, query.String(), query.String())
	}
}

// What was asked for is known even of a request that is refused.
func TestParamsAfterError(t *testing.T) {
	var p params
	if err := p.parse("Bad=%zz&Format=XML", nil); err == nil || string(p.get("Format")) != "XML" {
		t.Errorf("err %v, Format %q", err, p.get("Format"))
	}
}

func FuzzQuery(f *testing.F) {
	f.Add("Action=Dialogue&Utterance=%E4%BD%A0%E5%A5%BD+&x=%2B", "a=1&a=1&b")
	f.Add("a=%", ";")
	f.Add("&&=&=a", "%ff=%00&a%")
	f.Add("X.2=b&X.10=c&X.1=%2a~", "Y=\t\n")
	f.Fuzz(func(t *testing.T, query, form string) {
		if strings.Count(query+form, "&") > maxParams/2 {
			return
		}
		checkAgainstReference(t, query, form)
	})
}

// checkAgainstReference parses a request both ways, and when it is accepted
// compares the parameters and what is signed.
func checkAgainstReference(t interface{ Errorf(string, ...any) }, query, form string) {
	want, ok := referenceParse(query, form)
	var p params
	if err := p.parse(query, []byte(form)); (err == nil) != ok {
		t.Errorf("%q %q: err %v, the reference accepts: %v", query, form, err, ok)
	}
	if !ok {
		return
	}
	got := url.Values{}
	for _, one := range p.pairs {
		got.Set(string(one.name), string(one.value))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q %q: %s", query, form, diff)
	}
	if len(got) != len(p.pairs) {
		t.Errorf("%q %q: %d parameters, some twice", query, form, len(p.pairs))
	}
	if got, want := string(stringToSign(nil, "POST", &p)), referenceStringToSign("POST", want); got != want {
		t.Errorf("%q %q: signs %q, want %q", query, form, got, want)
	}
}
