package flow

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/talkgraph/talkgraph/session"
)

// ScriptFile is the path of the file that every bundle has.
const ScriptFile = "script.json"

// Bundle is a script as its author keeps it, byte for byte, keys that this
// package does not know included. It is immutable and safe for concurrent use.
type Bundle struct {
	files   []bundleFile // script.json, then the flow files in the order they are first named.
	sources []*source    // The same files as JSON documents.
	flows   []flowPlace  // By index in Program.Flows.
	inlines []inline
}

// flowPlace is where the definition of a flow stands.
type flowPlace struct {
	file    string
	pointer string
	quoted  bool // Whether it is text in a string, into which no pointer leads.
}

// bundleFile is one file as it was read.
type bundleFile struct{ path, data string }

// inline is where script.json names a file, and what would stand there if the
// flow were written inline.
type inline struct {
	start, end int // Of the member, in the text of script.json.
	text       string
}

// Load reads a bundle: script.json and the flow files it names. It reports
// what keeps the bundle from being read, not whether it compiles; the error is
// [Errors].
//
// A path that leaves the bundle is refused. What a file system does with links
// is its own affair: take an [os.Root] for the bundles of strangers, not
// [os.DirFS].
func Load(fsys fs.FS) (*Bundle, error) {
	log := newReport()
	loaded := load(fsys, log)
	if log.refused() {
		return nil, log.sorted()
	}
	return loaded.bundle, nil
}

// Files returns the files of the bundle by path, as they were read.
func (b *Bundle) Files() map[string][]byte {
	files := make(map[string][]byte, len(b.files))
	for _, f := range b.files {
		files[f.path] = []byte(f.data)
	}
	return files
}

// Document returns the bundle as one JSON document: script.json with every
// flow's file put inline, all else byte for byte as written. It compiles to the
// same program under another hash.
func (b *Bundle) Document() []byte {
	text := b.sources[0].text
	var document []byte
	at := 0
	for _, in := range b.inlines {
		document = append(document, text[at:in.start]...)
		document = append(document, `"definition": `...)
		document = append(document, in.text...)
		at = in.end
	}
	return append(document, text[at:]...)
}

// NodePlace returns the file and the JSON pointer of a node, by the indexes of
// its flow and of the node in the flow. They are what a [Diagnostic] about the
// node needs for [Bundle.Locate].
func (b *Bundle) NodePlace(flow, node int) (file, pointer string) {
	at := b.flows[flow]
	if at.quoted {
		return at.file, at.pointer
	}
	return at.file, at.pointer + "/nodes/" + strconv.Itoa(node)
}

// Hash names the bundle by its content: the SHA-256 of script.json's bytes and
// of each flow file's path and bytes, each preceded by its length.
func (b *Bundle) Hash() session.Hash {
	hash := sha256.New()
	var length [8]byte
	add := func(s string) {
		binary.BigEndian.PutUint64(length[:], uint64(len(s)))
		hash.Write(length[:])
		_, _ = io.WriteString(hash, s) // A hash takes everything.
	}
	for i, f := range b.files {
		if i > 0 {
			add(f.path)
		}
		add(f.data)
	}
	return session.Hash(hash.Sum(nil))
}

// putInline notes that the flow's file, a member of script.json, has this text.
func (b *Bundle) putInline(file value, text string) {
	script := b.sources[0].text
	colon := strings.LastIndexByte(script[:file.Index], ':')
	quote := strings.LastIndexByte(script[:colon], '"')
	b.inlines = append(b.inlines, inline{
		start: strings.LastIndexByte(script[:quote], '"'),
		end:   file.Index + len(file.Raw),
		text:  strings.TrimSpace(text),
	})
}
