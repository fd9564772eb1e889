package engine_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// matching returns the matching diagnostics of a script, as text.
func matching(t *testing.T, s *script) (found []string, refused bool) {
	t.Helper()
	v, err := engine.Compile(flow.Document(s.json(t)))
	var all flow.Errors
	if !errors.As(err, &all) {
		if err != nil {
			t.Fatal(err)
		}
		all = v.Diagnostics()
	}
	for _, d := range all {
		if strings.HasPrefix(d.Code, "TG1") {
			if d.Line == 0 || d.Column == 0 {
				t.Errorf("%s has no place: %+v", d.Code, d)
			}
			found = append(found, d.Code+" "+d.Severity.String()+" "+d.Pointer+" "+d.NodeID)
		}
	}
	return found, err != nil
}

func TestMatchingDiagnostics(t *testing.T) {
	both := []exit{{id: "yes", intents: []string{"i-yes"}}, {id: "no", intents: []string{"i-no"}}}
	one := both[:1]
	intent := func(s *script, i int) object { return s.doc["intents"].([]object)[i] }
	tests := []struct {
		name    string
		exits   []exit
		change  func(*script)
		want    string
		refused bool
	}{
		{"nothing", both, func(*script) {}, "", false},
		{"a phrase in two intents that meet", both, func(s *script) {
			intent(s, 1)["utterances"] = []string{"不是", "不是的", "是的！"}
		}, "TG101 warning /intents/1/utterances/2 ask", false},
		{"a phrase in two intents that do not meet", one, func(s *script) {
			intent(s, 1)["utterances"] = []string{"是的"}
		}, "", false},
		{"a keyword of two intents that meet", both, func(s *script) {
			intent(s, 0)["keywords"], intent(s, 1)["keywords"] = []string{"可以"}, []string{"不行", "可以"}
		}, "TG101 warning /intents/1/keywords/1 ask", false},
		{"a keyword that is an utterance elsewhere", both, func(s *script) {
			intent(s, 1)["keywords"] = []string{"是的"}
		}, "", false},
		{"a phrase twice in one intent", both, func(s *script) {
			intent(s, 0)["utterances"] = []string{"是的", "是的"}
		}, "", false},
		{"a keyword that is no regular expression", both, func(s *script) {
			intent(s, 0)["keywords"] = []string{"可以", "re:(("}
		}, "TG102 error /intents/0/keywords/1 ", true},
		{"a keyword of one character", both, func(s *script) {
			intent(s, 0)["keywords"] = []string{"可以", "好"}
		}, "TG104 warning /intents/0/keywords/1 ", false},
		{"an utterance of punctuation", both, func(s *script) {
			intent(s, 2)["utterances"] = []string{"也许吧", "？！"}
		}, "TG103 warning /intents/2/utterances/1 ", false},
		{"keys that can only be pressed", both, func(s *script) {
			intent(s, 2)["utterances"], intent(s, 2)["keywords"] = []string{"也许吧", "#"}, []string{"*"}
		}, "", false},
		{"a question of punctuation", both, func(s *script) {
			s.doc["globalQuestions"].([]object)[0]["questions"] = []string{"你是谁", "……"}
		}, "TG103 warning /globalQuestions/0/questions/1 ", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := question(nil, append([]exit(nil), tt.exits...)...)
			tt.change(s)
			found, refused := matching(t, s)
			if got := strings.Join(found, "; "); got != tt.want || refused != tt.refused {
				t.Errorf("got %q, refused %v; want %q, %v", got, refused, tt.want, tt.refused)
			}
		})
	}
}

func TestASharedPhraseIsShown(t *testing.T) {
	s := question(nil, exit{id: "yes", intents: []string{"i-yes"}}, exit{id: "no", intents: []string{"i-no"}})
	s.doc["intents"].([]object)[1]["utterances"] = []string{"是的。"}
	d := s.compile(t).Diagnostics()
	for _, d := range d {
		if d.Code == engine.CodeSharedPhrase {
			if want := `"是的。" in the utterances of intent "i-no" is the same as "是的" of intent "i-yes", and both meet at node "ask": keep it in one of them`; d.Message != want {
				t.Errorf("got  %s\nwant %s", d.Message, want)
			}
			return
		}
	}
	t.Errorf("no %s in %v", engine.CodeSharedPhrase, d)
}

func TestAFolderThatIsNoBundle(t *testing.T) {
	_, err := engine.Compile(fstest.MapFS{})
	var refused flow.Errors
	if !errors.As(err, &refused) || !refused.Refused() {
		t.Errorf("got %v, want diagnostics", err)
	}
}

func TestExplanations(t *testing.T) {
	s := question(nil,
		exit{id: "yes", intents: []string{"i-yes"}}, exit{id: "cond", condition: `utterance == "也许吧"`})
	v := s.compile(t)
	e := newEngine(t, newClock(), engine.Options{})
	e.Publish(v)
	tests := []struct{ said, winner, why string }{
		{"是的", "i-yes", `Intent "i-yes" is the node's best`},
		{"你是谁", "谁", `Global question "谁"`},
		{"也许吧", "", "A branch whose condition holds was taken."},
		{"不是", "", `Intent "i-no", which this node does not ask for, is ahead`},
		{"咕噜咕噜", "", "Nothing that this node listens for reached the threshold. This is a no-match."},
	}
	for _, tt := range tests {
		mustBegin(t, e, tt.said)
		in := session.Utterance(tt.said)
		in.Trace = true
		r := mustTurn(t, e, tt.said, in)
		x := r.Explanation
		if x == nil || x.Winner != tt.winner || !strings.Contains(x.Why, tt.why) {
			t.Errorf("%q: %+v, want winner %q because %q", tt.said, x, tt.winner, tt.why)
			continue
		}
		if x.RunnerUp == x.Winner && x.Winner != "" {
			t.Errorf("%q: the winner is its own runner-up", tt.said)
		}
		text := x.String()
		for _, part := range []string{"heard      " + tt.said, "read as", x.Why} {
			if !strings.Contains(text, part) {
				t.Errorf("%q: no %q in\n%s", tt.said, part, text)
			}
		}
	}
}

func TestARefusedFlowHidesNoMatchingDiagnostics(t *testing.T) {
	s := question(object{"script": ""}, exit{id: "yes", intents: []string{"i-yes"}}, exit{id: "no", intents: []string{"i-no"}})
	s.doc["intents"].([]object)[0]["keywords"] = []string{"re:(("}
	s.doc["intents"].([]object)[1]["utterances"] = []string{"是的"}
	found, refused := matching(t, s)
	if got, want := strings.Join(found, "; "), "TG102 error /intents/0/keywords/0 ; TG101 warning /intents/1/utterances/0 ask"; got != want || !refused {
		t.Errorf("got %q, refused %v; want %q", got, refused, want)
	}
}
