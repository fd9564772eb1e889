package script_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/talkgraph/talkgraph/engine"
	"github.com/talkgraph/talkgraph/flow"
	"github.com/talkgraph/talkgraph/internal/script"
	"github.com/talkgraph/talkgraph/internal/store"
	"github.com/talkgraph/talkgraph/internal/store/storetest"
	"github.com/talkgraph/talkgraph/session"
)

// Publishing, rolling back and deleting never disturb a call: it goes on, on
// the version it began on, in this process and after a restart.
func TestPublishLeavesCallsAlone(t *testing.T) {
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		ctx, clock, calls := t.Context(), storetest.NewClock(), session.NewMemory()
		start := func() *engine.Engine {
			e, err := engine.New(engine.Options{Now: clock.Now, Store: calls, Load: h.Load})
			must(t, err)
			return e
		}
		e := start()
		id := h.mustBring(t, bundled(t, "hello"))
		begin := func(call string, hash session.Hash) string {
			t.Helper()
			reply, err := e.Begin(ctx, session.Key{Instance: instance, Call: call}, engine.Opening{Version: hash}, session.Input{})
			must(t, err)
			return reply.Content
		}
		finish := func(call string) string {
			t.Helper()
			reply, err := e.Turn(ctx, session.Key{Instance: instance, Call: call}, session.Utterance("知道了"))
			must(t, err)
			if reply.Action != "Hangup" {
				t.Errorf("call %s: %+v, want its end", call, reply.Feedback)
			}
			return reply.Content
		}

		_, err := h.Publish(ctx, instance, id, "第一版")
		must(t, err)
		first := h.mustRun(t, id, false)
		begin("a", first)
		begin("b", first)
		begin("c", first)
		const before, after = "好的，打扰您了，再见。", "好的，祝您愉快，再见。"
		h.exchange(t, id, before, after)
		version, err := h.Publish(ctx, instance, id, "第二版")
		must(t, err)
		second := h.mustRun(t, id, false)
		if first == second {
			t.Fatal("another text was published under the same hash")
		}
		begin("d", second)
		if got := finish("a"); got != before {
			t.Errorf("a call from before the second version ends with %q, want %q", got, before)
		}
		if got := finish("d"); got != after {
			t.Errorf("a call from after the second version ends with %q, want %q", got, after)
		}

		histories, total, err := h.Histories(ctx, instance, id, store.Page{Number: 1, Size: 10})
		must(t, err)
		if total != 2 || histories[0].Version != version || histories[1].Remark != "第一版" {
			t.Fatalf("published: %+v", histories)
		}
		begin("e", second)
		must(t, h.Rollback(ctx, instance, id, histories[1].Version))
		if h.mustRun(t, id, false) != first {
			t.Error("a call after the rollback does not run on the first version")
		}
		if d, err := h.store.Draft(ctx, instance, id); err != nil || !strings.Contains(d.Flows[0].Definition, after) {
			t.Errorf("the rollback changed the draft: %v", err)
		}

		must(t, h.Delete(ctx, instance, id))
		e = start()
		if got := finish("b"); got != before {
			t.Errorf("after a restart a call of the first version ends with %q, want %q", got, before)
		}
		if got := finish("e"); got != after {
			t.Errorf("after a restart a call of the second version ends with %q, want %q", got, after)
		}
		if got := finish("c"); got != before {
			t.Errorf("after a restart another call of the first version ends with %q, want %q", got, before)
		}
	})
}

// A version is compiled again from what was kept, under the same hash, and
// that is what a fresh compilation of the draft gives.
func TestLoad(t *testing.T) {
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		for _, name := range []string{"course-followup", "debt-reminder", "hello"} {
			id := h.mustBring(t, bundled(t, name))
			must(t, h.PublishForDebug(t.Context(), instance, id))
			hash := h.mustRun(t, id, true)
			fresh, err := h.Load(t.Context(), hash)
			must(t, err)
			v, err := h.Load(t.Context(), hash)
			must(t, err)
			if fresh == v {
				t.Errorf("%s: the version was not opened again", name)
			}
			if fresh.Hash() != hash || v.Hash() != hash || v.ScriptID() != id {
				t.Errorf("%s: loaded %s of %q, want %s of %q", name, v.Hash(), v.ScriptID(), hash, id)
			}
			original, err := flow.Compile(folder(name))
			must(t, err)
			if diff := cmp.Diff(original, v.Program(), sameProgram); diff != "" {
				t.Errorf("%s does something else once published (-author's +ours):\n%s", name, diff)
			}
			if _, err := h.Running(t.Context(), instance, id, false); !errors.Is(err, script.ErrNotPublished) {
				t.Errorf("%s, published for debugging only: %v", name, err)
			}
			// Published again, it is the same content under another number.
			_, err = h.Publish(t.Context(), instance, id, "")
			must(t, err)
			if h.mustRun(t, id, false) != hash {
				t.Errorf("%s: the same draft gave another hash", name)
			}
		}
		var missing *store.NotFoundError
		if _, err := h.Load(t.Context(), session.Hash{1}); !errors.As(err, &missing) {
			t.Errorf("a hash that nothing has: %v", err)
		}
	})
}

