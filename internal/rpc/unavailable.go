package rpc

import (
	"log/slog"
	"net/http"
	"reflect"
	"time"
)

// Unavailable returns a handler that answers every request ServiceUnavailable,
// in the format it asks for, and to try again in a second: what a server says
// before it can do anything. Why is a sentence.
func Unavailable(why string) http.Handler {
	m, err := newMetrics(nil)
	if err != nil {
		panic(err) // Nothing is registered, so nothing can be there already.
	}
	s := &Server{o: Options{Logger: slog.New(slog.DiscardHandler)}, unknown: &entry{Action: Action{name: "unknown"}}, metrics: m}
	if s.errors, err = newEncoder("Error", reflect.TypeFor[struct{}]()); err != nil {
		panic(err) // A mistake in the program, as its test shows.
	}
	refusal := ServiceUnavailable(why, nil)
	refusal.RetryAfter = time.Second
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var x exchange
		x.begin(NewRequestID(), r)
		_ = x.read(r) // For the format; what else is wrong with it does not matter yet.
		s.refuse(w.Header(), &x, s.unknown, refusal)
		w.Header().Set("Content-Type", contentTypes[x.format][0])
		w.WriteHeader(x.status)
		_, _ = w.Write(x.out) // An error here is a client that went away.
	})
}
