package api

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/talkgraph/talkgraph/internal/script"
)

// state is what an answer says about where a script is in its life.
type state struct {
	Status, DebugStatus       string
	IsDrafted, IsDebugDrafted bool
	Applied, Debug            bool // Whether there is such a version.
	RejectReason              string
}

// state returns where a script is.
func (c *served) state(instance, id string) state {
	c.t.Helper()
	got := c.must("DescribeScript", "InstanceId", instance, "ScriptId", id)
	at := func(name string) any { return got.at(c.t, "Script", name) }
	return state{
		at("Status").(string), at("DebugStatus").(string), at("IsDrafted").(bool), at("IsDebugDrafted").(bool),
		at("AppliedVersion") != "", at("DebugVersion") != "", at("RejectReason").(string),
	}
}

// is compares where a script is with where it should be.
func (c *served) is(when, instance, id string, want state) {
	c.t.Helper()
	if got := c.state(instance, id); got != want {
		c.t.Errorf("%s: %+v, want %+v", when, got, want)
	}
}

// edit changes a script.
func (c *served) edit(instance, id string) {
	c.t.Helper()
	c.must("ModifyScript", "InstanceId", instance, "ScriptId", id, "ScriptName", "改过的", "Industry", "公用", "Scene", "通知")
}

// The life of a script where reviews are automatic.
func TestScriptLife(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("一")
		id := c.imported(instance, "hello")
		the := []string{"InstanceId", instance, "ScriptId", id}
		c.is("imported", instance, id, state{Status: "DRAFTED", DebugStatus: "DRAFTED", IsDrafted: true, IsDebugDrafted: true})
		c.must("PublishScriptForDebug", the...)
		c.is("published for debugging", instance, id, state{Status: "DRAFTED", DebugStatus: "PUBLISHED", IsDrafted: true, Debug: true})
		c.must("SubmitScriptReview", append(the, "Description", "第一版")...)
		live := state{Status: "PUBLISHED", DebugStatus: "PUBLISHED", Applied: true, Debug: true}
		c.is("reviewed", instance, id, live)
		c.refused("InvalidScript.NotInReview", "WithdrawScriptReview", the...)
		c.edit(instance, id)
		edited := live
		edited.IsDrafted, edited.IsDebugDrafted = true, true
		c.is("edited", instance, id, edited)
		c.must("PublishScript", append(the, "Description", "第二版", "InstanceOwnerId", "7")...)
		edited.IsDrafted = false
		c.is("published", instance, id, edited)

		histories := c.must("ListScriptPublishHistories", the...)
		first, second := histories.at(t, "ScriptPublishHistories", "List", 1), histories.at(t, "ScriptPublishHistories", "List", 0)
		if histories.at(t, "ScriptPublishHistories", "TotalCount") != 2.0 ||
			first.(map[string]any)["Description"] != "第一版" || second.(map[string]any)["Description"] != "第二版" {
			t.Fatalf("published: %v", histories)
		}
		version := first.(map[string]any)["ScriptVersion"].(string)
		c.must("RollbackScript", append(the, "RollbackVersion", version)...)
		edited.IsDrafted = true
		c.is("rolled back", instance, id, edited)
		if got := c.must("DescribeScript", the...).at(t, "Script"); got.(map[string]any)["AppliedVersion"] != version ||
			got.(map[string]any)["ScriptName"] != "改过的" {
			t.Errorf("after a rollback to %s: %v", version, got)
		}
		for _, wrong := range []string{"1", "x", "-1", "99999999999999999999", "' OR 1=1 --"} {
			status, got := c.send("RollbackScript", append(the, "RollbackVersion", wrong)...)
			if code := got["Code"]; status < 400 || code != "NotExist.ScriptVersion" && code != "InvalidParameter" {
				t.Errorf("rolled back to %q: %d %v", wrong, status, got)
			}
		}
		debug := c.must("DescribeScript", the...).at(t, "Script", "DebugVersion").(string)
		c.refused("NotExist.ScriptVersion", "RollbackScript", append(the, "RollbackVersion", debug)...)
	})
}

