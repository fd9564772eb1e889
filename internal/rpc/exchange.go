package rpc

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
)

// Bounds of a request.
const (
	// MaxRequestLine is how long a request line may be, in bytes: official
	// clients put everything in the query string.
	MaxRequestLine = 8 << 20
	// MaxBody is how long a body may be, in bytes.
	MaxBody = 16 << 20
)

// exchange is one request and its answer, with the buffers it took. Exchanges
// are used again for other requests: nothing of one may be kept.
type exchange struct {
	params params
	signer signer
	body   []byte
	toSign []byte
	out    []byte // The answer.

	format Format
	caller Caller    // KeyID and Action once they are known.
	answer any       // The response, when the action went well.
	record func(Use) // Told what came of it; nil: nobody is.
	host   string
	status int
	code   string
}

// begin makes the exchange ready for a request.
func (x *exchange) begin(requestID string, r *http.Request) {
	x.caller = Caller{RequestID: requestID, Remote: r.RemoteAddr}
	x.host = r.Host
	x.format, x.status, x.code = JSON, http.StatusOK, "OK"
}

// reusable reports whether the buffers are of a usual size; one huge request
// must not hold its memory for ever.
func (x *exchange) reusable() bool {
	return cap(x.params.pairs) <= 1<<10 && max(cap(x.params.arena), cap(x.body), cap(x.toSign), cap(x.out)) <= 64<<10
}

// read reads the parameters of a request, query and form merged, and the
// format of the answer.
func (x *exchange) read(r *http.Request) error {
	if len(r.RequestURI) > MaxRequestLine {
		return requestTooLarge("A request line may have at most 8 MiB. Send long parameters in the body, by POST.")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return unsupportedOperation("Use GET or POST.")
	}
	bodyErr := x.readBody(r)
	err := x.params.parse(r.URL.RawQuery, x.body)
	if formatErr := x.readFormat(); err == nil {
		err = formatErr
	}
	if bodyErr != nil {
		return bodyErr
	}
	return err
}

func (x *exchange) readFormat() error {
	switch format := x.params.get("Format"); {
	case equalFold(format, "XML"):
		x.format = XML
	case len(format) > 0 && !equalFold(format, "JSON"):
		return InvalidParameter("Format", "It must be JSON or XML.")
	}
	return nil
}

// readBody reads the form of a POST. The body of a GET has no meaning and is
// not looked at.
func (x *exchange) readBody(r *http.Request) error {
	x.body = x.body[:0]
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return nil
	}
	if r.ContentLength > MaxBody {
		return bodyTooLarge()
	}
	err := x.readAll(r.Body)
	if err != nil || len(x.body) == 0 {
		return err
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		x.body = x.body[:0]
		return unsupportedOperation("A body must be a form: Content-Type application/x-www-form-urlencoded.")
	}
	return nil
}

// readAll reads a body whatever its announced length, and takes memory only for
// what has come.
func (x *exchange) readAll(body io.Reader) error {
	for {
		x.body = slices.Grow(x.body, 512)
		n, err := body.Read(x.body[len(x.body):cap(x.body)])
		x.body = x.body[:len(x.body)+n]
		switch {
		case len(x.body) > MaxBody:
			x.body = x.body[:0]
			return bodyTooLarge()
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			x.body = x.body[:0]
			return badRequest("InvalidParameter", "The body of the request could not be read to its end. Send it again.")
		}
	}
}

func bodyTooLarge() *Error { return requestTooLarge("A body may have at most 16 MiB.") }
