package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestServeRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		id     string // Of the environment; there never is a secret.
		code   int
		stderr string
	}{
		"broken bundle":  {[]string{"--script", broken, "--script", hello}, "", exitFailed, "error"},
		"no bundle":      {[]string{"--script", "testdata/none"}, "", exitFailed, "open bundle"},
		"bundle twice":   {[]string{"--script", hello, "--script", hello}, "", exitFailed, `the same script id "hello"`},
		"half a key":     {nil, "id", exitFailed, "set both TALKGRAPH_ACCESS_KEY_ID and"},
		"odd address":    {[]string{"--listen", "127.0.0.1:none"}, "", exitFailed, "--listen 127.0.0.1:none"},
		"odd log format": {[]string{"--log-format", "xml"}, "", exitUsage, `--log-format is "xml"`},
		"no gateway URL": {[]string{"--gateway", "localhost:8090"}, "", exitUsage, `--gateway is "localhost:8090"`},
		"no secret":      {[]string{"--gateway", "http://localhost:8090"}, "", exitFailed, "set TALKGRAPH_GATEWAY_SECRET"},
		"odd time zone":  {[]string{"--time-zone", "Beijing"}, "", exitUsage, `--time-zone is "Beijing"`},
		"odd log level":  {[]string{"--log-level", "loud"}, "", exitUsage, `--log-level is "loud"`},
		"odd review":     {[]string{"--review", "maybe"}, "", exitUsage, `--review is "maybe"`},
		"odd rate":       {[]string{"--rate-limit", "NaN"}, "", exitUsage, "--rate-limit is NaN"},
		"negative cap":   {[]string{"--max-calls", "-1"}, "", exitUsage, "--max-calls is -1"},
		"negative drain": {[]string{"--drain-delay", "-1s"}, "", exitUsage, "--drain-delay is -1s"},
		"negative days":  {[]string{"--transcripts", "-1h"}, "", exitUsage, "--transcripts is -1h"},
		"half of TLS":    {[]string{"--tls-cert", "x"}, "", exitUsage, "give both --tls-cert and --tls-key"},
		"no certificate": {[]string{"--tls-cert", "x", "--tls-key", "y"}, "", exitFailed, "--tls-cert x"},
		"odd database":   {[]string{"--listen", "127.0.0.1:0", "--database", "mysql://x"}, "", exitFailed, "a database is named by a URL"},
		"odd public URL": {[]string{"--public-url", "x"}, "", exitUsage, `--public-url is "x"`},
		"a question":     {[]string{"--public-url", "https://h?x=1"}, "", exitUsage, `--public-url is "https://h?x=1"`},
		"a user":         {[]string{"--public-url", "https://u@h"}, "", exitUsage, `--public-url is "https://u@h"`},
		"a URL":          {[]string{"--import-host", "h,http://a/"}, "", exitUsage, `--import-host is "http://a/"`},
		"a port":         {[]string{"--import-host", "h:80"}, "", exitUsage, `--import-host is "h:80"`},
		"a path":         {[]string{"--import-host", "h/b"}, "", exitUsage, `--import-host is "h/b"`},
		"many hosts":     {[]string{"--import-host", "*.h"}, "", exitUsage, `--import-host is "*.h"`},
		"odd instance":   {[]string{"--listen", "127.0.0.1:0", "--instance", "a b"}, "", exitFailed, `--instance is "a b": It must be 1 to 128`},
		"an argument":    {[]string{hello}, "", exitUsage, "unknown command"},
	} {
		t.Setenv(keyIDVariable, c.id)
		t.Setenv(keySecretVariable, "")
		got := execute(nil, append([]string{"serve"}, c.args...)...)
		if got.code != c.code || got.stdout != "" || !strings.Contains(got.stderr, c.stderr) {
			t.Errorf("%s: %+v, want %d %s", name, got, c.code, c.stderr)
		}
	}
}

// served is a running server process.
type served struct {
	t       *testing.T
	process *exec.Cmd
	url     string
	started map[string]string // What the start lines say, by their first words.
	stderr  strings.Builder
}

