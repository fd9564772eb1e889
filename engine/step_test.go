package engine_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/session"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// call steps one call of a version with matches given by the test, so that
// what is tested is the step alone.
type call struct {
	t     testing.TB
	v     *engine.Version
	state session.State
	out   engine.Output
	at    time.Time
}

func begin(t testing.TB, v *engine.Version, vars ...session.Var) *call {
	t.Helper()
	c := &call{t: t, v: v, at: noon}
	c.state.Vars = vars
	c.step(session.Input{Kind: session.Start, Text: "喂"})
	return c
}

func (c *call) step(in session.Input) *engine.Output {
	c.t.Helper()
	c.at = c.at.Add(time.Second)
	in.At = c.at
	if err := engine.Step(c.v, &c.state, &in, &c.out); err != nil {
		c.t.Fatal(err)
	}
	c.state.CopyFrom(&c.out.State)
	return &c.out
}

// hear is a Speech turn: intents holds the scores in the node's order.
func (c *call) hear(intents ...float64) *engine.Output {
	c.t.Helper()
	return c.step(session.Input{Kind: session.Speech, Text: "话", Match: session.Match{Intents: intents}})
}

// askWho is a Speech turn in which the global question wins.
func (c *call) askWho() *engine.Output {
	c.t.Helper()
	return c.step(session.Input{Kind: session.Speech, Text: "你是谁", Match: session.Match{Question: session.Scored{Index: 0, Score: 1}}})
}

func (c *call) silence() *engine.Output {
	c.t.Helper()
	return c.step(session.Input{Kind: session.Silence})
}

// wants checks what a turn said and where the call rests.
func (c *call) wants(what, action, content, node string, end session.EndReason) {
	c.t.Helper()
	f := c.out.Feedback
	if f.Action != action || f.Content != content || f.NodeID != node || f.Ended != end {
		c.t.Errorf("%s: got %s %q at %q, end %q; want %s %q at %q, end %q",
			what, f.Action, f.Content, f.NodeID, f.Ended, action, content, node, end)
	}
}

// question is a script of one Switch with the branches given, each leading to
// an ending that says the branch's name.
func question(more object, exits ...exit) *script {
	s := newScript()
	f := s.flow("main", "MainFlow", "ask")
	for i := range exits {
		exits[i].to = "end-" + exits[i].id
		f.act(exits[i].to, exits[i].id, "Hangup", "", "", nil)
	}
	f.ask("ask", "您好", more, exits...)
	return s
}