// Versions that nobody asks for do not pile up, and those that were let go of
// are there all the same.
func TestLoadOfManyVersions(t *testing.T) {
	compiled := 0
	compile := func(bundle fs.FS) (*engine.Version, error) { compiled++; return engine.Compile(bundle) }
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), script.Options{Compile: compile})
	id := h.mustBring(t, bundled(t, "hello"))
	var hashes []session.Hash
	const versions = 20
	for range versions {
		h.exchange(t, id, "再见", "再见。")
		_, err := h.Publish(t.Context(), instance, id, "")
		must(t, err)
		hashes = append(hashes, h.mustRun(t, id, false))
	}
	for _, hash := range hashes {
		v, err := h.Load(t.Context(), hash)
		must(t, err)
		if v.Hash() != hash {
			t.Errorf("loaded %s, want %s", v.Hash(), hash)
		}
	}
	if again := compiled - versions; again != 4 {
		t.Errorf("%d versions were compiled again, want the 4 that came before the last 16", again)
	}
}

// A draft that does not compile is refused with everything that is wrong, and
// nothing is published, submitted or kept.
func TestPublishRefusesWhatDoesNotCompile(t *testing.T) {
	eachHouse(t, script.Options{ManualReview: true}, func(t *testing.T, h *house) {
		ctx := t.Context()
		row, err := h.Create(ctx, instance, script.Header{Name: "新", Industry: "教育", Scene: "回访"})
		must(t, err)
		whole := h.mustBring(t, bundled(t, "hello"))
		_, err = h.Publish(ctx, instance, whole, "")
		must(t, err)
		before := h.mustRun(t, whole, false)
		h.exchange(t, whole, `"target": "goodbye"`, `"target": "nowhere"`)
		h.exchange(t, whole, `"id": "i-got-it"`, `"id": "i-gone"`)
		h.exchange(t, whole, `"name": "知道了"}`, `"name": "不知道"}`)
		for id, codes := range map[string][]string{row.ID: {"TG010"}, whole: {"TG021", "TG030"}} {
			for name, publish := range map[string]func() error{
				"Publish":         func() error { _, err := h.Publish(ctx, instance, id, ""); return err },
				"PublishForDebug": func() error { return h.PublishForDebug(ctx, instance, id) },
				"Submit":          func() error { return h.Submit(ctx, instance, id, "请审") },
			} {
				var refused *script.NotCompiledError
				if err := publish(); !errors.As(err, &refused) || !refused.Diagnostics.Refused() {
					t.Errorf("%s: %v, want diagnostics", name, err)
					continue
				}
				var found []string
				for _, d := range refused.Diagnostics {
					if d.Severity == flow.Error {
						found = append(found, d.Code)
					}
				}
				if len(found) < len(codes) || !slices.ContainsFunc(refused.Diagnostics, func(d flow.Diagnostic) bool { return d.File != "" }) {
					t.Errorf("%s: errors %v", name, found)
				}
			}
		}
		if h.mustRun(t, whole, false) != before {
			t.Error("new calls run on another version than before")
		}
		rows, _, err := h.List(ctx, instance, []string{script.Reviewing}, store.Page{Number: 1, Size: 1})
		if err != nil || len(rows) != 0 {
			t.Errorf("in review: %v, %v", rows, err)
		}
	})
}

// Publishers at the same time get different versions, each counted, and the
// last is the one that calls run on.
func TestPublishAtTheSameTime(t *testing.T) {
	storetest.EachPlace(t, func(t *testing.T, place store.Options) {
		// The clock stands, so that only the store can tell the versions apart.
		now := storetest.NewClock().Now()
		place.Now = func() time.Time { return now }
		h := newHouse(t, storetest.Open(t, place), script.Options{})
		id := h.mustBring(t, bundled(t, "hello"))
		const publishers = 8
		versions := make([]int64, publishers)
		var group sync.WaitGroup
		for i := range publishers {
			group.Go(func() {
				v, err := h.Publish(t.Context(), instance, id, "")
				if err != nil {
					t.Error(err)
				}
				versions[i] = v
			})
		}
		group.Wait()
		slices.Sort(versions)
		for i, v := range versions {
			if want := now.UnixMilli() + int64(i); v != want {
				t.Errorf("version %d is %d, want %d", i, v, want)
			}
		}
		row, err := h.Script(t.Context(), instance, id)
		must(t, err)
		if row.AppliedVersion != versions[publishers-1] || row.IsDrafted {
			t.Errorf("applied is %d, drafted %v; want the last of %v", row.AppliedVersion, row.IsDrafted, versions)
		}
	})
}