// The life of a script where somebody reviews it.
func TestScriptReview(t *testing.T) {
	eachEngineWith(t, script.Options{ManualReview: true}, func(t *testing.T, c *served) {
		instance := c.newInstance("一")
		id := c.imported(instance, "hello")
		the := []string{"InstanceId", instance, "ScriptId", id}
		draft := state{Status: "DRAFTED", DebugStatus: "DRAFTED", IsDrafted: true, IsDebugDrafted: true}
		reviewing := draft
		reviewing.Status = "REVIEWING"

		c.refused("MissingParameter", "SubmitScriptReview", the...)
		c.must("SubmitScriptReview", append(the, "Description", "请审")...)
		c.is("submitted", instance, id, reviewing)
		c.refused("InvalidScript.InReview", "SubmitScriptReview", append(the, "Description", "请审")...)
		c.refused("InvalidScript.InReview", "PublishScript", the...)
		if got := c.must("WithdrawScriptReview", the...).at(t, "Script", "Status"); got != "DRAFTED" {
			t.Errorf("withdrawn: %v", got)
		}
		c.refused("InvalidScript.NotInReview", "ApproveScriptReview", the...)
		c.refused("InvalidScript.NotInReview", "RejectScriptReview", append(the, "RejectReason", "不合规")...)

		c.must("SubmitScriptReview", append(the, "Description", "请审")...)
		c.refused("MissingParameter", "RejectScriptReview", the...)
		c.must("RejectScriptReview", append(the, "RejectReason", "不合规")...)
		rejected := draft
		rejected.Status, rejected.RejectReason = "REJECTED", "不合规"
		c.is("rejected", instance, id, rejected)
		list := c.must("ListScripts", "InstanceId", instance)
		if got := list.at(t, "Scripts", "List", 0, "RejectReason"); got != "不合规" {
			t.Errorf("ListScripts says %v of a script that was rejected", got)
		}

		// What is edited during the review is not what was reviewed.
		c.must("SubmitScriptReview", append(the, "Description", "再审")...)
		c.edit(instance, id)
		exported := c.must("ExportScript", append(the, "InReview", "true")...)
		archive, _, err := c.files.Read(t.Context(), exported.at(t, "DownloadParams", "SignatureUrl").(string))
		if err != nil {
			t.Fatal(err)
		}
		seen := exported.at(t, "ReviewHash").(string)
		c.refused("InvalidParameter", "ApproveScriptReview", append(the, "ReviewHash", "no hash")...)
		c.refused("InvalidScript.ReviewChanged", "ApproveScriptReview", append(the, "ReviewHash", strings.Repeat("0", 64))...)
		c.is("another than was seen", instance, id, reviewing)
		c.must("ApproveScriptReview", append(the, "ReviewHash", seen)...)
		c.refused("InvalidScript.NotInReview", "ExportScript", append(the, "InReview", "true")...)
		c.is("approved", instance, id, state{Status: "PUBLISHED", DebugStatus: "DRAFTED", IsDrafted: true, IsDebugDrafted: true, Applied: true})
		hash, err := c.scripts.Running(t.Context(), instance, id, false)
		if err != nil {
			t.Fatal(err)
		}
		v, err := c.scripts.Load(t.Context(), hash)
		if err != nil {
			t.Fatal(err)
		}
		if v.Program().Name != "停水通知" {
			t.Errorf("what was approved is named %q", v.Program().Name)
		}
		kept, err := c.store.Bundle(t.Context(), hash)
		if err != nil || !bytes.Equal(kept, archive) || hash.String() != seen {
			t.Errorf("%v: what was shown, %s, is not what was approved, %s", err, seen, hash)
		}
		if got := c.must("ListScriptPublishHistories", the...).at(t, "ScriptPublishHistories", "List", 0, "Description"); got != "再审" {
			t.Errorf("the version's description is %v", got)
		}
	})
}

// Histories of an instance are those of all its scripts, and of no other.
func TestListScriptPublishHistories(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		here, there := c.newInstance("一"), c.newInstance("二")
		first := c.imported(here, "hello")
		second := c.must("DuplicateScript", "InstanceId", here, "SourceScriptId", first, "Name", "又一个").at(t, "ScriptId").(string)
		foreign := c.imported(there, "hello")
		for _, place := range [][2]string{{here, first}, {there, foreign}, {here, second}, {here, first}} {
			c.must("PublishScript", "InstanceId", place[0], "ScriptId", place[1])
		}
		for _, tt := range []struct {
			script string
			want   []string
		}{
			{"", []string{first, second, first}}, {first, []string{first, first}}, {second, []string{second}},
		} {
			got := c.must("ListScriptPublishHistories", "InstanceId", here, "ScriptId", tt.script)
			list := got.at(t, "ScriptPublishHistories", "List").([]any)
			if len(list) != len(tt.want) {
				t.Fatalf("of %q: %v", tt.script, got)
			}
			for i, want := range tt.want {
				one := got.at(t, "ScriptPublishHistories", "List", i).(map[string]any)
				if one["ScriptId"] != want || one["InstanceId"] != here || one["PublishTime"] == 0.0 || one["ScriptVersion"] == "" {
					t.Errorf("%d of %q is %v, want one of %s", i, tt.script, one, want)
				}
			}
		}
		c.refused("NotExist.Script", "ListScriptPublishHistories", "InstanceId", here, "ScriptId", foreign)
		c.refused("NotExist.Instance", "ListScriptPublishHistories", "InstanceId", "nowhere")
		c.refused("NotExist.Instance", "ListScriptPublishHistories", "InstanceId", "nowhere", "ScriptId", first)
	})
}

