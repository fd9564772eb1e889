package flow

import (
	"io/fs"
	"strings"
)

// Option changes how a bundle is compiled.
type Option func(*settings)

// settings are the options, put together.
type settings struct {
	id      string
	actions map[string]string // Lower case to the spelling of the feedback.
	checks  []func(*Program) Errors
}

// WithID gives the script's id where script.json has none: its folder's name.
func WithID(id string) Option { return func(s *settings) { s.id = id } }

// WithActions registers actions of Transfer nodes that hand the call over,
// beside TransferToAgent, TransferToNumber and TransferToQueue. The feedback
// spells them as given here; the built-in names cannot be changed.
func WithActions(names ...string) Option {
	return func(s *settings) {
		for _, name := range names {
			s.actions[strings.ToLower(name)] = name
		}
	}
}

// WithCheck adds a check of what another package knows of scripts. It is given
// the program even where that is going to be refused, so that an author sees
// everything at once: intents, questions and all indexes hold then, but nodes
// may lack what could not be resolved. What the check returns needs no line and
// column where it has a File of the bundle and a Pointer.
func WithCheck(check func(*Program) Errors) Option {
	return func(s *settings) { s.checks = append(s.checks, check) }
}

// Compile compiles the bundle in a file system: a folder's, or that of
// [Document]. On refusal the error is [Errors] with every diagnostic, warnings
// too, sorted; on success the program holds the warnings. As to links in the
// file system see [Load].
func Compile(fsys fs.FS, opts ...Option) (*Program, error) {
	set := settings{actions: make(map[string]string)}
	for _, opt := range opts {
		opt(&set)
	}
	log := newReport()
	loaded := load(fsys, log)
	if loaded == nil {
		return nil, log.sorted()
	}
	c := newCompiler(loaded, set, log)
	c.compile()
	program, diagnostics := c.program, log.sorted()
	for _, check := range set.checks {
		found := check(program)
		program.bundle.Locate(found)
		diagnostics = append(diagnostics, found...)
	}
	diagnostics.Sort()
	if diagnostics.Refused() {
		return nil, diagnostics
	}
	program.Diagnostics = diagnostics
	return program, nil
}

// compiler turns one loaded bundle into a program. It goes on after an error,
// to find all of them.
type compiler struct {
	*loaded
	settings
	log     *report
	program *Program
	drafts  []*draft // By index in Program.Flows.

	intents   naming
	questions naming
	flowNames naming
	calls     *calls
	roles     [RoleRepeat + 1]int // The question that serves each role, or none.
	tags      map[Tag]uint16      // By group and name.
	tagIDs    map[string]uint16
	variables map[string]bool // What @ can name.

	used                                  []bool // By intent: whether a branch names it.
	nodes, branches, transitions, phrases int    // Counted against the limits.
	utterances, patterns                  int
	over                                  map[string]bool
}

func newCompiler(from *loaded, set settings, log *report) *compiler {
	return &compiler{
		loaded: from, settings: set, log: log,
		program:   &Program{bundle: from.bundle, Closing: -1, Repeat: -1},
		intents:   newNaming(),
		questions: newNaming(),
		flowNames: newNaming(),
		tags:      make(map[Tag]uint16),
		tagIDs:    make(map[string]uint16),
		variables: map[string]bool{"name": true, "honorific": true, "phonenumber": true, "referenceId": true},
		over:      make(map[string]bool),
	}
}

// compile goes through the script in the order of what needs what: texts need
// variables, prompts need questions, branches need intents.
func (c *compiler) compile() {
	p := c.program
	p.ID, p.Name = c.script.text("id"), c.script.text("name")
	if p.ID == "" {
		p.ID = c.id
	}
	if p.Name == "" {
		c.log.add(missingValue, c.script.get("name").at, `the script has no name: give it a "name"`)
	}
	c.readVariables()
	c.readTags()
	c.readIntents()
	c.readQuestions()
	c.readMatching()
	c.readFlows()
	c.checkCalls()
	c.checkLoops()
	c.checkReach()
	c.checkIntents()
	if !c.log.refused() {
		p.Hash = c.bundle.Hash()
	}
}

// room counts one more of what a bundle may have only so many of, and reports
// whether there was room. It tells once.
func (c *compiler) room(count *int, limit int, what string, at place) bool {
	if *count < limit {
		*count++
		return true
	}
	if !c.over[what] {
		c.over[what] = true
		c.log.add(overLimit, at, "more than %d %s, the limit of a bundle: split the script", limit, what)
	}
	return false
}

// text parses what is to be spoken.
func (c *compiler) text(source string, at place) Text {
	return parseText(source, c.variables, func(run string) {
		c.log.add(unknownVariable, at, "@%s names no variable: declare it in \"variables\", or write @@ for a plain @", run)
	})
}

// texts parses a list of texts to be spoken, without the empty ones.
func (c *compiler) texts(o *object, key string) []Text {
	var texts []Text
	o.texts(key, func(s string, v value) bool {
		if !blank(s) && c.room(&c.phrases, maxPhrases, "phrases", v.at) {
			texts = append(texts, c.text(s, v.at))
		}
		return c.phrases < maxPhrases || !c.over["phrases"]
	})
	return texts
}

// phrasesOf reads a list of what callers say, empty ones included.
func (c *compiler) phrasesOf(o *object, key string) []string {
	var phrases []string
	o.texts(key, func(s string, v value) bool {
		count, what := &c.phrases, "phrases"
		if key == "utterances" {
			count, what = &c.utterances, "utterances"
		}
		if !c.room(count, maxPhrases, what, v.at) {
			return false
		}
		phrases = append(phrases, s)
		return true
	})
	return phrases
}
