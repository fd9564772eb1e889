package api

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/rpc"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
)

// FuzzActions sends signed requests of every action that are right but for one
// parameter. Whatever it is, the failure is never ours.
func FuzzActions(f *testing.F) {
	w := openWhole(f, storetest.SQLite(f))
	x := w.newWorld()
	actions := slices.Sorted(maps.Keys(registry()))
	for i, name := range actions {
		f.Add(uint8(i), uint8(0), "../../etc/passwd", false)
		f.Add(uint8(i), uint8(1), "'; DROP TABLE scripts; --", true)
		f.Add(uint8(i), uint8(len(x.sample(name))), `["",{"a":null}]`, false)
	}
	f.Fuzz(func(t *testing.T, action, parameter uint8, value string, again bool) {
		w.t = t
		name := actions[int(action)%len(actions)]
		request := x.sample(name)
		names := slices.Sorted(maps.Keys(request))
		request[names[int(parameter)%len(names)]] = value
		times := 1
		if again {
			times = 2
		}
		for range times {
			status, body := w.handle(request)
			if status >= http.StatusInternalServerError {
				t.Fatalf("%q: %d %s", request, status, body)
			}
			if status == http.StatusOK && strings.HasPrefix(name, "Delete") {
				x = w.newWorld() // What samples name is gone.
				return
			}
		}
	})
}

// handle is sendBy without a connection. What cannot be sent is left out, and
// counts as refused.
func (w *whole) handle(parameters map[string]string) (int, string) {
	w.nonces++
	query, err := rpc.SignQuery(http.MethodPost, parameters, rpc.Credentials{
		AccessKeyID: "id", AccessKeySecret: "secret", Nonce: strconv.Itoa(w.nonces), Time: w.clock.Now(),
	})
	if err != nil {
		return http.StatusBadRequest, err.Error()
	}
	request := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, "/", strings.NewReader(query))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request)
	return answer.Code, answer.Body.String()
}