func TestChoosing(t *testing.T) {
	yes := exit{id: "yes", intents: []string{"i-yes"}}
	no := exit{id: "no", intents: []string{"i-no"}}
	yesIf := func(condition string) exit { return exit{id: "yes", intents: []string{"i-yes"}, condition: condition} }
	only := func(id, condition string) exit { return exit{id: id, condition: condition} }
	anything := exit{id: "default"}
	match := func(background, question float64, intents ...float64) session.Match {
		return session.Match{
			Intents: intents, Question: session.Scored{Score: question}, Background: session.Scored{Index: 2, Score: background},
		}
	}
	const who, lost = "我是小图\n您好", "没听清"
	tests := []struct {
		name  string
		exits []exit
		match session.Match
		want  string
	}{
		{"the best intent", []exit{yes, no}, match(0, 0, 0.6, 0.7), "no"},
		{"at the threshold", []exit{yes, no}, match(0, 0, 0.5, 0.1), "yes"},
		{"under the threshold", []exit{yes, no}, match(0, 0, 0.49, 0.1), lost},
		{"equal scores: the earlier branch", []exit{yes, no}, match(0, 0, 0.8, 0.8), "yes"},
		{"a question not ahead by the margin", []exit{yes}, match(0, 0.69, 0.6), "yes"},
		{"a question ahead by the margin", []exit{yes}, match(0, 0.7, 0.6), who},
		{"a question alone, without any margin", []exit{yes}, match(0, 0.5, 0.45), who},
		{"a question under the threshold", []exit{yes}, match(0, 0.49, 0), lost},
		{"background not ahead by the margin", []exit{yes}, match(0.69, 0, 0.6), "yes"},
		{"background ahead of the intent", []exit{yes}, match(0.7, 0, 0.6), lost},
		{"background ahead of the intent only", []exit{yes}, match(0.7, 0.7, 0.5), who},
		{"background ahead of the question", []exit{yes}, match(1, 0.8, 0), lost},
		{"background with nothing else", []exit{yes}, match(0.2, 0, 0), lost},
		{"background, then the default branch", []exit{yes, anything}, match(1, 0, 0.6), "default"},
		{"a shut branch does not win", []exit{yesIf("false"), no}, match(0, 0, 1, 0.1), lost},
		{"a shut branch stands in the background", []exit{yesIf("false"), no}, match(0, 0, 1, 0.6), lost},
		{"an open branch wins", []exit{yesIf("turns == 1"), no}, match(0, 0, 0.9, 0.6), "yes"},
		{"the same intent in a shut and an open branch",
			[]exit{yesIf("false"), {id: "again", intents: []string{"i-yes"}, condition: "true"}}, match(0, 0, 0.9), "again"},
		{"only a condition", []exit{yes, only("first", "false"), only("second", "true"), only("third", "true")}, match(0, 0, 0.1), "second"},
		{"a condition before the default", []exit{anything, only("cond", "true")}, match(0, 0), "cond"},
		{"the default branch", []exit{yes, anything}, match(0, 0, 0.1), "default"},
		{"a winner before a condition", []exit{yes, only("cond", "true")}, match(0, 0, 0.5), "yes"},
		{"the condition sees the intent, conditions aside",
			[]exit{yesIf("false"), only("saw", `intent == "i-yes" && score > 0.8`)}, match(0, 0, 0.9), "saw"},
		{"the condition sees no intent under the threshold",
			[]exit{yes, only("saw", `intent == "" && score == 0`)}, match(0, 0, 0.4), "saw"},
		{"the condition sees the words", []exit{yes, only("saw", `utterance == "话" && digits == ""`)}, match(0, 0, 0), "saw"},
		{"the condition sees the variables", []exit{yes, only("saw", `vars.name == "王芳" && vars["none"] == ""`)}, match(0, 0, 0), "saw"},
		{"a failing condition is false", []exit{yes, only("bad", `int(vars.name) > 1`), only("good", "true")}, match(0, 0, 0), "good"},
		{"scores that are missing", []exit{yes, no}, session.Match{}, lost},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := begin(t, question(nil, slices.Clone(tt.exits)...).compile(t), session.Var{Name: "name", Value: "王芳"})
			got := c.step(session.Input{Kind: session.Speech, Text: "话", Match: tt.match}).Feedback.Content
			if got != tt.want {
				t.Errorf("got %q, want %q; events %+v", got, tt.want, c.out.Events)
			}
		})
	}
}

func TestMatchingConstantsOfTheScript(t *testing.T) {
	s := question(nil, exit{id: "yes", intents: []string{"i-yes"}})
	s.doc["matching"] = object{"threshold": 0.8, "margin": 0.3, "background": false}
	v := s.compile(t)
	if c := begin(t, v); c.hear(0.79).Feedback.Content != "没听清" {
		t.Errorf("0.79 with threshold 0.8: %q", c.out.Feedback.Content)
	}
	c := begin(t, v)
	c.step(session.Input{Kind: session.Speech, Text: "话", Match: session.Match{
		Intents: []float64{0.8}, Question: session.Scored{Score: 1}, Background: session.Scored{Score: 1},
	}})
	c.wants("within a margin of 0.3, without background", "Hangup", "yes", "end-yes", session.Finished)
}

func TestDigits(t *testing.T) {
	s := question(object{"collectedNumberEnabled": true, "digits": object{"min": 1, "max": 4, "terminator": "#", "timeout": 5}},
		exit{id: "yes", intents: []string{"i-yes"}}, exit{id: "no", intents: []string{"i-no"}}, exit{id: "long", condition: `digits == "12#"`})
	v := s.compile(t)
	keys := func(c *call, keys string) {
		c.t.Helper()
		in := session.Keys(keys)
		v.Match(&c.state, &in)
		c.step(in)
	}
	for pressed, want := range map[string]string{"1": "yes", "2": "no", "12#": "long", "3": "没听清"} {
		c := begin(t, v)
		if want := (session.Collect{Enabled: true, Min: 1, Max: 4, Terminator: "#", Timeout: 5}); c.out.Feedback.Collect != want {
			t.Errorf("Collect = %+v, want %+v", c.out.Feedback.Collect, want)
		}
		keys(c, pressed)
		if got := c.out.Feedback.Content; got != want {
			t.Errorf("keys %q: got %q, want %q", pressed, got, want)
		}
		if !c.state.Spoke {
			t.Errorf("keys %q: a Digits turn counts as speech", pressed)
		}
	}
}

