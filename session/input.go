package session

import (
	"strings"
	"time"
	"unicode"
)

// InputKind says what came from the caller's side.
type InputKind uint8

// The kinds of input. Silence is the zero value: nothing was said.
const (
	Silence InputKind = iota
	Speech            // Text holds at least one letter or digit of any script.
	Digits            // Text holds keys, characters 0-9 * #.
	Hangup            // The caller left.
	Start             // The first input of a call, whatever it carried; set by the engine.
	Expire            // The session idled past its limit; set by the engine's sweep.
)

var inputNames = [...]string{"silence", "speech", "digits", "hangup", "start", "expire"}

// String returns the kind in lower case, as it stands in traces.
func (k InputKind) String() string {
	if int(k) < len(inputNames) {
		return inputNames[k]
	}
	return "unknown"
}

// Input is one thing that came from the caller's side, with the time it came
// and what the matcher made of it. It is all that a step sees of the world.
type Input struct {
	Kind   InputKind
	Text   string    // The utterance or the keys; on Start a greeting, on Hangup last words: both only kept.
	TurnID string    // Names the turn, so that a retry of it is recognised; may be empty.
	At     time.Time // When it came.
	Match  Match     // What the matcher said of Text, for Speech and Digits.
	Trace  bool      // Asks the engine for the events and the explanation of the turn.
}

// Match is what the matcher said of an utterance at one node. All scores are
// in [0, 1].
type Match struct {
	Intents    []float64 // The score of each intent of the node's branches, by its place in the node's list.
	Question   Scored    // The best global question.
	Background Scored    // The best of the script's other intents.
}

// Scored is an intent or question, by its index in the script, and its score.
// The zero value, and any score of 0, means nothing was found.
type Scored struct {
	Index int32
	Score float64
}

// Utterance returns the input for recognised words: Speech, or Silence when
// text has neither a letter nor a digit.
func Utterance(text string) Input {
	if !hasWord(text) {
		return Input{Kind: Silence}
	}
	return Input{Kind: Speech, Text: text}
}

// Keys returns the input for pressed keys. Characters other than 0-9, * and #
// are dropped; when none is left the input is Silence.
func Keys(keys string) Input {
	valid := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '*' || r == '#' {
			return r
		}
		return -1
	}, keys)
	if valid == "" {
		return Input{Kind: Silence}
	}
	return Input{Kind: Digits, Text: valid}
}

// Action returns the input for a request of a gateway: an action key, compared
// without case, its parameters, and the utterance. Hangup, Dtmf, Silence and
// NoInput are known; with any other key the utterance decides.
func Action(key, params, utterance string) Input {
	switch {
	case strings.EqualFold(key, "Hangup"):
		return Input{Kind: Hangup, Text: utterance}
	case strings.EqualFold(key, "Dtmf"):
		return Keys(params)
	case strings.EqualFold(key, "Silence"), strings.EqualFold(key, "NoInput"):
		return Input{Kind: Silence}
	}
	return Utterance(utterance)
}

func hasWord(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}
