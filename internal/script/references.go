package script

import (
	"encoding/json"
	"slices"
	"strings"
)

// renaming says which id stands for which, by the kind of thing.
type renaming struct {
	script                          map[string]string
	flows, intents, questions, tags map[string]string
}

// reference is a place of a definition that holds the id of something.
type reference struct {
	path []string // Keys, and "*" for every element of an array.
	ids  map[string]string
}

// references are the places where a definition names what is not in it, but
// for GotoFlow, which depends on its neighbour.
func (r *renaming) references() []reference {
	content := []string{"nodes", "*", "content"}
	at := func(ids map[string]string, path ...string) reference {
		return reference{slices.Concat(content, path), ids}
	}
	return []reference{
		at(r.intents, "branches", "*", "intents", "*", "id"),
		at(r.questions, "unrecognizingConfig", "prompt"),
		at(r.questions, "unrecognizingConfig", "finalPrompt"),
		at(r.questions, "silenceTimeoutConfig", "prompt"),
		at(r.questions, "silenceTimeoutConfig", "finalPrompt"),
		at(r.tags, "label", "*", "id"),
		at(r.script, "label", "*", "scriptId"),
		{[]string{"nodes", "*", "labels", "*", "id"}, r.tags},
		{[]string{"nodes", "*", "labels", "*", "scriptId"}, r.script},
	}
}

// rewrite returns a definition with other ids in it. All else stays as it is,
// byte for byte; so does a definition that is no JSON.
func (r *renaming) rewrite(definition string) string {
	mark := len(definition) - len(strings.TrimPrefix(definition, "\ufeff"))
	w := &rewriter{
		renaming: r, places: r.references(), text: definition[mark:],
		tokens: json.NewDecoder(strings.NewReader(definition[mark:])),
	}
	if !json.Valid([]byte(w.text)) || w.value(nil) != nil {
		return definition
	}
	var out strings.Builder
	out.WriteString(definition[:mark])
	at := 0
	slices.SortFunc(w.edits, func(a, b edit) int { return a.start - b.start })
	for _, e := range w.edits {
		out.WriteString(w.text[at:e.start])
		out.Write(e.text)
		at = e.end
	}
	out.WriteString(w.text[at:])
	return out.String()
}

// rewriter walks through a definition and notes what is to be written
// elsewhere.
type rewriter struct {
	*renaming
	places []reference
	text   string
	tokens *json.Decoder
	edits  []edit

	action string // Of the content that is walked through.
	params *edit  // What its actionParams become if the action is GotoFlow.
}

// edit puts another text in the place of a part.
type edit struct {
	start, end int
	text       []byte
}

var contentPath = []string{"nodes", "*", "content"}

// value walks through one value. Definitions nest at most 512 deep.
func (w *rewriter) value(path []string) error {
	start := int(w.tokens.InputOffset())
	token, err := w.tokens.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case string:
		start += strings.IndexByte(w.text[start:], '"')
		return w.string(path, token, start)
	case json.Delim:
		content := slices.Equal(path, contentPath)
		if content {
			w.action, w.params = "", nil
		}
		if err := w.inside(path, token == '{'); err != nil {
			return err
		}
		if content && w.params != nil && strings.EqualFold(w.action, "GotoFlow") {
			w.edits = append(w.edits, *w.params)
		}
	}
	return nil
}

// inside walks through what is in an array or object, to its end.
func (w *rewriter) inside(path []string, object bool) error {
	for w.tokens.More() {
		key := "*"
		if object {
			token, err := w.tokens.Token()
			if err != nil {
				return err
			}
			key = token.(string)
		}
		if err := w.value(append(path[:len(path):len(path)], key)); err != nil {
			return err
		}
	}
	_, err := w.tokens.Token()
	return err
}

// string looks at one string, which begins at start.
func (w *rewriter) string(path []string, text string, start int) error {
	end := int(w.tokens.InputOffset())
	replace := func(ids map[string]string) (*edit, error) {
		id, ok := ids[text]
		if !ok {
			return nil, nil
		}
		quoted, err := marshal(id)
		return &edit{start, end, quoted}, err
	}
	if len(path) == len(contentPath)+1 && slices.Equal(path[:len(contentPath)], contentPath) {
		var err error
		switch path[len(contentPath)] {
		case "action":
			w.action = text
		case "actionParams":
			w.params, err = replace(w.flows)
		}
		return err
	}
	for _, place := range w.places {
		if slices.Equal(path, place.path) {
			e, err := replace(place.ids)
			if e != nil {
				w.edits = append(w.edits, *e)
			}
			return err
		}
	}
	return nil
}
