package store

import (
	"bytes"
	"encoding/json"
)

// Texts is a list of texts in the form in which it is stored, answered and put
// into a bundle, so that most ways need no decoding: a JSON array of strings.
// Make one with [NewTexts].
type Texts string

// NewTexts returns the list as Texts.
func NewTexts(list []string) Texts {
	if len(list) == 0 {
		return "[]"
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(list); err != nil {
		panic(err) // Strings always encode.
	}
	return Texts(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}

// List returns the texts one by one.
func (t Texts) List() []string {
	var list []string
	if json.Unmarshal([]byte(t), &list) != nil {
		return nil // The zero value.
	}
	return list
}

// MarshalJSON returns the array.
func (t Texts) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("[]"), nil
	}
	return []byte(t), nil
}

// UnmarshalJSON takes an array of strings; null is an empty one.
func (t *Texts) UnmarshalJSON(data []byte) error {
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*t = NewTexts(list)
	return nil
}
