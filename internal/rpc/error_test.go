package rpc

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// problems are details of an error.
type problems struct {
	Problems []problem `rpc:"Problems"`
}

type problem struct {
	Code string `rpc:"Code"`
	Line int    `rpc:"Line"`
}

// Every code there is, in both formats, as it goes over the wire.
func TestErrorAnswers(t *testing.T) {
	var got strings.Builder
	for _, err := range []*Error{
		MissingParameter("InstanceId"),
		InvalidParameter("PageSize", "It must be a whole number from 1 to 100."),
		InvalidParameter(strings.Repeat("长", 40), "It is unknown."),
		Duplicated("InstanceName"),
		Duplicated("ScriptName"),
		Duplicated("DialogueFlowName"),
		Duplicated("IntentName"),
		Duplicated("GlobalQuestionName"),
		NotExist("Instance"),
		NotExist("Script"),
		NotExist("Intent"),
		NotExist("JobGroup"),
		NotExist("Job"),
		TooManyConversations(),
		Forbidden("CreateScript"),
		Throttled(90 * time.Second),
		ServiceUnavailable("The store is away. Try again later.", errors.New("hidden")),
		InternalError(errors.New("hidden")),
		{Status: 400, Code: "InvalidScript.NotCompiled", Message: "One.", Details: problems{Problems: []problem{{"TG001", 3}, {"TG002", 0}}}},
		{Status: 400, Code: "InvalidScript.NotCompiled", Message: "None.", Details: problems{}},
		requestTooLarge("A body may have at most 16 MiB."),
		unsupportedOperation("Use GET or POST."),
		actionNotFound("Dialog"),
		invalidVersion("2019-12-26"),
		keyNotFound(),
		incompleteSignature("Signature is missing."),
		signatureMismatch([]byte("GET&%2F&A%3D1")),
		timestampExpired(),
		nonceUsed(),
	} {
		f := newFixture(t, func(o *Options) { o.Actions = []Action{echo(map[string]error{"so": err})} })
		for _, format := range []string{"JSON", "xml"} {
			w := f.get(f.signed(t, "GET", map[string]string{"Fail": "so", "Format": format}))
			fmt.Fprintf(&got, "%d\n", w.Code)
			if after := w.Header().Get("Retry-After"); after != "" {
				fmt.Fprintf(&got, "Retry-After: %s\n", after)
			}
			fmt.Fprintf(&got, "%s\n", w.Body)
		}
		if err.Error() == "" || err.Cause != nil && !errors.Is(err, err.Cause) {
			t.Errorf("%v lost its words or its cause", err)
		}
	}
	file := filepath.Join("testdata", "errors.golden")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}

// Before a server can do anything, it says so in the format that was asked for.
func TestUnavailable(t *testing.T) {
	h := Unavailable("The server is starting.")
	for query, want := range map[string]string{
		"":                              `"Code":"ServiceUnavailable"`,
		"?Action=Dialogue&Format=JSON":  `"Message":"The server is starting."`,
		"?Action=Dialogue&Format=XML":   "<Code>ServiceUnavailable</Code>",
		"?Format=YAML&%zz=1&Signature=": `"Code":"ServiceUnavailable"`,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+query, nil))
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %v %s, want 503 with %s", query, w.Code, w.Header(), w.Body, want)
		}
	}
}
