package flow

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// inlineNesting is how deep in script.json a definition stands: in the script,
// in its flows, in one flow.
const inlineNesting = 3

var (
	scriptKind = kindOf("script", "id name industry scene description variables flows intents globalQuestions tags voice matching")
	flowKind   = kindOf("flow", "id name type file definition")
)

// loaded is a bundle read: its script, and its flows in order.
type loaded struct {
	bundle *Bundle
	script object
	flows  []loadedFlow
}

// loadedFlow is a flow of script.json and the JSON of its definition.
type loadedFlow struct {
	object
	id, name   string
	definition value // Absent where it could not be read.
}

// loader reads one bundle.
type loader struct {
	fsys   fs.FS
	log    *report
	bundle *Bundle
	spent  int // Bytes read, those of a file as often as it is named.
}

// load reads a bundle. Of what cannot be read the result lacks only that; it
// is nil where there is no script at all.
func load(fsys fs.FS, log *report) *loaded {
	l := &loader{fsys: fsys, log: log, bundle: &Bundle{}}
	nowhere := place{src: &source{file: ScriptFile}, offset: -1}
	data, ok := l.read(ScriptFile, maxBundle, "a bundle", nowhere)
	if !ok {
		return nil
	}
	src := l.keep(ScriptFile, data)
	if !src.check(maxNesting+inlineNesting, src.start(), log) {
		return nil
	}
	script, ok := log.object(src.root(src.start()), &scriptKind)
	if !ok {
		return nil
	}
	found := &loaded{bundle: l.bundle, script: script}
	script.list("flows", func(i int, v value) bool {
		if len(found.flows) == maxNodes {
			log.add(overLimit, v.at, "more than %d flows, the limit of a bundle: split the script", maxNodes)
			return false
		}
		if o, ok := log.object(v, &flowKind); ok {
			f := l.flow(o)
			found.flows = append(found.flows, f)
			l.bundle.flows = append(l.bundle.flows, f.place(i))
		}
		return true
	})
	l.checkNesting(found.flows)
	return found
}

// keep adds a file to the bundle.
func (l *loader) keep(path, data string) *source {
	src := newSource(path, data)
	l.bundle.files = append(l.bundle.files, bundleFile{path, data})
	l.bundle.sources = append(l.bundle.sources, src)
	return src
}

// flow reads one flow's own keys and finds its definition.
func (l *loader) flow(o object) loadedFlow {
	f := loadedFlow{object: o, id: o.text("id"), name: o.text("name")}
	if f.id == "" {
		f.id = f.name
	}
	if f.name == "" {
		f.name = f.id
	}
	f.within(f.id, "", "")
	file, definition := f.get("file"), f.get("definition")
	switch {
	case !file.absent() && !definition.absent():
		l.log.add(oneDefinition, definition.at, "flow %q has both a file and a definition: keep one of them", f.id)
	case !file.absent():
		f.definition = l.file(&f, file)
	case definition.Type == gjson.String:
		f.definition = l.quoted(definition)
	case definition.IsObject():
		if l.fits(len(definition.Raw), definition.at) {
			f.definition = definition
		}
	case !definition.absent():
		f.wrong("definition", definition, "an object, or its JSON text in a string")
	default:
		l.log.add(oneDefinition, f.at, "flow %q has no definition: give it a file or a definition", f.id)
	}
	return f
}

// place says where the definition of the i-th flow stands.
func (f *loadedFlow) place(i int) flowPlace {
	src := f.definition.at.src
	if src != nil && src.file != ScriptFile {
		return flowPlace{file: src.file}
	}
	return flowPlace{ScriptFile, "/flows/" + strconv.Itoa(i) + "/definition", src != nil && src.outer != nil}
}

// quoted returns a definition that is JSON text in a string.
func (l *loader) quoted(v value) value {
	src := &source{file: ScriptFile, text: strings.TrimPrefix(v.Str, "\ufeff"), outer: &v.at}
	if !l.fits(len(src.text), v.at) || !src.check(maxNesting, v.at, l.log) {
		return value{}
	}
	return src.root(v.at)
}

