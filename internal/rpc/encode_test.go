package rpc

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/talkgraph/talkgraph/internal/rapidseed"
	"pgregory.net/rapid"
)

type sampleResponse struct {
	Zeta  string       `rpc:"Zeta"`
	Count int64        `rpc:"Count"`
	Ratio float64      `rpc:"Ratio"`
	Names []string     `rpc:"Names"`
	Items []sampleItem `rpc:"Items"`
	sampleOpen
	One    *sampleItem `rpc:"One"`
	Hidden string      `rpc:"Hidden,omitempty"`
}

type sampleOpen struct {
	Open bool `rpc:"Open"`
}

type sampleItem struct {
	Key string `rpc:"Key"`
	At  int    `rpc:"At"`
}

func sampleEncoder(t testing.TB) *Encoder {
	e, err := NewEncoder("Sample", reflect.TypeFor[sampleResponse]())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEncode(t *testing.T) {
	e := sampleEncoder(t)
	full := &sampleResponse{
		Zeta: "<你好> & \"再见\"\r\n\x01\xff", Count: math.MinInt64, Ratio: 0.25, sampleOpen: sampleOpen{true},
		Names: []string{"a", ""}, Items: []sampleItem{{"k", 1}, {"l", 2}}, One: &sampleItem{"m", 3}, Hidden: "h",
	}
	for _, c := range []struct {
		format Format
		value  *sampleResponse
		want   string
	}{
		{JSON, &sampleResponse{}, `{"Code":"OK","Count":0,"HttpStatusCode":200,"Items":[],"Message":"Success","Names":[],` +
			`"Open":false,"Ratio":0,"RequestId":"r","Success":true,"Zeta":""}`},
		{JSON, full, `{"Code":"OK","Count":-9223372036854775808,"Hidden":"h","HttpStatusCode":200,` +
			`"Items":[{"At":1,"Key":"k"},{"At":2,"Key":"l"}],"Message":"Success","Names":["a",""],"One":{"At":3,"Key":"m"},` +
			`"Open":true,"Ratio":0.25,"RequestId":"r","Success":true,"Zeta":"<你好> & \"再见\"\r\n\u0001` + "\uFFFD" + `"}`},
		{JSON, &sampleResponse{Ratio: math.NaN()}, `{"Code":"OK","Count":0,"HttpStatusCode":200,"Items":[],"Message":"Success","Names":[],` +
			`"Open":false,"Ratio":null,"RequestId":"r","Success":true,"Zeta":""}`},
		{XML, &sampleResponse{}, `<?xml version="1.0" encoding="utf-8"?>` + "\n<SampleResponse><Code>OK</Code><Count>0</Count>" +
			`<HttpStatusCode>200</HttpStatusCode><Message>Success</Message><Open>false</Open><Ratio>0</Ratio>` +
			`<RequestId>r</RequestId><Success>true</Success><Zeta></Zeta></SampleResponse>`},
		{XML, full, `<?xml version="1.0" encoding="utf-8"?>` + "\n<SampleResponse><Code>OK</Code><Count>-9223372036854775808</Count>" +
			`<Hidden>h</Hidden><HttpStatusCode>200</HttpStatusCode><Items><At>1</At><Key>k</Key></Items><Items><At>2</At><Key>l</Key></Items>` +
			`<Message>Success</Message><Names>a</Names><Names></Names><One><At>3</At><Key>m</Key></One><Open>true</Open><Ratio>0.25</Ratio>` +
			`<RequestId>r</RequestId><Success>true</Success><Zeta>&lt;你好&gt; &amp; "再见"&#xD;` + "\n\uFFFD\uFFFD" + `</Zeta></SampleResponse>`},
	} {
		if diff := cmp.Diff(c.want, string(e.Append(nil, c.format, "r", c.value))); diff != "" {
			t.Error(diff)
		}
	}
}

// Whatever a response holds, a parser reads the same from it.
func TestEncodeParses(t *testing.T) {
	e := sampleEncoder(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string {
			return rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("\x00\x1f\u007f\u0085\u2028\ufffe&<>\"'\\/\r\n\t"))),
				rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		})
		value := &sampleResponse{Zeta: text.Draw(t, "zeta"), Names: rapid.SliceOf(text).Draw(t, "names"), Ratio: rapid.Float64().Draw(t, "ratio")}
		id := text.Draw(t, "id")

		var got struct {
			Zeta, RequestId string
			Names           []string
			Ratio           float64
		}
		if err := json.Unmarshal(e.Append(nil, JSON, id, value), &got); err != nil {
			t.Fatal(err)
		}
		// Each byte that is no UTF-8 becomes one U+FFFD, as in a conversion to runes.
		if want := string([]rune(value.Zeta)); got.Zeta != want {
			t.Fatalf("%q became %q", want, got.Zeta)
		}
		if got.Ratio != value.Ratio || len(got.Names) != len(value.Names) {
			t.Fatalf("%v %v, want %v %v", got.Ratio, len(got.Names), value.Ratio, len(value.Names))
		}
		names := 0
		d := xml.NewDecoder(bytes.NewReader(e.Append(nil, XML, id, value)))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "Names" {
				names++
			}
		}
		if names != len(value.Names) {
			t.Fatalf("%d elements Names, want %d", names, len(value.Names))
		}
	})
}

func TestNewEncoderRefuses(t *testing.T) {
	type knot struct {
		Again *struct {
			Deeper []struct {
				F float32 `rpc:"F"`
			} `rpc:"D"`
		} `rpc:"A"`
	}
	type endless struct {
		Again []endless `rpc:"Again"`
	}
	for want, sample := range map[string]any{
		"is not a struct":     1,
		"cannot hold float32": knot{},
		"nests deeper":        endless{},
		"cannot hold map": struct {
			A map[string]string `rpc:"A"`
		}{},
		"cannot hold [][]string": struct {
			A [][]string `rpc:"A"`
		}{},
		"an rpc tag": struct{ A string }{},
		"two members named Message": struct {
			A string `rpc:"Message"`
		}{},
	} {
		if _, err := NewEncoder("X", reflect.TypeOf(sample)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: got %v, want %s", sample, err, want)
		}
	}
}
