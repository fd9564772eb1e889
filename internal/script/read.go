package script

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/bounds"
	"github.com/talkgraph/talkgraph/internal/store"
)

// BundleError says that what was to be imported is no bundle that can be kept
// as a draft; Why is a sentence. What is wrong in a bundle that can be kept is
// said when it is published.
type BundleError struct {
	Why         string
	Diagnostics flow.Errors // Where the bundle could not even be read.
}

func (e *BundleError) Error() string { return "the bundle cannot be imported: " + e.Why }

// read reads a bundle, packed or as one document, into a draft of a new script.
// Ids are kept, definitions byte for byte, and what is not known.
func (s *Scripts) read(data []byte) (*store.Draft, error) {
	files := flow.Document(data)
	if isArchive(data) {
		var err error
		if files, err = openArchive(data); err != nil {
			return nil, &BundleError{Why: err.Error() + "."}
		}
	}
	return s.readFiles(files)
}

// readFiles is read for a bundle that is open.
func (s *Scripts) readFiles(files fs.FS) (*store.Draft, error) {
	bundle, err := flow.Load(files) // Bounds everything.
	var unreadable flow.Errors
	if errors.As(err, &unreadable) {
		return nil, &BundleError{Why: unreadable.Error(), Diagnostics: unreadable}
	}
	if err != nil {
		return nil, err
	}
	r := &reader{files: bundle.Files(), newID: s.store.NewID}
	d := r.draft()
	if r.why != "" {
		return nil, &BundleError{Why: r.why}
	}
	return d, nil
}

// reader reads script.json. It goes on after a mistake and keeps the first.
type reader struct {
	files map[string][]byte
	newID func() string
	why   string
}

func (r *reader) refuse(format string, args ...any) {
	if r.why == "" {
		r.why = fmt.Sprintf(format, args...)
	}
}

// draft reads the script. The members that are taken are known; what is left
// of them is kept beside.
func (r *reader) draft() *store.Draft {
	script := r.object("script", r.files[flow.ScriptFile])
	r.take(script, "script", "id", new(string), bounds.ID) // A new script has an id of its own.
	var h Header
	r.take(script, "script", "name", &h.Name, bounds.Name)
	r.take(script, "script", "industry", &h.Industry, bounds.Name)
	r.take(script, "script", "scene", &h.Scene, bounds.Name)
	r.take(script, "script", "description", &h.Description, bounds.Description)
	if h.Name == "" {
		r.refuse(`The script has no name: give it a "name".`)
	}
	d := &store.Draft{Script: newScript("", h)}
	var more extra
	more.Flows = r.list(script, "flows", func(flow members) string { return r.flow(d, flow) })
	more.Intents = r.list(script, "intents", func(intent members) string { return r.intent(d, intent) })
	more.Questions = r.list(script, "globalQuestions", func(question members) string { return r.question(d, question) })
	more.Tags = r.list(script, "tags", func(tag members) string { return r.tag(d, tag) })
	more.Script = script
	r.checkNames(d)
	kept, err := marshal(more)
	if err != nil {
		r.refuse("What it has beside the known keys cannot be kept: %v.", err)
	}
	d.Script.Extra = string(kept)
	return d
}

func (r *reader) flow(d *store.Draft, o members) string {
	var f store.Flow
	r.name(o, "flow", &f.ID, &f.Name)
	var word string
	r.take(o, "flow", "type", &word, bounds.Name)
	switch strings.ToLower(word) {
	case "mainflow":
		f.Type = store.MainFlow
	case "subflow":
		f.Type = store.SubFlow
	default:
		r.refuse("%q is no type of flow: write MainFlow or SubFlow.", word)
	}
	f.Definition = r.definition(o)
	d.Flows = append(d.Flows, f)
	return f.ID
}

// definition returns a definition byte for byte, wherever it stands. That
// there is one, and only one, was seen when the bundle was loaded.
func (r *reader) definition(o members) string {
	var path, quoted string
	r.take(o, "flow", "file", &path, bounds.Kind{Most: len(o["file"])})
	if path != "" {
		delete(o, "definition") // It is null.
		return string(r.files[path])
	}
	whole := o["definition"]
	delete(o, "definition")
	if json.Unmarshal(whole, &quoted) == nil {
		return quoted
	}
	return string(whole)
}

func (r *reader) intent(d *store.Draft, o members) string {
	var i store.Intent
	r.name(o, "intent", &i.ID, &i.Name)
	r.take(o, "intent", "description", &i.Description, bounds.Description)
	i.Utterances = r.texts(o, "intent", "utterances", bounds.Phrase)
	i.Keywords = r.texts(o, "intent", "keywords", bounds.Phrase)
	d.Intents = append(d.Intents, i)
	return i.ID
}

