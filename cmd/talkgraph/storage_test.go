package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
)

// stop ends a server as an operator would.
func (s *served) stop() {
	s.t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		s.t.Fatalf("ended with %v: %s", err, &s.stderr)
	}
}

// A call goes on after a restart, and on a server that was started with a
// backup made while the first was running.
func TestServeKeeps(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	data, restored := t.TempDir(), t.TempDir()
	s := startServer(t, "script", "--data", data, "--instance", "demo", "--script", hello)
	if status, body := s.dialogue(); status != 200 || !strings.Contains(body, "社区服务中心") {
		t.Fatalf("%d %s", status, body)
	}
	said := execute(nil, "transcript", "--data", data, "demo", "c1")
	if said.code != exitOK || !strings.Contains(said.stdout, "社区服务中心") || strings.Contains(said.stdout, "13800000000") {
		t.Errorf("transcript: %+v", said)
	}
	if got := execute(nil, "backup", "--data", data, filepath.Join(restored, store.FileName)); got.code != exitOK {
		t.Fatalf("backup: %+v", got)
	}
	s.stop()
	for _, folder := range []string{data, restored} {
		s := startServer(t, "instance", "--data", folder, "--instance", "demo")
		if status, body := s.dialogue("Utterance=知道了"); status != 200 || !strings.Contains(body, "打扰您了，再见") {
			t.Errorf("in %s: %d %s", folder, status, body)
		}
		s.stop()
	}
}

// A folder has one server at a time. Other commands are not in its way, and a
// server that is killed is not in the way of the next one.
func TestServeOnce(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	data := t.TempDir()
	s := startServer(t, "listening", "--data", data)
	second := execute(nil, "serve", "--listen", "127.0.0.1:0", "--data", data)
	if second.code != exitFailed || second.stdout != "" || !strings.Contains(second.stderr, "talkgraph.db has a server already") {
		t.Errorf("the second: %+v", second)
	}
	id, _ := added(t, "--data", data)
	if list := execute(nil, "keys", "list", "--data", data); !strings.Contains(list.stdout, id) {
		t.Errorf("beside the server: %+v", list)
	}
	if err := s.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.process.Wait() // It was killed.
	startServer(t, "listening", "--data", data).stop()
}

// The first start makes a key and tells it; the second one knows it.
func TestServeKeepsItsKey(t *testing.T) {
	t.Setenv(keyIDVariable, "")
	t.Setenv(keySecretVariable, "")
	data := t.TempDir()
	s := startServer(t, "key secret", "--data", data)
	t.Setenv(keyIDVariable, s.started["key id"])
	t.Setenv(keySecretVariable, s.started["key secret"])
	s.stop()
	t.Setenv("TALKGRAPH_DATA", data)
	id, secret := os.Getenv(keyIDVariable), os.Getenv(keySecretVariable)
	t.Setenv(keyIDVariable, "")
	t.Setenv(keySecretVariable, "")
	s = startServer(t, "listening")
	signed := execute(nil, "sign", "--endpoint", s.url, "--key-id", id, "--key-secret", secret, "Action=ListInstances")
	if status, body := s.get(strings.TrimPrefix(strings.TrimSpace(signed.stdout), s.url)); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	s.stop()
	onRecord(t, data, "AddKey OK AccessKeyId="+id)
	if strings.Contains(s.stderr.String(), secret) {
		t.Error("the secret is in the log")
	}
}

// certificate writes a certificate for 127.0.0.1 and its key, and returns the
// files and who trusts them.
func certificate(t *testing.T) (cert, key string, trusting *http.Client) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, data []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", secret), client
}

func TestServeTLS(t *testing.T) {
	t.Setenv(keyIDVariable, "testid")
	t.Setenv(keySecretVariable, "testsecret")
	cert, key, client := certificate(t)
	s := startServer(t, "instance", "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("started with %v: %s", s.started, &s.stderr)
	}
	r, err := client.Get(s.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || string(body) != "ready\n" {
		t.Errorf("%s, %v", body, err)
	}
	if r, err := http.Get("http" + strings.TrimPrefix(s.url, "https") + "/readyz"); err == nil {
		if r.Body.Close(); r.StatusCode != http.StatusBadRequest {
			t.Errorf("without TLS: %d", r.StatusCode)
		}
	}
	s.stop()
}
