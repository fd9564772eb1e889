package api

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/internal/rpc"
)

// TestCanonical fills the response of every action with the values of its
// fixture, and compares what we write with the fixture. Fields that the fixture
// does not have are left out of the comparison; TestFacts knows them by name.
func TestCanonical(t *testing.T) {
	for name, action := range registry() {
		if _, more := extraActions[name]; more {
			continue
		}
		t.Run(name, func(t *testing.T) {
			fixture := readFixture(t, name+".json")
			var want map[string]any
			if err := json.Unmarshal(fixture, &want); err != nil {
				t.Fatal(err)
			}
			_, response := action.Types()
			filled := reflect.New(response)
			fill(t, filled.Elem(), want)
			encoder, err := rpc.NewEncoder(name, response)
			if err != nil {
				t.Fatal(err)
			}

			written := [][]byte{encoder.Append(nil, rpc.JSON, "requestid-1", filled.Interface())}
			if own, ok := filled.Interface().(rpc.JSONAppender); ok {
				if out, ok := own.AppendJSON(nil, "requestid-1"); ok {
					written = append(written, out)
				}
			}
			for _, body := range written {
				var got map[string]any
				if err := json.Unmarshal(body, &got); err != nil {
					t.Fatalf("%s: %v", body, err)
				}
				if diff := cmp.Diff(any(want), keep(got, want)); diff != "" {
					t.Errorf("JSON (-fixture +ours):\n%s", diff)
				}
			}
			wantXML := readXML(t, readFixture(t, name+".xml"))
			gotXML := readXML(t, encoder.Append(nil, rpc.XML, "requestid-1", filled.Interface()))
			if diff := cmp.Diff(any(wantXML), keep(gotXML, wantXML)); diff != "" {
				t.Errorf("XML (-fixture +ours):\n%s", diff)
			}
		})
	}
}

func readFixture(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "canonical", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fill sets the fields of a struct to the members of an object by their names
// on the wire.
func fill(t *testing.T, dst reflect.Value, members map[string]any) {
	t.Helper()
	for _, f := range taggedFields(dst.Type()) {
		if member, there := members[f.name]; there {
			fillValue(t, f.name, dst.FieldByIndex(f.Index), member)
		}
	}
}

func fillValue(t *testing.T, name string, dst reflect.Value, value any) {
	t.Helper()
	switch value := value.(type) {
	case string:
		if dst.Kind() == reflect.String {
			dst.SetString(value)
			return
		}
	case bool:
		if dst.Kind() == reflect.Bool {
			dst.SetBool(value)
			return
		}
	case float64:
		if dst.CanInt() {
			dst.SetInt(int64(value))
			return
		}
	case map[string]any:
		if dst.Kind() == reflect.Pointer {
			dst.Set(reflect.New(dst.Type().Elem()))
			dst = dst.Elem()
		}
		if dst.Kind() == reflect.Struct {
			fill(t, dst, value)
			return
		}
	case []any:
		if dst.Kind() == reflect.Slice {
			dst.Set(reflect.MakeSlice(dst.Type(), len(value), len(value)))
			for i, element := range value {
				fillValue(t, name, dst.Index(i), element)
			}
			return
		}
	}
	t.Errorf("%s is %v: it cannot hold the fixture's %T", name, dst.Type(), value)
}

// keep returns got without the members that want does not have.
func keep(got, want any) any {
	switch got := got.(type) {
	case map[string]any:
		if want, ok := want.(map[string]any); ok {
			kept := map[string]any{}
			for name := range want {
				if member, there := got[name]; there {
					kept[name] = keep(member, want[name])
				}
			}
			return kept
		}
	case []any:
		if want, ok := want.([]any); ok && len(want) == len(got) {
			kept := make([]any, len(got))
			for i := range got {
				kept[i] = keep(got[i], want[i])
			}
			return kept
		}
	}
	return got
}

// readXML returns a document as JSON would give it, with every scalar a string:
// an element that is repeated is a list. The root is a member as well.
func readXML(t *testing.T, document []byte) map[string]any {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(document))
	members, _, err := readElement(d)
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return members
}

// readElement reads up to the end of the element it is in.
func readElement(d *xml.Decoder) (members map[string]any, text string, err error) {
	members = map[string]any{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return members, text, nil
		}
		if err != nil {
			return nil, "", err
		}
		switch token := token.(type) {
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			return members, text, nil
		case xml.StartElement:
			below, inside, err := readElement(d)
			if err != nil {
				return nil, "", err
			}
			var member any = below
			if len(below) == 0 {
				member = inside
			}
			switch before := members[token.Name.Local].(type) {
			case nil:
				members[token.Name.Local] = member
			case []any:
				members[token.Name.Local] = append(before, member)
			default:
				members[token.Name.Local] = []any{before, member}
			}
		}
	}
}