// The actions of a script's life do nothing to a script of another instance.
func TestScriptLifeStaysInItsInstance(t *testing.T) {
	eachEngineWith(t, script.Options{ManualReview: true}, func(t *testing.T, c *served) {
		here, there := c.newInstance("一"), c.newInstance("二")
		foreign := c.imported(there, "hello")
		c.must("PublishScript", "InstanceId", there, "ScriptId", foreign)
		version := c.must("DescribeScript", "InstanceId", there, "ScriptId", foreign).at(t, "Script", "AppliedVersion").(string)
		c.must("SubmitScriptReview", "InstanceId", there, "ScriptId", foreign, "Description", "请审")
		before := c.state(there, foreign)
		for action, more := range map[string][]string{
			"SubmitScriptReview": {"Description", "请审"}, "WithdrawScriptReview": nil, "ApproveScriptReview": nil,
			"RejectScriptReview": {"RejectReason", "不合规"}, "PublishScript": nil, "PublishScriptForDebug": nil,
			"RollbackScript": {"RollbackVersion", version}, "ExportScript": nil, "DeleteScript": nil,
		} {
			c.refused("NotExist.Script", action, append([]string{"InstanceId", here, "ScriptId", foreign}, more...)...)
			c.refused("NotExist.Script", action, append([]string{"InstanceId", here, "ScriptId", "../../x"}, more...)...)
			c.refused("NotExist.Instance", action, append([]string{"InstanceId", "nowhere", "ScriptId", foreign}, more...)...)
		}
		c.is("after all that", there, foreign, before)
	})
}

// A script that does not compile is refused with what is wrong with it, in
// both formats.
func TestPublishSaysWhatIsWrong(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		instance := c.newInstance("一")
		id := c.script(instance, "空的")
		c.refused("InvalidScript.NotCompiled", "SubmitScriptReview", "InstanceId", instance, "ScriptId", id, "Description", "请审")
		c.refused("InvalidScript.NotCompiled", "PublishScript", "InstanceId", instance, "ScriptId", id)
		status, got := c.send("PublishScriptForDebug", "InstanceId", instance, "ScriptId", id)
		if status != http.StatusBadRequest || !strings.Contains(got["Message"].(string), "MainFlow") {
			t.Errorf("%d %v", status, got)
		}
		found := got.at(t, "Diagnostics", 0).(map[string]any)
		if found["Severity"] != "error" || found["File"] != "script.json" || found["Code"] == "" || found["Line"] == 0.0 {
			t.Errorf("diagnostic: %v", found)
		}
		_, xml := c.sendRaw(map[string]string{
			"Action": "PublishScript", "Version": Version, "InstanceId": instance, "ScriptId": id, "Format": "XML",
		})
		if !strings.Contains(xml, "<Diagnostics><Code>"+found["Code"].(string)+"</Code>") {
			t.Errorf("XML: %s", xml)
		}
		c.is("after all that", instance, id, state{Status: "DRAFTED", DebugStatus: "DRAFTED", IsDrafted: true, IsDebugDrafted: true})
	})
}

