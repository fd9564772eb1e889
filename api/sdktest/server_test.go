package sdktest

import (
	"bufio"
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/outboundbot"
	"github.com/jackc/pgx/v5"
)

// repository is the module that is tested.
const repository = "../.."

// program is the path of talkgraph, once TestMain has built it.
var program string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "sdktest")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		program = filepath.Join(dir, "talkgraph")
		build := exec.Command("go", "build", "-o", program, "./cmd/talkgraph")
		build.Dir = repository
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "building talkgraph: %v\n%s", err, out)
			return 1
		}
		code := m.Run()
		if code == 0 && flag.Lookup("test.run").Value.String() == "" { // All tests were run.
			if err := checkCoverage(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
		return code
	}())
}

// The access key that the server is started with, and what it signs webhooks
// with.
const (
	keyID         = "sdktest"
	keySecret     = "sdktest-secret"
	gatewaySecret = "sdktest-gateway-secret"
)

// server is a talkgraph serve process.
type server struct {
	address string
	storage []string // The flags that say where it keeps what it keeps.
}

// eachStorage runs a test with a server on each storage there is; flags are
// what it is started with beside.
func eachStorage(t *testing.T, test func(t *testing.T, s *server), flags ...string) {
	t.Run("sqlite", func(t *testing.T) { test(t, start(t, []string{"--data", t.TempDir()}, flags)) })
	if os.Getenv("TALKGRAPH_TEST_POSTGRES") == "" {
		t.Log("PostgreSQL is left out: set TALKGRAPH_TEST_POSTGRES to the URL of a server")
		return
	}
	t.Run("postgres", func(t *testing.T) {
		test(t, start(t, []string{"--data", t.TempDir(), "--database", database(t)}, flags))
	})
}

// database makes an empty PostgreSQL database for the test and returns its URL.
func database(t *testing.T) string {
	t.Helper()
	server := os.Getenv("TALKGRAPH_TEST_POSTGRES")
	place, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	db, err := pgx.Connect(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	name := "sdktest_" + strings.ToLower(rand.Text())
	if _, err := db.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background() // The test's own has ended.
		if _, err := db.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		_ = db.Close(ctx)
	})
	place.Path = "/" + name
	return place.String()
}

// start starts a server and waits until it listens; the end of the test drains
// it.
func start(t *testing.T, storage, flags []string) *server {
	t.Helper()
	cmd := command(slices.Concat([]string{"serve", "--listen", "127.0.0.1:0"}, storage, flags)...)
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // It may have ended already, which Wait tells.
		if err := cmd.Wait(); err != nil || t.Failed() {
			t.Errorf("talkgraph serve: %v\n%s", err, log.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "listening  http://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }() // So that it never waits for us to read.
			return &server{address: address, storage: storage}
		}
	}
	t.Fatal("the server ended before it listened")
	return nil
}

// command is talkgraph with the test's access key, unless the environment has
// another.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Env = append([]string{
		"TALKGRAPH_ACCESS_KEY_ID=" + keyID, "TALKGRAPH_ACCESS_KEY_SECRET=" + keySecret, "TALKGRAPH_GATEWAY_SECRET=" + gatewaySecret,
	}, os.Environ()...)
	return cmd
}

// client returns an SDK client of the server.
func (s *server) client(t *testing.T, id, secret string) *outboundbot.Client {
	t.Helper()
	c, err := outboundbot.NewClientWithAccessKey("cn-shanghai", id, secret)
	if err != nil {
		t.Fatal(err)
	}
	c.Domain = s.address
	c.GetConfig().Scheme = "HTTP"
	return c
}

// addKey makes an access key with a policy on the command line, and returns a
// client that uses it.
func (s *server) addKey(t *testing.T, policy string) *outboundbot.Client {
	t.Helper()
	out, err := command(slices.Concat([]string{"keys", "add", "--policy", policy}, s.storage)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var id, secret string
	if _, err := fmt.Sscanf(string(out), "key id %s\nkey secret %s", &id, &secret); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return s.client(t, id, secret)
}
