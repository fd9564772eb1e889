package account

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// repeatedKey returns a key that an object anywhere in a valid document has
// twice, in whatever case, "" for none: package json would take the last of the
// two and say nothing.
func repeatedKey(document []byte) string {
	type level struct {
		object bool // Rather than an array.
		value  bool // In an object: whether the next token is a value.
		keys   []string
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	levels := []level{{}}
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		top := &levels[len(levels)-1]
		if key, text := token.(string); text && top.object && !top.value {
			if slices.ContainsFunc(top.keys, func(k string) bool { return strings.EqualFold(k, key) }) {
				return key
			}
			top.keys, top.value = append(top.keys, key), true
			continue
		}
		top.value = false
		switch token {
		case json.Delim('{'), json.Delim('['):
			levels = append(levels, level{object: token == json.Delim('{')})
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:len(levels)-1]
		}
	}
}
