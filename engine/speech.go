package engine

import (
	"bytes"
	"strings"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/session"
)

// speech gathers what one turn says. A turn that says one fixed text, as most
// do, uses the text as it stands; anything else is written to buf.
type speech struct {
	only          string // The one fixed text so far.
	buf           []byte // Everything so far, once it is more than that.
	interruptible bool
	parts         int
	missing       int
}

func (s *speech) reset() { *s = speech{buf: s.buf[:0]} }

// content returns the parts joined by newlines, and whether the caller may talk
// over them: only if that holds for each.
func (s *speech) content() (string, bool) {
	if len(s.buf) > 0 {
		return string(s.buf), s.interruptible
	}
	return s.only, s.interruptible
}

// say queues a text with the call's variables; one without words counts for
// nothing.
func (t *step) say(text *flow.Text, interruptible bool) {
	s := &t.out.speech
	fixed, isFixed := text.Literal()
	switch {
	case isFixed && strings.TrimSpace(fixed) == "":
		return
	case isFixed && s.parts == 0:
		s.only = fixed
	default:
		before := len(s.buf)
		if s.parts == 1 {
			s.buf = append(s.buf, s.only...)
		}
		if s.parts > 0 {
			s.buf = append(s.buf, '\n')
		}
		begin, missing := len(s.buf), 0
		s.buf, missing = text.Append(s.buf, t.s.Vars)
		s.missing += missing
		if len(bytes.TrimSpace(s.buf[begin:])) == 0 {
			s.buf = s.buf[:before]
			return
		}
	}
	s.interruptible = interruptible && (s.parts == 0 || s.interruptible)
	s.parts++
}

// askAgain says the node's question in other words: its next similar script,
// round and round, or its script where it has none.
func (t *step) askAgain(n *flow.Node) {
	if len(n.Similar) == 0 {
		t.say(&n.Script, n.Interruptible)
		return
	}
	t.say(&n.Similar[int(t.s.Visit.Similar)%len(n.Similar)], n.Interruptible)
	t.s.Visit.Similar = uint16((int(t.s.Visit.Similar) + 1) % len(n.Similar))
}

// reprompt says what follows the count-th no-match or silence of a visit; past
// the threshold the call ends for the reason given.
func (t *step) reprompt(n *flow.Node, r *flow.Reprompt, count uint16, reason session.EndReason) {
	if int(count) <= r.Threshold {
		t.prompt(n, r.Prompt)
		return
	}
	t.finalPrompt(n, r.Final)
	if reason == session.TimedOut {
		t.leave(reason)
		return
	}
	t.end(reason)
}

// prompt takes a SYSTEM question's answers but the last in turn over the call.
func (t *step) prompt(n *flow.Node, p flow.Prompt) {
	if p.Kind != flow.SystemPrompt {
		t.askAgain(n)
		return
	}
	answers := t.p.Questions[p.Question].Answers
	rounds := max(len(answers)-1, 1)
	t.say(&answers[int(t.s.Use(uint16(p.Question)))%rounds], n.Interruptible)
}

// finalPrompt is never interruptible: nobody listens to what would be said.
func (t *step) finalPrompt(n *flow.Node, p flow.Prompt) {
	switch p.Kind {
	case flow.AskAgain:
		t.askAgain(n)
	case flow.SystemPrompt:
		answers := t.p.Questions[p.Question].Answers
		t.say(&answers[len(answers)-1], false)
	}
	t.out.speech.interruptible = false
}

func (t *step) render(text *flow.Text) string {
	if fixed, ok := text.Literal(); ok {
		return fixed
	}
	b, missing := text.Append(nil, t.s.Vars)
	t.out.speech.missing += missing
	return string(b)
}