func TestCountersOfAVisit(t *testing.T) {
	ask := func(more object) *call {
		s := question(more, exit{id: "yes", intents: []string{"i-yes"}}, exit{id: "again", intents: []string{"i-no"}})
		f := s.flows[0]
		for _, tr := range f.transitions {
			if tr["target"] == "end-again" {
				tr["target"] = "ask"
			}
		}
		f.nodes = slices.DeleteFunc(f.nodes, func(n object) bool { return n["id"] == "end-again" })
		return begin(t, s.compile(t))
	}
	similar := object{"similarScripts": []string{"甲", "乙"}}
	config := func(key, kind string, more object) object {
		c := object{"promptType": kind, "prompt": kind, "finalPromptType": "System", "finalPrompt": "sys-closing"}
		for k, v := range more {
			c[k] = v
		}
		return object{key: c, "similarScripts": similar["similarScripts"]}
	}
	const un, si = "unrecognizingConfig", "silenceTimeoutConfig"
	lost := func(c *call) string { return c.hear(0, 0).Feedback.Content }
	quiet := func(c *call) string { return c.silence().Feedback.Content }
	who := func(c *call) string { return c.askWho().Feedback.Content }
	again := func(c *call) string { return c.hear(0, 1).Feedback.Content }
	type turn func(*call) string
	tests := []struct {
		name  string
		more  object
		turns []turn
		want  string
		end   session.EndReason
	}{
		{"no config: the role's answers but the last, then the last", nil,
			[]turn{lost, lost, lost}, "没听清 再说一遍 先不打扰了", session.Unrecognized},
		{"no config, silent: one prompt over and over", nil,
			[]turn{quiet, quiet, quiet}, "还在吗 还在吗 听不到您，再见", session.NoInteraction},
		{"spoke before falling silent", nil,
			[]turn{lost, quiet, quiet, quiet}, "没听清 还在吗 还在吗 听不到您，再见", session.TimedOut},
		{"neither counter touches the other", nil,
			[]turn{lost, quiet, lost, quiet, lost}, "没听清 还在吗 再说一遍 还在吗 先不打扰了", session.Unrecognized},
		{"a global question touches no counter", nil,
			[]turn{lost, lost, who, who, who, lost}, "没听清 再说一遍 我是小图\n您好 我是机器人\n您好 我是小图\n您好 先不打扰了", session.Unrecognized},
		{"leaving the node clears the counters, not the rounds", nil,
			[]turn{lost, lost, again, lost, lost, lost}, "没听清 再说一遍 您好 没听清 再说一遍 先不打扰了", session.Unrecognized},
		{"similar scripts round and round", config(un, "SimiliarScript", object{"threshold": 3}),
			[]turn{lost, lost, lost, lost}, "甲 乙 甲 再见啦", session.Unrecognized},
		{"one pointer for all that asks again", config(un, "SimiliarScript", nil),
			[]turn{lost, who, lost, again, lost}, "甲 我是小图\n乙 甲 您好 甲", session.Live},
		{"threshold 0: final at once", config(si, "SimiliarScript", object{"threshold": 0}),
			[]turn{quiet}, "再见啦", session.NoInteraction},
		{"a final prompt that asks again", config(un, "System", object{"prompt": "sys-silence", "finalPromptType": "SimiliarScript", "threshold": 1}),
			[]turn{lost, lost}, "还在吗 甲", session.Unrecognized},
		{"one place per question, shared by both configs", object{
			un: object{"promptType": "System", "prompt": "sys-unrecognized"}, si: object{"promptType": "System", "prompt": "sys-unrecognized"}},
			[]turn{lost, quiet, lost}, "没听清 再说一遍 没听清", session.Live},
		{"the only answer is prompt and final prompt", object{
			un: object{"promptType": "System", "prompt": "sys-closing", "finalPromptType": "System", "finalPrompt": "sys-closing", "threshold": 1}},
			[]turn{lost, lost}, "再见啦 再见啦", session.Unrecognized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := ask(tt.more)
			c.t = t
			var said []string
			for _, turn := range tt.turns {
				said = append(said, turn(c))
			}
			if got := strings.Join(said, " "); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if c.state.Ended != tt.end {
				t.Errorf("ended %q, want %q", c.state.Ended, tt.end)
			}
			if final := c.out.Feedback; final.Ended != session.Live && (final.Action != session.ActionHangup || final.Interruptible) {
				t.Errorf("a final prompt is an uninterruptible Hangup, got %+v", final)
			}
		})
	}
}

