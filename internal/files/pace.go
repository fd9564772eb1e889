package files

import (
	"io"
	"net/http"
	"time"
)

// A server bounds the time for a whole request, which would cut off a large
// file on a slow line. So each time another paceStep bytes have moved, there is
// paceTime for the next ones: a client that takes or sends 2 KiB a second gets
// through, however long it needs, and one that is dead is cut off.
const (
	paceStep = 256 << 10
	paceTime = 2 * time.Minute
)

// pace moves the deadlines of a connection on as bytes move. A transfer has one,
// whichever way its bytes go.
type pace struct {
	conn  *http.ResponseController
	now   func() time.Time
	moved int // Since the deadlines were set.
}

// newPace gives a transfer the time for its first bytes. Whoever may not transfer
// anything has no more time than any request.
func (f *Files) newPace(w http.ResponseWriter) *pace {
	p := &pace{conn: http.NewResponseController(w), now: f.o.Wall}
	p.extend()
	return p
}

func (p *pace) move(n int) {
	if p.moved += n; p.moved >= paceStep {
		p.extend()
	}
}

// extend sets both deadlines: after an upload there is an answer to write, and
// when the reading deadline passes the server gives up a download, too. Where
// there are none to set, as in a test, nothing is cut off either.
func (p *pace) extend() {
	p.moved = 0
	deadline := p.now().Add(paceTime)
	_ = p.conn.SetReadDeadline(deadline)
	_ = p.conn.SetWriteDeadline(deadline)
}

// reader returns what is read at the pace.
func (p *pace) reader(r io.Reader) io.Reader { return &pacedReader{r, p} }

type pacedReader struct {
	io.Reader
	pace *pace
}

func (r *pacedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.pace.move(n)
	return n, err
}

// writer returns a ResponseWriter that is written to at the pace.
func (p *pace) writer(w http.ResponseWriter) http.ResponseWriter { return &pacedWriter{w, p} }

type pacedWriter struct {
	http.ResponseWriter
	pace *pace
}

func (w *pacedWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.pace.move(n)
	return n, err
}