func (r *reader) question(d *store.Draft, o members) string {
	var q store.Question
	r.name(o, "global question", &q.ID, &q.Name)
	r.take(o, "global question", "type", &q.Type, bounds.Name)
	switch q.Type = strings.ToUpper(q.Type); q.Type {
	case store.CommonQuestion, store.SystemQuestion:
	case "":
		q.Type = store.CommonQuestion
	default:
		r.refuse("%q is no type of question: write COMMON or SYSTEM.", q.Type)
	}
	r.take(o, "global question", "role", &q.Role, bounds.Name)
	q.Questions = r.texts(o, "global question", "questions", bounds.Phrase)
	q.Answers = r.texts(o, "global question", "answers", bounds.Answer)
	d.Questions = append(d.Questions, q)
	return q.ID
}

func (r *reader) tag(d *store.Draft, o members) string {
	var t store.Tag
	r.take(o, "tag", "id", &t.ID, bounds.ID)
	r.take(o, "tag", "group", &t.GroupName, bounds.Name)
	r.take(o, "tag", "name", &t.Name, bounds.Name)
	if t.ID == "" {
		t.ID = r.newID() // Nothing can name it by its id.
	}
	if t.Name == "" {
		r.refuse(`A tag has no name: give it a "name".`)
	}
	d.Tags = append(d.Tags, t)
	return t.ID
}

// checkNames refuses what is there twice, which nothing could be called by.
func (r *reader) checkNames(d *store.Draft) {
	mains := 0
	flows, intents, questions, tags := r.names("flow"), r.names("intent"), r.names("global question"), r.names("tag")
	for _, f := range d.Flows {
		flows(f.ID, f.Name)
		if f.Type == store.MainFlow {
			mains++
		}
	}
	if mains > 1 {
		r.refuse("It has a second MainFlow: make all but one a SubFlow.")
	}
	for _, i := range d.Intents {
		intents(i.ID, i.Name)
	}
	for _, q := range d.Questions {
		questions(q.ID, q.Name)
	}
	for _, t := range d.Tags {
		tags(t.ID, t.GroupName+"/"+t.Name)
	}
}

// names returns a function that refuses an id or a name that it was given
// before.
func (r *reader) names(kind string) func(id, name string) {
	ids, names := make(map[string]bool), make(map[string]bool)
	return func(id, name string) {
		if ids[id] {
			r.refuse("The %s id %q is there twice: give one another id.", kind, id)
		}
		if names[name] {
			r.refuse("The %s name %q is there twice: give one another name.", kind, name)
		}
		ids[id], names[name] = true, true
	}
}

// object reads an object; of a member that is there twice, the first counts,
// as everywhere.
func (r *reader) object(kind string, data []byte) members {
	o := make(members)
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		r.refuse("A %s must be an object.", kind)
		return o
	}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			r.refuse("A %s cannot be read: %v.", kind, err)
			return o
		}
		if _, again := o[key.(string)]; !again {
			o[key.(string)] = value
		}
	}
	return o
}

// list reads the list of objects under a key and returns, by id, what each has
// beside the members that of takes.
func (r *reader) list(o members, key string, of func(members) (id string)) map[string]members {
	value, ok := o[key]
	delete(o, key)
	var rows []json.RawMessage
	if ok && json.Unmarshal(value, &rows) != nil {
		r.refuse("%q of the script must be an array.", key)
	}
	more := make(map[string]members)
	for _, row := range rows {
		rest := r.object("element of "+key, row)
		if id := of(rest); len(rest) > 0 {
			more[id] = rest
		}
	}
	return more
}

// take takes a text out of an object. null is none.
func (r *reader) take(o members, thing, key string, text *string, kind bounds.Kind) {
	value, ok := o[key]
	delete(o, key)
	if !ok {
		return
	}
	if json.Unmarshal(value, text) != nil {
		r.refuse("%q of the %s must be a string.", key, thing)
	}
	r.check(thing, key, *text, kind)
}

// check refuses a text that the action which sets it would refuse, too.
func (r *reader) check(thing, key, text string, kind bounds.Kind) {
	if problem := kind.Problem(text); problem != "" {
		r.refuse("%q of the %s %s.", key, thing, problem)
	}
}

// name takes id and name. One of the two stands for the other where it is
// missing, as it does when the bundle is compiled.
func (r *reader) name(o members, kind string, id, name *string) {
	r.take(o, kind, "id", id, bounds.ID)
	r.take(o, kind, "name", name, bounds.Name)
	switch {
	case *id == "" && *name == "":
		r.refuse(`A %s has neither id nor name: give it an "id".`, kind)
	case *id == "":
		*id = *name
	case *name == "":
		*name = *id
		r.check(kind, "id", *id, bounds.Name)
	}
}

// texts takes a list of texts.
func (r *reader) texts(o members, thing, key string, kind bounds.Kind) store.Texts {
	value, ok := o[key]
	delete(o, key)
	var list []string
	if ok && json.Unmarshal(value, &list) != nil {
		r.refuse("%q of the %s must be an array of strings.", key, thing)
	}
	for _, text := range list {
		r.check(thing, key, text, kind)
	}
	return store.NewTexts(list)
}