func TestEndings(t *testing.T) {
	v := question(nil, exit{id: "yes", intents: []string{"i-yes"}}).compile(t)
	hangup, expire := session.Input{Kind: session.Hangup, Text: "拜拜"}, session.Input{Kind: session.Expire}

	c := begin(t, v)
	c.step(hangup)
	c.wants("hangs up at once", "Hangup", "", "ask", session.NoInteraction)
	c = begin(t, v)
	c.hear(0)
	c.step(hangup)
	c.wants("hangs up after speaking", "Hangup", "", "ask", session.ClientHangup)
	c = begin(t, v)
	c.step(expire)
	c.wants("expires without a word", "Hangup", "", "ask", session.NoInteraction)
	c = begin(t, v)
	c.hear(0)
	c.step(expire)
	c.wants("expires after speaking", "Hangup", "", "ask", session.TimedOut)

	c = &call{t: t, v: v, at: noon}
	c.step(hangup)
	c.wants("hangs up on the first request", "Hangup", "", "", session.NoInteraction)
	if c.out.Feedback.FlowID != "" {
		t.Errorf("FlowID = %q, want none", c.out.Feedback.FlowID)
	}
	c.hear(1)
	c.wants("after that", "Hangup", "", "", session.NoInteraction)
}

func TestAfterTheEndNothingChanges(t *testing.T) {
	c := begin(t, question(nil, exit{id: "yes", intents: []string{"i-yes"}}).compile(t))
	c.step(session.Input{Kind: session.Speech, TurnID: "t1", Match: session.Match{Intents: []float64{1}}})
	c.wants("ends", "Hangup", "yes", "end-yes", session.Finished)
	ended := c.state
	for _, in := range []session.Input{{Kind: session.Speech, Text: "喂", TurnID: "t2"}, {}, {Kind: session.Hangup}, {Kind: session.Expire}} {
		c.step(in)
		c.wants("afterwards", "Hangup", "", "end-yes", session.Finished)
		if c.out.Advanced || len(c.out.Events) != 0 || c.state.Revision != ended.Revision {
			t.Errorf("%v after the end: advanced %v, %d events", in.Kind, c.out.Advanced, len(c.out.Events))
		}
	}
	c.step(session.Input{Kind: session.Speech, TurnID: "t1"})
	c.wants("the last turn again", "Hangup", "yes", "end-yes", session.Finished)
}

func TestARetriedTurnIsAnsweredAgain(t *testing.T) {
	v := question(nil, exit{id: "yes", intents: []string{"i-yes"}}).compile(t)
	c := &call{t: t, v: v, at: noon}
	turn := func(kind session.InputKind, id string) session.Feedback {
		return c.step(session.Input{Kind: kind, TurnID: id}).Feedback
	}
	first := turn(session.Start, "t0")
	if again := turn(session.Speech, "t0"); again != first || c.out.Advanced {
		t.Errorf("the Start again: %+v, want %+v", again, first)
	}
	second := turn(session.Silence, "t1")
	if again := turn(session.Hangup, "t1"); again != second || c.state.Ended != session.Live {
		t.Errorf("t1 again: %+v, want %+v", again, second)
	}
	if old := turn(session.Silence, "t0"); old == first {
		t.Error("a TurnId that is not the last is a new turn")
	}
	before := c.state.Turns
	turn(session.Silence, "")
	turn(session.Silence, "")
	if c.state.Ended == session.Live && c.state.Turns != before+2 {
		t.Errorf("turns without an id are always new: %d, want %d", c.state.Turns, before+2)
	}
}