// startServer starts a server on a free port, in a process of its own. The start
// lines are read up to the one that begins with last.
func startServer(t *testing.T, last string, args ...string) *served {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &served{t: t, started: map[string]string{}}
	s.process = exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	s.process.Env = append(os.Environ(), serves+"=1")
	s.process.Stderr = &s.stderr
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.process.Process.Kill() })
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		s.started[strings.Join(fields[:len(fields)-1], " ")] = fields[len(fields)-1]
		if strings.HasPrefix(lines.Text(), last) {
			break
		}
	}
	s.url = s.started["listening"]
	return s
}

// get returns the status and the body at a path of the server.
func (s *served) get(path string) (int, string) {
	r, err := http.Get(s.url + path)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// dialogue signs a turn with the program's own command, and sends it.
func (s *served) dialogue(parameters ...string) (int, string) {
	args := append([]string{"sign", "--endpoint", s.url, "Action=Dialogue", "InstanceId=" + s.started["instance"], "CallId=c1", "CallType=Outbound",
		"CalledNumber=13800000000", "CallingNumber=95187"}, parameters...)
	signed := execute(nil, args...)
	if signed.code != exitOK {
		s.t.Fatalf("%+v", signed)
	}
	return s.get(strings.TrimPrefix(strings.TrimSpace(signed.stdout), s.url))
}

func TestServe(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	s := startServer(t, "script", "--script", hello, "--instance", "demo", "--log-format", "json", "--drain-delay", "500ms")
	if s.started["instance"] != "demo" || len(s.started["script hello"]) != 64 {
		t.Fatalf("started with %v; standard error %s", s.started, &s.stderr)
	}
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready"} {
		if status, body := s.get(path); status != 200 || strings.TrimSpace(body) != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	for _, turn := range []struct{ utterance, want string }{
		{"", `"Content":"您好，这里是社区服务中心。`},
		{"知道了", `"Content":"好的，打扰您了，再见。"`},
		{"喂", `"Action":"Hangup","ActionParams":"","CollectDigits":false,"Content":""`},
	} {
		if status, body := s.dialogue("Utterance=" + turn.utterance); status != 200 || !strings.Contains(body, turn.want) {
			t.Errorf("%q: %d %s, want %s", turn.utterance, status, body, turn.want)
		}
	}
	if status, _ := s.get("/elsewhere"); status != 404 {
		t.Errorf("/elsewhere: %d", status)
	}
	_, metrics := s.get("/metrics")
	for _, want := range []string{`talkgraph_api_requests_total{action="Dialogue",class="2xx"} 3`, "go_goroutines", "process_", "talkgraph_turns_total"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	s.drains()
	if log := s.stderr.String(); !strings.Contains(log, `"msg":"drained"`) || strings.Contains(log, "13800000000") {
		t.Errorf("logged %s", log)
	}
}

// drains ends the server while a request is half sent: the server must say that
// it is not ready, answer that request, take no new one, and end well.
func (s *served) drains() {
	connection, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	fmt.Fprint(connection, "POST / HTTP/1.1\r\nHost: bot.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: 13\r\n\r\nAction")
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	status, body := s.get("/readyz")
	for status == http.StatusOK {
		status, body = s.get("/readyz")
	}
	if status != http.StatusServiceUnavailable {
		s.t.Errorf("/readyz while draining: %d %s", status, body)
	}
	for status != 0 { // Until connections are refused.
		status, _ = s.get("/healthz")
	}
	fmt.Fprint(connection, "=Nobody")
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(text), "MissingParameter") {
		s.t.Errorf("the request in flight: %v %s", err, text)
	}
	if err := s.process.Wait(); err != nil {
		s.t.Errorf("ended with %v: %s", err, &s.stderr)
	}
}

// Without a key in the environment the server makes one up and prints it.
func TestServeMakesAKey(t *testing.T) {
	t.Setenv(keyIDVariable, "")
	t.Setenv(keySecretVariable, "")
	s := startServer(t, "key secret")
	t.Setenv(keyIDVariable, s.started["key id"])
	t.Setenv(keySecretVariable, s.started["key secret"])
	if status, body := s.dialogue(); status != 400 || !strings.Contains(body, "ScriptId is mandatory") {
		t.Errorf("%d %s", status, body)
	}
}
