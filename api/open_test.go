package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/talkgraph/talkgraph/api"
	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// opened is a server on a storage, as it was opened.
type opened struct {
	*api.Server
	t    *testing.T
	http *httptest.Server
}

// eachPlace runs a test on the storage of each engine; open opens it.
func eachPlace(t *testing.T, test func(t *testing.T, open func(change func(*api.Config)) *opened)) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		data := t.TempDir()
		test(t, func(change func(*api.Config)) *opened {
			o := &opened{t: t, http: httptest.NewUnstartedServer(nil)}
			c := api.Config{
				Data: data, Database: place.Database, Lax: true, Keys: map[string]string{"id": "secret"}, Now: time.Now,
				PublicURL: "http://" + o.http.Listener.Addr().String(), Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
			}
			if change != nil {
				change(&c)
			}
			var err error
			if o.Server, err = api.Open(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			o.http.Config.Handler = o.Server
			o.http.Start()
			return o
		})
	})
}

// close ends the server, as the end of its process would.
func (o *opened) close() {
	o.t.Helper()
	o.http.Close()
	if err := o.Server.Close(); err != nil {
		o.t.Fatal(err)
	}
}

// as sends an action under a key and returns the body.
func (o *opened) as(id, secret string, parameters map[string]string) string {
	o.t.Helper()
	query, err := rpc.SignQuery(http.MethodGet, parameters, rpc.Credentials{AccessKeyID: id, AccessKeySecret: secret, Nonce: rand.Text(), Time: time.Now()})
	if err != nil {
		o.t.Fatal(err)
	}
	return o.get(o.http.URL + "/?" + query)
}

func (o *opened) get(url string) string {
	o.t.Helper()
	r, err := http.Get(url)
	if err != nil {
		o.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return string(body)
}

// does sends an action and wants something in the answer.
func (o *opened) does(want, action string, parameters ...string) string {
	o.t.Helper()
	all := map[string]string{"Action": action, "Version": api.Version}
	for i := 0; i+1 < len(parameters); i += 2 {
		all[parameters[i]] = parameters[i+1]
	}
	body := o.as("id", "secret", all)
	if !strings.Contains(body, want) {
		o.t.Errorf("%s %q: %s, want %s", action, parameters, body, want)
	}
	return body
}

// says is a turn of a call of the instance demo.
func (o *opened) says(want, call, utterance string) {
	o.t.Helper()
	o.does(want, "Dialogue", "InstanceId", "demo", "CallId", call, "CallType", "Outbound", "CalledNumber", "1", "CallingNumber", "2", "Utterance", utterance)
}

// importBundle publishes a script of the repository in the instance demo.
func (o *opened) importBundle(name string, change func(folder string)) string {
	o.t.Helper()
	folder := o.t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("..", "testdata", "scripts", name))); err != nil {
		o.t.Fatal(err)
	}
	if change != nil {
		change(folder)
	}
	if err := o.AddInstance(o.t.Context(), "demo"); err != nil {
		o.t.Fatal(err)
	}
	hash, err := o.Import(o.t.Context(), "demo", os.DirFS(folder))
	if err != nil {
		o.t.Fatal(err)
	}
	return hash.String()
}

// What was published and said is there after a restart, and calls go on from
// where they were, on the version they began on.
func TestOpenAgain(t *testing.T) {
	eachPlace(t, func(t *testing.T, open func(func(*api.Config)) *opened) {
		s := open(nil)
		first := s.importBundle("hello", nil)
		s.says("您好，这里是社区服务中心。", "c1", "")
		s.close()

		s = open(nil)
		if again := s.importBundle("hello", nil); again != first {
			t.Errorf("the same bundle again gives %s, want %s", again, first)
		}
		if histories := s.does(`"TotalCount":1`, "ListScriptPublishHistories", "InstanceId", "demo", "ScriptId", "hello"); !strings.Contains(histories, "bundle ") {
			t.Errorf("histories: %s", histories)
		}
		second := s.importBundle("hello", func(folder string) { edit(t, folder, "打扰您了", "祝您愉快") })
		if second == first {
			t.Error("another bundle is the same version")
		}
		s.says("您好", "c2", "")
		s.says("祝您愉快", "c2", "知道了")
		s.says("打扰您了", "c1", "知道了")
		s.close()

		s = open(nil)
		if again := s.importBundle("hello", nil); again != second { // Published since; what is newer stays.
			t.Errorf("an older bundle again gives %s, want %s", again, second)
		}
		s.says(`"Action":"Hangup"`, "c1", "喂")
		s.close()
	})
}

