package api

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSamples sends the sample of every action in every way and format, so that
// what other tests do to samples begins from what is right.
func TestSamples(t *testing.T) {
	eachWhole(t, func(t *testing.T, w *whole) {
		i := 0
		for name := range registry() {
			x := w.newWorld()
			request := x.sample(name)
			for _, by := range ways {
				if i++; !reads(name) && by != ways[i%len(ways)] {
					continue
				}
				status, body := w.sendBy(by, request, nil)
				if status != http.StatusOK || !strings.HasPrefix(body, "{") {
					t.Errorf("%s by %v: %d %s", name, by, status, body)
				}
				if !reads(name) {
					continue
				}
				inXML := maps.Clone(request)
				inXML["Format"] = "XML"
				if status, body := w.sendBy(by, inXML, nil); status != http.StatusOK || !strings.HasPrefix(body, "<?xml") {
					t.Errorf("%s by %v in XML: %d %s", name, by, status, body)
				}
			}
		}
	})
}

// reads reports whether the action changes nothing. A sample of speech is a
// file, which is kept for a while.
func reads(action string) bool {
	if action == "DescribeTTSDemo" {
		return false
	}
	for _, verb := range []string{"Describe", "List", "Query", "Export"} {
		if strings.HasPrefix(action, verb) {
			return true
		}
	}
	return false
}

// TestIsolation asks, in one instance, for the things of another: they are not
// there, for reading or for writing.
func TestIsolation(t *testing.T) {
	eachWhole(t, func(t *testing.T, w *whole) {
		own, foreign := w.newWorld(), w.newWorld()
		before := dump(t, w)
		for name := range registry() {
			request, theirs := own.sample(name), foreign.sample(name)
			for parameter, thing := range things {
				if _, there := request[parameter]; !there || parameter == "ResourceId.N" {
					continue // All instances are the account's.
				}
				changed := maps.Clone(request)
				changed[parameter] = theirs[parameter]
				if parameter == "InstanceId" {
					if thing = firstThing(request); thing == "" {
						continue // It is about the other instance and says so.
					}
				}
				status, body := w.sendBy(way{method: http.MethodPost}, changed, nil)
				if message := judge(status, body, "NotExist."+thing); message != "" {
					t.Errorf("%s with %s of another instance: %s", name, parameter, message)
				}
				if strings.Contains(body, foreign.mark) {
					t.Errorf("%s with %s of another instance reveals %s", name, parameter, body)
				}
			}
			if after := dump(t, w); !cmp.Equal(before, after) {
				t.Errorf("%s: ids of another instance changed something:\n%s", name, cmp.Diff(before, after))
				before = after
			}
		}
		for name := range registry() {
			if !reads(name) || name == "ListInstances" {
				continue
			}
			if _, body := w.sendBy(way{method: http.MethodPost}, own.sample(name), nil); strings.Contains(body, foreign.mark) {
				t.Errorf("%s tells of another instance: %s", name, body)
			}
		}
	})
}

// firstThing returns the kind of what a request names beside its instance: the
// script, or what hangs on the instance itself.
func firstThing(request map[string]string) string {
	for _, parameter := range []string{"ScriptId", "SourceScriptId", "OutboundCallNumberId"} {
		if _, there := request[parameter]; there {
			return things[parameter]
		}
	}
	return ""
}

// TestIsolationOfScripts asks, in one script, for the things of another of the
// same instance.
func TestIsolationOfScripts(t *testing.T) {
	eachWhole(t, func(t *testing.T, w *whole) {
		x := w.newWorld()
		before := dump(t, w)
		for name := range registry() {
			request := x.sample(name)
			for parameter, thing := range things {
				_, there := request[parameter]
				if _, inScript := request["ScriptId"]; !there || !inScript || strings.HasPrefix(parameter, "Instance") ||
					parameter == "ScriptId" || parameter == "FileId" {
					continue
				}
				changed := maps.Clone(request)
				changed["ScriptId"] = x.names["$otherScript"]
				status, body := w.sendBy(way{method: http.MethodPost}, changed, nil)
				if message := judge(status, body, "NotExist."+thing); message != "" {
					t.Errorf("%s with %s of another script: %s", name, parameter, message)
				}
			}
		}
		if after := dump(t, w); !cmp.Equal(before, after) {
			t.Errorf("ids of another script changed something:\n%s", cmp.Diff(before, after))
		}
	})
}

// TestTextIsOnlyText gives every parameter that may be any text one that means
// something to what may lie below.
func TestTextIsOnlyText(t *testing.T) {
	eachWhole(t, func(t *testing.T, w *whole) {
		bystander := w.newWorld()
		before := mentions(t, w, bystander.mark)
		for name, action := range registry() {
			request, _ := action.Types()
			x := w.newWorld()
			for _, p := range parametersOf(request) {
				if p.kind != "string" || things[p.name] != "" {
					continue
				}
				for _, text := range hostile {
					changed := x.sample(name)
					changed[p.name] = text
					status, body := w.sendBy(way{method: http.MethodPost}, changed, nil)
					if message := judge(status, body, ""); message != "" && !strings.Contains(body, "InvalidParameter") {
						t.Errorf("%s with %s %q: %s", name, p.name, text, message)
					}
				}
			}
		}
		if diff := cmp.Diff(before, mentions(t, w, bystander.mark)); diff != "" {
			t.Errorf("something happened to an instance that nobody touched:\n%s", diff)
		}
	})
}

// mentions returns the stored rows that hold a mark.
func mentions(t *testing.T, w *whole, mark string) map[string][]string {
	found := map[string][]string{}
	for table, rows := range dump(t, w) {
		for _, row := range rows {
			if strings.Contains(row, mark) {
				found[table] = append(found[table], row)
			}
		}
	}
	return found
}
