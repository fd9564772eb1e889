// Package script is about scripts as people edit them: drafts, review,
// versions, import and export. What a script means is for flow and engine to
// say; this package puts together the bundle they read.
//
//	script.go      what a script is called and for
//	life.go        from draft to published: the states, and what leads from one to another
//	review.go      what is in review, and the approval of just that
//	build.go       a draft made into a bundle, compiled and kept
//	recent.go      versions that wait for their first call
//	check.go       what the compiler says of a draft, for an editor
//	document.go    script.json, written from a draft
//	read.go        a bundle, read into a draft
//	archive.go     the zip that a bundle travels in
//	duplicate.go   copying a script
//	references.go  the ids in a definition, exchanged for others
//	transfer.go    export and import
//	adopt.go       a bundle that the server is started with
package script

import (
	"context"
	"errors"
	"io/fs"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/internal/store"
)

// Options are what scripts need beside the store. All may be zero.
type Options struct {
	// Files is where exported bundles are put for the client to fetch; nil:
	// nothing can be exported, and only what Fetch reaches imported.
	Files Files
	// Fetch gets what is at a URL of another server, and refuses by an error
	// what this server may not reach; nil: all.
	Fetch func(ctx context.Context, url string) ([]byte, error)
	// ManualReview lets a script that was submitted wait until somebody
	// approves of it. Otherwise it is published when it compiles.
	ManualReview bool
	// Compile compiles a bundle; nil: engine.Compile.
	Compile func(bundle fs.FS) (*engine.Version, error)
}

// Files keeps files for clients, who reach them by signed URLs that expire.
type Files interface {
	// Put keeps a file and returns a URL that it can be fetched from.
	Put(ctx context.Context, name, contentType string, data []byte) (url string, err error)
	// Read returns the file at a URL, and whether the URL is one of ours at
	// all. ErrNoFile, wrapped or not, says that it expired, is not signed as
	// it should be, or leads to nothing.
	Read(ctx context.Context, url string) (data []byte, ours bool, err error)
}

// ErrNoFile says that a URL leads to no file that may be read.
var ErrNoFile = errors.New("the URL leads to no file that may be read")

// Scripts is safe for concurrent use. Make one with [New].
type Scripts struct {
	store  *store.Store
	o      Options
	recent recent
}

// New returns the scripts of a store.
func New(s *store.Store, o Options) *Scripts {
	if o.Compile == nil {
		o.Compile = func(bundle fs.FS) (*engine.Version, error) { return engine.Compile(bundle) }
	}
	return &Scripts{store: s, o: o}
}

// Header is what a script is called and for.
type Header struct{ Name, Industry, Scene, Description string }

// Create makes a script that knows what to say when nothing else fits, and has
// no flow yet.
func (s *Scripts) Create(ctx context.Context, instance string, h Header) (*store.Script, error) {
	d := &store.Draft{Script: newScript(instance, h), Questions: s.systemQuestions()}
	if err := s.store.CreateScript(ctx, d); err != nil {
		return nil, err
	}
	return &d.Script, nil
}

// newScript returns the row of a script that was never published.
func newScript(instance string, h Header) store.Script {
	return store.Script{
		InstanceID: instance, Name: h.Name, Industry: h.Industry, Scene: h.Scene, Description: h.Description, Extra: "{}",
		Status: Drafted, DebugStatus: Drafted, IsDrafted: true, IsDebugDrafted: true,
	}
}

// systemQuestions are what every script begins with: what is said when nothing
// was understood, when nothing was heard, and at the end. The last answer of
// each is the one a call ends with.
func (s *Scripts) systemQuestions() []store.Question {
	system := func(name, role string, answers ...string) store.Question {
		return store.Question{
			ID: s.store.NewID(), Name: name, Type: store.SystemQuestion, Role: role,
			Questions: store.NewTexts(nil), Answers: store.NewTexts(answers),
		}
	}
	return []store.Question{
		system("未识别", "unrecognized", "不好意思，我没有听明白，您可以再说一遍吗？", "抱歉，这边还是没有听清楚，今天先不打扰您了，再见。"),
		system("静音", "silence", "喂，您好，请问您还在听吗？", "这边听不到您的声音，先不打扰您了，再见。"),
		system("结束语", "closing", "感谢您的接听，祝您生活愉快，再见。"),
	}
}

// Modify changes what a script is called and for.
func (s *Scripts) Modify(ctx context.Context, instance, script string, h Header) (*store.Script, error) {
	return s.store.ModifyScript(ctx, &store.Script{
		ID: script, InstanceID: instance, Name: h.Name, Industry: h.Industry, Scene: h.Scene, Description: h.Description,
	})
}

// Script returns one script.
func (s *Scripts) Script(ctx context.Context, instance, script string) (*store.Script, error) {
	return s.store.Script(ctx, instance, script)
}

// List returns a page of the scripts of an instance and how many there are: of
// the given statuses or, without any, of all.
func (s *Scripts) List(ctx context.Context, instance string, statuses []string, p store.Page) ([]store.Script, int, error) {
	return s.store.Scripts(ctx, instance, statuses, p)
}

// Delete deletes a script. Calls in flight go on, on the version they began on.
func (s *Scripts) Delete(ctx context.Context, instance, script string) error {
	return s.store.DeleteScript(ctx, instance, script)
}