// edit puts another text into the files of a bundle.
func edit(t *testing.T, folder, from, to string) {
	changed := false
	for _, pattern := range []string{"*.json", "flows/*.json"} {
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			after := strings.ReplaceAll(string(text), from, to)
			changed = changed || after != string(text)
			if err := os.WriteFile(path, []byte(after), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !changed {
		t.Fatalf("there is no %s in %s", from, folder)
	}
}

// Deleting an instance takes its scripts away; calls in flight go on.
func TestDeleteInstanceLeavesCallsAlone(t *testing.T) {
	eachPlace(t, func(t *testing.T, open func(func(*api.Config)) *opened) {
		s := open(nil)
		s.importBundle("hello", nil)
		s.says("您好", "c1", "")
		s.does(`"Code":"OK"`, "DeleteInstance", "InstanceId", "demo")
		s.says("NotExist.Instance", "c2", "")
		s.close()
		s = open(nil)
		s.says("打扰您了，再见", "c1", "知道了")
		s.close()
	})
}

// The cap of an instance holds for calls that begin, and for no others.
func TestInstanceCap(t *testing.T) {
	eachPlace(t, func(t *testing.T, open func(func(*api.Config)) *opened) {
		s := open(nil)
		s.importBundle("hello", nil)
		s.does(`"Code":"OK"`, "ModifyInstance", "InstanceId", "demo", "MaxConcurrentConversation", "1")
		s.says("您好", "c1", "")
		s.says("LimitExceeded.ConcurrentConversation", "c2", "")
		s.says("再见", "c1", "知道了")
		s.says("您好", "c2", "")
		s.close()
	})
}

func TestFirstKey(t *testing.T) {
	eachPlace(t, func(t *testing.T, open func(func(*api.Config)) *opened) {
		s := open(func(c *api.Config) { c.Keys = nil })
		id, secret, err := s.AddFirstKey(t.Context())
		if err != nil || id == "" || secret == "" {
			t.Fatalf("the first key is %q %q, %v", id, secret, err)
		}
		list := map[string]string{"Action": "ListInstances", "Version": api.Version}
		if body := s.as(id, secret, list); !strings.Contains(body, `"Code":"OK"`) {
			t.Errorf("under the first key: %s", body)
		}
		if again, _, err := s.AddFirstKey(t.Context()); again != "" || err != nil {
			t.Errorf("a second first key: %q, %v", again, err)
		}
		s.close()
		s = open(nil) // With a key of its own, the stored one is as good.
		if body := s.as(id, secret, list); !strings.Contains(body, `"Code":"OK"`) {
			t.Errorf("under the first key after a restart: %s", body)
		}
		s.close()
	})
}

// A script that is exported can be fetched, and imported again.
func TestExportImport(t *testing.T) {
	eachPlace(t, func(t *testing.T, open func(func(*api.Config)) *opened) {
		s := open(nil)
		s.importBundle("hello", nil)
		_, url, _ := strings.Cut(s.does(`"Code":"OK"`, "ExportScript", "InstanceId", "demo", "ScriptId", "hello"), s.http.URL)
		url, _, _ = strings.Cut(url, `"`)
		url = s.http.URL + strings.ReplaceAll(url, `\u0026`, "&")
		if archive := s.get(url); !strings.HasPrefix(archive, "PK") {
			t.Fatalf("at %s: %.100s", url, archive)
		}
		if missing := s.get(s.http.URL + "/elsewhere"); !strings.Contains(missing, "404") {
			t.Errorf("elsewhere: %s", missing)
		}
		s.close()
	})
}

// Why a bundle could not be fetched is in the log, for the operator, without the
// URL, for that may be signed.
func TestImportLogsWhy(t *testing.T) {
	var log bytes.Buffer
	s, err := api.Open(t.Context(), api.Config{
		Data: t.TempDir(), Lax: true, Keys: map[string]string{"id": "secret"}, Now: time.Now,
		ImportHosts: []string{"127.0.0.1"}, Logger: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	o := &opened{t: t, Server: s, http: httptest.NewServer(s)}
	if err := s.AddInstance(t.Context(), "demo"); err != nil {
		t.Fatal(err)
	}
	o.does("InvalidParameter", "ImportScript", "InstanceId", "demo", "SignatureUrl", "http://127.0.0.1:1/bundle?signature=hidden")
	o.close()
	if got := log.String(); !strings.Contains(got, "its address is not public") || strings.Contains(got, "hidden") {
		t.Errorf("the log is %q", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	taken := prometheus.NewRegistry()
	if o, err := api.Open(t.Context(), api.Config{Data: t.TempDir(), Now: time.Now, Registerer: taken}); err != nil {
		t.Fatal(err)
	} else if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]api.Config{
		"needs Now, and Data or Database": {Now: time.Now},
		"needs Now":                       {Data: t.TempDir()},
		"registering metrics":             {Data: t.TempDir(), Now: time.Now, Registerer: taken},
		"not a directory":                 {Data: file, Now: time.Now},
		"a database is named by a URL":    {Database: "mysql://host/name", Now: time.Now},
		"where clients reach the server":  {Data: t.TempDir(), PublicURL: "bot.example", Now: time.Now},
	} {
		s, err := api.Open(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", c, err, want)
		}
		if s != nil {
			t.Errorf("%s: a server nevertheless", want)
		}
	}
}

// A storage that has gone is not ready.
func TestReady(t *testing.T) {
	s, err := api.Open(t.Context(), api.Config{Data: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Sweep(ended); err == nil {
		t.Error("swept after the context had ended")
	}
	if n, err := s.Sweep(t.Context()); n != 0 || err != nil {
		t.Error(fmt.Sprint(n), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err == nil {
		t.Error("ready after it was closed")
	}
}