func TestWhatMayBeInterrupted(t *testing.T) {
	chain := func(first, second bool, text string) session.Feedback {
		s := newScript()
		s.flow("main", "MainFlow", "one").
			act("one", text, "", "", "two", object{"interruptible": first}).
			ask("two", "二", object{"interruptible": second}, exit{id: "yes", intents: []string{"i-yes"}, to: "end"}).
			act("end", "", "Hangup", "", "", object{"interruptible": true})
		c := begin(t, s.compile(t))
		said := c.out.Feedback
		c.hear(1)
		if f := c.out.Feedback; f.Content != "" || f.Interruptible {
			t.Errorf("an empty content is not interruptible: %+v", f)
		}
		return said
	}
	for _, tt := range []struct {
		first, second bool
		text          string
		want          bool
	}{
		{true, true, "一", true}, {false, true, "一", false}, {true, false, "一", false}, {false, false, "一", false},
		{false, true, "", true}, {false, true, " ", true}, {false, true, "@name", true},
	} {
		if got := chain(tt.first, tt.second, tt.text).Interruptible; got != tt.want {
			t.Errorf("%v %q then %v: interruptible %v, want %v", tt.first, tt.text, tt.second, got, tt.want)
		}
	}
	final := begin(t, question(object{"interruptible": true, "unrecognizingConfig": object{
		"threshold": 0, "finalPromptType": "SimiliarScript",
	}}, exit{id: "yes", intents: []string{"i-yes"}}).compile(t))
	if !final.out.Feedback.Interruptible {
		t.Error("the question itself is interruptible")
	}
	final.hear(0)
	if f := final.out.Feedback; f.Content != "您好" || f.Ended != session.Unrecognized || f.Interruptible {
		t.Errorf("a final prompt that asks again: %+v, want it uninterruptible", f)
	}
}

func TestStartSaysNothing(t *testing.T) {
	s := newScript()
	f := s.flow("main", "MainFlow", "ask")
	f.nodes[0]["script"], f.nodes[0]["labels"], f.nodes[0]["interruptible"] = "不该说", []string{"不该有"}, true
	f.ask("ask", "您好", nil, exit{id: "yes", intents: []string{"i-yes"}, to: "start"}, exit{id: "no", intents: []string{"i-no"}, to: "end"}).
		act("end", "", "Hangup", "", "", nil)
	c := begin(t, s.compile(t))
	c.hear(1)
	c.wants("back to Start", "Broadcast", "您好", "ask", session.Live)
	if len(c.state.Tags) != 0 {
		t.Errorf("tags %v, want none", c.state.Tags)
	}
}

func TestAQuestionThatIsNotThereIsNotAnswered(t *testing.T) {
	c := begin(t, question(nil, exit{id: "yes", intents: []string{"i-yes"}}).compile(t))
	for _, index := range []int32{-1, 99} {
		c.step(session.Input{Kind: session.Speech, Match: session.Match{Question: session.Scored{Index: index, Score: 1}}})
		if c.out.Events[0].Kind != session.NoMatch {
			t.Errorf("question %d: %+v, want a no-match", index, c.out.Events)
		}
	}
}

func TestAStateOfAnotherVersionIsRefused(t *testing.T) {
	c := begin(t, question(nil, exit{id: "yes", intents: []string{"i-yes"}}).compile(t))
	spoil := map[string]func(*session.State){
		"flow":   func(s *session.State) { s.Flow = 9 },
		"node":   func(s *session.State) { s.Node = 99 },
		"no":     func(s *session.State) { s.Node = session.Nowhere },
		"end":    func(s *session.State) { s.Node = 1 },
		"caller": func(s *session.State) { s.Callers = []session.Frame{{Flow: 0, Node: 0}} },
		"deep":   func(s *session.State) { s.Callers = make([]session.Frame, 17) },
		"tag":    func(s *session.State) { s.Tags = []uint16{7} },
	}
	in, out := session.Input{At: noon}, engine.Output{}
	for name, change := range spoil {
		var s session.State
		s.CopyFrom(&c.state)
		change(&s)
		if err := engine.Step(c.v, &s, &in, &out); !errors.Is(err, session.ErrCorrupt) {
			t.Errorf("%s: %v, want ErrCorrupt", name, err)
		}
	}
	other := c.state
	other.Version[0]++
	if err := engine.Step(c.v, &other, &in, &out); !errors.Is(err, engine.ErrVersionMissing) {
		t.Errorf("another version: %v, want ErrVersionMissing", err)
	}
}
