package sdktest

import (
	"bufio"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// theCallees answer every call, and understand at once.
const theCallees = `{"notExists":0,"busy":0,"noAnswer":0,"rejected":0,"poweredOff":0,"outOfService":0,
	"ringSeconds":[1,3],"thinkSeconds":[0.5,1],"silence":0,"hangUp":0,"say":[{"texts":["好的"]}]}`

// startExchange starts a telephony system that the server reaches at an
// address; the end of the test ends it.
func startExchange(t *testing.T, address string, s *server) {
	t.Helper()
	profile := filepath.Join(t.TempDir(), "callees.json")
	if err := os.WriteFile(profile, []byte(theCallees), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := command("simulate-gateway", "--listen", address, "--server", "http://"+s.address, "--profile", profile, "--speed", "200")
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // It may have ended already, which Wait tells.
		if err := cmd.Wait(); err != nil {
			t.Errorf("talkgraph simulate-gateway: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the telephony system ended before it listened")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
}

// freeAddress returns an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	return free.Addr().String()
}
