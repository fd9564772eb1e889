package main

import (
	"bufio"
	"bytes"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// How hard the servers are tried. `make soak` tries harder than a test does.
var (
	kills      = flag.Int("kills", 3, "how often TestKill kills its server")
	callsAtOne = flag.Int("calls", 50, "how many calls are in flight at once in TestKill and TestTwoServers")
	seed       = flag.Uint64("seed", 1, "of what callers say, and of when servers are killed")
)

// server is a `talkgraph serve` process that may be killed and started again.
type server struct {
	t    *testing.T
	args []string
	env  []string

	mu      sync.Mutex
	up      chan struct{} // Closed while it serves.
	address string        // The same after the first start.
	process *exec.Cmd
	stderr  bytes.Buffer
}

// serves is set in a process that is to be the program instead of its tests.
const serves = "TALKGRAPH_TEST_SERVES"

// TestMain lets the test binary be the program as well, so that a server is a
// process of its own and yet what is tested, race detector included.
func TestMain(m *testing.M) {
	if os.Getenv(serves) != "" {
		now = clockOf(os.Getenv(clockVariable))
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// newServer starts a server of the endless script on what is kept at place.
func newServer(t *testing.T, place store.Options) *server {
	t.Helper()
	return newServerWith(t, place, nil, "--script", endless, "--instance", "demo")
}

// newServerWith starts a server with flags and more of an environment.
func newServerWith(t *testing.T, place store.Options, env []string, flags ...string) *server {
	t.Helper()
	s := &server{t: t, address: "127.0.0.1:0", up: make(chan struct{}), args: append([]string{"serve"}, flags...), env: env}
	if place.Database != "" {
		s.args = append(s.args, "--database", place.Database)
	} else {
		s.args = append(s.args, "--data", filepath.Dir(place.File))
	}
	s.start()
	t.Cleanup(func() { _ = s.process.Process.Kill() })
	return s
}

// start starts the process and returns when it serves.
func (s *server) start() {
	s.t.Helper()
	s.stderr.Reset()
	program, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	s.process = exec.Command(program, append(s.args, "--listen", s.address)...)
	s.process.Env = append(append(os.Environ(), serves+"=1", keyIDVariable+"=testid", keySecretVariable+"=testsecret"), s.env...)
	s.process.Stderr = &s.stderr
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "listening"); ok {
			s.address = strings.TrimPrefix(strings.TrimSpace(url), "http://")
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			s.mu.Lock()
			close(s.up)
			s.mu.Unlock()
			return
		}
	}
	s.t.Fatalf("the server did not start: %v\n%s", s.process.Wait(), &s.stderr)
}

// kill ends the process as a crash would.
func (s *server) kill() {
	s.t.Helper()
	s.mu.Lock()
	s.up = make(chan struct{})
	s.mu.Unlock()
	if err := s.process.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = s.process.Wait() // It was killed.
}

// end ends the process as an operator would.
func (s *server) end() {
	s.t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		s.t.Errorf("the server ended with %v:\n%s", err, &s.stderr)
	}
}

// await returns once the server serves.
func (s *server) await() {
	s.mu.Lock()
	up := s.up
	s.mu.Unlock()
	<-up
}

func (s *server) url() string { return "http://" + s.address }

// A server that is killed at any moment loses no turn that it answered, takes
// none twice, and goes on with each call where it was.
func TestKill(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		server := newServer(t, place)
		g := newGateway(t, server)
		stop := g.run(*callsAtOne, min(*callsAtOne, 64), *seed)
		g.await(int64(2 * *callsAtOne))
		random := rand.New(rand.NewPCG(*seed, 0))
		began := time.Now()
		for range *kills {
			g.await(int64(random.IntN(10 * *callsAtOne)))
			server.kill()
			server.start()
		}
		g.await(int64(2 * *callsAtOne))
		stop()
		took := time.Since(began)
		server.end()

		lost, extra := g.audit(reopen(t, place))
		t.Logf("%d kills in %.0f s, %d calls in flight, %d calls in all: %d turns acknowledged, %d lost, %d repeated; "+
			"%d requests without an answer, %d turns sent again on purpose",
			*kills, took.Seconds(), *callsAtOne, len(g.calls), g.answered.Load(), lost, extra, g.unheard.Load(), g.repeated.Load())
		if lost+extra > 0 {
			t.Error("turns were lost or repeated")
		}
	})
}

// Two servers on one database serve the same calls turn by turn, and nobody
// could tell them from one. A SQLite file has one server: see TestServeOnce.
func TestTwoServers(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		if place.Database == "" {
			return
		}
		first, second := newServer(t, place), newServer(t, place)
		g := newGateway(t, first, second)
		stop := g.run(*callsAtOne, min(*callsAtOne, 16), *seed)
		g.await(int64(20 * *callsAtOne))
		stop()
		first.end()
		second.end()
		lost, extra := g.audit(reopen(t, place))
		t.Logf("%d calls, %d turns acknowledged, %d lost, %d repeated", len(g.calls), g.answered.Load(), lost, extra)
		if lost+extra+int(g.unheard.Load()) > 0 {
			t.Errorf("turns were lost or repeated, or %d requests were not answered", g.unheard.Load())
		}
	})
}

// reopen opens what the servers kept.
func reopen(t *testing.T, place store.Options) *store.Store {
	t.Helper()
	if place.File != "" {
		place.File = filepath.Join(filepath.Dir(place.File), "talkgraph.db")
	}
	return storetest.Open(t, place)
}
