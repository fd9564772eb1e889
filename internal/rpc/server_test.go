package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

var testTime = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

// echo is an action that answers its text, or fails as it is told.
type echoRequest struct {
	Text string `rpc:"Text,max=100"`
	Fail string `rpc:"Fail,max=100"`
}

type echoResponse struct {
	Text string `rpc:"Text"`
}

func echo(failures map[string]error) Action {
	return Handle("Echo", func(_ context.Context, r *echoRequest) (*echoResponse, error) {
		switch r.Fail {
		case "":
			return &echoResponse{Text: r.Text}, nil
		case "panic":
			panic("secret inside")
		case "nothing":
			return nil, nil
		}
		return nil, failures[r.Fail]
	})
}

// fixture is a server with a clock that is set by hand, and a client of it.
type fixture struct {
	*Server
	now    time.Time
	nonces int
	log    bytes.Buffer
}

func newFixture(t testing.TB, change func(*Options)) *fixture {
	f := &fixture{now: testTime}
	o := Options{
		Version:      "2019-12-26",
		Keys:         StaticKeys(map[string]string{"id": "secret", "other": "secret2"}),
		Now:          func() time.Time { return f.now },
		NewRequestID: func() string { return "REQUEST-1" },
		Actions:      []Action{echo(nil)},
		Logger:       slog.New(slog.NewTextHandler(&f.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	var err error
	if f.Server, err = New(o); err != nil {
		t.Fatal(err)
	}
	return f
}

// signed returns the query of a request for the action Echo.
func (f *fixture) signed(t testing.TB, method string, parameters map[string]string) string {
	f.nonces++
	all := map[string]string{"Action": "Echo", "Version": "2019-12-26"}
	maps.Copy(all, parameters)
	query, err := SignQuery(method, all, Credentials{"id", "secret", "nonce-" + strconv.Itoa(f.nonces), f.now})
	if err != nil {
		t.Fatal(err)
	}
	return query
}

func (f *fixture) get(query string) *httptest.ResponseRecorder {
	return f.send(httptest.NewRequest(http.MethodGet, "http://bot.example/?"+query, nil))
}

func (f *fixture) post(query, form string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://bot.example/?"+query, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	return f.send(r)
}

func (f *fixture) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

func TestServeSuccess(t *testing.T) {
	f := newFixture(t, nil)
	want := `{"Code":"OK","HttpStatusCode":200,"Message":"Success","RequestId":"REQUEST-1","Success":true,"Text":"你 好+*~"}`
	query, form := f.signed(t, "POST", map[string]string{"Text": "你 好+*~", "Format": "json"}), ""
	if at := strings.Index(query, "&Signature"); at > 0 { // One half in the query, one in the form.
		query, form = query[:at], query[at+1:]
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"GET":         f.get(f.signed(t, "GET", map[string]string{"Text": "你 好+*~"})),
		"POST, query": f.post(f.signed(t, "POST", map[string]string{"Text": "你 好+*~", "SignatureType": ""}), ""),
		"POST, form":  f.post("", f.signed(t, "POST", map[string]string{"Text": "你 好+*~"})),
		"POST, both":  f.post(query, form),
		"odd method":  f.get(f.signed(t, "GET", map[string]string{"Text": "你 好+*~", "SignatureMethod": "Hmac-SHA1"})),
	} {
		if w.Code != 200 || w.Body.String() != want || w.Header().Get("Content-Type") != "application/json;charset=utf-8" {
			t.Errorf("%s: %d %s %s", name, w.Code, w.Header(), w.Body)
		}
	}
	// An answer that is long because it repeats what was to be signed.
	if w := f.get(f.signed(t, "GET", nil) + "&Text=" + strings.Repeat("x", 4000)); w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
		t.Errorf("a long answer of %d bytes: %v", w.Body.Len(), w.Header())
	}
	xml := f.get(f.signed(t, "GET", map[string]string{"Text": "a<b", "Format": "xml"}))
	if want := xmlDeclaration + `<EchoResponse><Code>OK</Code><HttpStatusCode>200</HttpStatusCode><Message>Success</Message>` +
		`<RequestId>REQUEST-1</RequestId><Success>true</Success><Text>a&lt;b</Text></EchoResponse>`; xml.Body.String() != want {
		t.Errorf("XML: %s", xml.Body)
	}
}

// A parameter that is spelled TimeStamp is signed under that name.
func TestServeTimeStamp(t *testing.T) {
	f := newFixture(t, nil)
	sign := func(name string) string {
		query := "AccessKeyId=id&Action=Echo&SignatureMethod=HMAC-SHA1&SignatureNonce=" + name + "&SignatureVersion=1.0&" +
			name + "=2026-05-01T08%3A00%3A00Z&Version=2019-12-26"
		values, _ := referenceParse(query, "")
		return query + "&Signature=" + referenceEncode(referenceSignature("secret", referenceStringToSign("GET", values)))
	}
	for _, name := range []string{"Timestamp", "TimeStamp"} {
		if w := f.get(sign(name)); w.Code != 200 {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
}

func TestServeRefuses(t *testing.T) {
	f := newFixture(t, nil)
	with := func(name, value string) string { return f.signed(t, "GET", map[string]string{name: value}) }
	without := func(name string) string {
		var kept []string
		for _, pair := range strings.Split(f.signed(t, "GET", nil), "&") {
			if !strings.HasPrefix(pair, name+"=") {
				kept = append(kept, pair)
			}
		}
		return strings.Join(kept, "&")
	}
	at := func(d time.Duration) string { return f.now.Add(d).Format(timestampLayout) }
	for name, c := range map[string]struct {
		query  string
		status int
		code   string
	}{
		"no action":              {without("Action"), 400, "MissingParameter"},
		"unknown action":         {with("Action", "Nothing"), 404, "InvalidAction.NotFound"},
		"action in lower case":   {with("Action", "echo"), 404, "InvalidAction.NotFound"},
		"no version":             {without("Version"), 400, "MissingParameter"},
		"another version":        {with("Version", "2014-05-26"), 400, "InvalidVersion"},
		"unknown format":         {with("Format", "YAML"), 400, "InvalidParameter"},
		"no key":                 {without("AccessKeyId"), 400, "MissingParameter"},
		"unknown key":            {with("AccessKeyId", "nobody"), 404, "InvalidAccessKeyId.NotFound"},
		"another's key":          {with("AccessKeyId", "other"), 400, "SignatureDoesNotMatch"},
		"no timestamp":           {without("Timestamp"), 400, "MissingParameter"},
		"odd timestamp":          {with("Timestamp", "2026-05-01 08:00:00"), 400, "InvalidParameter"},
		"fraction of a second":   {with("Timestamp", "2026-05-01T08:00:00.5Z"), 400, "InvalidParameter"},
		"two timestamps":         {with("TimeStamp", at(time.Second)), 400, "InvalidParameter"},
		"too old":                {with("Timestamp", at(-window-time.Second)), 400, "InvalidTimeStamp.Expired"},
		"too new":                {with("Timestamp", at(window+time.Second)), 400, "InvalidTimeStamp.Expired"},
		"just old enough":        {with("Timestamp", at(-window)), 200, "OK"},
		"just new enough":        {with("Timestamp", at(window)), 200, "OK"},
		"no signature":           {without("Signature"), 400, "IncompleteSignature"},
		"another method":         {with("SignatureMethod", "HMAC-SHA256"), 400, "IncompleteSignature"},
		"no method":              {without("SignatureMethod"), 400, "IncompleteSignature"},
		"no signature version":   {without("SignatureVersion"), 400, "IncompleteSignature"},
		"another signature type": {with("SignatureType", "BEARERTOKEN"), 400, "IncompleteSignature"},
		"no nonce":               {without("SignatureNonce"), 400, "MissingParameter"},
		"something unsigned":     {with("Text", "a") + "&More=1", 400, "SignatureDoesNotMatch"},
		"twice":                  {with("Text", "a") + "&Text=b", 400, "InvalidParameter"},
		"too long for the field": {with("Text", strings.Repeat("x", 101)), 400, "InvalidParameter"},
		"signed for POST":        {f.signed(t, "POST", nil), 400, "SignatureDoesNotMatch"},
	} {
		w := f.get(c.query)
		if w.Code != c.status || !strings.Contains(w.Body.String(), `"Code":"`+c.code+`"`) {
			t.Errorf("%s: %d %s, want %d %s", name, w.Code, w.Body, c.status, c.code)
		}
	}
	if f.log.Len() > 0 {
		t.Errorf("what the client did wrong is logged: %s", &f.log)
	}
}

// Official clients look for their own string to sign at the end of the message.
func TestSignatureMismatchShowsWhatWasSigned(t *testing.T) {
	f := newFixture(t, nil)
	query, err := SignQuery("GET", map[string]string{"Action": "Echo", "Version": "2019-12-26"}, Credentials{"id", "wrong", "n", f.now})
	if err != nil {
		t.Fatal(err)
	}
	values, _ := referenceParse(query, "")
	if want := "server string to sign is:" + referenceStringToSign("GET", values) + `",`; !strings.Contains(f.get(query).Body.String(), want) {
		t.Errorf("%s lacks %s", f.get(query).Body, want)
	}
}

func TestNonceIsUsedOnce(t *testing.T) {
	f := newFixture(t, nil)
	query := f.signed(t, "GET", nil)
	forged := query[:strings.Index(query, "&Signature=")] + "&Signature=" + strings.Repeat("A", 27) + "%3D"
	for i, c := range []struct {
		query, code string
	}{
		{forged, "SignatureDoesNotMatch"}, // Uses up nothing.
		{query, "OK"},
		{query, "SignatureNonceUsed"},
		{query, "SignatureNonceUsed"},
		{forged, "SignatureDoesNotMatch"},
	} {
		if w := f.get(c.query); !strings.Contains(w.Body.String(), `"Code":"`+c.code+`"`) {
			t.Errorf("%d: %s, want %s", i, w.Body, c.code)
		}
	}
	f.now = f.now.Add(window)
	if w := f.get(query); !strings.Contains(w.Body.String(), "SignatureNonceUsed") {
		t.Errorf("at the end of the window: %s", w.Body)
	}
	f.now = f.now.Add(time.Second)
	if w := f.get(query); !strings.Contains(w.Body.String(), "InvalidTimeStamp.Expired") {
		t.Errorf("after the window: %s", w.Body)
	}
}

func TestNonceOfOneInManyRequestsAtOnce(t *testing.T) {
	f := newFixture(t, nil)
	query := f.signed(t, "GET", nil)
	codes := make(chan int, 16)
	var wg sync.WaitGroup
	for range cap(codes) {
		wg.Go(func() { codes <- f.get(query).Code })
	}
	wg.Wait()
	close(codes)
	succeeded := 0
	for code := range codes {
		if code == http.StatusOK {
			succeeded++
		}
	}
	if succeeded != 1 {
		t.Errorf("%d of 16 copies of a request succeeded", succeeded)
	}
}

func TestNoncesFull(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.MaxNonces = 1 })
	var last *httptest.ResponseRecorder
	for range nonceShards + 1 {
		if last = f.get(f.signed(t, "GET", nil)); last.Code == http.StatusTooManyRequests {
			break
		}
	}
	if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") != "1800" ||
		!strings.Contains(last.Body.String(), `"Code":"Throttling.User"`) {
		t.Errorf("%d %v %s", last.Code, last.Header(), last.Body)
	}
}

func TestServeBounds(t *testing.T) {
	f := newFixture(t, nil)
	form := func(body io.Reader, length int64) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/?Format=JSON", body)
		r.ContentLength = length
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	odd := form(strings.NewReader("{}"), 2)
	odd.Header.Set("Content-Type", "application/json")
	for name, c := range map[string]struct {
		r      *http.Request
		status int
		code   string
	}{
		"long line":       {httptest.NewRequest("GET", "/?A="+strings.Repeat("x", MaxRequestLine), nil), 413, "RequestTooLarge"},
		"announced body":  {form(http.NoBody, MaxBody+1), 413, "RequestTooLarge"},
		"unannounced":     {form(io.LimitReader(endless{}, MaxBody+1), -1), 413, "RequestTooLarge"},
		"another method":  {httptest.NewRequest("PUT", "/", nil), 400, "UnsupportedOperation"},
		"another body":    {odd, 400, "UnsupportedOperation"},
		"body cut short":  {form(io.MultiReader(strings.NewReader("Action=Echo"), broken{}), 100), 400, "InvalidParameter"},
		"body of a GET":   {httptest.NewRequest("GET", "/", strings.NewReader("Action=Echo")), 400, "MissingParameter"},
		"body of nothing": {form(strings.NewReader(""), -1), 400, "MissingParameter"},
	} {
		if w := f.send(c.r); w.Code != c.status || !strings.Contains(w.Body.String(), `"Code":"`+c.code+`"`) {
			t.Errorf("%s: %d %.300s, want %d %s", name, w.Code, w.Body, c.status, c.code)
		}
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestServeFailures(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Actions = []Action{echo(map[string]error{
			"unknown": errors.New("disk on fire"),
			"wrapped": fmt.Errorf("looking: %w", NotExist("Script")),
			"odd":     &Error{Status: 200, Code: "Odd", Message: "not an error"},
		})}
	})
	for fail, c := range map[string]struct {
		status    int
		code, log string
	}{
		"panic":   {500, "InternalError", "secret inside"},
		"nothing": {500, "InternalError", "neither a response nor an error"},
		"unknown": {500, "InternalError", "disk on fire"},
		"odd":     {500, "InternalError", "not an error"},
		"wrapped": {404, "NotExist.Script", ""},
	} {
		f.log.Reset()
		w := f.get(f.signed(t, "GET", map[string]string{"Fail": fail}))
		if body := w.Body.String(); w.Code != c.status || !strings.Contains(body, `"Code":"`+c.code+`"`) || c.log != "" && strings.Contains(body, c.log) {
			t.Errorf("%s: %d %s", fail, w.Code, w.Body)
		}
		if log := f.log.String(); !strings.Contains(log, c.log) || (c.log != "") != strings.Contains(log, "requestId=REQUEST-1") {
			t.Errorf("%s: logged %q", fail, log)
		}
	}
}

type brokenKeys struct{}

func (brokenKeys) Key(context.Context, []byte, time.Time) (*Key, error) {
	return nil, ServiceUnavailable("The keys cannot be read now. Try again later.", errors.New("no database"))
}

func TestServeWithoutKeys(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Keys = brokenKeys{} })
	if w := f.get(f.signed(t, "GET", nil)); w.Code != 503 || !strings.Contains(f.log.String(), "no database") {
		t.Errorf("%d %s, logged %s", w.Code, w.Body, &f.log)
	}
}

func TestNewRefuses(t *testing.T) {
	valid := Options{Version: "v", Keys: StaticKeys(nil), Now: func() time.Time { return testTime }}
	twice := prometheus.NewRegistry()
	for want, change := range map[string]func(*Options){
		"need Version, Keys and Now": func(o *Options) { o.Now = nil },
		"is there twice":             func(o *Options) { o.Actions = []Action{echo(nil), echo(nil)} },
		"is not a struct": func(o *Options) {
			o.Actions = []Action{Handle("X", func(context.Context, *int) (*echoResponse, error) { return nil, nil })}
		},
		"action Y": func(o *Options) {
			o.Actions = []Action{Handle("Y", func(context.Context, *echoRequest) (*int, error) { return nil, nil })}
		},
		"registering metrics": func(o *Options) { o.Registerer = twice },
	} {
		o := valid
		change(&o)
		_, err := New(o)
		if o.Registerer == twice && err == nil {
			_, err = New(o)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestNewRequestID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewRequestID()
		if len(id) != 36 || id[14] != '4' || strings.Count(id, "-") != 4 || strings.ToUpper(id) != id || seen[id] {
			t.Fatalf("%s is no fresh UUID", id)
		}
		seen[id] = true
	}
}
