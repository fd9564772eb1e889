package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/engine"
)

// A signed URL is one that the API accepts: all that is wrong with it is that
// the instance does not exist.
func TestSign(t *testing.T) {
	calls, err := engine.New(engine.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	handler, err := api.New(api.Options{
		Engine: calls, Resolver: api.Static{Instance: "i"}, Keys: map[string]string{"id": "se cret&"}, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(keyIDVariable, "id")
	t.Setenv(keySecretVariable, "wrong")
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		got := execute(nil, "sign", "--endpoint", "https://bot.example", "--method", method, "--key-secret", "se cret&",
			"Action=Dialogue", "InstanceId=x", "CallId=a=b & c", "CallType=Outbound", "CalledNumber=1", "CallingNumber=2", "Utterance=你好")
		signed, err := url.Parse(strings.TrimSpace(got.stdout))
		if err != nil || got.code != exitOK || signed.Host != "bot.example" || signed.Path != "/" {
			t.Fatalf("%v: %+v", err, got)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, signed.String(), nil))
		if !strings.Contains(w.Body.String(), "NotExist.Instance") {
			t.Errorf("%s: %s", method, w.Body)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		id   string // Of the environment.
		code int
		want string
	}{
		"no key":            {[]string{"A=b"}, "", exitFailed, "no access key: set TALKGRAPH_ACCESS_KEY_ID"},
		"no value":          {[]string{"A"}, "id", exitUsage, `"A": parameters are given as NAME=VALUE`},
		"no name":           {[]string{"=b"}, "id", exitUsage, `"=b": parameters`},
		"twice":             {[]string{"A=b", "A=c"}, "id", exitUsage, `"A=c": parameters`},
		"nothing":           {nil, "id", exitUsage, "requires at least 1 arg"},
		"odd method":        {[]string{"--method", "PUT", "A=b"}, "id", exitUsage, `--method is "PUT"`},
		"odd endpoint":      {[]string{"--endpoint", "localhost", "A=b"}, "id", exitUsage, `--endpoint is "localhost"`},
		"control character": {[]string{"A=\x00"}, "id", exitFailed, "The specified parameter A is invalid."},
	} {
		t.Setenv(keyIDVariable, c.id)
		t.Setenv(keySecretVariable, c.id)
		got := execute(nil, append([]string{"sign"}, c.args...)...)
		if got.code != c.code || got.stdout != "" || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%s: %+v, want %d %s", name, got, c.code, c.want)
		}
	}
}
