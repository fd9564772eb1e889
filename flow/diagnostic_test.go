package flow

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestErrorsSayTheFirstAndHowManyMore(t *testing.T) {
	warning := Diagnostic{Code: "TG009", File: "a", Line: 1, Column: 2, Message: "odd"}
	first := Diagnostic{Code: "TG001", Severity: Error, File: "b", Line: 3, Column: 4, Message: "bad"}
	for _, c := range []struct {
		list    Errors
		want    string
		refused bool
	}{
		{nil, "flow: no errors", false},
		{Errors{warning}, "flow: no errors", false},
		{Errors{warning, first}, "b:3:4: error TG001: bad", true},
		{Errors{first, warning, first, first}, "b:3:4: error TG001: bad (and 2 more)", true},
	} {
		if got := c.list.Error(); got != c.want || c.list.Refused() != c.refused {
			t.Errorf("Error of %v is %q, refused %v; want %q, %v", []Diagnostic(c.list), got, c.list.Refused(), c.want, c.refused)
		}
	}
}

func TestDiagnosticsAreSortedByPlace(t *testing.T) {
	list := Errors{
		{File: "b", Line: 1, Column: 1}, {File: "a", Line: 2, Column: 1}, {File: "a", Line: 1, Column: 2, Code: "TG002"},
		{File: "a", Line: 1, Column: 2, Code: "TG001", Message: "z"}, {File: "a", Line: 1, Column: 2, Code: "TG001", Message: "y"}, {File: "a", Line: 1, Column: 1},
	}
	list.Sort()
	var got []string
	for _, d := range list {
		got = append(got, d.String())
	}
	want := "a:1:1: warning : \na:1:2: warning TG001: y\na:1:2: warning TG001: z\na:1:2: warning TG002: \na:2:1: warning : \nb:1:1: warning : "
	if strings.Join(got, "\n") != want {
		t.Errorf("sorted:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
}

func TestDiagnosticAsJSON(t *testing.T) {
	got, err := json.Marshal(Diagnostic{Code: "TG021", Severity: Error, File: "f", Line: 1, Column: 2, Pointer: "/a", NodeID: "n", Message: "m"})
	const want = `{"code":"TG021","severity":"error","file":"f","line":1,"column":2,"pointer":"/a","nodeId":"n","message":"m"}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}

func TestManyDiagnostics(t *testing.T) {
	// 600 errors and 600 warnings: the errors come first, the rest is said.
	var b strings.Builder
	for range 600 {
		b.WriteString(`{"id": 7, "name": "a", "questions": ["a"], "answers": [""]},`)
	}
	list, _ := diagnose(t, good(`"globalQuestions": [`+b.String()+`{"id": "q", "questions": ["a"], "answers": ["a"]}]`))
	count := map[Severity]int{}
	for _, d := range list {
		count[d.Severity]++
	}
	if len(list) != maxListed+1 || count[Error] < 600 || list[maxListed].Code != "TG099" {
		t.Errorf("%d diagnostics, %d of them errors, the last is %v", len(list), count[Error], list[len(list)-1])
	}
}

func TestClip(t *testing.T) {
	long := strings.Repeat("你", 100)
	for word, want := range map[string]string{"": "", long: long, long + "好": long + "…", strings.Repeat("a", 101): strings.Repeat("a", 100) + "…"} {
		if got := clip(word); got != want {
			t.Errorf("clip(%q) = %q, want %q", word, got, want)
		}
	}
}
