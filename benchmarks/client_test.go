package benchmarks

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"
)

// client is a load generator that costs little and the same whoever answers:
// connections that stay open, requests that are bytes already, and a parser
// that reads of an answer its status and its length.
type client struct{ connections []*connection }

type connection struct {
	net.Conn
	in        *bufio.Reader
	latencies []time.Duration
}

func dial(tb testing.TB, address string, connections int) *client {
	tb.Helper()
	c := &client{}
	for range connections {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() { _ = conn.Close() })
		c.connections = append(c.connections, &connection{Conn: conn, in: bufio.NewReader(conn)})
	}
	return c
}

// round sends each connection its requests, one after the answer to the other,
// all connections at once, and returns how long that took.
func (c *client) round(tb testing.TB, requests [][][]byte) time.Duration {
	tb.Helper()
	errs := make([]error, len(c.connections))
	var all sync.WaitGroup
	began := time.Now()
	for i, conn := range c.connections {
		all.Go(func() { errs[i] = conn.send(requests[i]) })
	}
	all.Wait()
	took := time.Since(began)
	for _, err := range errs {
		if err != nil {
			tb.Fatal(err)
		}
	}
	return took
}

// send sends requests one after another and notes how long each took.
func (c *connection) send(requests [][]byte) error {
	for _, request := range requests {
		began := time.Now()
		if _, err := c.Write(request); err != nil {
			return err
		}
		length, err := c.readHead()
		if err != nil {
			return err
		}
		if _, err := c.in.Discard(length); err != nil {
			return err
		}
		c.latencies = append(c.latencies, time.Since(began))
	}
	return nil
}

// body sends one request and returns the body of the answer.
func (c *connection) body(request []byte) ([]byte, error) {
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	length, err := c.readHead()
	if err != nil {
		return nil, err
	}
	body := make([]byte, length)
	_, err = io.ReadFull(c.in, body)
	return body, err
}

// readHead reads the head of an answer, which must be a success, and returns
// the length of the body that follows.
func (c *connection) readHead() (length int, err error) {
	length = -1
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
			rest, _ := c.in.Peek(c.in.Buffered())
			return 0, fmt.Errorf("answered %s: %s", line, rest)
		}
		if len(line) == 0 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("an answer without Content-Length")
	}
	return length, nil
}