// What is exported is imported again, into any instance, and does the same.
func TestExportScript(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		here, there := c.newInstance("一"), c.newInstance("二")
		id := c.imported(here, "course-followup")
		url := c.must("ExportScript", "InstanceId", here, "ScriptId", id).at(t, "DownloadParams", "SignatureUrl").(string)
		c.refused("InvalidScriptName.Duplicated", "ImportScript", "InstanceId", here, "SignatureUrl", url)
		again := c.must("ImportScript", "InstanceId", there, "SignatureUrl", url).at(t, "ScriptId").(string)
		before, err := c.store.Draft(t.Context(), here, id)
		if err != nil {
			t.Fatal(err)
		}
		after, err := c.store.Draft(t.Context(), there, again)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range before.Flows {
			if after.Flows[i].ID != f.ID || after.Flows[i].Definition != f.Definition {
				t.Errorf("flow %q is another afterwards", f.ID)
			}
		}
		c.must("PublishScript", "InstanceId", there, "ScriptId", again)

		broken, err := c.files.Put(t.Context(), "x", "", []byte(`{"name": "x", "flows": [{"id": "m"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		status, got := c.send("ImportScript", "InstanceId", here, "SignatureUrl", broken)
		if status != http.StatusBadRequest || got["Code"] != "InvalidParameter" || got.at(t, "Diagnostics", 0, "Code") == "" {
			t.Errorf("a broken bundle: %d %v", status, got)
		}
	})
}

// Which version a call runs on, by what its first request names.
func TestStoredResolver(t *testing.T) {
	eachEngine(t, func(t *testing.T, c *served) {
		here, there, empty := c.newInstance("一"), c.newInstance("二"), c.newInstance("三")
		one, foreign := c.imported(here, "hello"), c.imported(there, "hello")
		draft := c.script(here, "草稿")
		c.must("PublishScript", "InstanceId", here, "ScriptId", one)
		c.must("PublishScript", "InstanceId", there, "ScriptId", foreign)
		resolver := stored{c.scripts, c.campaigns}
		running := func(instance, id string, debug bool) (want string) {
			hash, err := c.store.Running(t.Context(), instance, id, debug)
			if err != nil {
				t.Fatal(err)
			}
			bundle, _ := hash.Bundle()
			return bundle.String()
		}
		check := func(name string, call Call, want string, code string) {
			t.Helper()
			opening, err := resolver.Resolve(t.Context(), call)
			if code != "" {
				if err == nil || !strings.HasPrefix(err.Error(), code) {
					t.Errorf("%s: %+v, %v; want %s", name, opening, err, code)
				}
				return
			}
			if err != nil || opening.Script != want || opening.Version.String() != running(call.InstanceID, want, call.Debug()) {
				t.Errorf("%s: %+v, %v; want %s", name, opening, err, want)
			}
		}
		check("the script", Call{InstanceID: here, ScriptID: one}, one, "")
		check("the script before the scenario", Call{InstanceID: here, ScriptID: one, ScenarioID: draft}, one, "")
		check("the scenario", Call{InstanceID: here, ScenarioID: one}, one, "")
		check("a scenario that is no script", Call{InstanceID: here, ScenarioID: "scenario-7"}, one, "")
		check("a scenario of another instance", Call{InstanceID: here, ScenarioID: foreign}, one, "")
		check("the only one", Call{InstanceID: here}, one, "")
		check("a draft", Call{InstanceID: here, ScriptID: draft}, "", "InvalidScript.NotPublished")
		check("a draft as scenario", Call{InstanceID: here, ScenarioID: draft}, "", "InvalidScript.NotPublished")
		check("another instance's", Call{InstanceID: here, ScriptID: foreign}, "", "NotExist.Script")
		check("no script", Call{InstanceID: here, ScriptID: "' OR 1=1 --"}, "", "NotExist.Script")
		check("no instance", Call{InstanceID: "nowhere", ScriptID: one}, "", "NotExist.Instance")
		check("no instance and no script", Call{InstanceID: "nowhere"}, "", "NotExist.Instance")
		check("no instance but a scenario", Call{InstanceID: "nowhere", ScenarioID: one}, "", "NotExist.Instance")
		check("none published", Call{InstanceID: empty}, "", "MissingParameter")
		check("no debug version", Call{InstanceID: here, ScriptID: one, CallType: "Debug"}, "", "InvalidScript.NotPublished")
		check("no debug version of the only one", Call{InstanceID: here, CallType: "Debug"}, "", "MissingParameter")
		c.edit(here, one)
		c.must("PublishScriptForDebug", "InstanceId", here, "ScriptId", one)
		if running(here, one, true) == running(here, one, false) {
			t.Error("the debug version is the published one")
		}
		check("the debug version", Call{InstanceID: here, ScriptID: one, CallType: "debug"}, one, "")
		check("the only debug version", Call{InstanceID: here, CallType: "Debug"}, one, "")

		second := c.must("DuplicateScript", "InstanceId", here, "SourceScriptId", one, "Name", "又一个").at(t, "ScriptId").(string)
		check("still the only one", Call{InstanceID: here}, one, "")
		c.must("PublishScript", "InstanceId", here, "ScriptId", second)
		check("one of two", Call{InstanceID: here}, "", "MissingParameter")
		c.must("DeleteScript", "InstanceId", here, "ScriptId", one)
		check("the only one that is left", Call{InstanceID: here}, second, "")
		check("a deleted one", Call{InstanceID: here, ScriptID: one}, "", "NotExist.Script")

		opening, err := resolver.Resolve(t.Context(), Call{InstanceID: here, Variables: map[string]string{"name": "王芳"}})
		if err != nil || opening.Variables["name"] != "王芳" {
			t.Errorf("variables: %+v, %v", opening, err)
		}
	})
}
