package voice

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/talkgraph/talkgraph/internal/store"
)

// maxPieces is how many pieces a text may be put together from.
const maxPieces = 200

// Piece is a piece of a text and the recording of it, as clients write them.
type Piece struct {
	ScriptContent    string
	ScriptWaveformID string `json:"ScriptWaveformId"` // Empty: a variable, which is synthesised.
}

// invalid refuses a relation.
func invalid(format string, args ...any) error {
	return &store.InvalidError{Parameter: "ScriptWaveformRelation", Allowed: fmt.Sprintf(format, args...)}
}

// parseRelation reads a relation: a JSON array of pieces.
func parseRelation(text string) ([]store.VoicePiece, error) {
	var pieces []Piece
	if json.Unmarshal([]byte(text), &pieces) != nil || pieces == nil {
		return nil, invalid("It must be a JSON array of objects with the texts ScriptContent and ScriptWaveformId.")
	}
	if len(pieces) > maxPieces {
		return nil, invalid("It may have at most %d pieces.", maxPieces)
	}
	rows := make([]store.VoicePiece, len(pieces))
	for i, piece := range pieces {
		if piece.ScriptContent == "" {
			return nil, invalid("Piece %d has no ScriptContent.", i+1)
		}
		rows[i] = store.VoicePiece{Content: piece.ScriptContent, WaveformID: piece.ScriptWaveformID}
	}
	return rows, nil
}

// Relation returns the pieces of a text as clients read them, "" for one that
// is synthesised.
func Relation(pieces []store.VoicePiece) string {
	if len(pieces) == 0 {
		return ""
	}
	list := make([]Piece, len(pieces))
	for i, piece := range pieces {
		list[i] = Piece{ScriptContent: piece.Content, ScriptWaveformID: piece.WaveformID}
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(list) // Strings always encode.
	return strings.TrimSuffix(text.String(), "\n")
}

// cover says what is wrong with pieces that do not cover a text exactly.
//
// The pieces with a recording, one after the other, must be the text without
// its variables, which are synthesised; a variable may stand between them as a
// piece without a recording. Blanks and punctuation at the end of a piece say
// nothing, so they may be there or not.
func cover(text string, known map[string]bool, pieces []store.VoicePiece) error {
	rest := cut(text, known)
	recorded := false
	for i, piece := range pieces {
		if piece.WaveformID == "" {
			rest = rest.without(false)
			if len(rest) == 0 || !rest[0].variable || rest[0].text != piece.Content {
				return invalid("Piece %d has no ScriptWaveformId, so it must be the variable that comes next in the text.", i+1)
			}
			rest = rest[1:]
			continue
		}
		recorded = true
		said := strings.TrimFunc(piece.Content, silent)
		rest = rest.without(true)
		if said == "" {
			continue
		}
		if len(rest) == 0 || !strings.HasPrefix(rest[0].text, said) {
			return invalid("Piece %d is not how the text goes on: the pieces must be the whole text, in order, and leave out nothing but variables.", i+1)
		}
		rest[0].text = rest[0].text[len(said):]
	}
	if !recorded {
		return invalid("With the Type WAVEFORM it must have a recording of the whole text but its variables.")
	}
	if rest = rest.without(true); len(rest) > 0 {
		return invalid("It does not cover the text: a piece is missing at its end.")
	}
	return nil
}

// segments are the literal texts and the variables that a text consists of.
type segments []segment

type segment struct {
	text     string // As it is written; a variable with its @.
	variable bool
}

// without drops what says nothing from the beginning, and variables too if asked.
func (s segments) without(variables bool) segments {
	for len(s) > 0 {
		switch {
		case s[0].variable && !variables:
			return s
		case !s[0].variable:
			s[0].text = strings.TrimLeftFunc(s[0].text, silent)
			if s[0].text != "" {
				return s
			}
		}
		s = s[1:]
	}
	return s
}

// silent reports whether a character is not heard. Signs that are read out,
// such as % and @, are no punctuation here.
func silent(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("，。、；：？！…—～·“”‘’（）《》【】,.;:?!\"'()-", r)
}

// contactFields are the variables that every call has.
var contactFields = []string{"name", "honorific", "phonenumber", "referenceId"}

// variablesOf returns the names of the variables that a script knows.
func variablesOf(script *store.Script) map[string]bool {
	known := map[string]bool{}
	for _, name := range contactFields {
		known[name] = true
	}
	var declared []json.RawMessage
	_ = json.Unmarshal(script.Member("variables"), &declared) // A bundle may have been written by hand.
	for _, raw := range declared {
		var variable struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(raw, &variable) == nil && variable.Name != "" {
			known[variable.Name] = true
		}
	}
	return known
}

// cut finds the variables of a text by the rule of package flow: of the letters,
// digits and _ after an @ the longest known name, or all of them when none is
// known. @@ is a literal @, and so is an @ before anything else.
func cut(text string, known map[string]bool) segments {
	var all segments
	from := 0
	for i := 0; i < len(text); {
		if text[i] != '@' {
			i++
			continue
		}
		if strings.HasPrefix(text[i:], "@@") {
			i += 2
			continue
		}
		length := nameLength(text[i+1:], known)
		if length == 0 {
			i++
			continue
		}
		if i > from {
			all = append(all, segment{text: text[from:i]})
		}
		from = i + 1 + length
		all = append(all, segment{text: text[i:from], variable: true})
		i = from
	}
	if from < len(text) {
		all = append(all, segment{text: text[from:]})
	}
	return all
}

// nameLength returns how many bytes of a text, from its beginning, are the name
// of a variable.
func nameLength(text string, known map[string]bool) int {
	longest, run := 0, len(text)
	for i, r := range text {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			run = i
			break
		}
		if end := i + utf8.RuneLen(r); end <= maxName && known[text[:end]] {
			longest = end
		}
	}
	if longest > 0 {
		return longest
	}
	return run
}

// maxName bounds the names that are looked up, in bytes: a run may be long.
const maxName = 256
