package files_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// line is a connection on which every byte takes a while, by the clock of the
// test. It begins with the deadline that a server gives every request.
type line struct {
	*httptest.ResponseRecorder
	clock       *storetest.Clock
	read, write time.Time // The deadlines.

	takes  time.Duration // A byte.
	stalls int           // After so many bytes nothing goes through for 10 minutes.
	gone   int           // Bytes that went through, either way.
}

// block is how many bytes go through at once.
const block = 4 << 10

func (h *home) line(takes time.Duration, stalls int) *line {
	end := h.clock.Now().Add(time.Minute)
	return &line{
		ResponseRecorder: httptest.NewRecorder(), clock: h.clock, read: end, write: end,
		takes: takes, stalls: stalls,
	}
}

func (l *line) SetReadDeadline(t time.Time) error  { l.read = t; return nil }
func (l *line) SetWriteDeadline(t time.Time) error { l.write = t; return nil }

// pass lets bytes through, or fails when they take too long.
func (l *line) pass(n int, deadline time.Time) error {
	l.clock.Advance(time.Duration(n) * l.takes)
	if l.gone >= l.stalls {
		l.clock.Advance(10 * time.Minute)
	}
	if l.clock.Now().After(deadline) {
		return os.ErrDeadlineExceeded
	}
	l.gone += n
	return nil
}

func (l *line) Write(p []byte) (int, error) {
	sent := 0
	for part := range slices.Chunk(p, block) {
		if err := l.pass(len(part), l.write); err != nil {
			return sent, err
		}
		_, _ = l.ResponseRecorder.Write(part)
		sent += len(part)
	}
	return sent, nil
}

// body is what the client sends over the line.
type body struct {
	*line
	io.Reader
}

func (b body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p[:min(len(p), block)])
	if err == nil {
		err = b.pass(n, b.read)
	}
	return n, err
}

const never = 1 << 30

// A client that is slow gets through, and one that is dead is cut off.
func TestPace(t *testing.T) {
	h := newHome(t, storetest.SQLite(t))
	content := wav + strings.Repeat("-", 1<<20)
	for name, c := range map[string]struct {
		takes   time.Duration
		stalls  int
		through bool
	}{
		"fast":                    {0, never, true},
		"2.5 KiB a second":        {time.Second / 2560, never, true},
		"1 KiB a second":          {time.Second / 1024, never, false},
		"a byte now and then":     {30 * time.Second, never, false},
		"dead from the beginning": {0, 0, false},
		"dead in the middle":      {0, 512 << 10, false},
	} {
		t.Run(name, func(t *testing.T) {
			u := h.offer(t, "a.wav")
			up := h.line(c.takes, c.stalls)
			h.ServeHTTP(up, httptest.NewRequest("PUT", u.URL, body{up, strings.NewReader(content)}))
			if through := up.Code == http.StatusNoContent; through != c.through {
				t.Errorf("PUT: %d %s after %d bytes", up.Code, up.Body, up.gone)
			}

			u = h.offer(t, "b.wav")
			kind, fields := form(t, content, "policy", u.Policy, "signature", u.Signature)
			up = h.line(c.takes, c.stalls)
			r := httptest.NewRequest("POST", u.Host, body{up, fields})
			r.Header.Set("Content-Type", kind)
			h.ServeHTTP(up, r)
			if through := up.Code == http.StatusNoContent; through != c.through {
				t.Errorf("POST: %d %s after %d bytes", up.Code, up.Body, up.gone)
			}

			url, err := h.Put(t.Context(), "a.wav", "audio/wav", []byte(content))
			if err != nil {
				t.Fatal(err)
			}
			down := h.line(c.takes, c.stalls)
			h.ServeHTTP(down, httptest.NewRequest("GET", url, nil))
			if through := bytes.Equal(down.Body.Bytes(), []byte(content)); through != c.through {
				t.Errorf("GET: %d after %d bytes", down.Code, down.gone)
			}
		})
	}
	t.Run("forbidden", func(t *testing.T) { h.keepsDeadlines(t) })
}

// keepsDeadlines sees that who may transfer nothing keeps the deadline of every
// request.
func (h *home) keepsDeadlines(t *testing.T) {
	u := h.offer(t, "a.wav")
	kind, fields := form(t, wav, "policy", u.Policy, "signature", "forged")
	for _, r := range []*http.Request{
		httptest.NewRequest("GET", h.URL(u.ID)+"x", nil),
		httptest.NewRequest("PUT", u.URL+"x", strings.NewReader(wav)),
		httptest.NewRequest("POST", u.Host, fields),
	} {
		r.Header.Set("Content-Type", kind)
		l := h.line(0, never)
		begin := l.read
		if h.ServeHTTP(l, r); l.Code != http.StatusForbidden || l.read != begin || l.write != begin {
			t.Errorf("%s: %d, the deadlines are %v and %v", r.Method, l.Code, l.read, l.write)
		}
	}
}