// file returns a definition that stands in a file of its own.
func (l *loader) file(f *loadedFlow, named value) value {
	path := f.text("file")
	if named.Type != gjson.String {
		return value{}
	}
	if !fs.ValidPath(path) {
		l.log.add(badPath, named.at, "%q is no path inside the bundle: write it relative to script.json, with / and without ..", path)
		return value{}
	}
	if i := slices.IndexFunc(l.bundle.files, func(b bundleFile) bool { return b.path == path }); i >= 0 {
		return l.again(f, named, i)
	}
	data, ok := l.read(path, maxFlow, "a flow", named.at)
	if !ok {
		return value{}
	}
	src := l.keep(path, data)
	l.bundle.putInline(named, src.text)
	at := src.start()
	at.flow = f.id
	if !src.check(maxNesting, at, l.log) {
		return value{}
	}
	return src.root(at)
}

// again returns the definition in a file that was read before.
func (l *loader) again(f *loadedFlow, named value, i int) value {
	src := l.bundle.sources[i]
	if i == 0 {
		l.log.add(badPath, named.at, "%s is the script, not a flow: name the flow's own file", ScriptFile)
		return value{}
	}
	if !l.spend(len(src.text), named.at) || !src.whole {
		return value{}
	}
	l.bundle.putInline(named, src.text)
	at := src.start()
	at.flow = f.id
	return src.root(at)
}

// read returns the text of a file, of at most limit bytes.
func (l *loader) read(path string, limit int, what string, at place) (string, bool) {
	info, err := fs.Stat(l.fsys, path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file") // Opening a pipe would wait for ever.
	}
	var text strings.Builder
	if err == nil {
		err = l.copy(&text, path, limit)
	}
	if err != nil {
		var failed *fs.PathError
		if errors.As(err, &failed) {
			err = failed.Err
		}
		l.log.add(unreadable, at, "cannot read %s: %v; a bundle is a folder with %s and the files it names", path, err, ScriptFile)
		return "", false
	}
	if text.Len() > limit {
		l.log.add(overLimit, at, "%s is larger than %d MiB, the limit of %s: split it", path, limit>>20, what)
		return "", false
	}
	return text.String(), l.spend(text.Len(), at)
}

// copy appends at most one byte more than limit to text.
func (l *loader) copy(text *strings.Builder, path string, limit int) error {
	file, err := l.fsys.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(text, io.LimitReader(file, int64(limit)+1))
	return errors.Join(err, file.Close())
}

// fits reports whether an inline definition is no larger than a flow may be.
func (l *loader) fits(size int, at place) bool {
	if size > maxFlow {
		l.log.add(overLimit, at, "the definition is larger than %d MiB, the limit of a flow: split it into SubFlows", maxFlow>>20)
	}
	return size <= maxFlow
}

// spend counts bytes of the bundle and reports whether they fit.
func (l *loader) spend(size int, at place) bool {
	if l.spent+size > maxBundle {
		l.log.add(overLimit, at, "the bundle is larger than %d MiB, its limit: split the script", maxBundle>>20)
		return false
	}
	l.spent += size
	return true
}

// checkNesting holds script.json to the limit that every document has, with
// inline definitions counted as documents of their own: a flow may be moved
// from its file into script.json. The definitions themselves were held to it
// when the document was checked, with room for where they stand.
func (l *loader) checkNesting(flows []loadedFlow) {
	src := l.bundle.sources[0]
	if tooDeepAt(src.text, maxNesting) < 0 {
		return
	}
	depth := nesting{limit: maxNesting}
	at, from := src.start(), 0
	tell := func(offset int) {
		at.offset = offset
		l.log.add(tooDeep, at, tooDeepMessage, maxNesting)
	}
	for i := range flows {
		d := &flows[i].definition
		if d.at.src != src {
			continue
		}
		if deep := depth.scan(src.text[from:d.Index]); deep >= 0 {
			tell(from + deep)
			return
		}
		from = d.Index + len(d.Raw)
	}
	if deep := depth.scan(src.text[from:]); deep >= 0 {
		tell(from + deep)
	}
}