// An edit while a script is published is not lost from sight: it is a draft.
func TestPublishBesideEdits(t *testing.T) {
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		id := h.mustBring(t, bundled(t, "hello"))
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 20 {
				if _, err := h.Modify(t.Context(), instance, id, script.Header{Name: "停水通知", Industry: "公用", Scene: "通知"}); err != nil {
					t.Error(err)
				}
			}
		}()
		for published := 0; published < 5; published++ {
			_, err := h.Publish(t.Context(), instance, id, "")
			must(t, err)
		}
		<-done
		row, err := h.Script(t.Context(), instance, id)
		must(t, err)
		v, err := h.store.Version(t.Context(), instance, id, row.AppliedVersion)
		must(t, err)
		if row.IsDrafted != (v.Revision != row.Revision) {
			t.Errorf("drafted is %v at revision %d with revision %d applied", row.IsDrafted, row.Revision, v.Revision)
		}
	})
}

// A reason that no description may be is refused, whoever gives it.
func TestRejectRefuses(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), script.Options{ManualReview: true})
	id := h.mustBring(t, bundled(t, "hello"))
	must(t, h.Submit(t.Context(), instance, id, "第一版"))
	for _, reason := range []string{strings.Repeat("长", 513), "\x1b[2J", "a\x00", "\xff"} {
		var invalid *store.InvalidError
		if _, err := h.Reject(t.Context(), instance, id, reason); !errors.As(err, &invalid) || invalid.Parameter != "RejectReason" {
			t.Errorf("%.10q: %v", reason, err)
		}
	}
	row, err := h.Script(t.Context(), instance, id)
	must(t, err)
	if row.Status != script.Reviewing {
		t.Errorf("the script is %s", row.Status)
	}
	_, err = h.Reject(t.Context(), instance, id, "不合规：\n第二句")
	must(t, err)
}

// A copy does what its original does, with ids of its own throughout.
func TestDuplicate(t *testing.T) {
	eachHouse(t, script.Options{}, func(t *testing.T, h *house) {
		for _, name := range []string{"course-followup", "debt-reminder", "hello"} {
			id := h.mustBring(t, bundled(t, name))
			copied, err := h.Duplicate(t.Context(), instance, id, name+" 2")
			must(t, err)
			must(t, h.PublishForDebug(t.Context(), instance, id))
			must(t, h.PublishForDebug(t.Context(), instance, copied))
			a, err := h.Load(t.Context(), h.mustRun(t, id, true))
			must(t, err)
			b, err := h.Load(t.Context(), h.mustRun(t, copied, true))
			must(t, err)
			// Things are found by their place, which a copy keeps.
			renamed := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".ID" || p.String() == "Name" }, cmp.Ignore())
			params := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Params" }, cmp.Ignore())
			if diff := cmp.Diff(a.Program(), b.Program(), sameProgram, renamed, params); diff != "" {
				t.Errorf("the copy of %s does something else (-original +copy):\n%s", name, diff)
			}
			if len(a.Diagnostics()) != len(b.Diagnostics()) {
				t.Errorf("%s: %v\nits copy: %v", name, a.Diagnostics(), b.Diagnostics())
			}
			bundle := b.Program().Bundle().Files()
			for path, data := range bundle {
				for _, old := range oldIDs(a.Program()) {
					if old != "" && strings.Contains(string(data), `"`+old+`"`) {
						t.Errorf("%s: the copy still names %q in %s", name, old, filepath.Base(path))
					}
				}
			}
		}
	})
}

// oldIDs returns the ids of what a program has, but for nodes and branches.
func oldIDs(p *flow.Program) []string {
	var ids []string
	for _, i := range p.Intents {
		ids = append(ids, i.ID)
	}
	for _, q := range p.Questions {
		ids = append(ids, q.ID)
	}
	for _, tag := range p.Tags {
		ids = append(ids, tag.ID)
	}
	return append(ids, p.ID)
}
